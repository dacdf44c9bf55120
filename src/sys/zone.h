/* sys/zone.h - what the clocks on the wall show at some place: UTC to local time and back.
 *
 * A zone is read from the machine's zone files (package tzdata), TZif of version 2 or later (RFC
 * 9636). Where clocks go forward a reading of the wall never was (a gap); where they go back one
 * was twice (a fold). An open zone is never changed: any number of threads may use it. Exact for
 * the years 1 to 9999; a time beyond is taken as the first or the last of them. */
#ifndef SYS_ZONE_H
#define SYS_ZONE_H

#include "base/civil.h"

#include <likeness/status.h>
#include <stddef.h>

#define ZONE_ABBR_BYTES     16 /* with the NUL */
#define ZONE_MAX_FILE_BYTES 65536

struct zone;

/* name: of the tz database, "Asia/Kolkata". Errors: LK_INVALID (not a name of a zone), LK_NOT_FOUND
 * (no such zone here), LK_CORRUPT, LK_UNSUPPORTED, LK_IO, LK_NOMEM. Cost: reads a file of a few
 * kilobytes. */
enum lk_status zone_open(const char *name, struct zone **out, struct lk_error *err) LK_MUST_CHECK;

/* The content of a zone file. Errors: LK_CORRUPT; LK_UNSUPPORTED (version 1, leap seconds). */
enum lk_status zone_parse(const void *bytes, size_t n, struct zone **out,
                          struct lk_error *err) LK_MUST_CHECK;

void zone_free(struct zone *zone); /* NULL is fine */

struct zone_time {
    struct civil_time civil;
    int32_t offset_s; /* local time minus UTC */
    bool is_dst;
    char abbr[ZONE_ABBR_BYTES]; /* "CET", or "+0530" where a place has no letters */
};

/* What the wall shows at time_ms (milliseconds since 1970-01-01 00:00 UTC). */
void zone_local(const struct zone *zone, int64_t time_ms, struct zone_time *out);

/* Of a fold: the first time or the second. A reading that a gap leaves out is taken with the offset
 * from before the gap (ZONE_FIRST), or from after it (ZONE_SECOND). */
enum zone_pick { ZONE_FIRST, ZONE_SECOND };

/* When the wall shows that. */
int64_t zone_instant_ms(const struct zone *zone, const struct civil_time *civil,
                        enum zone_pick pick);

/* The end of that day: from this moment on it is later there, whatever the clocks do at midnight.
 */
int64_t zone_day_end_ms(const struct zone *zone, struct civil_date date);

#endif
