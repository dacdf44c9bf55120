/* A zone file (RFC 9636):
 *
 *     "TZif" version 15 zero bytes, six counts of 4 bytes: isut isstd leap time type char
 *     [that many of everything with times of 4 bytes: for old readers, passed over]
 *     "TZif" ... the same head again, then with times of 8 bytes, all big endian:
 *     time x 8      when something changes, ascending
 *     time x 1      into which type
 *     type x 6      offset (4, signed), is it daylight saving time, where its name begins
 *     char x 1      names, each with a NUL behind
 *     leap x 12, isstd x 1, isut x 1
 *     \n TZ \n      the rule after the last change (zone_rule.h)                                */
#include "sys/zone.h"

#include "base/buf.h"
#include "base/err.h"
#include "sys/file.h"
#include "sys/zone_rule.h"

#include <stdlib.h>
#include <string.h>

#define ZONE_DIR "/usr/share/zoneinfo"

enum {
    HEAD_BYTES = 44,
    TYPE_BYTES = 6,
    MAX_TIMES = 4096,
    MAX_TYPES = 256,
    MAX_NAME_BYTES = 64,
    MAX_OFFSET_S = 26 * 3600, /* RFC 9636, 3.2: -24:59:59 to 25:59:59 */
};

struct zone {
    struct zone_type types[MAX_TYPES];
    size_t n_types;
    struct zone_rule rule;
    bool has_rule;
    size_t n_times;
    int64_t at_s[MAX_TIMES];
    uint8_t type_of[MAX_TIMES];
};

struct head {
    uint8_t version;
    uint32_t n_isut, n_isstd, n_leap, n_times, n_types, n_chars;
};

struct reader {
    const uint8_t *p;
    size_t n;
};

static enum lk_status is_short(struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT, "the zone file ends too early");
}

static uint64_t big_endian(const uint8_t *p, size_t n)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | p[i];
    return value;
}

static enum lk_status skip(struct reader *r, size_t n, struct lk_error *err)
{
    if (n > r->n)
        return is_short(err);
    r->p += n;
    r->n -= n;
    return LK_OK;
}

