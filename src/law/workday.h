/* law/workday.h - days of rest: which days do not count where a law counts business days.
 *
 * Weekends by country are in data/law/clock-rules.json; public holidays come from whoever runs the
 * service, since no list of them is kept here. Days are base/civil.h's. Threads: any. */
#ifndef LAW_WORKDAY_H
#define LAW_WORKDAY_H

#include "base/civil.h"

#include <stddef.h>

/* Public holidays, of any countries, in any order. */
struct law_holiday {
    char country[3]; /* ISO 3166-1 alpha-2, lower case; or "eu" */
    int64_t day;
};

struct law_holidays {
    const struct law_holiday *list;
    size_t n;
};

struct law_calendar {
    const char *country;
    unsigned weekend; /* bit d: weekday d (enum civil_weekday); never all seven */
    const struct law_holidays *holidays; /* or NULL */
};

bool law_is_workday(const struct law_calendar *calendar, int64_t day);

/* The n-th workday after that day. n: 0..10000. */
int64_t law_add_workdays(const struct law_calendar *calendar, int64_t day, unsigned n);

/* That day, or the next workday where it is none. */
int64_t law_workday_from(const struct law_calendar *calendar, int64_t day);

#endif
