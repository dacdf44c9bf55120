#include "../cmocka_all.h"

#include "base/civil.h"
#include "sys/clock.h"

#include <stdio.h>

static int64_t day(int year, int month, int of_month)
{
    return civil_day((struct civil_date){year, month, of_month});
}

static void assert_date(struct civil_date date, int year, int month, int of_month)
{
    assert_int_equal(date.year, year);
    assert_int_equal(date.month, month);
    assert_int_equal(date.day, of_month);
}

static void every_day_of_ten_thousand_years_follows_the_one_before(void **state)
{
    (void)state;
    int64_t expected = day(1, 1, 1);
    int weekday = (int)civil_weekday_of(expected);
    assert_int_equal(weekday, CIVIL_MONDAY);
    for (int year = CIVIL_FIRST_YEAR; year <= CIVIL_LAST_YEAR; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int d = 1; d <= civil_days_in_month(year, month); d++, expected++) {
                struct civil_date date = civil_date_of(expected);
                if (day(year, month, d) != expected || date.year != year || date.month != month ||
                    date.day != d || (int)civil_weekday_of(expected) != weekday)
                    fail_msg("%04d-%02d-%02d", year, month, d);
                weekday = (weekday + 1) % 7;
            }
        }
    }
}

static void known_days_stand_where_they_stand(void **state)
{
    (void)state;
    assert_int_equal(day(1970, 1, 1), 0);
    assert_int_equal(day(1969, 12, 31), -1);
    assert_int_equal(day(2000, 3, 1), 11017);
    assert_int_equal(day(2026, 11, 24), 20781);
    assert_int_equal(civil_weekday_of(day(2026, 11, 24)), CIVIL_TUESDAY);
    assert_int_equal(civil_weekday_of(day(1600, 2, 29)), CIVIL_TUESDAY);
}

static void a_year_is_leap_by_the_rule_of_gregory(void **state)
{
    (void)state;
    assert_true(civil_is_leap(2024) && civil_is_leap(2000) && civil_is_leap(2400));
    assert_false(civil_is_leap(2023) || civil_is_leap(1900) || civil_is_leap(2100));
    assert_true(civil_is_date((struct civil_date){2028, 2, 29}));
    assert_false(civil_is_date((struct civil_date){2027, 2, 29}));
    assert_false(civil_is_date((struct civil_date){2027, 13, 1}));
    assert_false(civil_is_date((struct civil_date){2027, 4, 31}));
    assert_false(civil_is_date((struct civil_date){2027, 4, 0}));
    assert_false(civil_is_date((struct civil_date){0, 4, 1}));
    assert_false(civil_is_date((struct civil_date){10000, 1, 1}));
}

static void a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(void **state)
{
    (void)state;
    assert_date(civil_add_months((struct civil_date){2027, 1, 31}, 1), 2027, 2, 28);
    assert_date(civil_add_months((struct civil_date){2028, 1, 31}, 1), 2028, 2, 29);
    assert_date(civil_add_months((struct civil_date){2028, 2, 29}, 12), 2029, 2, 28);
    assert_date(civil_add_months((struct civil_date){2026, 11, 24}, 1), 2026, 12, 24);
    assert_date(civil_add_months((struct civil_date){2026, 12, 31}, 2), 2027, 2, 28);
    assert_date(civil_add_months((struct civil_date){2026, 1, 31}, -2), 2025, 11, 30);
    assert_date(civil_add_months((struct civil_date){2026, 1, 15}, -13), 2024, 12, 15);
}

static void seconds_and_readings_of_the_wall_go_back_and_forth(void **state)
{
    (void)state;
    for (int64_t s = -62000000000; s < 250000000000; s += 98765431) {
        struct civil_time t = civil_time_of(s);
        assert_int_equal(civil_seconds(&t), s);
        assert_true(civil_is_date(t.date));
        assert_in_range(t.hour, 0, 23);
        assert_in_range(t.minute, 0, 59);
        assert_in_range(t.second, 0, 59);
    }
}

static void a_date_is_read_only_in_its_one_form(void **state)
{
    (void)state;
    struct civil_date date;
    assert_true(civil_parse_date("2028-02-29", &date));
    assert_date(date, 2028, 2, 29);
    const char *const wrong[] = {"",           "2028",        "2028-02",    "2028-02-30",
                                 "2028-2-29",  "2028-02-29 ", "2028/02/29", "2027-02-29",
                                 "0000-01-01", "-028-02-29",  "2028-02-2x", "20280-2-29"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (civil_parse_date(wrong[i], &date))
            fail_msg("'%s'", wrong[i]);
}

static void times_are_written_as_dates_of_the_calendar(void **state)
{
    (void)state;
    char text[32];
    clock_format_time(1795515630999, text);
    assert_string_equal(text, "2026-11-24T10:20:30Z");
    clock_format_day(1795515630999, text);
    assert_string_equal(text, "2026-11-24");
    clock_format_time(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59Z");
    clock_format_day(INT64_C(951782400000), text);
    assert_string_equal(text, "2000-02-29");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_ten_thousand_years_follows_the_one_before),
        cmocka_unit_test(known_days_stand_where_they_stand),
        cmocka_unit_test(a_year_is_leap_by_the_rule_of_gregory),
        cmocka_unit_test(a_month_later_is_the_same_day_or_the_last_of_a_shorter_month),
        cmocka_unit_test(seconds_and_readings_of_the_wall_go_back_and_forth),
        cmocka_unit_test(a_date_is_read_only_in_its_one_form),
        cmocka_unit_test(times_are_written_as_dates_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
