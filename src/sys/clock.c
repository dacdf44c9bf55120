#include "clock.h"

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

static void format(int64_t time_ms, const char *how, char text[32])
{
    time_t seconds = (time_t)(clock_day_start_ms(time_ms) / 1000 +
                              (time_ms - clock_day_start_ms(time_ms)) / 1000);
    struct tm tm;
    if (gmtime_r(&seconds, &tm) == NULL || strftime(text, 32, how, &tm) == 0)
        text[0] = '\0';
}

void clock_format_day(int64_t time_ms, char text[32])
{
    format(time_ms, "%Y-%m-%d", text);
}

void clock_format_time(int64_t time_ms, char text[32])
{
    format(time_ms, "%Y-%m-%dT%H:%M:%SZ", text);
}
