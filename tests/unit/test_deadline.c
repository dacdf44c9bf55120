#include "../cmocka_all.h"

#include "law/deadline.h"

#include <string.h>

#define HOUR_MS INT64_C(3600000)

static int64_t utc(int year, int month, int day, int hour, int minute)
{
    struct civil_time t = {{year, month, day}, hour, minute, 0};
    return civil_seconds(&t) * 1000;
}

static struct zone *open_zone(const char *name)
{
    struct zone *zone = NULL;
    struct lk_error err = {0};
    if (zone_open(name, &zone, &err) != LK_OK)
        fail_msg("%s: %s", name, err.text);
    return zone;
}

static struct law_deadline ask(const char *regime, enum law_event event, int64_t at_ms)
{
    struct law_deadline out;
    struct lk_error err = {0};
    if (law_deadline(regime, event, at_ms, NULL, &out, &err) != LK_OK)
        fail_msg("%s: %s", regime, err.text);
    return out;
}

static struct law_deadline ask_terms(const struct law_terms *terms, const char *zone_name,
                                     int64_t at_ms, const struct law_holidays *holidays)
{
    struct law_deadline out;
    struct zone *zone = open_zone(zone_name);
    law_deadline_of(terms, zone, LAW_NOTICE_RECEIVED, at_ms, holidays, &out);
    zone_free(zone);
    assert_true(out.runs);
    return out;
}

static struct law_terms terms_of(enum law_unit unit, unsigned count)
{
    return (struct law_terms){
        .status = LAW_IN_FORCE,
        .from_day = LAW_ALWAYS_FROM,
        .until_day = LAW_ALWAYS_UNTIL,
        .starts_at = LAW_NOTICE_RECEIVED,
        .unit = unit,
        .count = count,
        .weekend = 1U << CIVIL_SATURDAY | 1U << CIVIL_SUNDAY,
        .country = "gb",
    };
}

static void assert_reason(const char *regime, enum law_event event, int64_t at_ms,
                          enum law_no_clock reason)
{
    struct law_deadline got = ask(regime, event, at_ms);
    assert_false(got.runs);
    assert_int_equal(got.reason, reason);
    assert_int_equal(got.kind, LAW_CLOCK_NONE);
    assert_int_equal(got.due_ms, 0);
    assert_false(got.counts_publicly);
    assert_true(strlen(law_no_clock_text(reason)) > 10);
}

static const int64_t today_ms = 1795514400000; /* 2026-11-24 10:00 UTC */

static void a_valid_request_gives_a_platform_48_hours(void **state)
{
    (void)state;
    struct law_deadline got = ask("us-tida", LAW_NOTICE_RECEIVED, today_ms);
    assert_true(got.runs && got.counts_publicly);
    assert_int_equal(got.kind, LAW_CLOCK_PLATFORM);
    assert_int_equal(got.due_ms, today_ms + 48 * HOUR_MS);
    assert_int_equal(got.count, 48);
    assert_string_equal(got.law_date, "2026-11-22");
}

