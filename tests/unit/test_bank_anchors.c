/* Matching by anchored prints: which anchors say nothing, and what a hostile query costs. */
#include "../cmocka_all.h"

#include "bank/bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_RECORDS = 600, N_OWN = 9 };

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = (*state += 0x9e3779b97f4a7c15u);
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static struct lk_print print_of(uint64_t seed)
{
    struct lk_print p;
    for (int i = 0; i < 4; i++)
        p.w[i] = next_random(&seed);
    return p;
}

/* The print with n_bits turned, from bit `first` on. */
static struct lk_print off_by(struct lk_print p, unsigned first, unsigned n_bits)
{
    for (unsigned i = first; i < first + n_bits; i++)
        p.w[i % 4] ^= (uint64_t)1 << (i / 4 % 64);
    return p;
}

/* A picture on its way into a bank or to a query. */
struct picture {
    struct lk_record records[MOST_RECORDS];
    size_t n;
};

static void put_whole(struct picture *p, struct lk_print print)
{
    p->records[p->n++] = (struct lk_record){.print = print,
                                            .frame = {128, 128, 255, 0},
                                            .kind = LK_WHOLE,
                                            .front_end = LK_FULLRES,
                                            .quality = 90};
}

static void put_anchor(struct picture *p, struct lk_print print, unsigned x, unsigned y)
{
    p->records[p->n++] = (struct lk_record){.print = print,
                                            .frame = {(uint8_t)x, (uint8_t)y, 160, 0},
                                            .kind = LK_ANCHOR,
                                            .quality = 90};
}

/* N_OWN anchors all over a picture, whose prints are those of `seed`, n_bits off. */
static void put_anchors(struct picture *p, unsigned seed, unsigned first_bit, unsigned n_bits)
{
    for (unsigned i = 0; i < N_OWN; i++)
        put_anchor(p, off_by(print_of(1000 * seed + i), first_bit, n_bits), 40 + 80 * (i % 3),
                   40 + 80 * (i / 3));
}

static struct lk_sequence sequence_of(const struct picture *p)
{
    return (struct lk_sequence){.medium = LK_IMAGE, .records = p->records, .n_records = p->n};
}

static void add(struct bank *bank, unsigned number, const struct picture *p)
{
    struct bank_entry e = {.tier = LK_TIER_CONFIRMED, .sequence = sequence_of(p)};
    snprintf((char *)e.id, sizeof e.id, "entry%u", number);
    assert_int_equal(bank_add(bank, &e, 1, 0, NULL), LK_OK);
}

static struct bank *bank_of(uint64_t judged_as, const struct lk_alloc *alloc)
{
    struct bank *bank;
    const struct bank_config config = {
        .alloc = alloc, .mode = BANK_WRITE, .by_caller = true, .judged_as_items = judged_as};
    assert_int_equal(bank_open(NULL, &config, &bank, NULL), LK_OK);
    return bank;
}

/* Asks with the anchors of `seed` under another whole print. */
static struct bank_matches ask(struct bank *bank, unsigned seed)
{
    struct bank_matches matches;
    struct picture query = {.n = 0};
    put_whole(&query, print_of(999999));
    put_anchors(&query, seed, 0, 0);
    const struct lk_sequence sequence = sequence_of(&query);
    assert_int_equal(bank_match(bank, &sequence, 1, lk_alloc_heap(), &matches, NULL), LK_OK);
    return matches;
}

static void check(struct bank *bank, unsigned seed, size_t n_matches, size_t n_muted)
{
    struct bank_matches m = ask(bank, seed);
    assert_int_equal(m.n, n_matches);
    assert_int_equal(m.n_anchors, N_OWN);
    assert_int_equal(m.n_muted, n_muted);
    for (size_t i = 0; i < m.n; i++)
        assert_int_equal(m.p[i].verdict.grade, LK_PARTIAL);
    bank_matches_free(lk_alloc_heap(), &m);
}

/* A picture of its own with the anchors of `seed`, n_bits off. */
static void add_sharing(struct bank *bank, unsigned number, unsigned seed, unsigned n_bits)
{
    struct picture p = {.n = 0};
    put_whole(&p, print_of(500000 + number));
    put_anchors(&p, seed, 60 * (number % 3), n_bits);
    add(bank, number, &p);
}

