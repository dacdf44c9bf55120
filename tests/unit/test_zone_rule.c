#include "../cmocka_all.h"

#include "sys/zone_rule.h"

#include <string.h>

static int64_t utc_s(int year, int month, int day, int hour)
{
    struct civil_time t = {{year, month, day}, hour, 0, 0};
    return civil_seconds(&t);
}

static struct zone_rule parse(const char *text)
{
    struct zone_rule rule;
    if (!zone_rule_parse(text, strlen(text), &rule))
        fail_msg("%s", text);
    return rule;
}

static void a_rule_tells_the_offset_on_both_sides_of_each_change(void **state)
{
    (void)state;
    struct zone_rule rule = parse("CET-1CEST,M3.5.0,M10.5.0/3");
    assert_string_equal(zone_rule_at(&rule, utc_s(2026, 3, 29, 1) - 1)->name, "CET");
    assert_string_equal(zone_rule_at(&rule, utc_s(2026, 3, 29, 1))->name, "CEST");
    assert_int_equal(zone_rule_at(&rule, utc_s(2026, 10, 25, 1) - 1)->offset_s, 7200);
    assert_int_equal(zone_rule_at(&rule, utc_s(2026, 10, 25, 1))->offset_s, 3600);
}

static void the_south_has_its_summer_over_new_year(void **state)
{
    (void)state;
    struct zone_rule rule = parse("<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45");
    assert_string_equal(zone_rule_at(&rule, utc_s(2026, 12, 31, 12))->name, "+1345");
    assert_string_equal(zone_rule_at(&rule, utc_s(2026, 6, 30, 12))->name, "+1245");
    assert_int_equal(zone_rule_at(&rule, utc_s(2026, 6, 30, 12))->offset_s, 45900);
}

static void days_count_with_and_without_the_leap_day(void **state)
{
    (void)state;
    struct zone_rule julian = parse("AAA0BBB,J60,J300"), zero = parse("AAA0BBB,59,300");
    for (int year = 2027; year <= 2028; year++) {
        assert_true(zone_rule_at(&julian, utc_s(year, 3, 1, 2))->is_dst);
        assert_false(zone_rule_at(&julian, utc_s(year, 3, 1, 1))->is_dst);
    }
    assert_true(zone_rule_at(&zero, utc_s(2027, 3, 1, 2))->is_dst);
    assert_true(zone_rule_at(&zero, utc_s(2028, 2, 29, 2))->is_dst);
    assert_false(zone_rule_at(&zero, utc_s(2028, 2, 29, 1))->is_dst);
}

static void an_hour_of_a_change_may_lie_in_another_day(void **state)
{
    (void)state;
    struct zone_rule rule = parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"); /* Nuuk */
    assert_int_equal(zone_rule_at(&rule, utc_s(2026, 3, 29, 1) - 1)->offset_s, -7200);
    assert_int_equal(zone_rule_at(&rule, utc_s(2026, 3, 29, 1))->offset_s, -3600);
    rule = parse("IST-2IDT,M3.4.4/26,M10.5.0"); /* Jerusalem: the Friday before the last Sunday */
    assert_false(zone_rule_at(&rule, utc_s(2026, 3, 27, 0) - 1)->is_dst);
    assert_true(zone_rule_at(&rule, utc_s(2026, 3, 27, 0))->is_dst);
}

static void summer_all_year_never_ends(void **state)
{
    (void)state;
    struct zone_rule rule = parse("XXX3EDT4,0/0,J365/23");
    for (int64_t s = utc_s(2026, 12, 30, 0); s < utc_s(2027, 1, 3, 0); s += 1800)
        assert_string_equal(zone_rule_at(&rule, s)->name, "EDT");
}

static void the_next_change_is_the_first_after_a_time(void **state)
{
    (void)state;
    struct zone_rule rule = parse("EST5EDT,M3.2.0,M11.1.0");
    const struct zone_type *type;
    int64_t at = utc_s(2026, 1, 1, 0);
    for (int n = 0; n < 200; n++) {
        int64_t before = at;
        assert_true(zone_rule_next(&rule, before, &at, &type) && at > before);
        assert_ptr_equal(zone_rule_at(&rule, at), type);
        assert_ptr_not_equal(zone_rule_at(&rule, at - 1), type);
    }
    assert_int_equal(civil_time_of(at).date.year, 2125);
    rule = parse("UTC0");
    assert_false(zone_rule_next(&rule, 0, &at, &type));
}

static void what_is_no_rule_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "CET",
        "CE-1",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-25",
        "CET-1:60",
        "CET-1CEST,,",
        "CET-1CEST,M13.1.0,0",
        "CET-1CEST,M3.6.0,0",
        "C3T-1",
        "<CET-1",
        "<+01>",
        "CET-1CEST,J0,J1",
        "CET-1CEST,366,0",
        "CET-1 ",
        "CET-1C,0,0",
        "CET-1CEST,M3.5.7,0",
        "CET-1CEST,0/168,0",
        "CET-1CEST,0,0,",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0",
    };
    struct zone_rule rule;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (zone_rule_parse(wrong[i], strlen(wrong[i]), &rule))
            fail_msg("%s", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_tells_the_offset_on_both_sides_of_each_change),
        cmocka_unit_test(the_south_has_its_summer_over_new_year),
        cmocka_unit_test(days_count_with_and_without_the_leap_day),
        cmocka_unit_test(an_hour_of_a_change_may_lie_in_another_day),
        cmocka_unit_test(summer_all_year_never_ends),
        cmocka_unit_test(the_next_change_is_the_first_after_a_time),
        cmocka_unit_test(what_is_no_rule_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
