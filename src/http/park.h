/* http/park.h - requests that wait for something to happen, without holding a thread.
 *
 * A job that has nothing to say yet is put here; it goes back to the pool when park_wake() is
 * called, or when its time is over, whichever comes first. Nothing is missed in between: a job
 * notes the generation before it looks, and one that is put after the generation moved on goes back
 * at once. Threads: any. */
#ifndef HTTP_PARK_H
#define HTTP_PARK_H

#include "http/pool.h"

#include <stdbool.h>
#include <stdint.h>

struct park;

/* Lives in the caller's memory from park_put() until its job runs. */
struct parked {
    struct parked *next;
    struct pool_job *job;
    int64_t until_ns; /* on the clock of clock_monotonic_ns() */
};

/* Errors: LK_NOMEM, LK_INTERNAL (no thread). */
enum lk_status park_start(struct pool *pool, struct park **out, struct lk_error *err) LK_MUST_CHECK;

/* Hands every job back to the pool and takes none from now on; ends the thread. Call it before
 * pool_stop(). */
void park_stop(struct park *p);

/* After park_stop(), when nobody puts any more. NULL is fine. */
void park_free(struct park *p);

uint64_t park_generation(const struct park *p);

/* The job runs again later. `generation` is from before it found nothing. false: nobody may wait
 * any more, and it was not taken. */
bool park_put(struct park *p, struct parked *parked, uint64_t generation) LK_MUST_CHECK;

/* Something happened: every job runs again. */
void park_wake(struct park *p);

/* How many wait now. */
size_t park_waiting(struct park *p);

#endif
