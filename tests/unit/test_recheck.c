/* Looks at the addresses of notices, with a clock that is moved by hand and answers made up. */
#include "recheck_kit.h"

#include "cases/recheck.h"

#define HOUR_MS  INT64_C(3600000)
#define EVERY_MS (24 * HOUR_MS)
static const struct fetch_result up = {.end = FETCH_DONE, .status = 200};
static const struct fetch_result gone = {.end = FETCH_DONE, .status = 404};
static const struct fetch_result late = {.end = FETCH_TIMEOUT};

/* Three pages of two hosts and an account's name, each told to its platform. */
static int setup(void **state)
{
    static struct recheck_kit t;
    static const char *const places[] = {" https://one.example/p/1\n", "https://One.example/p/2",
                                         "https://two.example/p/3", "@account"};
    recheck_kit_init(&t, places, 4);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    recheck_kit_fini(*state);
    return 0;
}

static size_t due(struct recheck_kit *t, struct recheck_place **places)
{
    struct lk_error err = {0};
    size_t n = 0;
    if (recheck_due(t->kit.r, &t->arena, places, &n, &err) != LK_OK)
        fail_msg("%s", err.text);
    return n;
}

static void note(struct recheck_kit *t, int64_t notice, const struct fetch_result *answer)
{
    struct lk_error err = {0};
    if (recheck_note(t->kit.r, EVERY_MS, notice, answer, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static int64_t number_of(struct recheck_kit *t, const char *sql)
{
    return kit_sql(t->kit.store, sql);
}

static void an_answer_is_up_gone_or_unclear(void **state)
{
    static const struct {
        struct fetch_result answer;
        enum recheck_result result;
    } known[] = {
        {{.end = FETCH_DONE, .status = 200}, RECHECK_UP},
        {{.end = FETCH_CUT, .status = 200}, RECHECK_UP},
        {{.end = FETCH_DONE, .status = 206}, RECHECK_UP},
        {{.end = FETCH_DONE, .status = 404}, RECHECK_GONE},
        {{.end = FETCH_DONE, .status = 410}, RECHECK_GONE},
        {{.end = FETCH_DONE, .status = 451}, RECHECK_GONE},
        {{.end = FETCH_DONE, .status = 403}, RECHECK_UNCLEAR},
        {{.end = FETCH_DONE, .status = 429}, RECHECK_UNCLEAR},
        {{.end = FETCH_DONE, .status = 500}, RECHECK_UNCLEAR},
        {{.end = FETCH_DONE, .status = 302}, RECHECK_UNCLEAR},
        {{.end = FETCH_DONE, .status = 200, .path_changed = true}, RECHECK_UNCLEAR},
        {{.end = FETCH_DONE, .status = 404, .host_changed = true}, RECHECK_UNCLEAR},
        {{.end = FETCH_TIMEOUT, .status = 200}, RECHECK_UNCLEAR},
        {{.end = FETCH_REFUSED}, RECHECK_UNCLEAR},
        {{.end = FETCH_NO_NAME}, RECHECK_UNCLEAR},
        {{.end = FETCH_NO_TLS}, RECHECK_UNCLEAR},
        {{.end = FETCH_REDIRECTS, .status = 302}, RECHECK_UNCLEAR},
        {{.end = FETCH_FAILED, .status = 404}, RECHECK_UNCLEAR},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_int_equal(recheck_judge(&known[i].answer), known[i].result);
}

static void pauses_grow_while_nothing_changes_but_not_for_ever(void **state)
{
    (void)state;
    assert_int_equal(recheck_pause_ms(6 * HOUR_MS, 1), 6 * HOUR_MS);
    assert_int_equal(recheck_pause_ms(6 * HOUR_MS, 2), 12 * HOUR_MS);
    assert_int_equal(recheck_pause_ms(6 * HOUR_MS, 4), 48 * HOUR_MS);
    assert_int_equal(recheck_pause_ms(6 * HOUR_MS, 4000000000U), 48 * HOUR_MS);
    assert_int_equal(recheck_pause_ms(100 * HOUR_MS, 3), 168 * HOUR_MS);
    assert_int_equal(recheck_pause_ms(300 * HOUR_MS, 9), 300 * HOUR_MS);
}

static void a_host_is_asked_once_in_a_round_and_a_name_never(void **state)
{
    struct recheck_kit *t = *state;
    struct recheck_place *places;
    assert_int_equal(due(t, &places), 2);
    assert_string_equal(places[0].url, "https://one.example/p/1");
    assert_string_equal(places[1].url, "https://two.example/p/3");
    assert_int_equal(places[0].n_host, strlen("one.example"));
    note(t, places[0].notice, &up);
    note(t, places[1].notice, &up);
    assert_int_equal(due(t, &places), 0);
    t->kit.now_ms += RECHECK_ROUND_S * 1000;
    assert_int_equal(due(t, &places), 1);
    assert_string_equal(places[0].url, "https://One.example/p/2");
    assert_int_equal(number_of(t, "SELECT count(*) FROM place_check WHERE next_ms = 0"), 1);
    t->kit.now_ms += 1000 * EVERY_MS;
    assert_int_equal(due(t, &places), 2);
}

static void the_next_look_is_a_pause_later_give_or_take_a_tenth(void **state)
{
    struct recheck_kit *t = *state;
    struct recheck_place *places;
    (void)due(t, &places);
    for (unsigned n_same = 1; n_same <= 6; n_same++) {
        note(t, places[0].notice, &late);
        int64_t pause_ms = number_of(t, "SELECT next_ms - at_ms FROM place_check WHERE notice_id ="
                                        " (SELECT min(id) FROM notice)");
        int64_t expected_ms = recheck_pause_ms(EVERY_MS, n_same);
        assert_in_range(pause_ms, expected_ms * 9 / 10, expected_ms * 11 / 10);
        t->kit.now_ms += pause_ms;
    }
    note(t, places[0].notice, &up);
    assert_int_equal(number_of(t, "SELECT max(n_same) FROM place_check"), 1);
}

static void gone_is_proposed_and_changes_nothing(void **state)
{
    struct recheck_kit *t = *state;
    struct recheck_place *places;
    struct recheck_view *views;
    size_t n = 0;
    (void)due(t, &places);
    note(t, places[0].notice, &gone);
    note(t, places[0].notice, &gone);
    assert_int_equal(recheck_of_case(t->kit.r, t->id, &t->arena, &views, &n, NULL), LK_OK);
    assert_int_equal(n, 1);
    assert_int_equal(views[0].number, 1);
    assert_int_equal(views[0].result, RECHECK_GONE);
    assert_int_equal(views[0].status, 404);
    assert_int_equal(views[0].at_ms, t->kit.now_ms);
    assert_int_equal(number_of(t, "SELECT count(*) FROM notice WHERE state = 1"), 4);
    assert_int_equal(number_of(t, "SELECT count(*) FROM notice_step"), 4);
}

static void what_was_removed_and_answers_twice_in_a_row_is_back(void **state)
{
    struct recheck_kit *t = *state;
    struct recheck_place *places;
    const char *state_sql = "SELECT state FROM notice WHERE text_number = 1";
    (void)due(t, &places);
    note(t, places[0].notice, &up); /* while it was waited for: does not count */
    t->kit.now_ms += HOUR_MS;
    assert_int_equal(notice_mark(t->kit.r, t->id, 1, NOTICE_REMOVED, NULL), LK_OK);
    t->kit.now_ms += HOUR_MS;
    note(t, places[0].notice, &up);
    assert_int_equal(number_of(t, state_sql), NOTICE_REMOVED);
    assert_in_range(number_of(t, "SELECT next_ms - at_ms FROM place_check WHERE n_up = 1"), 1,
                    2 * HOUR_MS);
    note(t, places[0].notice, &late); /* not in a row */
    note(t, places[0].notice, &up);
    assert_int_equal(number_of(t, state_sql), NOTICE_REMOVED);
    t->kit.now_ms += HOUR_MS;
    note(t, places[0].notice, &up);
    assert_int_equal(number_of(t, state_sql), NOTICE_BACK);
    assert_int_equal(number_of(t, "SELECT actor FROM notice_step ORDER BY id DESC LIMIT 1"),
                     NOTICE_BY_CHECK);
    assert_true(number_of(t, "SELECT due_ms FROM notice WHERE text_number = 1") > t->kit.now_ms);
    t->kit.now_ms += HOUR_MS;
    assert_int_equal(notice_mark(t->kit.r, t->id, 1, NOTICE_REMOVED, NULL), LK_OK);
    note(t, places[0].notice, &up);
    assert_int_equal(number_of(t, state_sql), NOTICE_REMOVED);
}

static void what_ended_is_not_looked_at(void **state)
{
    struct recheck_kit *t = *state;
    struct recheck_place *places;
    assert_int_equal(notice_mark(t->kit.r, t->id, 1, NOTICE_REFUSED, NULL), LK_OK);
    assert_int_equal(notice_mark(t->kit.r, t->id, 3, NOTICE_CLOSED, NULL), LK_OK);
    assert_int_equal(due(t, &places), 1);
    int64_t notice = places[0].notice;
    assert_string_equal(places[0].url, "https://One.example/p/2");
    assert_int_equal(notice_mark(t->kit.r, t->id, 2, NOTICE_REFUSED, NULL), LK_OK);
    note(t, notice, &up);
    assert_int_equal(number_of(t, "SELECT count(*) FROM place_check WHERE at_ms > 0"), 0);
}

static void what_is_not_looked_at_leaves_the_index_until_its_notice_changes(void **state)
{
    struct recheck_kit *t = *state;
    struct recheck_place *places;
    const char *n_due = "SELECT count(*) FROM place_check WHERE next_ms > 0";
    assert_int_equal(number_of(t, n_due), 4);
    for (unsigned number = 1; number <= 4; number++)
        assert_int_equal(notice_mark(t->kit.r, t->id, number, NOTICE_REFUSED, NULL), LK_OK);
    assert_int_equal(due(t, &places), 0);
    assert_int_equal(number_of(t, n_due), 0);
    t->kit.now_ms += 1000 * EVERY_MS;
    assert_int_equal(due(t, &places), 0);
    assert_int_equal(notice_mark(t->kit.r, t->id, 3, NOTICE_REMOVED, NULL), LK_OK);
    assert_int_equal(number_of(t, n_due), 1);
    assert_int_equal(due(t, &places), 1);
    assert_string_equal(places[0].url, "https://two.example/p/3");
}

static void a_change_of_the_notice_brings_no_look_forward(void **state)
{
    struct recheck_kit *t = *state;
    struct recheck_place *places;
    (void)due(t, &places);
    note(t, places[0].notice, &up);
    assert_int_equal(notice_mark(t->kit.r, t->id, 1, NOTICE_IN_REVIEW, NULL), LK_OK);
    assert_true(number_of(t, "SELECT next_ms FROM place_check WHERE at_ms > 0") > t->kit.now_ms);
}

static void a_search_engine_is_not_held_to_what_the_page_answers(void **state)
{
    struct recheck_kit *t = *state;
    struct recheck_place *places;
    for (unsigned number = 1; number <= 3; number++)
        assert_int_equal(notice_mark(t->kit.r, t->id, number, NOTICE_REFUSED, NULL), LK_OK);
    recheck_kit_send(t, 1, LAW_TARGET_SEARCH, "Example Search");
    assert_int_equal(due(t, &places), 0);
    recheck_kit_send(t, 2, LAW_TARGET_HOST, "Example Hosting");
    assert_int_equal(due(t, &places), 1);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_up_gone_or_unclear),
        cmocka_unit_test(pauses_grow_while_nothing_changes_but_not_for_ever),
        POINT(a_host_is_asked_once_in_a_round_and_a_name_never),
        POINT(the_next_look_is_a_pause_later_give_or_take_a_tenth),
        POINT(gone_is_proposed_and_changes_nothing),
        POINT(what_was_removed_and_answers_twice_in_a_row_is_back),
        POINT(what_ended_is_not_looked_at),
        POINT(what_is_not_looked_at_leaves_the_index_until_its_notice_changes),
        POINT(a_change_of_the_notice_brings_no_look_forward),
        POINT(a_search_engine_is_not_held_to_what_the_page_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
