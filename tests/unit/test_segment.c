/* Segments: building, searching at every level, erasing, against brute force. */
#include "../cmocka_all.h"
#include "segment_kit.h"

#include "core/index/plan.h"
#include "core/kernels/cpu.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CAP = 70000 };

static struct segment build(const struct lk_print *prints, uint32_t n)
{
    return build_of(prints, n, segment_sizes(n));
}

/* Searches at every level; all must find what brute force does. */
static void check_search(const struct segment *s, const struct lk_print *query, unsigned radius)
{
    static struct lk_hit want[CAP], got[CAP];
    struct hits right = {.p = want, .room = CAP, .cap = CAP};
    for (uint32_t row = 0; row < s->n_rows; row++) {
        unsigned dist_bits = lk_print_distance(&s->rows[row], query);
        if (dist_bits <= radius && !segment_is_gone(s, row))
            hits_put(&right, &(struct lk_hit){s->labels[row], 7, (uint16_t)dist_bits});
    }
    hits_sort(&right);
    struct probe_tables tables = segment_tables(s);
    for (size_t i = 0; i < N_LEVELS; i++) {
        struct segment_kernels kernels;
        if (!level_of(i, &kernels))
            continue;
        struct hits found = {.p = got, .room = CAP, .cap = CAP};
        segment_search(s, &tables, &kernels, query, 7, radius, &found);
        hits_sort(&found);
        assert_int_equal(found.n_total, right.n_total);
        for (size_t k = 0; k < right.n; k++) {
            assert_int_equal(got[k].label, want[k].label);
            assert_int_equal(got[k].dist_bits, want[k].dist_bits);
            assert_int_equal(got[k].query, 7);
        }
    }
}

static void finds_what_brute_force_finds_at_every_radius(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 63, 4095, 4096, 6000, 12000, 60000};
    static struct lk_print prints[60000];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        random_state = i;
        for (uint32_t k = 0; k < sizes[i]; k++)
            prints[k] = k % 3 == 2 ? flipped(prints[k - 1], below(70)) : random_print();
        struct segment s = build(prints, sizes[i]);
        for (unsigned radius = 0; radius <= 70; radius++)
            for (int q = 0; q < 3; q++) {
                struct lk_print query = prints[sizes[i] > 0 ? below(sizes[i]) : 0];
                query = flipped(query, below(radius + 2));
                check_search(&s, &query, radius);
            }
        check_search(&s, &prints[0], 128);
        check_search(&s, &prints[0], 256);
        segment_put(&s);
    }
}

static void keys_of_every_width_find_the_same(void **state)
{
    (void)state;
    enum { N = 30000 };
    static struct lk_print prints[N];
    random_state = 50;
    for (uint32_t i = 0; i < N; i++)
        prints[i] = i % 3 == 2 ? flipped(prints[i - 1], below(40)) : random_print();
    for (unsigned key_bits = 8; key_bits <= 16; key_bits++) {
        struct segment_sizes sizes = segment_sizes(N);
        sizes.key_bits = key_bits;
        sizes.lines = ((uint64_t)PROBE_PARTS << key_bits) * sizeof(struct probe_line);
        struct segment s = build_of(prints, N, sizes);
        static const unsigned radii[] = {0, 7, 15, 22, 31, 36};
        for (size_t r = 0; r < sizeof radii / sizeof *radii; r++)
            for (int q = 0; q < 4; q++) {
                struct lk_print query = flipped(prints[below(N)], below(radii[r] + 1));
                check_search(&s, &query, radii[r]);
            }
        segment_put(&s);
    }
}

static void equal_prints_and_crowded_buckets_are_found_once_each(void **state)
{
    (void)state;
    enum { N = 20000 };
    static struct lk_print prints[N];
    for (int kind = 0; kind < 5; kind++) {
        random_state = 100 + kind;
        struct lk_print base = random_print();
        for (uint32_t i = 0; i < N; i++)
            prints[i] = crowded(base, kind);
        struct segment s = build(prints, N);
        static const unsigned radii[] = {0, 1, 2, 15, 31, 40, 63};
        for (size_t r = 0; r < sizeof radii / sizeof *radii; r++)
            for (int q = 0; q < 3; q++) {
                struct lk_print query = flipped(prints[below(N)], (unsigned)q * 15);
                check_search(&s, &query, radii[r]);
            }
        segment_put(&s);
    }
}

