/* An index of several segments and a memtable against a list: single searches, batches, lean
 * probing, and all pairs. */
#include "../cmocka_all.h"
#include "../stingy_alloc.h"

#include <likeness/index.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static struct lk_print flipped(struct lk_print print, unsigned n_bits, uint64_t seed)
{
    for (unsigned i = 0; i < n_bits; i++) {
        unsigned bit = (unsigned)(mix(seed + i * 77) % LK_PRINT_BITS);
        print.w[bit / 64] ^= UINT64_C(1) << bit % 64;
    }
    return print;
}

enum { N = 17000, SAME_FROM = 100, SAME_EVERY = 150 };

/* A list of prints, every fifth near an earlier one, some equal ones in every segment, and with
 * two labels for one print and two prints under one label. */
struct list {
    struct lk_print print[N];
    uint64_t label[N];
    bool gone[N];
    size_t n;
};

static struct list *list_new(void)
{
    struct list *list = calloc(1, sizeof *list);
    for (size_t i = 0; i < N; i++) {
        uint64_t seed = mix(i + 1);
        list->label[i] = i == 9000 ? 8 : i;
        list->print[i] =
            (struct lk_print){{mix(seed), mix(seed + 1), mix(seed + 2), mix(seed + 3)}};
        if (i > SAME_FROM && i % SAME_EVERY == 0)
            list->print[i] = list->print[SAME_FROM];
        else if (i > 0 && i % 5 == 0)
            list->print[i] = flipped(list->print[seed % i], (unsigned)(seed >> 32) % 50, seed);
    }
    list->n = N;
    return list;
}

/* Segments of the sizes below, unmerged; what is left over stays in the memtable. */
static struct lk_index *index_of(struct list *list, const struct lk_alloc *alloc)
{
    static const size_t batches[] = {8300, 3, 8190, 300, 100};
    struct lk_index *index = NULL;
    assert_int_equal(lk_index_new(alloc, LK_WHOLE, &index, NULL), LK_OK);
    lk_index_merge_by_caller(index, true);
    size_t at = 0;
    for (size_t i = 0; i < sizeof batches / sizeof *batches; at += batches[i++])
        assert_int_equal(
            lk_index_insert(index, list->print + at, list->label + at, batches[i], NULL), LK_OK);
    list->n = at;
    for (size_t i = 0; i < list->n; i += 13) {
        assert_int_equal(lk_index_remove(index, &list->print[i], list->label[i], NULL), LK_OK);
        list->gone[i] = true;
    }
    assert_true(lk_index_stats(index).n_segments >= 2);
    return index;
}

static int by_distance(const void *a, const void *b)
{
    const struct lk_hit *x = a, *y = b;
    if (x->dist_bits != y->dist_bits)
        return x->dist_bits < y->dist_bits ? -1 : 1;
    return x->label < y->label ? -1 : x->label > y->label;
}

static size_t search_list(const struct list *list, const struct lk_print *query, unsigned radius,
                          struct lk_hit *hits)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        unsigned dist_bits = lk_print_distance(&list->print[i], query);
        if (!list->gone[i] && dist_bits <= radius)
            hits[n++] = (struct lk_hit){list->label[i], 0, (uint16_t)dist_bits};
    }
    qsort(hits, n, sizeof *hits, by_distance);
    return n;
}

static bool same(const struct lk_hit *a, const struct lk_hit *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].label != b[i].label || a[i].dist_bits != b[i].dist_bits)
            return false;
    return true;
}

static struct lk_print query_of(const struct list *list, size_t i)
{
    return i % 7 == 0 ? list->print[SAME_FROM]
                      : flipped(list->print[mix(i) % list->n], (unsigned)(i % 45), mix(i) + 5);
}

static void all_segments_and_the_memtable_answer_as_the_list_does(void **state)
{
    (void)state;
    static const unsigned radii[] = {0, 1, 14, 15, 16, 31, 40, 47, 64, 110, 256};
    static struct lk_hit want[N], got[N];
    struct list *list = list_new();
    struct lk_index *index = index_of(list, lk_alloc_heap());
    for (size_t r = 0; r < sizeof radii / sizeof *radii; r++)
        for (size_t q = 0; q < 40; q++) {
            struct lk_print query = query_of(list, q);
            size_t n = search_list(list, &query, radii[r], want), n_got, n_total;
            assert_int_equal(
                lk_index_search(index, &query, radii[r], got, N, &n_got, &n_total, NULL), LK_OK);
            assert_int_equal(n_got, n);
            assert_int_equal(n_total, n);
            assert_true(same(got, want, n));
        }
    lk_index_free(index);
    free(list);
}

