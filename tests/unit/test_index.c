#include "../cmocka_all.h"
#include "../stingy_alloc.h"

#include "core/index/index.h"
#include "core/kernels/cpu.h"
#include "core/kernels/hamming.h"

#include <likeness/index.h>
#include <stdlib.h>

/* A small generator with a fixed seed: failures repeat. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t x = (*state += 0x9e3779b97f4a7c15u);
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static struct lk_print random_print(uint64_t *state)
{
    struct lk_print p;
    for (int i = 0; i < 4; i++)
        p.w[i] = next_random(state);
    return p;
}

static struct lk_print flipped(struct lk_print p, unsigned n_bits, uint64_t *state)
{
    for (unsigned i = 0; i < n_bits; i++) {
        unsigned bit = (unsigned)(next_random(state) % LK_PRINT_BITS);
        p.w[bit / 64] ^= (uint64_t)1 << bit % 64;
    }
    return p;
}

/* The naive index: a list. */
struct model {
    struct lk_print print[8192];
    uint64_t label[8192];
    size_t n;
};

static int by_distance(const void *a, const void *b)
{
    const struct lk_hit *x = a, *y = b;
    if (x->dist_bits != y->dist_bits)
        return x->dist_bits < y->dist_bits ? -1 : 1;
    return x->label < y->label ? -1 : x->label > y->label;
}

static size_t naive_search(const struct model *m, const struct lk_print *query, unsigned radius,
                           struct lk_hit *hits)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        unsigned dist = lk_print_distance(&m->print[i], query);
        if (dist <= radius)
            hits[n++] = (struct lk_hit){m->label[i], 0, (uint16_t)dist};
    }
    qsort(hits, n, sizeof *hits, by_distance);
    return n;
}

static void fill(struct model *m, size_t n, uint64_t *state)
{
    m->n = 0;
    while (m->n < n) {
        size_t i = m->n++;
        m->label[i] = next_random(state) % 64 << 32 | i;
        unsigned how = (unsigned)(next_random(state) % 8);
        if (i == 0 || how < 3)
            m->print[i] = random_print(state);
        else /* near another, often within the radii that matter, sometimes equal */
            m->print[i] =
                flipped(m->print[next_random(state) % i], how < 5 ? how - 3 : how * how, state);
    }
    if (n > 2) {
        m->print[n / 2] = (struct lk_print){{0}};
        m->print[n - 1] = (struct lk_print){{~0ull, ~0ull, ~0ull, ~0ull}};
    }
}

static struct lk_index *index_of(const struct model *m, unsigned kind, unsigned mask)
{
    struct lk_index *index = NULL;
    assert_int_equal(index_new_masked(lk_alloc_heap(), kind, mask, &index, NULL), LK_OK);
    assert_int_equal(lk_index_insert(index, m->print, m->label, m->n, NULL), LK_OK);
    assert_int_equal(lk_index_stats(index).n_prints, m->n);
    return index;
}

static void same_hits(const struct lk_hit *got, size_t n_got, const struct lk_hit *want, size_t n)
{
    assert_int_equal(n_got, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(got[i].dist_bits, want[i].dist_bits);
        assert_true(got[i].label == want[i].label);
    }
}

struct batch {
    const struct model *m;
    const struct lk_print *queries;
    unsigned radius;
    size_t cap, n_queries, next;
    struct lk_hit *want;
};

static void none_between(struct batch *b, size_t query)
{
    for (; b->next < query; b->next++)
        assert_int_equal(naive_search(b->m, &b->queries[b->next], b->radius, b->want), 0);
}

static enum lk_status check_hits(void *ctx, size_t query, const struct lk_hit *hits, size_t n_hits,
                                 size_t n_total, struct lk_error *err)
{
    (void)err;
    struct batch *b = ctx;
    none_between(b, query);
    b->next = query + 1;
    size_t n = naive_search(b->m, &b->queries[query], b->radius, b->want);
    assert_int_equal(n_total, n);
    same_hits(hits, n_hits, b->want, n < b->cap ? n : b->cap);
    for (size_t i = 0; i < n_hits; i++)
        assert_int_equal(hits[i].query, query);
    return LK_OK;
}

static void check_batch(const struct lk_index *index, struct batch b)
{
    assert_int_equal(
        lk_index_search_batch(index, b.queries, b.n_queries, b.radius, b.cap, check_hits, &b, NULL),
        LK_OK);
    none_between(&b, b.n_queries);
}