static bool holds(const void *bytes, size_t n_bytes, uint64_t word)
{
    for (size_t i = 0; i + 8 <= n_bytes; i += 8)
        if (memcmp((const char *)bytes + i, &word, 8) == 0)
            return true;
    return false;
}

/* Two bits from *print in each part but the first, which is equal, and its partner: only the first
 * part finds one for the other. */
static struct lk_print near_in_first_part(struct lk_print print)
{
    for (unsigned p = 2; p < PROBE_PARTS; p++)
        print.w[p / 4] ^= UINT64_C(3) << (16 * (p % 4) + below(15));
    return print;
}

static void a_bucket_longer_than_a_window_is_searched_whole(void **state)
{
    (void)state;
    enum { N = 80000, WINDOW_FILTERS = 2048 * 32, AROUND = 80 };
    static struct lk_print prints[N];
    random_state = 60;
    for (uint32_t i = 0; i < N; i++) {
        prints[i] = random_print();
        prints[i].w[0] &= ~UINT64_C(0xffff);
    }
    struct segment s = build(prints, N);
    for (uint32_t i = 0; i < 2 * AROUND; i++) {
        uint32_t row = WINDOW_FILTERS + PROBE_INLINE - AROUND + i;
        struct lk_print query = near_in_first_part(prints[row]);
        check_search(&s, &query, 31);
    }
    segment_put(&s);
}

static size_t n_ids_left(const struct segment *s, unsigned p)
{
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_rows; i++)
        n += s->ids[(size_t)p * s->n_rows + i] != PROBE_GONE;
    return n;
}

static void an_erased_row_is_not_found_and_leaves_no_trace(void **state)
{
    (void)state;
    enum { N = 9000 };
    static struct lk_print prints[N];
    random_state = 5;
    for (uint32_t i = 0; i < N; i++)
        prints[i] = i % 4 == 3 ? prints[i - 1] : random_print();
    struct segment s = build(prints, N);
    struct probe_tables tables = segment_tables(&s);
    for (uint32_t row = 0; row < N; row += 3) {
        assert_int_equal(segment_find(&s, &tables, &prints[row], 1000 + row), row);
        assert_int_equal(segment_find(&s, &tables, &prints[row], 999), SEGMENT_NONE);
        segment_erase(&s, row, true);
        assert_int_equal(segment_find(&s, &tables, &prints[row], 1000 + row), SEGMENT_NONE);
    }
    for (unsigned p = 0; p < PROBE_PARTS; p++)
        assert_int_equal(n_ids_left(&s, p), N - (N + 2) / 3);
    assert_false(holds(s.rows, N * sizeof *s.rows, prints[0].w[2]));
    for (uint32_t i = 0; i < 60; i++)
        check_search(&s, &prints[i], 31);
    segment_put(&s);
}

static void of_many_equal_rows_the_right_one_is_erased_in_any_order(void **state)
{
    (void)state;
    enum { N = 12000, ERASED = N / 2 };
    static struct lk_print prints[N];
    static uint32_t order[N];
    random_state = 6;
    prints[0] = random_print();
    for (uint32_t i = 0; i < N; i++) {
        prints[i] = prints[0];
        order[i] = i;
    }
    for (int kind = 0; kind < 3; kind++) { /* rising, falling, in disorder */
        for (uint32_t i = 0; i < N; i++) {
            uint32_t k = kind == 0 ? i : kind == 1 ? N - 1 - i : i + below(N - i);
            uint32_t row = kind == 2 ? order[k] : k;
            order[k] = order[i];
            order[i] = row;
        }
        struct segment s = build(prints, N);
        for (uint32_t i = 0; i < ERASED; i++)
            segment_erase(&s, order[i], true);
        for (unsigned p = 0; p < PROBE_PARTS; p++)
            assert_int_equal(n_ids_left(&s, p), N - ERASED);
        check_search(&s, &prints[0], 3);
        for (uint32_t i = 0; i < N; i++)
            order[i] = i;
        segment_put(&s);
    }
}

