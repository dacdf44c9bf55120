/* Entries that pairs hold together. */
#include "../cmocka_all.h"
#include "../stingy_alloc.h"
#include "bank/groups.h"

#include <string.h>

static void pair(struct groups *groups, uint8_t a, uint8_t b, unsigned dist_bits)
{
    struct lk_error err;
    uint8_t x[BANK_ID_BYTES] = {a}, y[BANK_ID_BYTES] = {b};
    assert_int_equal(groups_pair(groups, x, y, dist_bits, &err), LK_OK);
}

static void entries_alike_through_others_are_one_group(void **state)
{
    (void)state;
    struct groups groups;
    groups_init(&groups, lk_alloc_heap());
    pair(&groups, 9, 8, 5);
    pair(&groups, 4, 3, 7);
    pair(&groups, 1, 2, 0);
    pair(&groups, 8, 4, 9);
    groups_sort(&groups);
    const uint8_t ids[] = {8, 9, 3, 4, 1, 2}, nearest[] = {5, 5, 7, 7, 0, 0};
    assert_int_equal(groups.n, 6);
    for (size_t i = 0; i < groups.n; i++) {
        assert_int_equal(groups.p[i].id[0], ids[i]);
        assert_int_equal(groups.p[i].nearest_bits, nearest[i]);
        assert_int_equal(groups.p[i].n_members, i < 4 ? 4 : 2);
        assert_int_equal(groups.p[i].group[0], i < 4 ? 3 : 1);
    }
    groups_fini(&groups);
}

static void a_pair_may_come_often_and_the_nearest_counts(void **state)
{
    (void)state;
    struct groups groups;
    groups_init(&groups, lk_alloc_heap());
    pair(&groups, 1, 2, 6);
    pair(&groups, 2, 1, 2);
    pair(&groups, 1, 2, 4);
    groups_sort(&groups);
    assert_int_equal(groups.n, 2);
    assert_int_equal(groups.p[0].nearest_bits, 2);
    assert_int_equal(groups.p[1].nearest_bits, 2);
    groups_fini(&groups);
}

static void groups_are_those_that_flooding_finds(void **state)
{
    (void)state;
    enum { N = 200, PAIRS = 150 };
    static bool is_alike[N][N];
    uint8_t smallest[N];
    struct groups groups;
    uint32_t random = 1;
    groups_init(&groups, lk_alloc_heap());
    for (int i = 0; i < PAIRS; i++) {
        uint8_t a = (uint8_t)((random = random * 1664525 + 1013904223) >> 16) % N;
        uint8_t b = (uint8_t)((random = random * 1664525 + 1013904223) >> 16) % N;
        if (a == b)
            continue;
        is_alike[a][b] = is_alike[b][a] = true;
        pair(&groups, a, b, 1);
    }
    for (unsigned i = 0; i < N; i++)
        smallest[i] = (uint8_t)i;
    for (int round = 0; round < N; round++)
        for (int a = 0; a < N; a++)
            for (int b = 0; b < N; b++)
                if (is_alike[a][b] && smallest[b] < smallest[a])
                    smallest[a] = smallest[b];
    groups_sort(&groups);
    for (size_t i = 0; i < groups.n; i++)
        assert_int_equal(groups.p[i].group[0], smallest[groups.p[i].id[0]]);
    groups_fini(&groups);
}

static void without_memory_a_pair_is_refused_and_nothing_leaks(void **state)
{
    (void)state;
    for (size_t granted = 0;; granted++) {
        struct stingy stingy = {.left = granted};
        struct lk_alloc alloc = {&stingy, stingy_alloc, stingy_resize, stingy_free};
        struct lk_error err;
        struct groups groups;
        enum lk_status status = LK_OK;
        groups_init(&groups, &alloc);
        for (uint8_t i = 0; i < 200 && status == LK_OK; i++) {
            uint8_t a[BANK_ID_BYTES] = {i}, b[BANK_ID_BYTES] = {(uint8_t)(i + 1)};
            status = groups_pair(&groups, a, b, 1, &err);
        }
        groups_sort(&groups);
        if (groups.n > 0)
            assert_int_equal(groups.p[0].n_members, groups.n);
        groups_fini(&groups);
        assert_int_equal(stingy.n_out, 0);
        if (status == LK_OK)
            break;
        assert_int_equal(status, LK_NOMEM);
        assert_true(granted < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_alike_through_others_are_one_group),
        cmocka_unit_test(a_pair_may_come_often_and_the_nearest_counts),
        cmocka_unit_test(groups_are_those_that_flooding_finds),
        cmocka_unit_test(without_memory_a_pair_is_refused_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