static const unsigned radii[] = {0, 1, 10, 31, 32, 33, 44, 45, 64, 128, 200, 255, 256};

static void check_level(unsigned kind, unsigned mask, const struct model *m, uint64_t *state)
{
    static struct lk_hit got[8192], want[8192];
    struct lk_index *index = index_of(m, kind, mask);
    struct lk_print queries[7];
    for (int q = 0; q < 7; q++)
        queries[q] = m->n == 0 || q == 6
                         ? random_print(state)
                         : flipped(m->print[next_random(state) % m->n], (unsigned)q * 6, state);
    for (size_t r = 0; r < sizeof radii / sizeof *radii; r++) {
        for (int q = 0; q < 7; q++) {
            size_t n_got, n_total, n = naive_search(m, &queries[q], radii[r], want);
            assert_int_equal(
                lk_index_search(index, &queries[q], radii[r], got, 8192, &n_got, &n_total, NULL),
                LK_OK);
            assert_int_equal(n_total, n);
            same_hits(got, n_got, want, n);
        }
        check_batch(index, (struct batch){m, queries, radii[r], r % 2 ? 3 : 8192, 7, 0, want});
    }
    lk_index_free(index);
}

static void every_kernel_finds_what_comparing_with_each_print_finds(void **state_)
{
    (void)state_;
    static const size_t sizes[] = {0, 1, 3, 15, 16, 17, 63, 2047, 2048, 2049, 4200};
    static struct model m;
    uint64_t state = 1;
    unsigned have = cpu_mask();
    for (unsigned level = 0; level < CPU_N_LEVELS; level++) {
        if (!(have & CPU_BIT(level)))
            continue;
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            fill(&m, sizes[s], &state);
            check_level(s % 2 ? LK_WHOLE : LK_SOUND, CPU_BIT(level), &m, &state);
        }
    }
}

static void the_levels_of_this_machine_are_used_by_name(void **state_)
{
    (void)state_;
    const char *name;
    hamming_scan *plain = hamming_select(CPU_BIT(CPU_SCALAR), &name);
    assert_string_equal(name, "scalar");
    unsigned have = cpu_mask();
    for (unsigned level = CPU_POPCNT; level < CPU_N_LEVELS; level++)
        if (have & CPU_BIT(level) && level != CPU_AVX512) {
            assert_ptr_not_equal(hamming_select(CPU_BIT(level), &name), plain);
            assert_string_equal(name, cpu_level_name((enum cpu_level)level));
        }
}

static void every_single_bit_and_its_distance_is_seen(void **state_)
{
    (void)state_;
    static struct model m;
    uint64_t state = 2;
    struct lk_print base = random_print(&state);
    for (m.n = 0; m.n < LK_PRINT_BITS; m.n++) {
        m.print[m.n] = base;
        m.print[m.n].w[m.n / 64] ^= (uint64_t)1 << m.n % 64;
        m.label[m.n] = m.n;
    }
    for (unsigned level = 0; level < CPU_N_LEVELS; level++) {
        if (!(cpu_mask() & CPU_BIT(level)))
            continue;
        struct lk_index *index = index_of(&m, LK_WHOLE, CPU_BIT(level));
        struct lk_hit hits[LK_PRINT_BITS];
        size_t n;
        assert_int_equal(lk_index_search(index, &base, 0, hits, 256, &n, NULL, NULL), LK_OK);
        assert_int_equal(n, 0);
        assert_int_equal(lk_index_search(index, &base, 1, hits, 256, &n, NULL, NULL), LK_OK);
        assert_int_equal(n, 256);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(hits[i].label, i); /* ties by rising label */
        assert_int_equal(lk_index_search(index, &m.print[77], 1, hits, 256, &n, NULL, NULL), LK_OK);
        assert_int_equal(n, 1);
        lk_index_free(index);
    }
}

