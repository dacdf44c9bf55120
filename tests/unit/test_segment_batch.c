/* Batches, joins and lean probing, at every level, against single searches and brute force. */
#include "../cmocka_all.h"

#include "core/index/plan.h"
#include "core/index/segment_batch.h"
#include "segment_rig.h"

enum { MAX_HITS = 1 << 20 };

/* What lean probing promises (core/index/plan.h). */
static bool is_lean_match(const struct lk_print *a, const struct lk_print *b, unsigned radius)
{
    for (unsigned p = 0; p < PROBE_PARTS; p++) {
        const int part = __builtin_popcount(probe_part(a, p) ^ probe_part(b, p));
        const int partner = __builtin_popcount(probe_part(a, p ^ 1u) ^ probe_part(b, p ^ 1u));
        const int key =
            __builtin_popcount(probe_key(a, p, s.key_bits) ^ probe_key(b, p, s.key_bits));
        const int filter =
            __builtin_popcount(probe_filter(a, p, s.key_bits) ^ probe_filter(b, p, s.key_bits));
        if (radius <= PLAN_LEAN_MOST ? part == 0 && partner <= (int)plan_lean_limit(radius)
                                     : key <= 1 && key + filter <= PLAN_WIDE_LIMIT)
            return true;
    }
    return false;
}

static void check_hits(struct hits *found, size_t query, unsigned radius, bool lean)
{
    static struct lk_hit want[MAX_HITS];
    struct hits right = {.p = want, .room = MAX_HITS, .cap = MAX_HITS};
    for (uint32_t row = 0; row < s.n_rows; row++) {
        unsigned dist_bits = lk_print_distance(&prints[row], &queries[query]);
        if (dist_bits > radius || segment_is_gone(&s, row) ||
            (lean && s.key_bits > 0 && !is_lean_match(&prints[row], &queries[query], radius)))
            continue;
        hits_put(&right, &(struct lk_hit){s.labels[row], 0, (uint16_t)dist_bits});
    }
    hits_sort(&right);
    hits_sort(found);
    assert_int_equal(found->n_total, right.n_total);
    for (size_t i = 0; i < right.n; i++) {
        assert_int_equal(found->p[i].label, want[i].label);
        assert_int_equal(found->p[i].dist_bits, want[i].dist_bits);
        assert_int_equal(found->p[i].query, 50 + query);
    }
}

/* Searches a batch at every level and checks every `step`th answer. */
static void check_batch(size_t n, unsigned radius, bool lean, size_t step)
{
    static struct hits hits[MAX_QUERIES];
    struct segment_kernels kernels;
    for (size_t level = 0; level < N_LEVELS; level++) {
        if (!level_of(level, &kernels))
            continue;
        for (size_t q = 0; q < n; q++)
            hits[q] = (struct hits){.cap = MAX_HITS, .grows = lk_alloc_heap()};
        struct segment_batch batch = {lk_alloc_heap(), queries, hits, n, 50, radius, lean};
        assert_true(segment_search_batch(&s, &tables, &kernels, &batch));
        for (size_t q = 0; q < n; q++) {
            if (q % step == 0)
                check_hits(&hits[q], q, radius, lean);
            hits_fini(&hits[q]);
        }
    }
}

static const uint32_t sizes[] = {1, 100, 4095, 4096, 9000, 40000};

static void a_batch_finds_what_brute_force_finds(void **state)
{
    (void)state;
    static const unsigned radii[] = {0, 1, 15, 16, 31, 47, 63, 256};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        random_state = i;
        random_rows(sizes[i], 70);
        build(sizes[i]);
        for (size_t r = 0; r < sizeof radii / sizeof *radii; r++) {
            random_queries(1500, sizes[i], radii[r]);
            size_t step = sizes[i] > 9000 ? 397 : 97;
            check_batch(radii[r] > 64 ? 5 : 1000, radii[r], false, step);
        }
        segment_put(&s);
    }
}

static void batches_of_any_size_are_answered_alike(void **state)
{
    (void)state;
    random_state = 77;
    random_rows(20000, 40);
    build(20000);
    random_queries(MAX_QUERIES, 20000, 15);
    static const size_t n[] = {0, 1, 2, 3, 5, 100, 127, 128, 129, 200, 511, 512, 513, MAX_QUERIES};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++)
        check_batch(n[i], 15, false, 1 + n[i] / 10);
    segment_put(&s);
}

static void crowded_buckets_are_found_once_each(void **state)
{
    (void)state;
    /* So many queries sweep, and those of the crowd leave the sweep behind its first part. */
    enum { ROWS = 4096, CROWDED = 1500, N = MAX_QUERIES };
    for (int kind = 0; kind < 5; kind++) {
        random_state = 200 + (uint64_t)kind;
        crowded_rows(ROWS, CROWDED, kind);
        build(ROWS);
        static const unsigned radii[] = {15, 16};
        for (size_t r = 0; r < sizeof radii / sizeof *radii; r++) {
            random_queries(N, ROWS, radii[r]);
            check_batch(N, radii[r], false, 370);
            check_batch(N, radii[r], true, 370);
        }
        segment_put(&s);
    }
}

