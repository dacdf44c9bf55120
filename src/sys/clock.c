#include "clock.h"

#include "base/civil.h"

#include <stdio.h>
#include <time.h>

static int64_t real_now_ms(void *ctx)
{
    (void)ctx;
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct clock clock_real(void)
{
    return (struct clock){real_now_ms, NULL};
}

int64_t clock_monotonic_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t clock_day_start_ms(int64_t time_ms)
{
    int64_t into = time_ms % CLOCK_DAY_MS;
    return time_ms - (into < 0 ? into + CLOCK_DAY_MS : into);
}

static void format(int64_t time_ms, bool is_day, char text[32])
{
    int64_t day_start_ms = clock_day_start_ms(time_ms);
    int64_t of_day_s = (time_ms - day_start_ms) / 1000;
    struct civil_time t = civil_time_of(day_start_ms / 1000 + of_day_s);
    int n = snprintf(text, 32, "%04d-%02d-%02d", t.date.year, t.date.month, t.date.day);
    if (!is_day && n > 0)
        snprintf(text + n, 32 - (size_t)n, "T%02d:%02d:%02dZ", t.hour, t.minute, t.second);
}

void clock_format_day(int64_t time_ms, char text[32])
{
    format(time_ms, true, text);
}

void clock_format_time(int64_t time_ms, char text[32])
{
    format(time_ms, false, text);
}