static void the_four_kinds_of_clock_stay_apart(void **state)
{
    (void)state;
    static const struct {
        const char *regime;
        enum law_event event;
        enum law_clock_kind kind;
    } rows[] = {
        {"in-32b", LAW_NOTICE_RECEIVED, LAW_CLOCK_PLATFORM},
        {"au-osa-iba", LAW_AUTHORITY_NOTICE, LAW_CLOCK_BY_REGULATOR},
        {"kr-tba", LAW_AUTHORITY_NOTICE, LAW_CLOCK_BY_REGULATOR},
        {"tw-24h", LAW_AUTHORITY_NOTICE, LAW_CLOCK_BY_REGULATOR},
        {"it-144bis", LAW_REPORT_TO_REGULATOR, LAW_CLOCK_REGULATOR},
        {"in-31d", LAW_ORDER, LAW_CLOCK_COURT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (enum law_event event = LAW_NOTICE_RECEIVED; event < LAW_N_EVENTS; event++) {
            if (event != rows[i].event) {
                assert_reason(rows[i].regime, event, today_ms, LAW_OTHER_EVENT);
                continue;
            }
            struct law_deadline got = ask(rows[i].regime, event, today_ms);
            assert_true(got.runs);
            assert_int_equal(got.kind, rows[i].kind);
        }
        assert_int_equal(ask(rows[i].regime, LAW_EVENT_NONE, today_ms).starts_at, rows[i].event);
    }
}

static void a_law_that_is_not_in_force_starts_no_clock(void **state)
{
    (void)state;
    assert_reason("gb-48h", LAW_NOTICE_RECEIVED, today_ms, LAW_NO_DUTY_YET);
    assert_reason("ph-sb2897", LAW_AUTHORITY_NOTICE, today_ms, LAW_NO_DUTY_YET);
    /* a day that was announced is not a fact: somebody has to look when it has come */
    assert_reason("eu-ai5-nudify", LAW_NOTICE_RECEIVED, utc(2027, 6, 1, 0, 0), LAW_NO_DUTY_YET);
}

static void a_law_holds_from_its_first_day_where_its_clocks_hang(void **state)
{
    (void)state;
    assert_reason("us-tida", LAW_NOTICE_RECEIVED, utc(2026, 5, 19, 3, 59), LAW_TOO_EARLY);
    assert_true(ask("us-tida", LAW_NOTICE_RECEIVED, utc(2026, 5, 19, 4, 0)).runs);
    assert_reason("in-32b", LAW_NOTICE_RECEIVED, utc(2026, 2, 19, 18, 29), LAW_TOO_EARLY);
    assert_true(ask("in-32b", LAW_NOTICE_RECEIVED, utc(2026, 2, 19, 18, 30)).runs);
}

static void of_a_month_only_the_last_day_is_sure_to_be_in_force(void **state)
{
    (void)state;
    assert_reason("ph-ra11930", LAW_NOTICE_RECEIVED, utc(2022, 8, 30, 12, 0), LAW_TOO_EARLY);
    assert_true(ask("ph-ra11930", LAW_NOTICE_RECEIVED, utc(2022, 8, 31, 12, 0)).runs);
    assert_reason("ng-code", LAW_NOTICE_RECEIVED, utc(2022, 12, 30, 12, 0), LAW_TOO_EARLY);
    assert_true(ask("ng-code", LAW_NOTICE_RECEIVED, utc(2022, 12, 31, 12, 0)).runs);
}

static void a_law_ends_after_its_last_day(void **state)
{
    (void)state;
    struct law_terms terms = terms_of(LAW_HOURS, 24);
    struct law_deadline out;
    struct zone *zone = open_zone("Asia/Kolkata");
    terms.until_day = civil_day((struct civil_date){2026, 2, 19});
    law_deadline_of(&terms, zone, LAW_NOTICE_RECEIVED, utc(2026, 2, 19, 18, 29), NULL, &out);
    assert_true(out.runs);
    law_deadline_of(&terms, zone, LAW_NOTICE_RECEIVED, utc(2026, 2, 19, 18, 30), NULL, &out);
    assert_int_equal(out.reason, LAW_TOO_LATE);
    zone_free(zone);
}

static void promptly_is_no_number(void **state)
{
    (void)state;
    assert_reason("eu-dsa16", LAW_NOTICE_RECEIVED, today_ms, LAW_NO_NUMBER);
    assert_reason("br-mci21", LAW_NOTICE_RECEIVED, today_ms, LAW_NO_NUMBER);
    assert_reason("es-aepd", LAW_REPORT_TO_REGULATOR, today_ms, LAW_NO_NUMBER);
    assert_reason("eu-ai50", LAW_NOTICE_RECEIVED, today_ms, LAW_NO_NUMBER);
}

static void a_name_that_no_law_has_is_said_to_be_unknown(void **state)
{
    (void)state;
    const char *const names[] = {NULL,     "",  "us",          "us-",           "us-tida2",
                                 "zz-law", "-", "platforms-x", "clock-rules-x", "us tida"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_reason(names[i], LAW_NOTICE_RECEIVED, today_ms, LAW_NO_REGIME);
}

static void what_was_not_checked_or_does_not_bind_is_a_reminder(void **state)
{
    (void)state;
    static const char *const reminders[] = {"jp-jopura", "ph-ra11930", "eu-gdpr17", "gb-gdpr",
                                            "ng-code",   "sg-osraa",   "nz-hdca"};
    for (size_t i = 0; i < sizeof reminders / sizeof reminders[0]; i++) {
        struct law_deadline got = ask(reminders[i], LAW_NOTICE_RECEIVED, today_ms);
        assert_true(got.runs);
        assert_false(got.counts_publicly);
    }
}

static void hours_are_never_moved_by_summer_time(void **state)
{
    (void)state;
    struct law_terms terms = terms_of(LAW_HOURS, 48);
    for (int64_t at = utc(2026, 1, 1, 0, 0); at < utc(2029, 1, 1, 0, 0); at += HOUR_MS / 2)
        if (ask_terms(&terms, "UTC", at, NULL).due_ms != at + 48 * HOUR_MS)
            fail();
    int64_t before = utc(2026, 3, 7, 12, 0); /* clocks go forward in New York on the 8th */
    assert_int_equal(ask_terms(&terms, "America/New_York", before, NULL).due_ms,
                     before + 48 * HOUR_MS);
}

static void a_day_ends_at_midnight_where_the_rule_says(void **state)
{
    (void)state;
    struct law_terms terms = terms_of(LAW_DAYS, 7);
    assert_int_equal(ask_terms(&terms, "Asia/Tokyo", utc(2026, 11, 24, 14, 59), NULL).due_ms,
                     utc(2026, 12, 1, 15, 0));
    assert_int_equal(ask_terms(&terms, "Asia/Tokyo", utc(2026, 11, 24, 15, 0), NULL).due_ms,
                     utc(2026, 12, 2, 15, 0));
    /* seven days in which the clocks go back: an hour longer, and still at midnight */
    assert_int_equal(ask_terms(&terms, "Europe/London", utc(2026, 10, 20, 12, 0), NULL).due_ms,
                     utc(2026, 10, 28, 0, 0));
}

static void a_month_ends_with_the_same_date_or_the_last_of_the_month(void **state)
{
    (void)state;
    struct law_terms terms = terms_of(LAW_MONTHS, 1);
    assert_int_equal(ask_terms(&terms, "UTC", utc(2027, 1, 31, 9, 0), NULL).due_ms,
                     utc(2027, 3, 1, 0, 0));
    assert_int_equal(ask_terms(&terms, "UTC", utc(2028, 1, 30, 9, 0), NULL).due_ms,
                     utc(2028, 3, 1, 0, 0));
    assert_int_equal(ask_terms(&terms, "UTC", utc(2028, 2, 29, 9, 0), NULL).due_ms,
                     utc(2028, 3, 30, 0, 0));
    assert_int_equal(ask_terms(&terms, "UTC", utc(2026, 12, 31, 23, 59), NULL).due_ms,
                     utc(2027, 2, 1, 0, 0));
}

static void an_end_on_a_day_of_rest_waits_for_the_next_workday(void **state)
{
    (void)state;
    const struct law_holiday list[] = {
        {"gb", civil_day((struct civil_date){2026, 12, 28})},
        {"de", civil_day((struct civil_date){2026, 12, 29})},
    };
    struct law_holidays holidays = {list, 2};
    struct law_terms terms = terms_of(LAW_MONTHS, 1);
    terms.ends_on_workday = true;
    /* 26 December 2026 is a Saturday */
    assert_int_equal(ask_terms(&terms, "UTC", utc(2026, 11, 26, 9, 0), NULL).due_ms,
                     utc(2026, 12, 29, 0, 0));
    assert_int_equal(ask_terms(&terms, "UTC", utc(2026, 11, 26, 9, 0), &holidays).due_ms,
                     utc(2026, 12, 30, 0, 0));
}

static void business_days_leave_out_the_weekend_of_the_country(void **state)
{
    (void)state;
    const struct law_holiday list[] = {{"gb", civil_day((struct civil_date){2026, 11, 30})}};
    struct law_holidays holidays = {list, 1};
    struct law_terms terms = terms_of(LAW_BUSINESS_DAYS, 3);
    /* from Thursday 26 November 2026: Friday, Monday, Tuesday */
    assert_int_equal(ask_terms(&terms, "UTC", utc(2026, 11, 26, 9, 0), NULL).due_ms,
                     utc(2026, 12, 2, 0, 0));
    assert_int_equal(ask_terms(&terms, "UTC", utc(2026, 11, 26, 9, 0), &holidays).due_ms,
                     utc(2026, 12, 3, 0, 0));
    terms.weekend = 1U << CIVIL_FRIDAY | 1U << CIVIL_SATURDAY; /* Sunday, Monday, Tuesday */
    assert_int_equal(ask_terms(&terms, "UTC", utc(2026, 11, 26, 9, 0), NULL).due_ms,
                     utc(2026, 12, 2, 0, 0));
    terms.count = 1;
    assert_int_equal(ask_terms(&terms, "UTC", utc(2026, 11, 26, 9, 0), NULL).due_ms,
                     utc(2026, 11, 30, 0, 0));
}

static void the_weekend_of_a_country_comes_from_the_data(void **state)
{
    (void)state;
    struct law_terms terms;
    struct lk_error err;
    bool found;
    assert_int_equal(law_terms("bd-block", &terms, &found, &err), LK_OK);
    assert_true(found);
    assert_int_equal(terms.weekend, 1U << CIVIL_FRIDAY | 1U << CIVIL_SATURDAY);
    assert_int_equal(law_terms("us-tida", &terms, &found, &err), LK_OK);
    assert_int_equal(terms.weekend, 1U << CIVIL_SATURDAY | 1U << CIVIL_SUNDAY);
}

/* Every rule there can be, in zones whose clocks do odd things, hour by hour through eight years.
 */
static void whatever_the_rule_a_later_event_is_never_due_earlier(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Africa/Cairo", "America/Havana",
                                        "Australia/Lord_Howe", "Africa/Casablanca"};
    static const struct {
        enum law_unit unit;
        unsigned count;
        bool ends_on_workday;
    } rules[] = {{LAW_HOURS, 2, false},  {LAW_DAYS, 2, false},          {LAW_DAYS, 1, true},
                 {LAW_MONTHS, 1, true},  {LAW_BUSINESS_DAYS, 1, false}, {LAW_MONTHS, 1, false},
                 {LAW_HOURS, 48, false}, {LAW_BUSINESS_DAYS, 10, true}};
    for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
        struct zone *zone = open_zone(zones[z]);
        for (size_t k = 0; k < sizeof rules / sizeof rules[0]; k++) {
            struct law_terms terms = terms_of(rules[k].unit, rules[k].count);
            terms.ends_on_workday = rules[k].ends_on_workday;
            int64_t last_due = 0;
            for (int64_t at = utc(2024, 1, 1, 0, 0); at < utc(2032, 1, 1, 0, 0); at += HOUR_MS) {
                struct law_deadline got;
                law_deadline_of(&terms, zone, LAW_NOTICE_RECEIVED, at, NULL, &got);
                if (!got.runs || got.due_ms <= at || got.due_ms < last_due)
                    fail_msg("%s, rule %zu, event at %lld", zones[z], k, (long long)at);
                last_due = got.due_ms;
            }
        }
        zone_free(zone);
    }
}

