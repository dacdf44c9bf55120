#include "progress.h"

#include "sys/clock.h"

#include <stdio.h>
#include <unistd.h>

enum { FIRST_NS = 1000000000, EVERY_NS = 200000000 };

void progress_init(struct progress *p, const char *verb, size_t total)
{
    int64_t now = clock_monotonic_ns();
    *p = (struct progress){.verb = verb,
                           .total = total,
                           .started_ns = now,
                           .shown_ns = now + FIRST_NS - EVERY_NS,
                           .is_terminal = isatty(STDERR_FILENO) == 1};
}

void progress_show(struct progress *p, size_t done)
{
    int64_t now = clock_monotonic_ns();
    if (!p->is_terminal || now - p->shown_ns < EVERY_NS)
        return;
    double seconds = (double)(now - p->started_ns) / 1e9;
    double rate = (double)done / seconds;
    fprintf(stderr, "\r\033[K%s %zu of %zu, %.0f a second, %.0f s to go", p->verb, done, p->total,
            rate, rate > 0 ? (double)(p->total - done) / rate : 0.0);
    p->shown_ns = now;
    p->is_shown = true;
}

void progress_fini(struct progress *p)
{
    if (p->is_shown)
        fprintf(stderr, "\r\033[K");
}