static void anchors_that_three_pictures_share_say_nothing(void **state)
{
    (void)state;
    struct bank *bank = bank_of(0, NULL);
    for (unsigned i = 0; i < 100; i++)
        add_sharing(bank, 100 + i, 100 + i, 0);
    add_sharing(bank, 0, 7, 10);
    check(bank, 7, 1, 0);
    add_sharing(bank, 1, 7, 10);
    check(bank, 7, 2, 0);
    add_sharing(bank, 2, 7, 10);
    check(bank, 7, 0, N_OWN);
    check(bank, 100, 1, 0);
    const uint8_t withdrawn[1][BANK_ID_BYTES] = {"entry1"};
    assert_int_equal(bank_remove(bank, withdrawn, 1, NULL), LK_OK);
    check(bank, 7, 2, 0);
    bank_close(bank);
}

static void pictures_a_little_beyond_the_radius_count_too(void **state)
{
    (void)state;
    for (unsigned n_bits = LK_ANCHOR_RADIUS + 6; n_bits <= LK_ANCHOR_RADIUS + 7; n_bits++) {
        struct bank *bank = bank_of(0, NULL);
        add_sharing(bank, 0, 7, 0);
        add_sharing(bank, 1, 7, n_bits);
        add_sharing(bank, 2, 7, n_bits);
        bool counts = n_bits <= LK_ANCHOR_RADIUS + 6;
        check(bank, 7, counts ? 0 : 1, counts ? N_OWN : 0);
        bank_close(bank);
    }
}

static void in_a_large_bank_only_near_ones_count(void **state)
{
    (void)state;
    static const struct {
        uint64_t n_items;
        unsigned bits;
    } cases[] = {{1999, 46}, {2000, 44}, {10000, 40}, {100000, 34}, {UINT64_C(1) << 60, 20}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned more = 0; more <= 1; more++) {
            struct bank *bank = bank_of(cases[i].n_items, NULL);
            for (unsigned number = 0; number < 3; number++)
                add_sharing(bank, number, 7, cases[i].bits + more);
            struct bank_matches m = ask(bank, 7);
            assert_int_equal(m.n_muted, more == 0 ? N_OWN : 0);
            bank_matches_free(lk_alloc_heap(), &m);
            bank_close(bank);
        }
}

static void a_picture_registered_many_times_is_one(void **state)
{
    (void)state;
    struct bank *bank = bank_of(0, NULL);
    for (unsigned i = 0; i < 20; i++) {
        struct picture p = {.n = 0};
        put_whole(&p, off_by(print_of(500000), 7 * i, 20));
        put_anchors(&p, 7, 0, 5);
        add(bank, i, &p);
    }
    check(bank, 7, 20, 0);
    bank_close(bank);
}

static void its_turns_and_crops_are_the_same_picture(void **state)
{
    (void)state;
    enum { N_FORMS = 5 };
    for (unsigned knows = 0; knows <= 1; knows++) {
        struct bank *bank = bank_of(0, NULL);
        struct picture first = {.n = 0};
        for (unsigned i = 0; i <= (knows ? N_FORMS : 0u); i++)
            put_whole(&first, print_of(500000 + i));
        put_anchors(&first, 7, 0, 5);
        add(bank, 0, &first);
        for (unsigned i = 1; i <= N_FORMS; i++) {
            struct picture form = {.n = 0};
            put_whole(&form, off_by(print_of(500000 + i), 0, 40));
            put_anchors(&form, 7, 0, 5);
            add(bank, i, &form);
        }
        check(bank, 7, knows ? 1 + N_FORMS : 0, knows ? 0 : N_OWN);
        bank_close(bank);
    }
}

/* What is shared is taken out before votes are counted; what is a picture's own remains. */
static void votes_are_those_of_the_anchors_that_are_left(void **state)
{
    (void)state;
    struct bank *bank = bank_of(0, NULL);
    struct picture query = {.n = 0};
    for (unsigned i = 0; i < 10; i++) {
        struct picture p = {.n = 0};
        put_whole(&p, print_of(500000 + i));
        put_anchors(&p, 7, 0, 8);
        for (unsigned k = 0; k < 5; k++)
            put_anchor(&p, print_of(7000 + 10 * i + k), 20 + 50 * k, 10);
        add(bank, i, &p);
    }
    put_whole(&query, print_of(999999));
    put_anchors(&query, 7, 0, 0);
    for (unsigned k = 0; k < 5; k++)
        put_anchor(&query, off_by(print_of(7000 + 30 + k), 0, 12), 20 + 50 * k, 10);
    const struct lk_sequence sequence = sequence_of(&query);
    struct bank_matches m;
    assert_int_equal(bank_match(bank, &sequence, 1, lk_alloc_heap(), &m, NULL), LK_OK);
    assert_int_equal(m.n, 1);
    assert_string_equal((const char *)m.p[0].id, "entry3");
    assert_int_equal(m.p[0].verdict.n_votes, 5);
    assert_int_equal(m.n_muted, N_OWN);
    bank_matches_free(lk_alloc_heap(), &m);
    bank_close(bank);
}