static void a_change_of_the_law_moves_no_deadline_that_was_set(void **state)
{
    (void)state;
    struct law_terms terms = terms_of(LAW_HOURS, 24);
    struct zone *zone = open_zone("Asia/Kolkata");
    struct law_deadline kept, copy, later;
    terms.is_checked = terms.is_binding = true;
    memcpy(terms.law_date, "2026-02-01", sizeof terms.law_date);
    memset(&kept, 0, sizeof kept);
    law_deadline_of(&terms, zone, LAW_NOTICE_RECEIVED, today_ms, NULL, &kept);
    memcpy(&copy, &kept, sizeof copy);
    terms.count = 2; /* the law is changed, then doubted, then gone */
    memcpy(terms.law_date, "2026-11-22", sizeof terms.law_date);
    law_deadline_of(&terms, zone, LAW_NOTICE_RECEIVED, today_ms + 1, NULL, &later);
    memset(&terms, 0xa5, sizeof terms);
    zone_free(zone);
    assert_memory_equal(&kept, &copy, sizeof kept);
    assert_int_equal(kept.due_ms, today_ms + 24 * HOUR_MS);
    assert_true(kept.counts_publicly);
    assert_string_equal(kept.law_date, "2026-02-01");
    assert_int_equal(later.due_ms, today_ms + 1 + 2 * HOUR_MS);
    assert_string_equal(later.law_date, "2026-11-22");
}

