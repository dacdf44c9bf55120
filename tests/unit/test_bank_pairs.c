/* Pairs of entries that are alike, over tables and segments, against comparing all with all. */
#include "../cmocka_all.h"
#include "bank/bank_pairs.h"

#include <stdlib.h>
#include <string.h>

enum { N = 600, PER_ENTRY = 2, RADIUS = 31 };

static struct lk_record records[N][PER_ENTRY];
static uint8_t withdrawn[N];
static uint16_t nearest[N][N]; /* of the pairs handed out; UINT16_MAX: none */
static unsigned n_times[N][N]; /* how often they came */

static uint64_t next_random(void)
{
    static uint64_t state = 1;
    uint64_t x = (state += 0x9e3779b97f4a7c15u);
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    return x ^ x >> 31;
}

/* Families of prints a few bits apart, so that pairs lie on both sides of the radius. */
static void make_records(void)
{
    static struct lk_print families[40];
    for (size_t i = 0; i < 40; i++)
        for (int w = 0; w < 4; w++)
            families[i].w[w] = next_random();
    for (size_t i = 0; i < N; i++)
        for (size_t r = 0; r < PER_ENTRY; r++) {
            struct lk_print print = families[next_random() % 40];
            for (unsigned k = (unsigned)(next_random() % 26); k > 0; k--)
                print.w[next_random() % 4] ^= (uint64_t)1 << next_random() % 64;
            records[i][r] = (struct lk_record){.print = print,
                                               .frame = {128, 128, 255, 0},
                                               .kind = LK_WHOLE,
                                               .front_end = LK_FULLRES,
                                               .quality = 90};
        }
}

static void add(struct bank *bank, size_t from, size_t to)
{
    struct lk_error err;
    for (size_t i = from; i < to; i++) {
        struct bank_entry entry = {
            .tier = LK_TIER_SELF,
            .sequence = {.medium = LK_IMAGE, .records = records[i], .n_records = PER_ENTRY}};
        memcpy(entry.id, &i, sizeof i);
        assert_int_equal(bank_add(bank, &entry, 1, 0, &err), LK_OK);
    }
}

static void withdraw(struct bank *bank, size_t i)
{
    struct lk_error err;
    uint8_t id[1][BANK_ID_BYTES] = {{0}};
    memcpy(id[0], &i, sizeof i);
    assert_int_equal(bank_remove(bank, (const uint8_t(*)[BANK_ID_BYTES])id, 1, &err), LK_OK);
    withdrawn[i] = 1;
}

static enum lk_status on_pairs(void *ctx, const struct bank_pair *pairs, size_t n,
                               struct lk_error *err)
{
    (void)ctx;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        size_t a, b;
        memcpy(&a, pairs[i].a, sizeof a);
        memcpy(&b, pairs[i].b, sizeof b);
        if (a > b) {
            size_t other = a;
            a = b;
            b = other;
        }
        n_times[a][b]++;
        if (pairs[i].dist_bits < nearest[a][b])
            nearest[a][b] = pairs[i].dist_bits;
    }
    return LK_OK;
}

static void look_at_all(struct bank *bank)
{
    struct lk_error err;
    memset(nearest, 0xff, sizeof nearest);
    memset(n_times, 0, sizeof n_times);
    assert_int_equal(bank_pairs(bank, LK_WHOLE, RADIUS, on_pairs, NULL, &err), LK_OK);
    size_t n_alike = 0;
    for (size_t a = 0; a < N; a++)
        for (size_t b = a; b < N; b++) {
            uint16_t least = UINT16_MAX;
            unsigned times = 0;
            for (size_t r = 0; r < PER_ENTRY && !withdrawn[a] && !withdrawn[b] && a != b; r++)
                for (size_t s = 0; s < PER_ENTRY; s++) {
                    unsigned dist = lk_print_distance(&records[a][r].print, &records[b][s].print);
                    times += dist <= RADIUS;
                    if (dist <= RADIUS && dist < least)
                        least = (uint16_t)dist;
                }
            assert_int_equal(nearest[a][b], least);
            assert_int_equal(n_times[a][b], times);
            n_alike += times > 0;
        }
    assert_true(n_alike > 100);
}

static void each_pair_comes_once_whatever_lies_between_table_and_segments(void **state)
{
    (void)state;
    struct lk_error err;
    struct bank *bank;
    struct bank_config config = {.mode = BANK_WRITE, .by_caller = true};
    make_records();
    memset(withdrawn, 0, sizeof withdrawn);
    assert_int_equal(bank_open(NULL, &config, &bank, &err), LK_OK);
    add(bank, 0, 250);
    assert_int_equal(bank_flush(bank, &err), LK_OK);
    add(bank, 250, 400);
    assert_int_equal(bank_flush(bank, &err), LK_OK);
    add(bank, 400, N);
    look_at_all(bank);
    for (size_t i = 0; i < N; i += 7)
        withdraw(bank, i);
    look_at_all(bank);
    assert_int_equal(bank_compact(bank, &err), LK_OK);
    look_at_all(bank);
    bank_close(bank);
}

static enum lk_status stop(void *ctx, const struct bank_pair *pairs, size_t n, struct lk_error *err)
{
    (void)pairs;
    (void)n;
    (void)err;
    ++*(unsigned *)ctx;
    return LK_BUSY;
}

static void who_takes_pairs_may_stop_it(void **state)
{
    (void)state;
    struct lk_error err;
    struct bank *bank;
    unsigned n_calls = 0;
    make_records();
    assert_int_equal(bank_new(lk_alloc_heap(), &bank, &err), LK_OK);
    add(bank, 0, N);
    assert_int_equal(bank_pairs(bank, LK_WHOLE, RADIUS, stop, &n_calls, &err), LK_BUSY);
    assert_int_equal(n_calls, 1);
    assert_int_equal(bank_pairs(bank, LK_WHOLE, 257, stop, &n_calls, &err), LK_INVALID);
    assert_int_equal(bank_pairs(bank, 99, RADIUS, stop, &n_calls, &err), LK_INVALID);
    assert_int_equal(bank_pairs(bank, LK_ANCHOR, RADIUS, stop, &n_calls, &err), LK_OK);
    assert_int_equal(bank_flush(bank, &err), LK_OK);
    assert_int_equal(bank_pairs(bank, LK_ANCHOR, RADIUS, stop, &n_calls, &err), LK_OK);
    assert_int_equal(n_calls, 1);
    bank_close(bank);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_comes_once_whatever_lies_between_table_and_segments),
        cmocka_unit_test(who_takes_pairs_may_stop_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
