#include "../cmocka_all.h"

#include "base/buf.h"
#include "sys/file.h"
#include "sys/zone.h"

#include <stdio.h>
#include <stdlib.h>

static struct zone *open_zone(const char *name)
{
    struct zone *zone = NULL;
    struct lk_error err = {0};
    if (zone_open(name, &zone, &err) != LK_OK)
        fail_msg("%s: %s", name, err.text);
    return zone;
}

static struct civil_time wall(int year, int month, int day, int hour, int minute)
{
    return (struct civil_time){{year, month, day}, hour, minute, 0};
}

static int64_t utc(int year, int month, int day, int hour, int minute)
{
    struct civil_time t = wall(year, month, day, hour, minute);
    return civil_seconds(&t) * 1000;
}

static void assert_wall(const struct zone *zone, int64_t time_ms, struct civil_time expected,
                        const char *abbr)
{
    struct zone_time got;
    zone_local(zone, time_ms, &got);
    assert_int_equal(civil_seconds(&got.civil), civil_seconds(&expected));
    assert_int_equal(got.offset_s, civil_seconds(&expected) - time_ms / 1000);
    assert_string_equal(got.abbr, abbr);
}

static void a_wall_shows_the_hour_of_its_place_and_season(void **state)
{
    (void)state;
    struct zone *berlin = open_zone("Europe/Berlin"), *kolkata = open_zone("Asia/Kolkata");
    assert_wall(berlin, utc(2026, 7, 1, 12, 0), wall(2026, 7, 1, 14, 0), "CEST");
    assert_wall(berlin, utc(2026, 12, 31, 23, 30), wall(2027, 1, 1, 0, 30), "CET");
    assert_wall(kolkata, utc(2026, 11, 24, 9, 30), wall(2026, 11, 24, 15, 0), "IST");
    zone_free(berlin);
    zone_free(kolkata);
}

static void the_rule_goes_on_after_the_last_change_of_the_table(void **state)
{
    (void)state;
    struct zone *zone = open_zone("America/New_York");
    assert_wall(zone, utc(2126, 7, 1, 12, 0), wall(2126, 7, 1, 8, 0), "EDT");
    assert_wall(zone, utc(2126, 1, 1, 12, 0), wall(2126, 1, 1, 7, 0), "EST");
    zone_free(zone);
}

static void a_reading_that_was_twice_has_two_instants(void **state)
{
    (void)state;
    struct zone *zone = open_zone("Europe/Berlin");
    struct civil_time t = wall(2026, 10, 25, 2, 30);
    assert_int_equal(zone_instant_ms(zone, &t, ZONE_FIRST), utc(2026, 10, 25, 0, 30));
    assert_int_equal(zone_instant_ms(zone, &t, ZONE_SECOND), utc(2026, 10, 25, 1, 30));
    t = wall(2026, 10, 25, 3, 0);
    assert_int_equal(zone_instant_ms(zone, &t, ZONE_FIRST), utc(2026, 10, 25, 2, 0));
    assert_int_equal(zone_instant_ms(zone, &t, ZONE_SECOND), utc(2026, 10, 25, 2, 0));
    zone_free(zone);
}

static void a_reading_that_never_was_is_taken_with_the_offset_before_or_after(void **state)
{
    (void)state;
    struct zone *zone = open_zone("Europe/Berlin");
    struct civil_time t = wall(2026, 3, 29, 2, 30);
    assert_int_equal(zone_instant_ms(zone, &t, ZONE_FIRST), utc(2026, 3, 29, 1, 30));
    assert_int_equal(zone_instant_ms(zone, &t, ZONE_SECOND), utc(2026, 3, 29, 0, 30));
    zone_free(zone);
}

/* The end of a day in a place whose clocks change at midnight. */
static void assert_end(const char *name, struct civil_date date, int64_t end_ms)
{
    struct zone *zone = open_zone(name);
    struct zone_time before, after;
    assert_int_equal(zone_day_end_ms(zone, date), end_ms);
    zone_local(zone, end_ms - 1, &before);
    zone_local(zone, end_ms, &after);
    assert_true(civil_day(before.civil.date) <= civil_day(date));
    assert_true(civil_day(after.civil.date) > civil_day(date));
    zone_free(zone);
}

