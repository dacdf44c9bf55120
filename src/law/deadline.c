#include "law/deadline.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

static const char *const reasons[LAW_N_NO_CLOCK] = {
    [LAW_CLOCK_RUNS] = "",
    [LAW_NO_REGIME] = "there is no law of that name in our data",
    [LAW_NO_DUTY_YET] = "this law is not in force yet, as far as we know",
    [LAW_TOO_EARLY] = "this law was not in force on that day",
    [LAW_TOO_LATE] = "this law was no longer in force on that day",
    [LAW_NO_NUMBER] = "this law names no number of hours or days",
    [LAW_OTHER_EVENT] = "the time of this law runs from another event",
};

const char *law_no_clock_text(enum law_no_clock reason)
{
    return (size_t)reason < LAW_N_NO_CLOCK ? reasons[reason] : "";
}

static const enum law_clock_kind kinds[LAW_N_EVENTS] = {
    [LAW_NOTICE_RECEIVED] = LAW_CLOCK_PLATFORM,
    [LAW_AUTHORITY_NOTICE] = LAW_CLOCK_BY_REGULATOR,
    [LAW_REPORT_TO_REGULATOR] = LAW_CLOCK_REGULATOR,
    [LAW_ORDER] = LAW_CLOCK_COURT,
    [LAW_UPLOADER_ASKED] = LAW_CLOCK_PLATFORM,
};

static enum law_no_clock why_not(const struct law_terms *terms, int64_t day, enum law_event event)
{
    if (terms->status != LAW_IN_FORCE)
        return LAW_NO_DUTY_YET;
    if (day < terms->from_day)
        return LAW_TOO_EARLY;
    if (day > terms->until_day)
        return LAW_TOO_LATE;
    if (terms->count == 0)
        return LAW_NO_NUMBER;
    return event == terms->starts_at ? LAW_CLOCK_RUNS : LAW_OTHER_EVENT;
}

static int64_t last_day(const struct law_terms *terms, int64_t day,
                        const struct law_holidays *holidays)
{
    struct law_calendar calendar = {terms->country, terms->weekend, holidays};
    if (terms->unit == LAW_MONTHS)
        day = civil_day(civil_add_months(civil_date_of(day), (int)terms->count));
    else if (terms->unit == LAW_BUSINESS_DAYS)
        day = law_add_workdays(&calendar, day, terms->count);
    else
        day += terms->count;
    return terms->ends_on_workday ? law_workday_from(&calendar, day) : day;
}

void law_deadline_of(const struct law_terms *terms, const struct zone *zone, enum law_event event,
                     int64_t at_ms, const struct law_holidays *holidays, struct law_deadline *out)
{
    struct zone_time at;
    zone_local(zone, at_ms, &at);
    int64_t day = civil_day(at.civil.date);
    *out = (struct law_deadline){
        .reason = why_not(terms, day, event),
        .starts_at = terms->count > 0 ? terms->starts_at : LAW_EVENT_NONE,
    };
    memcpy(out->law_date, terms->law_date, sizeof out->law_date);
    if (out->reason != LAW_CLOCK_RUNS)
        return;
    out->runs = true;
    out->kind = kinds[event];
    out->unit = terms->unit;
    out->count = terms->count;
    out->counts_publicly = terms->is_checked && terms->is_binding;
    out->due_ms = terms->unit == LAW_HOURS
                      ? at_ms + (int64_t)terms->count * 3600000
                      : zone_day_end_ms(zone, civil_date_of(last_day(terms, day, holidays)));
}

enum lk_status law_deadline(const char *regime, enum law_event event, int64_t at_ms,
                            const struct law_holidays *holidays, struct law_deadline *out,
                            struct lk_error *err)
{
    struct law_terms terms;
    struct zone *zone;
    bool found;
    *out = (struct law_deadline){.reason = LAW_NO_REGIME};
    TRY(law_terms(regime, &terms, &found, err));
    if (!found)
        return LK_OK;
    TRY(zone_open(terms.zone[0] == '\0' ? "UTC" : terms.zone, &zone, err));
    law_deadline_of(&terms, zone, event, at_ms, holidays, out);
    zone_free(zone);
    return LK_OK;
}

/* "UTC", "CET" as it is; "+0530" as GMT+5:30, which says what it is. */
static void name_zone(const struct zone_time *t, char *text, size_t n)
{
    int minutes = (t->offset_s < 0 ? -t->offset_s : t->offset_s) / 60;
    char sign = t->offset_s < 0 ? '-' : '+';
    if (minutes == 0)
        snprintf(text, n, "%s", "UTC");
    else if (minutes % 60 == 0)
        snprintf(text, n, "GMT%c%d", sign, minutes / 60);
    else
        snprintf(text, n, "GMT%c%d:%02d", sign, minutes / 60, minutes % 60);
}

void law_deadline_format(const struct zone *zone, int64_t due_ms, char text[LAW_TIME_BYTES])
{
    struct zone_time t;
    char name[24];
    zone_local(zone, due_ms, &t);
    name_zone(&t, name, sizeof name);
    bool is_midnight = t.civil.hour == 0 && t.civil.minute == 0 && t.civil.second == 0;
    if (is_midnight) {
        t.civil.date = civil_date_of(civil_day(t.civil.date) - 1);
        t.civil.hour = 24;
    }
    snprintf(text, LAW_TIME_BYTES, "%04d-%02d-%02d %02d:%02d %s", t.civil.date.year,
             t.civil.date.month, t.civil.date.day, t.civil.hour, t.civil.minute, name);
}