static void a_row_is_erased_wherever_it_stands_in_its_bucket(void **state)
{
    (void)state;
    enum { N = 20000, FROM = 9000, ALIKE = 600 }; /* all of a bucket in one stretch of the rows */
    static struct lk_print prints[N];
    random_state = 7;
    for (uint32_t i = 0; i < N; i++)
        prints[i] = i > FROM && i < FROM + ALIKE ? prints[FROM] : random_print();
    struct segment s = build(prints, N);
    for (uint32_t row = FROM; row < FROM + ALIKE; row += 2)
        segment_erase(&s, row, true);
    for (unsigned p = 0; p < PROBE_PARTS; p++)
        assert_int_equal(n_ids_left(&s, p), N - ALIKE / 2);
    check_search(&s, &prints[FROM], 31);
    segment_put(&s);
}

/* One thread erases every row that is not a multiple of four while others search. */
struct beside {
    struct segment s;
    const struct lk_print *prints; /* as they were */
    _Atomic uint32_t erased;       /* rows up to this one that are to go have gone */
    _Atomic bool stop;
    _Atomic unsigned n_wrong, n_searches;
};

static bool stays(uint32_t row)
{
    return row % 4 == 0;
}

/* What stays must be found, what had gone before must not be, and nothing may be measured wrong. */
static bool right_beside(const struct beside *b, const struct hits *found, uint32_t gone_before,
                         uint32_t asked, const struct lk_print *query)
{
    bool seen = false;
    for (size_t i = 0; i < found->n; i++) {
        uint32_t row = (uint32_t)(found->p[i].label - 1000);
        if (row >= b->s.n_rows || (!stays(row) && row < gone_before) ||
            found->p[i].dist_bits != lk_print_distance(&b->prints[row], query))
            return false;
        seen |= row == asked;
    }
    return seen || !stays(asked);
}

static void *search_beside(void *arg)
{
    struct beside *b = arg;
    static _Thread_local struct lk_hit hits[4096];
    struct probe_tables tables = segment_tables(&b->s);
    struct segment_kernels kernels = segment_kernels_of(cpu_mask());
    uint32_t row = 0;
    do {
        row = (row + 7919) % b->s.n_rows;
        uint32_t gone_before = atomic_load(&b->erased);
        struct hits found = {.p = hits, .room = 4096, .cap = 4096};
        segment_search(&b->s, &tables, &kernels, &b->prints[row], 7, 31, &found);
        atomic_fetch_add(&b->n_wrong, !right_beside(b, &found, gone_before, row, &b->prints[row]));
        atomic_fetch_add(&b->n_searches, 1);
    } while (!atomic_load(&b->stop));
    return NULL;
}

static void searches_beside_an_eraser_are_right(void **state)
{
    (void)state;
    enum { N = 40000 };
    static struct lk_print prints[N];
    random_state = 7;
    for (uint32_t i = 0; i < N; i++)
        prints[i] = i % 8 != 0 ? flipped(prints[i - i % 8], below(20)) : random_print();
    static struct beside b;
    b.s = build(prints, N);
    b.prints = prints;
    pthread_t readers[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, search_beside, &b), 0);
    for (uint32_t row = 0; row < N; row++) {
        if (!stays(row))
            segment_erase(&b.s, row, true);
        atomic_store(&b.erased, row);
    }
    atomic_store(&b.stop, true);
    for (int i = 0; i < 2; i++)
        pthread_join(readers[i], NULL);
    assert_int_not_equal(b.n_searches, 0);
    assert_int_equal(b.n_wrong, 0);
    check_search(&b.s, &prints[0], 31);
    segment_put(&b.s);
}

