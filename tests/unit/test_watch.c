/* Pages that are watched: whose entries count, and in which case what is found is proposed. */
#include "../cmocka_all.h"
#include "../store/kit.h"

#include "cases/watch.h"

#include <stdio.h>

#define HOUR_MS INT64_C(3600000)
static const char page[] = "https://site.example/new";
static const char medium[] = "https://site.example/1.jpg";

struct watch_kit {
    struct kit kit;
    struct arena arena;
    struct case_opened opened[3];
};

static void open_with(struct watch_kit *t, size_t i, uint64_t seed)
{
    struct kit_item item;
    kit_item(&item, seed);
    const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
    assert_int_equal(case_open(t->kit.r, &request, &t->opened[i], NULL), LK_OK);
}

/* Cases 1 and 2 have the same picture, 3 another. */
static int setup(void **state)
{
    static struct watch_kit t;
    kit_init(&t.kit);
    arena_init(&t.arena, lk_alloc_heap(), 4 << 20);
    open_with(&t, 0, 7);
    open_with(&t, 1, 7);
    open_with(&t, 2, 8);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    struct watch_kit *t = *state;
    arena_fini(&t->arena);
    kit_fini(&t->kit);
    return 0;
}

static struct watch *due(struct watch_kit *t, size_t expected)
{
    struct watch *list;
    size_t n = 0;
    assert_int_equal(watch_due(t->kit.r, &t->arena, &list, &n, NULL), LK_OK);
    assert_int_equal(n, expected);
    return list;
}

static bool compare(struct watch_kit *t, const struct watch *watch, uint64_t seed, unsigned n_bits)
{
    struct kit_item item;
    struct lk_error err = {0};
    bool found = false;
    kit_item_near(&item, seed, n_bits);
    if (watch_compare(t->kit.r, watch, &item.sequence, medium, &found, &err) != LK_OK)
        fail_msg("%s", err.text);
    return found;
}

static int64_t proposed_in(struct watch_kit *t, unsigned case_row)
{
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM proposal WHERE case_id = %u", case_row);
    return kit_sql(t->kit.store, sql);
}

static void id_of(struct watch_kit *t, size_t i, char id[33])
{
    char sql[120];
    for (unsigned half = 0; half < 32; half++) {
        snprintf(sql, sizeof sql,
                 "SELECT instr('123456789ABCDEF', substr(hex(public_id), %u, 1)) FROM case_file"
                 " WHERE id = %zu",
                 half + 1, i + 1);
        snprintf(id + half, 2, "%x", (unsigned)kit_sql(t->kit.store, sql));
    }
}

static void what_a_page_of_every_case_shows_is_proposed_in_each_case_that_has_it(void **state)
{
    struct watch_kit *t = *state;
    assert_int_equal(watch_add(t->kit.r, NULL, page, HOUR_MS, NULL), LK_OK);
    const struct watch *watch = due(t, 1);
    assert_string_equal(watch->url, page);
    assert_string_equal(watch->case_id, "");
    assert_true(compare(t, watch, 7, 4));
    assert_true(compare(t, watch, 7, 4)); /* seen again: proposed once */
    assert_int_equal(proposed_in(t, 1), 1);
    assert_int_equal(proposed_in(t, 2), 1);
    assert_int_equal(proposed_in(t, 3), 0);
    assert_false(compare(t, watch, 99, 0));
}

static void a_page_of_one_case_is_compared_with_that_case_alone(void **state)
{
    struct watch_kit *t = *state;
    char id[33];
    id_of(t, 1, id);
    assert_int_equal(watch_add(t->kit.r, id, page, HOUR_MS, NULL), LK_OK);
    const struct watch *watch = due(t, 1);
    assert_string_equal(watch->case_id, id);
    assert_false(compare(t, watch, 8, 0));
    assert_true(compare(t, watch, 7, 0));
    assert_int_equal(proposed_in(t, 1), 0);
    assert_int_equal(proposed_in(t, 2), 1);
}

static void a_withdrawn_case_is_proposed_nothing(void **state)
{
    struct watch_kit *t = *state;
    struct case_access access;
    const char *code = t->opened[0].code;
    assert_int_equal(watch_add(t->kit.r, NULL, page, HOUR_MS, NULL), LK_OK);
    assert_int_equal(case_login(t->kit.r, code, strlen(code), &access, NULL), LK_OK);
    assert_int_equal(case_withdraw(t->kit.r, &access, NULL, NULL), LK_OK);
    case_logout(&access);
    assert_true(compare(t, due(t, 1), 7, 0));
    assert_int_equal(proposed_in(t, 1), 0);
    assert_int_equal(proposed_in(t, 2), 1);
}

static void a_full_case_keeps_nothing_from_the_others(void **state)
{
    struct watch_kit *t = *state;
    assert_int_equal(watch_add(t->kit.r, NULL, page, HOUR_MS, NULL), LK_OK);
    kit_sql(t->kit.store,
            "INSERT INTO proposal (case_id, grade, place, place_hash, found_ms, state)"
            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
            " SELECT 1, 0, x'00', CAST(printf('%032d', i) AS BLOB), 0, 1 FROM n");
    assert_true(compare(t, due(t, 1), 7, 0));
    assert_int_equal(proposed_in(t, 1), 1000);
    assert_int_equal(proposed_in(t, 2), 1);
}

static void a_page_of_every_case_is_kept_and_ended_apart(void **state)
{
    struct watch_kit *t = *state;
    struct watch *list;
    char id[33];
    size_t n = 0;
    id_of(t, 0, id);
    assert_int_equal(watch_add(t->kit.r, NULL, page, HOUR_MS, NULL), LK_OK);
    assert_int_equal(watch_add(t->kit.r, id, "https://b.example/", HOUR_MS, NULL), LK_OK);
    assert_int_equal(watch_list(t->kit.r, NULL, &t->arena, &list, &n, NULL), LK_OK);
    assert_int_equal(n, 1);
    assert_int_equal(watch_remove(t->kit.r, id, list[0].row, NULL), LK_NOT_FOUND);
    list[0].result = WATCH_READ;
    assert_int_equal(watch_note(t->kit.r, &list[0], NULL), LK_OK);
    (void)due(t, 1); /* the other */
    t->kit.now_ms += HOUR_MS;
    (void)due(t, 2);
    assert_int_equal(watch_remove(t->kit.r, NULL, list[0].row, NULL), LK_OK);
    assert_int_equal(watch_list(t->kit.r, NULL, &t->arena, &list, &n, NULL), LK_OK);
    assert_int_equal(n, 0);
    assert_int_equal(watch_list(t->kit.r, id, &t->arena, &list, &n, NULL), LK_OK);
    assert_int_equal(n, 1);
    for (unsigned i = 0; i < WATCH_MAX_OF_ALL; i++)
        assert_int_equal(watch_add(t->kit.r, NULL, page, HOUR_MS, NULL), LK_OK);
    assert_int_equal(watch_add(t->kit.r, NULL, page, HOUR_MS, NULL), LK_LIMIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_page_of_every_case_shows_is_proposed_in_each_case_that_has_it),
        TEST(a_page_of_one_case_is_compared_with_that_case_alone),
        TEST(a_withdrawn_case_is_proposed_nothing),
        TEST(a_full_case_keeps_nothing_from_the_others),
        TEST(a_page_of_every_case_is_kept_and_ended_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