static void a_day_ends_when_it_is_later_for_good(void **state)
{
    (void)state;
    assert_end("Asia/Kolkata", (struct civil_date){2026, 11, 24}, utc(2026, 11, 24, 18, 30));
    /* 24:00 becomes 01:00: the day ends with the gap */
    assert_end("Africa/Cairo", (struct civil_date){2026, 4, 23}, utc(2026, 4, 23, 22, 0));
    /* 24:00 becomes 23:00 of the same day: the hour is there twice */
    assert_end("Africa/Cairo", (struct civil_date){2026, 10, 29}, utc(2026, 10, 29, 22, 0));
    /* 01:00 becomes 00:00: midnight was twice, the day ended at the first */
    assert_end("America/Havana", (struct civil_date){2026, 10, 31}, utc(2026, 11, 1, 4, 0));
    /* 00:01 became 23:01 of the day before, which so began anew */
    assert_end("America/St_Johns", (struct civil_date){2010, 11, 6}, utc(2010, 11, 7, 3, 30));
    /* Samoa left 30 December 2011 out: the 29th ends, and so does the 30th */
    assert_end("Pacific/Apia", (struct civil_date){2011, 12, 29}, utc(2011, 12, 30, 10, 0));
    assert_end("Pacific/Apia", (struct civil_date){2011, 12, 30}, utc(2011, 12, 30, 10, 0));
}

static void a_name_leads_to_nothing_but_a_zone(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum lk_status status;
    } names[] = {
        {"", LK_INVALID},
        {"/etc/passwd", LK_INVALID},
        {"../../../etc/passwd", LK_INVALID},
        {"Europe/../Europe/Berlin", LK_INVALID},
        {"Europe/./Berlin", LK_INVALID},
        {"Europe//Berlin", LK_INVALID},
        {"Europe/", LK_INVALID},
        {"Europe/Berlin\n", LK_INVALID},
        {"zone.tab", LK_INVALID},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", LK_INVALID},
        {"Europe/Atlantis", LK_NOT_FOUND},
        {"Europe", LK_IO},
        {"leapseconds", LK_CORRUPT},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct zone *zone = NULL;
        struct lk_error err = {0};
        assert_int_equal(zone_open(names[i].name, &zone, &err), names[i].status);
        assert_null(zone);
    }
}

static void read_zone_file(struct buf *file, const char *path)
{
    struct lk_error err = {0};
    buf_init(file, lk_alloc_heap(), ZONE_MAX_FILE_BYTES);
    assert_int_equal(file_read_all(path, file, &err), LK_OK);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct buf file;
    struct lk_error err = {0};
    struct zone *zone = NULL;
    read_zone_file(&file, "/usr/share/zoneinfo/Europe/Dublin");
    for (size_t n = 0; n < file.n; n++) {
        char *exact = malloc(n + 1);
        memcpy(exact, file.p, n);
        if (zone_parse(exact, n, &zone, &err) != LK_CORRUPT)
            fail_msg("%zu bytes of %zu", n, file.n);
        free(exact);
    }
    assert_int_equal(zone_parse(file.p, file.n, &zone, &err), LK_OK);
    zone_free(zone);
    buf_fini(&file);
}

static void files_of_another_time_or_too_old_are_refused(void **state)
{
    (void)state;
    struct buf file;
    struct lk_error err = {0};
    struct zone *zone = NULL;
    read_zone_file(&file, "/usr/share/zoneinfo/UTC");
    char *second = memmem(file.p + 1, file.n - 1, "TZif", 4);
    assert_non_null(second);
    second[31] = 1; /* leap seconds, which are then missing as well */
    assert_int_equal(zone_parse(file.p, file.n, &zone, &err), LK_UNSUPPORTED);
    second[31] = 0;
    file.p[4] = 0; /* version 1 */
    assert_int_equal(zone_parse(file.p, file.n, &zone, &err), LK_UNSUPPORTED);
    buf_fini(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wall_shows_the_hour_of_its_place_and_season),
        cmocka_unit_test(the_rule_goes_on_after_the_last_change_of_the_table),
        cmocka_unit_test(a_reading_that_was_twice_has_two_instants),
        cmocka_unit_test(a_reading_that_never_was_is_taken_with_the_offset_before_or_after),
        cmocka_unit_test(a_day_ends_when_it_is_later_for_good),
        cmocka_unit_test(a_name_leads_to_nothing_but_a_zone),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(files_of_another_time_or_too_old_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