static void erased_rows_are_not_found(void **state)
{
    (void)state;
    random_state = 3;
    random_rows(9000, 20);
    build(9000);
    for (uint32_t row = 0; row < 9000; row += 2)
        segment_erase(&s, row, row % 4 == 0);
    random_queries(1000, 9000, 31);
    check_batch(1000, 31, false, 7);
    check_batch(1000, 31, true, 7);
    segment_put(&s);
}

static void lean_probing_finds_what_it_promises(void **state)
{
    (void)state;
    static const unsigned radii[] = {0, 10, 31, 40, 60, 90};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        random_state = 30 + i;
        random_rows(sizes[i], 70);
        build(sizes[i]);
        for (size_t r = 0; r < sizeof radii / sizeof *radii; r++) {
            random_queries(MAX_QUERIES, sizes[i], radii[r]);
            check_batch(MAX_QUERIES, radii[r], true, 397);
            struct segment_kernels kernels;
            for (size_t level = 0; level < N_LEVELS; level++) {
                if (!level_of(level, &kernels))
                    continue;
                for (size_t q = 0; q < 800; q += 197) {
                    struct hits hits = {.cap = MAX_HITS, .grows = lk_alloc_heap()};
                    segment_search_lean(&s, &tables, &kernels, &queries[q], 50 + (uint32_t)q,
                                        radii[r], &hits);
                    check_hits(&hits, q, radii[r], true);
                    hits_fini(&hits);
                }
            }
        }
        segment_put(&s);
    }
}

/* The table of likeness/index.h, at three of its places; a tenth either way is five standard
 * deviations. */
static void lean_probing_recalls_what_the_table_says(void **state)
{
    (void)state;
    enum { ROWS = 20000, N = 600 };
    static const struct {
        unsigned radius, flips, percent;
    } want[] = {{31, 31, 49}, {40, 35, 33}, {40, 40, 18}};
    struct segment_kernels kernels = segment_kernels_of(cpu_mask());
    random_state = 12;
    for (uint32_t i = 0; i < ROWS; i++)
        prints[i] = random_print();
    build(ROWS);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        unsigned n_found = 0;
        for (uint32_t q = 0; q < N; q++) {
            struct lk_print query = flipped(prints[q], want[i].flips);
            struct hits hits = {0};
            segment_search_lean(&s, &tables, &kernels, &query, 0, want[i].radius, &hits);
            n_found += hits.n_total > 0;
        }
        assert_in_range(n_found, N * (want[i].percent - 10) / 100,
                        N * (want[i].percent + 10) / 100);
    }
    segment_put(&s);
}

struct pairs {
    size_t n, stop_at;
    uint64_t sum; /* of something that depends on every pair */
    unsigned radius;
};

static uint64_t pair_hash(uint32_t a, uint32_t b, unsigned dist_bits)
{
    uint64_t x = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u + dist_bits;
    return (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
}

static enum lk_status take_pairs(void *ctx, const struct segment_pair *pairs, size_t n,
                                 struct lk_error *err)
{
    (void)err;
    struct pairs *all = ctx;
    assert_true(n > 0);
    bool ordered = true;
    for (size_t i = 0; i < n; i++) {
        ordered = ordered && pairs[i].row_a < pairs[i].row_b && pairs[i].dist_bits <= all->radius;
        all->sum += pair_hash(pairs[i].row_a, pairs[i].row_b, pairs[i].dist_bits);
    }
    assert_true(ordered);
    all->n += n;
    return all->n >= all->stop_at ? LK_LIMIT : LK_OK;
}

/* All pairs in force, by their distance. */
static struct pairs at_distance[LK_PRINT_BITS + 1];

static void compare_all_pairs(void)
{
    memset(at_distance, 0, sizeof at_distance);
    for (uint32_t a = 0; a < s.n_rows; a++)
        for (uint32_t b = a + 1; b < s.n_rows && !segment_is_gone(&s, a); b++) {
            if (segment_is_gone(&s, b))
                continue;
            unsigned dist_bits = lk_print_distance(&prints[a], &prints[b]);
            at_distance[dist_bits].n++;
            at_distance[dist_bits].sum += pair_hash(a, b, dist_bits);
        }
}

static void check_join(unsigned radius)
{
    struct pairs want = {0};
    for (unsigned d = 0; d <= radius; d++) {
        want.n += at_distance[d].n;
        want.sum += at_distance[d].sum;
    }
    struct segment_kernels kernels;
    for (size_t level = 0; level < N_LEVELS; level++) {
        if (!level_of(level, &kernels))
            continue;
        struct pairs got = {.radius = radius, .stop_at = SIZE_MAX};
        struct lk_error err;
        assert_int_equal(
            segment_join(&s, &tables, &kernels, lk_alloc_heap(), radius, take_pairs, &got, &err),
            LK_OK);
        assert_int_equal(got.n, want.n);
        assert_true(got.sum == want.sum);
    }
}

static void a_join_finds_each_pair_once(void **state)
{
    (void)state;
    static const uint32_t n[] = {1, 2, 100, 4095, 4096};
    static const unsigned radii[] = {0, 15, 31, 47, 63, 80};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
        random_state = 60 + i;
        random_rows(n[i], 90);
        build(n[i]);
        compare_all_pairs();
        for (size_t r = 0; r < sizeof radii / sizeof *radii; r++)
            check_join(radii[r]);
        for (uint32_t row = 0; row < n[i]; row += 3)
            segment_erase(&s, row, row % 2 == 0);
        compare_all_pairs();
        check_join(15);
        segment_put(&s);
    }
    for (int kind = 0; kind < 5; kind++) {
        crowded_rows(4096, 600, kind);
        build(4096);
        compare_all_pairs();
        check_join(15);
        segment_put(&s);
    }
}

