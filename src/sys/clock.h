/* sys/clock.h - what time is it. Whoever decides by time takes a struct clock, so that a test can
 * move it. */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include <stdint.h>

/* Times are milliseconds since 1970-01-01 00:00 UTC. */
struct clock {
    int64_t (*now_ms)(void *ctx);
    void *ctx;
};

/* The machine's clock. */
struct clock clock_real(void);

static inline int64_t clock_now_ms(const struct clock *clock)
{
    return clock->now_ms(clock->ctx);
}

/* Nanoseconds since some moment, never going back; for measuring and for deadlines. */
int64_t clock_monotonic_ns(void);

#define CLOCK_DAY_MS INT64_C(86400000)

/* The beginning (00:00 UTC) of the day that holds time_ms: as exact as a person's visit is kept. */
int64_t clock_day_start_ms(int64_t time_ms);

/* "2026-11-22" and "2026-11-22T10:20:30Z" of a time; the text has room for 32 bytes. */
void clock_format_day(int64_t time_ms, char text[32]);
void clock_format_time(int64_t time_ms, char text[32]);

#endif
