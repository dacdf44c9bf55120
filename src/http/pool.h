/* http/pool.h - worker threads behind a bounded queue.
 *
 * The threads that serve sockets must never wait for a database or a search, so requests are done
 * here. The queue is bounded: when it is full the caller is told at once, which is kinder than an
 * answer that comes too late. */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include <likeness/status.h>
#include <stddef.h>

struct pool;

/* Lives in the caller's memory until run() was called. */
struct pool_job {
    struct pool_job *next;
    void (*run)(struct pool_job *job);
};

/* n_threads 1..256, queue_max jobs may wait. Errors: LK_NOMEM, LK_INTERNAL (no thread). */
enum lk_status pool_start(unsigned n_threads, size_t queue_max, struct pool **out,
                          struct lk_error *err) LK_MUST_CHECK;

/* Finishes the jobs that wait, then ends the threads; jobs submitted from now on are LK_BUSY. */
void pool_stop(struct pool *p);

/* After pool_stop(), when nobody submits any more. NULL is fine. */
void pool_free(struct pool *p);

/* job->run(job) will be called once, on one of the threads. Errors: LK_BUSY (queue
 * full, or stopped). */
enum lk_status pool_submit(struct pool *p, struct pool_job *job,
                           struct lk_error *err) LK_MUST_CHECK;

/* How many jobs wait now. */
size_t pool_waiting(struct pool *p);

#endif