static void equal_prints_are_all_found_and_the_nearest_kept_at_any_cap(void **state_)
{
    (void)state_;
    static struct model m;
    static struct lk_hit got[8192], want[8192];
    uint64_t state = 3;
    struct lk_print base = random_print(&state);
    for (m.n = 0; m.n < 5000; m.n++) {
        m.print[m.n] = m.n % 10 ? base : flipped(base, (unsigned)(m.n % 7), &state);
        m.label[m.n] = next_random(&state);
    }
    struct lk_index *index = index_of(&m, LK_WHOLE, cpu_mask());
    size_t n = naive_search(&m, &base, 31, want), n_got, n_total;
    assert_int_equal(n, 5000);
    static const size_t caps[] = {0, 1, 2, 31, 4999, 5000, 5001};
    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++) {
        assert_int_equal(lk_index_search(index, &base, 31, got, caps[i], &n_got, &n_total, NULL),
                         LK_OK);
        assert_int_equal(n_total, n);
        same_hits(got, n_got, want, caps[i] < n ? caps[i] : n);
    }
    lk_index_free(index);
}

static void a_long_history_of_changes_leaves_what_the_list_has(void **state_)
{
    (void)state_;
    static struct model m;
    static struct lk_hit got[8192], want[8192];
    m.n = 0;
    uint64_t state = 4;
    struct lk_index *index = index_of(&m, LK_WHOLE, cpu_mask());
    for (int step = 0; step < 30000; step++) {
        /* Grows to some 4000, then shrinks to almost nothing, twice. */
        bool growing = step / 7500 % 2 == 0;
        if (m.n == 0 || next_random(&state) % 8 < (growing ? 6u : 1u)) {
            m.print[m.n] = m.n > 0 && step % 3 == 0 ? m.print[next_random(&state) % m.n]
                                                    : random_print(&state);
            m.label[m.n] = (uint64_t)step;
            assert_int_equal(lk_index_insert(index, &m.print[m.n], &m.label[m.n], 1, NULL), LK_OK);
            m.n++;
        } else {
            size_t i = next_random(&state) % m.n;
            assert_int_equal(lk_index_remove(index, &m.print[i], m.label[i], NULL), LK_OK);
            assert_int_equal(lk_index_remove(index, &m.print[i], m.label[i], NULL), LK_NOT_FOUND);
            m.print[i] = m.print[--m.n];
            m.label[i] = m.label[m.n];
        }
        if (step % 97 != 0)
            continue;
        struct lk_print query =
            m.n > 0 ? flipped(m.print[next_random(&state) % m.n], 5, &state) : random_print(&state);
        size_t n = naive_search(&m, &query, 100, want), n_got;
        assert_int_equal(lk_index_search(index, &query, 100, got, 8192, &n_got, NULL, NULL), LK_OK);
        same_hits(got, n_got, want, n);
        assert_int_equal(lk_index_stats(index).n_prints, m.n);
    }
    lk_index_free(index);
}

static void the_same_pair_twice_is_refused_and_nothing_is_added(void **state_)
{
    (void)state_;
    static struct model m;
    uint64_t state = 5;
    fill(&m, 100, &state);
    struct lk_index *index = index_of(&m, LK_ANCHOR, cpu_mask());
    struct lk_print prints[3] = {random_print(&state), random_print(&state), m.print[7]};
    uint64_t labels[3] = {1000, 1001, m.label[7]};
    struct lk_error err;
    assert_int_equal(lk_index_insert(index, prints, labels, 3, &err), LK_CONFLICT);
    assert_string_equal(err.text, "print 2 is in the index already under its label");
    prints[2] = prints[0];
    labels[2] = labels[0];
    assert_int_equal(lk_index_insert(index, prints, labels, 3, NULL), LK_CONFLICT);
    size_t n;
    assert_int_equal(lk_index_search(index, &prints[0], 0, NULL, 0, &n, &n, NULL), LK_OK);
    assert_int_equal(n, 0);
    labels[2] = 1002; /* the same print under another label is another pair */
    assert_int_equal(lk_index_insert(index, prints, labels, 3, NULL), LK_OK);
    assert_int_equal(lk_index_stats(index).n_prints, 103);
    lk_index_free(index);
}