static enum lk_status read_head(struct reader *r, struct head *h, struct lk_error *err)
{
    const uint8_t *p = r->p;
    TRY(skip(r, HEAD_BYTES, err));
    if (memcmp(p, "TZif", 4) != 0)
        return FAIL(err, LK_CORRUPT, "the file does not begin as a zone file does");
    uint32_t counts[6];
    for (size_t i = 0; i < 6; i++) {
        counts[i] = (uint32_t)big_endian(p + 20 + 4 * i, 4);
        if (counts[i] > ZONE_MAX_FILE_BYTES)
            return is_short(err);
    }
    *h = (struct head){p[4], counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
    return LK_OK;
}

static size_t body_bytes(const struct head *h, size_t time_bytes)
{
    return h->n_times * (time_bytes + 1) + h->n_types * TYPE_BYTES + h->n_chars +
           h->n_leap * (time_bytes + 4) + h->n_isstd + h->n_isut;
}

static enum lk_status check_head(const struct head *h, struct lk_error *err)
{
    if (h->version < '2')
        return FAIL(err, LK_UNSUPPORTED, "zone files of version 1 end in 2037: install tzdata");
    if (h->n_leap > 0)
        return FAIL(err, LK_UNSUPPORTED, "zone files with leap seconds count another time");
    if (h->n_times > MAX_TIMES || h->n_types == 0 || h->n_types > MAX_TYPES)
        return FAIL(err, LK_CORRUPT, "a zone file has at most %d changes and 1 to %d types",
                    MAX_TIMES, MAX_TYPES);
    return LK_OK;
}

static enum lk_status read_times(struct zone *zone, const uint8_t *times, const uint8_t *types,
                                 size_t n, struct lk_error *err)
{
    for (size_t i = 0; i < n; i++) {
        zone->at_s[i] = (int64_t)big_endian(times + 8 * i, 8);
        zone->type_of[i] = types[i];
        if (types[i] >= zone->n_types || (i > 0 && zone->at_s[i] <= zone->at_s[i - 1]))
            return FAIL(err, LK_CORRUPT, "the changes of the zone file are out of order");
    }
    zone->n_times = n;
    return LK_OK;
}

static enum lk_status read_types(struct zone *zone, const uint8_t *types, const uint8_t *chars,
                                 const struct head *h, struct lk_error *err)
{
    for (size_t i = 0; i < h->n_types; i++) {
        const uint8_t *p = types + TYPE_BYTES * i;
        struct zone_type *type = &zone->types[i];
        type->offset_s = (int32_t)(uint32_t)big_endian(p, 4);
        type->is_dst = p[4] != 0;
        const uint8_t *end = p[5] < h->n_chars ? memchr(chars + p[5], 0, h->n_chars - p[5]) : NULL;
        if (type->offset_s <= -MAX_OFFSET_S || type->offset_s >= MAX_OFFSET_S || p[4] > 1 ||
            end == NULL || end - (chars + p[5]) >= ZONE_ABBR_BYTES)
            return FAIL(err, LK_CORRUPT, "a type of the zone file is beyond its range");
        memcpy(type->name, chars + p[5], (size_t)(end - (chars + p[5])));
    }
    zone->n_types = h->n_types;
    return LK_OK;
}

static enum lk_status read_footer(struct zone *zone, const struct reader *r, struct lk_error *err)
{
    const uint8_t *end = r->n < 2 || r->p[0] != '\n' ? NULL : memchr(r->p + 1, '\n', r->n - 1);
    if (end == NULL)
        return is_short(err);
    size_t n = (size_t)(end - r->p) - 1;
    zone->has_rule = n > 0;
    if (n > 0 && !zone_rule_parse((const char *)r->p + 1, n, &zone->rule))
        return FAIL(err, LK_CORRUPT, "the rule at the end of the zone file cannot be read");
    return LK_OK;
}

static enum lk_status read_zone(struct zone *zone, struct reader r, struct lk_error *err)
{
    struct head h;
    TRY(read_head(&r, &h, err));
    if (h.version >= '2') {
        TRY(skip(&r, body_bytes(&h, 4), err));
        TRY(read_head(&r, &h, err));
    }
    TRY(check_head(&h, err));
    const uint8_t *times = r.p;
    TRY(skip(&r, body_bytes(&h, 8), err));
    const uint8_t *type_of = times + 8 * (size_t)h.n_times;
    const uint8_t *types = type_of + h.n_times;
    TRY(read_types(zone, types, types + TYPE_BYTES * (size_t)h.n_types, &h, err));
    TRY(read_times(zone, times, type_of, h.n_times, err));
    return read_footer(zone, &r, err);
}

enum lk_status zone_parse(const void *bytes, size_t n, struct zone **out, struct lk_error *err)
{
    struct zone *zone = calloc(1, sizeof *zone);
    if (zone == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a time zone");
    enum lk_status status = read_zone(zone, (struct reader){bytes, n}, err);
    if (status == LK_OK)
        *out = zone;
    else
        free(zone);
    return status;
}

void zone_free(struct zone *zone)
{
    free(zone);
}

/* Letters, digits, + - _ in parts with a / between: a name of the tz database, and no way out of
 * its directory. */
static bool is_name(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > MAX_NAME_BYTES || name[0] == '/' || name[n - 1] == '/' ||
        strstr(name, "//") != NULL)
        return false;
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/") == n;
}

enum lk_status zone_open(const char *name, struct zone **out, struct lk_error *err)
{
    char path[sizeof ZONE_DIR + 1 + MAX_NAME_BYTES] = ZONE_DIR "/";
    struct buf file;
    if (!is_name(name))
        return FAIL(err, LK_INVALID, "a time zone is named like Asia/Kolkata, in at most %d bytes",
                    MAX_NAME_BYTES);
    memcpy(path + sizeof ZONE_DIR, name, strlen(name) + 1);
    buf_init(&file, lk_alloc_heap(), ZONE_MAX_FILE_BYTES);
    enum lk_status status = file_read_all(path, &file, err);
    if (status == LK_NOT_FOUND)
        status =
            FAIL(err, status, "there is no time zone '%s' in %s: mend the name, or install tzdata",
                 name, ZONE_DIR);
    if (status == LK_OK)
        status = zone_parse(file.p, file.n, out, err);
    buf_fini(&file);
    return status;
}

/* How many changes lie at or before time_s. */
static size_t n_changes_to(const struct zone *zone, int64_t time_s)
{
    size_t low = 0, high = zone->n_times;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (zone->at_s[mid] <= time_s)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static const struct zone_type *type_at(const struct zone *zone, int64_t time_s)
{
    size_t n = n_changes_to(zone, time_s);
    if (n == zone->n_times && zone->has_rule)
        return zone_rule_at(&zone->rule, time_s);
    return n == 0 ? &zone->types[0] : &zone->types[zone->type_of[n - 1]];
}

static bool next_change(const struct zone *zone, int64_t time_s, int64_t *at_s,
                        const struct zone_type **type)
{
    size_t n = n_changes_to(zone, time_s);
    if (n < zone->n_times) {
        *at_s = zone->at_s[n];
        *type = type_at(zone, *at_s);
        return true;
    }
    return zone->has_rule && zone_rule_next(&zone->rule, time_s, at_s, type);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Whole seconds, within the years 2 to 9998: a day's change of zone stays within 1 to 9999. */
static int64_t seconds_of(int64_t time_ms)
{
    int64_t s = time_ms / 1000 - (time_ms % 1000 < 0);
    return clamp(s, civil_day((struct civil_date){CIVIL_FIRST_YEAR + 1, 1, 1}) * CIVIL_DAY_S,
                 civil_day((struct civil_date){CIVIL_LAST_YEAR, 1, 1}) * CIVIL_DAY_S - 1);
}

void zone_local(const struct zone *zone, int64_t time_ms, struct zone_time *out)
{
    int64_t time_s = seconds_of(time_ms);
    const struct zone_type *type = type_at(zone, time_s);
    *out = (struct zone_time){
        .civil = civil_time_of(time_s + type->offset_s),
        .offset_s = type->offset_s,
        .is_dst = type->is_dst,
    };
    memcpy(out->abbr, type->name, sizeof out->abbr);
}

int64_t zone_instant_ms(const struct zone *zone, const struct civil_time *civil,
                        enum zone_pick pick)
{
    int64_t wall = seconds_of(civil_seconds(civil) * 1000), at = wall - MAX_OFFSET_S;
    int64_t offset = type_at(zone, at)->offset_s;
    const struct zone_type *type;
    while (next_change(zone, at, &at, &type) && at <= wall + MAX_OFFSET_S) {
        /* readings between the two are left out by a gap, or shown twice by a fold */
        int64_t less = type->offset_s < offset ? type->offset_s : offset;
        int64_t more = type->offset_s < offset ? offset : type->offset_s;
        if (wall >= at + (pick == ZONE_FIRST ? more : less))
            offset = type->offset_s;
    }
    return (wall - offset) * 1000;
}

int64_t zone_day_end_ms(const struct zone *zone, struct civil_date date)
{
    int64_t midnight = seconds_of((civil_day(date) + 1) * CIVIL_DAY_S * 1000);
    int64_t from = midnight - MAX_OFFSET_S, last = from, to;
    int64_t offset = type_at(zone, from)->offset_s;
    const struct zone_type *type;
    /* in each stretch between two changes: how long the wall shows that day, or one before it */
    for (bool more = true; more;) {
        more = next_change(zone, from, &to, &type) && to <= midnight + MAX_OFFSET_S;
        int64_t end = more && to < midnight - offset ? to : midnight - offset;
        if (end > from)
            last = end;
        if (more) {
            from = to;
            offset = type->offset_s;
        }
    }
    return last * 1000;
}
