/* sys/pulse.h - a thread that does the same again and again, until it is told to stop. */
#ifndef SYS_PULSE_H
#define SYS_PULSE_H

#include <likeness/status.h>
#include <stdatomic.h>
#include <stdint.h>

struct pulse; /* opaque */

/* One round, on the pulse's thread; *stop becomes true when it should end early. */
typedef void pulse_round(void *ctx, const atomic_bool *stop);

struct pulse_config {
    const char *what;  /* for the error, as "the poster of letters" */
    uint32_t every_ms; /* from the end of one round to the start of the next */
    pulse_round *round;
    void *ctx; /* must live longer */
};

/* Starts the thread, which begins with a round at once. Errors: LK_NOMEM, LK_INTERNAL (no thread).
 */
enum lk_status pulse_start(const struct pulse_config *config, struct pulse **out,
                           struct lk_error *err) LK_MUST_CHECK;

/* Tells the round under way to end, waits for it, ends the thread. NULL is fine. */
void pulse_stop(struct pulse *pulse);

#endif
