/* sys/zone_rule.h - the rule behind the last line of a zone's table: which offset holds in any year
 * to come. For zone.c alone, and its tests.
 *
 * The footer of a TZif file (RFC 9636, 3.3): a POSIX TZ text such as CET-1CEST,M3.5.0,M10.5.0/3,
 * with the hours of a change from -167 to 167. Threads: any. */
#ifndef SYS_ZONE_RULE_H
#define SYS_ZONE_RULE_H

#include "sys/zone.h"

/* What holds between two changes. */
struct zone_type {
    int32_t offset_s; /* local time minus UTC */
    bool is_dst;
    char name[ZONE_ABBR_BYTES];
};

enum zone_day_kind { ZONE_DAY_JULIAN, ZONE_DAY_ZERO, ZONE_DAY_WEEK };

/* When in a year a change is. */
struct zone_change {
    enum zone_day_kind kind;
    int month, week, weekday; /* Mm.w.d; week 5: the last */
    int day;                  /* Jn: 1..365 without 29 February; n: 0..365 with it */
    int32_t time_s;           /* of the wall clock that the change ends */
};

struct zone_rule {
    struct zone_type std, dst;
    bool has_dst;
    struct zone_change to_dst, to_std;
};

/* false: not such a text, or a number beyond its range. */
bool zone_rule_parse(const char *text, size_t n, struct zone_rule *out);

/* What holds at time_s (seconds from 1970-01-01 00:00 UTC). */
const struct zone_type *zone_rule_at(const struct zone_rule *rule, int64_t time_s);

/* The first change after time_s, and what holds from it; false: none ever. */
bool zone_rule_next(const struct zone_rule *rule, int64_t time_s, int64_t *at_s,
                    const struct zone_type **type);

#endif
