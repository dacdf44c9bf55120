#include "sys/zone_rule.h"

#include <string.h>

struct reader {
    const char *p, *end;
};

static bool take(struct reader *r, char c)
{
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

static bool is_digit(const struct reader *r)
{
    return r->p < r->end && *r->p >= '0' && *r->p <= '9';
}

static bool take_number(struct reader *r, int low, int high, int *out)
{
    int value = 0;
    const char *start = r->p;
    while (is_digit(r) && value <= high)
        value = value * 10 + (*r->p++ - '0');
    *out = value;
    return r->p > start && value >= low && value <= high;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(struct reader *r, int max_hours, int32_t *out)
{
    bool negative = take(r, '-');
    int hours, minutes = 0, seconds = 0;
    if (!negative)
        (void)take(r, '+');
    if (!take_number(r, 0, max_hours, &hours))
        return false;
    if (take(r, ':') &&
        (!take_number(r, 0, 59, &minutes) || (take(r, ':') && !take_number(r, 0, 59, &seconds))))
        return false;
    int32_t value = hours * 3600 + minutes * 60 + seconds;
    *out = negative ? -value : value;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* CET, or <+0530> where there are other characters than letters. */
static bool take_name(struct reader *r, char out[ZONE_ABBR_BYTES])
{
    bool is_quoted = take(r, '<');
    size_t n = 0;
    while (r->p < r->end && n + 1 < ZONE_ABBR_BYTES &&
           (is_letter(*r->p) || (is_quoted && (is_digit(r) || *r->p == '+' || *r->p == '-'))))
        out[n++] = *r->p++;
    out[n] = '\0';
    return n >= 3 && (!is_quoted || take(r, '>'));
}

static bool take_change(struct reader *r, struct zone_change *out)
{
    bool good;
    *out = (struct zone_change){.time_s = 2 * 3600};
    if (take(r, 'M')) {
        out->kind = ZONE_DAY_WEEK;
        good = take_number(r, 1, 12, &out->month) && take(r, '.') &&
               take_number(r, 1, 5, &out->week) && take(r, '.') &&
               take_number(r, 0, 6, &out->weekday);
    } else {
        out->kind = take(r, 'J') ? ZONE_DAY_JULIAN : ZONE_DAY_ZERO;
        good = take_number(r, out->kind == ZONE_DAY_JULIAN, 365, &out->day);
    }
    return good && (!take(r, '/') || take_time(r, 167, &out->time_s));
}

bool zone_rule_parse(const char *text, size_t n, struct zone_rule *out)
{
    struct reader r = {text, text + n};
    *out = (struct zone_rule){0};
    if (!take_name(&r, out->std.name) || !take_time(&r, 24, &out->std.offset_s))
        return false;
    out->std.offset_s = -out->std.offset_s; /* POSIX counts westwards */
    if (r.p == r.end)
        return true;
    out->has_dst = out->dst.is_dst = true;
    out->dst.offset_s = out->std.offset_s + 3600;
    if (!take_name(&r, out->dst.name))
        return false;
    if (r.p < r.end && *r.p != ',') {
        if (!take_time(&r, 24, &out->dst.offset_s))
            return false;
        out->dst.offset_s = -out->dst.offset_s;
    }
    return take(&r, ',') && take_change(&r, &out->to_dst) && take(&r, ',') &&
           take_change(&r, &out->to_std) && r.p == r.end;
}

static int64_t day_of_change(const struct zone_change *change, int year)
{
    int64_t first = civil_day((struct civil_date){year, 1, 1});
    if (change->kind == ZONE_DAY_ZERO)
        return first + change->day;
    if (change->kind == ZONE_DAY_JULIAN)
        return first + change->day - 1 + (civil_is_leap(year) && change->day >= 60);
    int64_t of_month = civil_day((struct civil_date){year, change->month, 1});
    int ahead = (change->weekday - (int)civil_weekday_of(of_month) + 7) % 7;
    int day = ahead + 7 * (change->week - 1);
    if (day >= civil_days_in_month(year, change->month))
        day -= 7;
    return of_month + day;
}

/* The changes of the year in which time_s lies and of two on each side: an hour of up to 167 can
 * carry a change a week out of its year, and there beyond one of the next. */
enum { N_NEAR_YEARS = 5, N_NEAR = 2 * N_NEAR_YEARS };

struct near_change {
    int64_t at_s;
    const struct zone_type *type;
};

static void changes_near(const struct zone_rule *rule, int64_t time_s,
                         struct near_change near[N_NEAR])
{
    int year = civil_time_of(time_s + rule->std.offset_s).date.year;
    for (int i = 0; i < N_NEAR_YEARS; i++) {
        int64_t day = day_of_change(&rule->to_dst, year - N_NEAR_YEARS / 2 + i);
        near[2 * i] = (struct near_change){
            day * CIVIL_DAY_S + rule->to_dst.time_s - rule->std.offset_s, &rule->dst};
        day = day_of_change(&rule->to_std, year - N_NEAR_YEARS / 2 + i);
        near[2 * i + 1] = (struct near_change){
            day * CIVIL_DAY_S + rule->to_std.time_s - rule->dst.offset_s, &rule->std};
    }
}

/* Where a year's end meets the next one's begin, daylight saving time goes on: that is how a rule
 * says "all year". */
static bool is_better(const struct near_change *one, const struct near_change *than, bool is_later)
{
    if (than == NULL || one->at_s != than->at_s)
        return than == NULL || (one->at_s > than->at_s) == is_later;
    return one->type->is_dst;
}

const struct zone_type *zone_rule_at(const struct zone_rule *rule, int64_t time_s)
{
    struct near_change near[N_NEAR];
    const struct near_change *last = NULL;
    if (!rule->has_dst)
        return &rule->std;
    changes_near(rule, time_s, near);
    for (int i = 0; i < N_NEAR; i++)
        if (near[i].at_s <= time_s && is_better(&near[i], last, true))
            last = &near[i];
    return last == NULL ? &rule->std : last->type;
}

bool zone_rule_next(const struct zone_rule *rule, int64_t time_s, int64_t *at_s,
                    const struct zone_type **type)
{
    struct near_change near[N_NEAR];
    const struct near_change *next = NULL;
    if (!rule->has_dst)
        return false;
    changes_near(rule, time_s, near);
    for (int i = 0; i < N_NEAR; i++)
        if (near[i].at_s > time_s && is_better(&near[i], next, false))
            next = &near[i];
    if (next == NULL)
        return false;
    *at_s = next->at_s;
    *type = next->type;
    return true;
}