/* Compares each query of a batch with the same search by itself. */
struct alone {
    const struct lk_index *index;
    const struct lk_print *queries;
    unsigned radius;
    bool lean;
    size_t next, n_found;
};

enum { CAP = 200 };

static size_t search_alone(const struct alone *a, size_t query, struct lk_hit *hits, size_t *total)
{
    size_t n;
    enum lk_status status = (a->lean ? lk_index_search_lean : lk_index_search)(
        a->index, &a->queries[query], a->radius, hits, CAP, &n, total, NULL);
    assert_int_equal(status, LK_OK);
    return n;
}

static enum lk_status compare_with_alone(void *ctx, size_t query, const struct lk_hit *hits,
                                         size_t n_hits, size_t n_total, struct lk_error *err)
{
    (void)err;
    struct alone *a = ctx;
    struct lk_hit want[CAP];
    size_t total;
    for (; a->next < query; a->next++)
        assert_int_equal(search_alone(a, a->next, want, &total), 0);
    a->next = query + 1;
    assert_int_equal(search_alone(a, query, want, &total), n_hits);
    assert_int_equal(total, n_total);
    assert_true(same(hits, want, n_hits));
    for (size_t i = 0; i < n_hits; i++)
        assert_int_equal(hits[i].query, query);
    a->n_found += n_total;
    return LK_OK;
}

static void a_batch_of_any_size_answers_as_its_queries_one_by_one(void **state)
{
    (void)state;
    enum { MOST = 70000 };
    static const struct {
        size_t n;
        unsigned radius;
        bool lean;
    } cases[] = {{1, 31, false},   {100, 31, false}, {5000, 31, false}, {5000, 47, false},
                 {5000, 40, true}, {300, 90, false}, {MOST, 15, false}, {MOST, 31, true}};
    struct list *list = list_new();
    struct lk_index *index = index_of(list, lk_alloc_heap());
    struct lk_print *queries = malloc(MOST * sizeof *queries);
    for (size_t q = 0; q < MOST; q++)
        queries[q] = q % 64 == 0 ? query_of(list, q) : list->print[mix(q) % list->n];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct alone a = {index, queries, cases[i].radius, cases[i].lean, 0, 0};
        enum lk_status status =
            (cases[i].lean ? lk_index_search_batch_lean : lk_index_search_batch)(
                index, queries, cases[i].n, a.radius, CAP, compare_with_alone, &a, NULL);
        assert_int_equal(status, LK_OK);
        assert_true(a.n_found >= cases[i].n / 2);
    }
    free(queries);
    lk_index_free(index);
    free(list);
}

static bool is_among(const struct lk_hit *hit, const struct lk_hit *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].label == hit->label && all[i].dist_bits == hit->dist_bits)
            return true;
    return false;
}

static void lean_probing_finds_nothing_wrong_and_most_of_what_is_near(void **state)
{
    (void)state;
    static struct lk_hit want[N], got[N];
    struct list *list = list_new();
    struct lk_index *index = index_of(list, lk_alloc_heap());
    size_t n_all = 0, n_found = 0;
    for (size_t q = 1; q < 400; q++) {
        struct lk_print query = query_of(list, q);
        size_t n = search_list(list, &query, 40, want), n_got;
        assert_int_equal(lk_index_search_lean(index, &query, 40, got, N, &n_got, NULL, NULL),
                         LK_OK);
        for (size_t i = 0; i < n_got; i++)
            assert_true(is_among(&got[i], want, n));
        n_all += n;
        n_found += n_got;
        size_t n_same = search_list(list, &query, 0, want);
        assert_int_equal(lk_index_search_lean(index, &query, 0, got, N, &n_got, NULL, NULL), LK_OK);
        assert_int_equal(n_got, n_same);
    }
    assert_true(n_found > n_all / 10 * 8);
    lk_index_free(index);
    free(list);
}

/* Pairs as one number each: a, b, and the distance. */
struct pairs {
    uint64_t *p;
    size_t n, room;
};