/* ---- hostile queries ---- */

/* Counts what is out, and the most that ever was. */
struct counting {
    size_t n_out, most;
};

static void *count_resize(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
    struct counting *c = ctx;
    c->n_out += new_bytes - old_bytes;
    c->most = c->n_out > c->most ? c->n_out : c->most;
    return realloc(p, new_bytes);
}

static void *count_alloc(void *ctx, size_t n)
{
    return count_resize(ctx, NULL, 0, n);
}

static void count_free(void *ctx, void *p, size_t n)
{
    ((struct counting *)ctx)->n_out -= n;
    free(p);
}

enum { N_CROWD = 3000, N_HOSTILE = 512, MOST_SECONDS = 10 }; /* far more than it takes */

/* One picture registered N_CROWD times, each with N_OWN anchors that are all alike, so that every
 * anchor of a hostile query meets all of them. */
static struct bank *crowd(struct counting *counting)
{
    static struct lk_alloc alloc;
    alloc = (struct lk_alloc){
        .ctx = counting, .alloc = count_alloc, .resize = count_resize, .free = count_free};
    struct bank *bank = bank_of(0, &alloc);
    for (unsigned i = 0; i < N_CROWD; i++) {
        struct picture p = {.n = 0};
        put_whole(&p, print_of(500000));
        for (unsigned k = 0; k < N_OWN; k++)
            put_anchor(&p, off_by(print_of(7), 20 * k, 4), 20 * k, 30 + 20 * (k % 3));
        add(bank, i, &p);
    }
    return bank;
}

/* Matches a query of N_HOSTILE anchors, each `n_bits` others off the crowd's. */
static struct bank_matches attack(struct bank *bank, unsigned n_bits, double *seconds)
{
    struct picture query = {.n = 0};
    put_whole(&query, print_of(999999));
    for (unsigned k = 0; k < N_HOSTILE; k++)
        put_anchor(&query, off_by(print_of(7), 7 * k % 250, n_bits * (k % 10)), k % 256, k / 2);
    const struct lk_sequence sequence = sequence_of(&query);
    struct bank_matches m;
    struct timespec from, to;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    assert_int_equal(bank_match(bank, &sequence, 1, lk_alloc_heap(), &m, NULL), LK_OK);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    *seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    return m;
}

static void a_print_that_comes_five_hundred_times_is_looked_for_once(void **state)
{
    (void)state;
    struct counting counting = {0};
    struct bank *bank = crowd(&counting);
    double seconds;
    struct bank_matches m = attack(bank, 0, &seconds);
    assert_int_equal(m.n_anchors, 1);
    bank_matches_free(lk_alloc_heap(), &m);
    bank_close(bank);
}

static void a_query_of_anchors_of_a_crowd_takes_bounded_memory_and_time(void **state)
{
    (void)state;
    struct counting counting = {0};
    struct bank *bank = crowd(&counting);
    size_t before = counting.most = counting.n_out;
    double seconds;
    struct bank_matches m = attack(bank, 1, &seconds);
    print_message("# %zu anchors: %.0f ms, %.1f MB\n", m.n_anchors, seconds * 1e3,
                  (double)(counting.most - before) / 1e6);
    assert_true(m.n_anchors > 200 && m.n_anchors <= N_HOSTILE);
    assert_true(counting.most - before < (size_t)30 << 20);
    assert_int_equal(counting.n_out, before);
    assert_true(seconds < MOST_SECONDS);
    bank_matches_free(lk_alloc_heap(), &m);
    bank_close(bank);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anchors_that_three_pictures_share_say_nothing),
        cmocka_unit_test(pictures_a_little_beyond_the_radius_count_too),
        cmocka_unit_test(in_a_large_bank_only_near_ones_count),
        cmocka_unit_test(a_picture_registered_many_times_is_one),
        cmocka_unit_test(its_turns_and_crops_are_the_same_picture),
        cmocka_unit_test(votes_are_those_of_the_anchors_that_are_left),
        cmocka_unit_test(a_print_that_comes_five_hundred_times_is_looked_for_once),
        cmocka_unit_test(a_query_of_anchors_of_a_crowd_takes_bounded_memory_and_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
