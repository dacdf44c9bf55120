/* A zone file out of any bytes: refused, or every reading is within its range and goes back. */
#include "sys/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int64_t times_ms[] = {
    INT64_MIN,     -62000000000000, -5000000000000,  0,         1795515630999,
    1798761599000, 4102444800000,   253300000000000, INT64_MAX,
};

enum { MOST_MS = 26 * 3600 * 1000 };

static void demand(int good)
{
    if (!good)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zone *zone = NULL;
    struct lk_error err;
    if (zone_parse(data, size, &zone, &err) != LK_OK)
        return 0;
    for (size_t i = 0; i < sizeof times_ms / sizeof times_ms[0]; i++) {
        struct zone_time t;
        zone_local(zone, times_ms[i], &t);
        demand(civil_is_date(t.civil.date));
        demand(t.offset_s > -26 * 3600 && t.offset_s < 26 * 3600);
        int64_t end = zone_day_end_ms(zone, t.civil.date);
        int64_t first = zone_instant_ms(zone, &t.civil, ZONE_FIRST);
        int64_t second = zone_instant_ms(zone, &t.civil, ZONE_SECOND);
        if (i < 2 || i + 2 >= sizeof times_ms / sizeof times_ms[0])
            continue; /* times beyond the calendar: taken as its first and its last */
        int64_t wall_ms = civil_seconds(&t.civil) * 1000;
        demand(first - wall_ms < MOST_MS && wall_ms - first < MOST_MS);
        demand(second - wall_ms < MOST_MS && wall_ms - second < MOST_MS);
        demand(end > times_ms[i]);
    }
    zone_free(zone);
    return 0;
}