static void a_time_is_shown_as_the_clocks_there_show_it(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        int64_t time_ms;
        const char *text;
    } rows[] = {
        {"Asia/Kolkata", 1795512600000, "2026-11-24 15:00 GMT+5:30"},
        {"UTC", 1795514400000, "2026-11-24 10:00 UTC"},
        {"America/New_York", 1795514400000, "2026-11-24 05:00 GMT-5"},
        {"America/St_Johns", 1795514400000, "2026-11-24 06:30 GMT-3:30"},
        {"Europe/London", 1782900000000, "2026-07-01 11:00 GMT+1"},
        {"UTC", 1798761600000, "2026-12-31 24:00 UTC"},
        {"Asia/Tokyo", 1796137200000, "2026-12-01 24:00 GMT+9"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[LAW_TIME_BYTES];
        struct zone *zone = open_zone(rows[i].zone);
        law_deadline_format(zone, rows[i].time_ms, text);
        assert_string_equal(text, rows[i].text);
        zone_free(zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_valid_request_gives_a_platform_48_hours),
        cmocka_unit_test(the_four_kinds_of_clock_stay_apart),
        cmocka_unit_test(a_law_that_is_not_in_force_starts_no_clock),
        cmocka_unit_test(a_law_holds_from_its_first_day_where_its_clocks_hang),
        cmocka_unit_test(of_a_month_only_the_last_day_is_sure_to_be_in_force),
        cmocka_unit_test(a_law_ends_after_its_last_day),
        cmocka_unit_test(promptly_is_no_number),
        cmocka_unit_test(a_name_that_no_law_has_is_said_to_be_unknown),
        cmocka_unit_test(what_was_not_checked_or_does_not_bind_is_a_reminder),
        cmocka_unit_test(hours_are_never_moved_by_summer_time),
        cmocka_unit_test(a_day_ends_at_midnight_where_the_rule_says),
        cmocka_unit_test(a_month_ends_with_the_same_date_or_the_last_of_the_month),
        cmocka_unit_test(an_end_on_a_day_of_rest_waits_for_the_next_workday),
        cmocka_unit_test(business_days_leave_out_the_weekend_of_the_country),
        cmocka_unit_test(the_weekend_of_a_country_comes_from_the_data),
        cmocka_unit_test(whatever_the_rule_a_later_event_is_never_due_earlier),
        cmocka_unit_test(a_change_of_the_law_moves_no_deadline_that_was_set),
        cmocka_unit_test(a_time_is_shown_as_the_clocks_there_show_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