static void pairs_put(struct pairs *pairs, uint64_t a, uint64_t b, unsigned dist_bits)
{
    if (pairs->n == pairs->room) {
        pairs->room = pairs->room * 2 + 1000;
        pairs->p = realloc(pairs->p, pairs->room * sizeof *pairs->p);
    }
    assert_true(a <= b);
    pairs->p[pairs->n++] = a << 32 | b << 12 | dist_bits;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static enum lk_status keep_pairs(void *ctx, const struct lk_pair *p, size_t n, struct lk_error *err)
{
    (void)err;
    for (size_t i = 0; i < n; i++)
        pairs_put(ctx, p[i].label_a, p[i].label_b, p[i].dist_bits);
    return LK_OK;
}

static struct pairs pairs_of_list(const struct list *list, unsigned radius)
{
    struct pairs pairs = {0};
    for (size_t b = 0; b < list->n; b++)
        for (size_t a = 0; a < b && !list->gone[b]; a++) {
            unsigned dist_bits = lk_print_distance(&list->print[a], &list->print[b]);
            if (!list->gone[a] && dist_bits <= radius) {
                uint64_t x = list->label[a], y = list->label[b];
                pairs_put(&pairs, x < y ? x : y, x < y ? y : x, dist_bits);
            }
        }
    qsort(pairs.p, pairs.n, sizeof *pairs.p, by_number);
    return pairs;
}

static void every_pair_within_and_between_segments_is_told_once(void **state)
{
    (void)state;
    static const unsigned radii[] = {66, 40, 31, 20, 0};
    struct list *list = list_new();
    struct lk_index *index = index_of(list, lk_alloc_heap());
    struct pairs want = pairs_of_list(list, radii[0]);
    for (size_t r = 0; r < sizeof radii / sizeof *radii; r++) {
        struct pairs got = {0};
        size_t n = 0;
        for (size_t i = 0; i < want.n; i++)
            if ((want.p[i] & 0xfff) <= radii[r])
                want.p[n++] = want.p[i];
        want.n = n;
        assert_int_equal(lk_index_join(index, radii[r], keep_pairs, &got, NULL), LK_OK);
        assert_true(want.n > 1000);
        assert_int_equal(got.n, want.n);
        qsort(got.p, got.n, sizeof *got.p, by_number);
        assert_memory_equal(got.p, want.p, want.n * sizeof *want.p);
        free(got.p);
    }
    free(want.p);
    lk_index_free(index);
    free(list);
}

static enum lk_status refuse(void *ctx, const struct lk_pair *p, size_t n, struct lk_error *err)
{
    (void)p;
    (void)n;
    (void)err;
    return ++*(int *)ctx == 2 ? LK_TIMEOUT : LK_OK;
}

static void a_join_ends_when_it_is_refused_or_has_no_memory(void **state)
{
    (void)state;
    struct list *list = list_new();
    struct stingy s = {.left = SIZE_MAX};
    struct lk_alloc alloc = {&s, stingy_alloc, stingy_resize, stingy_free};
    struct lk_index *index = index_of(list, &alloc);
    int n_calls = 0;
    size_t n_out = s.n_out;
    assert_int_equal(lk_index_join(index, 31, refuse, &n_calls, NULL), LK_TIMEOUT);
    assert_int_equal(n_calls, 2);
    size_t n_refused = 0;
    for (size_t nth = 0;; nth += nth < 12 ? 1 : nth) {
        struct pairs got = {0};
        s.left = nth;
        enum lk_status status = lk_index_join(index, 31, keep_pairs, &got, NULL);
        free(got.p);
        assert_int_equal(s.n_out, n_out);
        if (status == LK_OK)
            break;
        assert_int_equal(status, LK_NOMEM);
        n_refused++;
    }
    assert_true(n_refused > 12);
    struct lk_error err;
    s.left = SIZE_MAX;
    assert_int_equal(lk_index_join(index, 257, keep_pairs, NULL, &err), LK_INVALID);
    assert_string_equal(err.text, "radius 257 is above 256 bits");
    lk_index_free(index);
    assert_int_equal(s.n_out, 0);
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_segments_and_the_memtable_answer_as_the_list_does),
        cmocka_unit_test(a_batch_of_any_size_answers_as_its_queries_one_by_one),
        cmocka_unit_test(lean_probing_finds_nothing_wrong_and_most_of_what_is_near),
        cmocka_unit_test(every_pair_within_and_between_segments_is_told_once),
        cmocka_unit_test(a_join_ends_when_it_is_refused_or_has_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