static void a_join_stops_when_it_is_told_to(void **state)
{
    (void)state;
    struct segment_kernels kernels = segment_kernels_of(cpu_mask());
    crowded_rows(5000, 3000, 0);
    build(5000);
    static const unsigned radii[] = {31, 100};
    for (size_t r = 0; r < 2; r++) {
        struct pairs got = {.radius = radii[r], .stop_at = 10000};
        struct lk_error err;
        assert_int_equal(
            segment_join(&s, &tables, &kernels, lk_alloc_heap(), radii[r], take_pairs, &got, &err),
            LK_LIMIT);
        assert_true(got.n < 20000);
    }
    segment_put(&s);
}

static void *no_memory(void *ctx, size_t n_bytes)
{
    (void)ctx;
    (void)n_bytes;
    return NULL;
}

static void want_of_memory_is_told(void **state)
{
    (void)state;
    static struct hits hits[MAX_QUERIES];
    const struct lk_alloc none = {NULL, no_memory, NULL, NULL};
    struct segment_kernels kernels = segment_kernels_of(cpu_mask());
    random_state = 8;
    random_rows(9000, 20);
    build(9000);
    random_queries(MAX_QUERIES, 9000, 15);
    struct segment_batch batch = {&none, queries, hits, MAX_QUERIES, 0, 15, false};
    assert_false(segment_search_batch(&s, &tables, &kernels, &batch));
    struct pairs got = {.radius = 31};
    struct lk_error err;
    assert_int_equal(segment_join(&s, &tables, &kernels, &none, 31, take_pairs, &got, &err),
                     LK_NOMEM);
    segment_put(&s);
}

static void damage(size_t n_times)
{
    size_t n_lines = (size_t)PROBE_PARTS << s.key_bits;
    for (size_t i = 0; i < n_times; i++) {
        struct probe_line *line = &s.lines[next_random() % n_lines];
        uint32_t *fields[] = {&line->base, &line->over, &line->count};
        *fields[next_random() % 3] = (uint32_t)(next_random() >> (next_random() % 64));
        s.ids[next_random() % (PROBE_PARTS * s.n_rows)] = (uint32_t)next_random();
    }
    tables = segment_tables(&s);
}

static enum lk_status ignore_pairs(void *ctx, const struct segment_pair *pairs, size_t n,
                                   struct lk_error *err)
{
    (void)err;
    for (size_t i = 0; i < n; i++)
        assert_true(pairs[i].row_a < pairs[i].row_b && pairs[i].row_b < s.n_rows);
    *(size_t *)ctx += n;
    return LK_OK;
}

static void damaged_sections_are_swept_without_leaving_them(void **state)
{
    (void)state;
    static struct hits hits[1000];
    struct segment_kernels kernels = segment_kernels_of(cpu_mask());
    for (int round = 0; round < 30; round++) {
        random_state = 400 + (uint64_t)round;
        random_rows(5000, 30);
        build(5000);
        damage(2000);
        random_queries(1000, 5000, 31);
        memset(hits, 0, sizeof hits);
        struct segment_batch batch = {lk_alloc_heap(), queries, hits, 1000, 0, 31, round % 2 == 0};
        assert_true(segment_search_batch(&s, &tables, &kernels, &batch));
        size_t n = 0;
        struct lk_error err;
        assert_int_equal(
            segment_join(&s, &tables, &kernels, lk_alloc_heap(), 31, ignore_pairs, &n, &err),
            LK_OK);
        segment_put(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_finds_what_brute_force_finds),
        cmocka_unit_test(batches_of_any_size_are_answered_alike),
        cmocka_unit_test(crowded_buckets_are_found_once_each),
        cmocka_unit_test(erased_rows_are_not_found),
        cmocka_unit_test(lean_probing_finds_what_it_promises),
        cmocka_unit_test(lean_probing_recalls_what_the_table_says),
        cmocka_unit_test(a_join_finds_each_pair_once),
        cmocka_unit_test(a_join_stops_when_it_is_told_to),
        cmocka_unit_test(want_of_memory_is_told),
        cmocka_unit_test(damaged_sections_are_swept_without_leaving_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
