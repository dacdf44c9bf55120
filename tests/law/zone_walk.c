/* Walks a zone hour by hour and says what sys/zone.h says of it, for zones.py to compare.
 *
 * usage: zone_walk ZONE FIRST_YEAR LAST_YEAR
 *   at UTC_SECONDS OFFSET ABBR      an hour at which offset or abbreviation is not that of the last
 *   day YYYY-MM-DD UTC_SECONDS      the end of each day
 *   wall SECONDS FIRST SECOND       each half hour of the wall in the three days around a change */
#include "sys/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_walls(const struct zone *zone, int64_t change_s)
{
    int64_t day = change_s - change_s % CIVIL_DAY_S;
    for (int64_t s = day - CIVIL_DAY_S; s < day + 2 * CIVIL_DAY_S; s += 1800) {
        struct civil_time t = civil_time_of(s);
        printf("wall %lld %lld %lld\n", (long long)s,
               (long long)(zone_instant_ms(zone, &t, ZONE_FIRST) / 1000),
               (long long)(zone_instant_ms(zone, &t, ZONE_SECOND) / 1000));
    }
}

static void walk(const struct zone *zone, int64_t from_s, int64_t to_s)
{
    struct zone_time last = {.offset_s = INT32_MAX};
    for (int64_t s = from_s; s < to_s; s += 3600) {
        struct zone_time t;
        zone_local(zone, s * 1000, &t);
        if (civil_seconds(&t.civil) != s + t.offset_s)
            printf("wrong %lld\n", (long long)s);
        if (t.offset_s == last.offset_s && strcmp(t.abbr, last.abbr) == 0)
            continue;
        printf("at %lld %d %s\n", (long long)s, t.offset_s, t.abbr);
        if (s > from_s)
            say_walls(zone, s);
        last = t;
    }
}

int main(int argc, char **argv)
{
    struct lk_error err;
    struct zone *zone;
    if (argc != 4 || zone_open(argv[1], &zone, &err) != LK_OK) {
        fprintf(stderr, "%s\n", argc == 4 ? err.text : "usage: zone_walk ZONE FIRST LAST");
        return 2;
    }
    int64_t from = civil_day((struct civil_date){atoi(argv[2]), 1, 1});
    int64_t to = civil_day((struct civil_date){atoi(argv[3]) + 1, 1, 1});
    walk(zone, from * CIVIL_DAY_S, to * CIVIL_DAY_S);
    for (int64_t day = from; day < to; day++) {
        struct civil_date date = civil_date_of(day);
        printf("day %04d-%02d-%02d %lld\n", date.year, date.month, date.day,
               (long long)(zone_day_end_ms(zone, date) / 1000));
    }
    zone_free(zone);
    return 0;
}