static void damaged_sections_are_searched_without_leaving_them(void **state)
{
    (void)state;
    enum { N = 5000, ROUNDS = 60 };
    static struct lk_print prints[N];
    static struct lk_hit got[CAP];
    random_state = 9;
    for (uint32_t i = 0; i < N; i++)
        prints[i] = random_print();
    for (int round = 0; round < ROUNDS; round++) {
        struct segment s = build(prints, N);
        size_t n_lines = (size_t)PROBE_PARTS << s.key_bits;
        for (int i = 0; i < 2000; i++) {
            struct probe_line *line = &s.lines[next_random() % n_lines];
            uint32_t *fields[] = {&line->base, &line->over, &line->count};
            *fields[next_random() % 3] = (uint32_t)(next_random() >> (next_random() % 64));
            s.ids[next_random() % (PROBE_PARTS * N)] = (uint32_t)next_random();
        }
        struct probe_tables tables = segment_tables(&s);
        struct segment_kernels kernels = segment_kernels_of(cpu_mask());
        for (int i = 0; i < 20; i++) {
            struct hits found = {.p = got, .room = CAP, .cap = CAP};
            segment_search(&s, &tables, &kernels, &prints[i], 1, 31, &found);
            uint32_t row = segment_find(&s, &tables, &prints[i], 1000 + (uint64_t)i);
            if (row != SEGMENT_NONE)
                segment_erase(&s, row, true);
        }
        segment_put(&s);
    }
}

/* Another thread deals rows out: counts start again from nothing. */
static void parts_may_be_filled_while_others_are_being_filled(void **state)
{
    (void)state;
    enum { N = 20000, HALF = PROBE_PARTS / 2 };
    struct lk_print *prints = calloc(N, sizeof *prints);
    for (size_t i = 0; i < N; i++)
        prints[i] = random_print();
    for (size_t i = 0; i < 100; i++) /* the last bucket of each part has more than its line */
        memset(&prints[i], 0xff, sizeof prints[i]);
    struct segment s = build(prints, N);
    size_t n_bytes = s.n_overflow * sizeof *s.overflow;
    uint16_t *want = malloc(n_bytes);
    assert_true(s.n_overflow > PROBE_SLACK);
    memcpy(want, s.overflow, n_bytes);
    memset(s.overflow, 0, n_bytes);
    for (size_t i = 0; i < (size_t)HALF << s.key_bits; i++)
        s.lines[i].count = 0;
    segment_fill_parts(&s, HALF, PROBE_PARTS);
    segment_fill_parts(&s, 0, HALF);
    assert_memory_equal(s.overflow, want, n_bytes);
    free(want);
    segment_put(&s);
    free(prints);
}

static void thresholds_of_a_plan_add_up_to_the_radius(void **state)
{
    (void)state;
    struct probe_plan plan;
    for (unsigned radius = 0; radius <= PLAN_MAX_RADIUS; radius++) {
        plan_make(&plan, radius, 16);
        int sum = 0;
        for (int p = 0; p < PROBE_PARTS; p++) {
            sum += plan.flips[p] + 1;
            if (plan.flips[p] >= 0)
                assert_int_equal(plan.limit[p], plan.flips[p] + plan.flips[p ^ 1] + 1);
        }
        assert_int_equal(sum, radius + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_brute_force_finds_at_every_radius),
        cmocka_unit_test(keys_of_every_width_find_the_same),
        cmocka_unit_test(equal_prints_and_crowded_buckets_are_found_once_each),
        cmocka_unit_test(a_bucket_longer_than_a_window_is_searched_whole),
        cmocka_unit_test(an_erased_row_is_not_found_and_leaves_no_trace),
        cmocka_unit_test(of_many_equal_rows_the_right_one_is_erased_in_any_order),
        cmocka_unit_test(a_row_is_erased_wherever_it_stands_in_its_bucket),
        cmocka_unit_test(searches_beside_an_eraser_are_right),
        cmocka_unit_test(damaged_sections_are_searched_without_leaving_them),
        cmocka_unit_test(parts_may_be_filled_while_others_are_being_filled),
        cmocka_unit_test(thresholds_of_a_plan_add_up_to_the_radius),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
