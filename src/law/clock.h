/* law/clock.h - how long a regime of data/law gives whom it addresses. Threads: any. */
#ifndef LAW_CLOCK_H
#define LAW_CLOCK_H

#include <likeness/status.h>
#include <stdbool.h>

struct law_clock {
    bool runs; /* the regime is in force and gives the platform a number of hours */
    unsigned hours;
};

/* regime: its id, "us-tida". A number that was not checked, of a regime not in force, or addressed
 * to another than the platform starts no clock (rules 3 and 5 of data/law/README). Errors:
 * LK_INVALID (no such regime), LK_NOMEM. */
enum lk_status law_clock_of(const char *regime, struct law_clock *out,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