static void what_makes_no_sense_is_refused(void **state_)
{
    (void)state_;
    static struct model m;
    struct lk_error err;
    struct lk_index *index = NULL;
    assert_int_equal(lk_index_new(lk_alloc_heap(), 0, &index, &err), LK_INVALID);
    assert_int_equal(lk_index_new(lk_alloc_heap(), LK_KIND_MAX + 1, &index, &err), LK_INVALID);
    assert_string_equal(err.text, "kind 5 of prints is not known");
    m.n = 0;
    index = index_of(&m, LK_FRAME, cpu_mask());
    struct lk_print p = {{1, 2, 3, 4}};
    size_t n;
    assert_int_equal(lk_index_search(index, &p, 257, NULL, 0, &n, NULL, &err), LK_INVALID);
    assert_string_equal(err.text, "radius 257 is above 256 bits");
    assert_int_equal(lk_index_search_batch(index, &p, 1, 31, 0, check_hits, NULL, &err),
                     LK_INVALID);
    assert_int_equal(lk_index_remove(index, &p, 1, &err), LK_NOT_FOUND);
    lk_index_free(index);
}

static void without_memory_a_change_fails_and_changes_nothing(void **state_)
{
    (void)state_;
    static struct model m;
    static struct lk_hit got[8192], want[8192];
    uint64_t state = 6;
    fill(&m, 5000, &state);
    size_t n_refused = 0;
    for (size_t nth = 0;; nth++) {
        struct stingy s = {.left = nth};
        struct lk_alloc alloc = {&s, stingy_alloc, stingy_resize, stingy_free};
        struct lk_index *index = NULL;
        if (lk_index_new(&alloc, LK_WHOLE, &index, NULL) != LK_OK) {
            assert_int_equal(s.n_out, 0);
            n_refused++;
            continue;
        }
        size_t in = 0;
        for (; in < m.n; in += 1000)
            if (lk_index_insert(index, &m.print[in], &m.label[in], 1000, NULL) != LK_OK)
                break;
        n_refused += in < m.n;
        assert_int_equal(lk_index_stats(index).n_prints, in);
        struct model part = m;
        part.n = in;
        size_t n = naive_search(&part, &m.print[10], 60, want), n_got;
        assert_int_equal(lk_index_search(index, &m.print[10], 60, got, 8192, &n_got, NULL, NULL),
                         LK_OK);
        same_hits(got, n_got, want, n);
        s.left = nth % 3;
        struct batch b = {&part, m.print, 60, 8192, 9, 0, want};
        enum lk_status status =
            lk_index_search_batch(index, m.print, 9, 60, 8192, check_hits, &b, NULL);
        assert_true(status == LK_NOMEM || status == LK_OK);
        lk_index_free(index);
        assert_int_equal(s.n_out, 0);
        if (in == m.n)
            break;
    }
    assert_true(n_refused >= 5);
    struct lk_alloc nothing = {&(struct stingy){0}, stingy_alloc, stingy_resize, stingy_free};
    struct lk_index *index;
    assert_int_equal(lk_index_new(&nothing, LK_WHOLE, &index, NULL), LK_NOMEM);
}

static enum lk_status stop_at_two(void *ctx, size_t query, const struct lk_hit *hits, size_t n_hits,
                                  size_t n_total, struct lk_error *err)
{
    (void)hits;
    (void)n_hits;
    (void)n_total;
    (void)err;
    ++*(int *)ctx;
    return query == 2 ? LK_TIMEOUT : LK_OK;
}

static void the_callers_refusal_ends_a_batch_and_comes_back(void **state_)
{
    (void)state_;
    static struct model m;
    uint64_t state = 7;
    fill(&m, 600, &state);
    struct lk_index *index = index_of(&m, LK_WHOLE, cpu_mask());
    int n_calls = 0;
    assert_int_equal(lk_index_search_batch(index, m.print, 600, 0, 10, stop_at_two, &n_calls, NULL),
                     LK_TIMEOUT);
    assert_int_equal(n_calls, 3);
    static struct lk_hit want[8192];
    check_batch(index, (struct batch){&m, m.print, 31, 10, 600, 0, want}); /* several groups */
    lk_index_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kernel_finds_what_comparing_with_each_print_finds),
        cmocka_unit_test(the_levels_of_this_machine_are_used_by_name),
        cmocka_unit_test(every_single_bit_and_its_distance_is_seen),
        cmocka_unit_test(equal_prints_are_all_found_and_the_nearest_kept_at_any_cap),
        cmocka_unit_test(a_long_history_of_changes_leaves_what_the_list_has),
        cmocka_unit_test(the_same_pair_twice_is_refused_and_nothing_is_added),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(without_memory_a_change_fails_and_changes_nothing),
        cmocka_unit_test(the_callers_refusal_ends_a_batch_and_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
