/* The live index: what happens across memtables, segments and merges, and under readers. */
#include "../cmocka_all.h"
#include "../stingy_alloc.h"

#include "base/epoch.h"
#include "core/index/index.h"
#include "core/kernels/cpu.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* The print that belongs to a label; labels 2 k and 2 k + 1 are 3 bits apart. */
static struct lk_print print_of(uint64_t label)
{
    uint64_t seed = mix(label / 2);
    struct lk_print print = {{mix(seed + 1), mix(seed + 2), mix(seed + 3), mix(seed + 4)}};
    if (label % 2 == 1)
        print.w[label / 2 % 4] ^= UINT64_C(0x8000000100000001);
    return print;
}

static struct lk_index *new_index(void)
{
    struct lk_index *index;
    assert_int_equal(lk_index_new(lk_alloc_heap(), LK_WHOLE, &index, NULL), LK_OK);
    return index;
}

static void insert(struct lk_index *index, uint64_t from, uint64_t to)
{
    size_t n = to - from;
    struct lk_print *prints = malloc(n * sizeof *prints);
    uint64_t *labels = malloc(n * sizeof *labels);
    for (size_t i = 0; i < n; i++) {
        labels[i] = from + i;
        prints[i] = print_of(from + i);
    }
    assert_int_equal(lk_index_insert(index, prints, labels, n, NULL), LK_OK);
    free(prints);
    free(labels);
}

static bool finds(const struct lk_index *index, uint64_t label, unsigned radius)
{
    struct lk_print print = print_of(label);
    struct lk_hit hits[4];
    size_t n;
    assert_int_equal(lk_index_search(index, &print, radius, hits, 4, &n, NULL, NULL), LK_OK);
    for (size_t i = 0; i < n; i++)
        if (hits[i].label == label) {
            assert_int_equal(hits[i].dist_bits, 0);
            return true;
        }
    return false;
}

static void remove_label(struct lk_index *index, uint64_t label)
{
    struct lk_print print = print_of(label);
    assert_int_equal(lk_index_remove(index, &print, label, NULL), LK_OK);
    assert_int_equal(lk_index_remove(index, &print, label, NULL), LK_NOT_FOUND);
}

static void a_history_of_inserts_and_removals_is_what_the_list_says(void **state)
{
    (void)state;
    enum { N = 120000 };
    static bool in[N];
    struct lk_index *index = new_index();
    uint64_t at = 0, seed = 1, n = 0;
    for (int round = 0; at < N; round++) {
        uint64_t batch = 1 + mix(seed++) % (round % 7 == 0 ? 20000 : 3000);
        uint64_t to = at + batch < N ? at + batch : N;
        insert(index, at, to);
        for (; at < to; at++, n++)
            in[at] = true;
        for (uint64_t i = 0; i < batch / 2; i++) {
            uint64_t label = mix(seed++) % at;
            if (in[label]) {
                remove_label(index, label);
                in[label] = false;
                n--;
            }
        }
        assert_int_equal(lk_index_stats(index).n_prints, n);
        for (int i = 0; i < 200; i++) {
            uint64_t label = mix(seed++) % at;
            assert_int_equal(finds(index, label, 31), in[label]);
            assert_int_equal(finds(index, label, 0), in[label]);
        }
    }
    assert_true(lk_index_stats(index).n_segments < 16);
    lk_index_free(index);
}

static void a_pair_that_is_in_a_segment_is_refused_with_its_whole_batch(void **state)
{
    (void)state;
    struct lk_index *index = new_index();
    insert(index, 0, 30000);
    struct lk_error err;
    struct lk_print prints[3] = {print_of(50000), print_of(17), print_of(50001)};
    uint64_t labels[3] = {50000, 17, 50001};
    assert_int_equal(lk_index_insert(index, prints, labels, 3, &err), LK_CONFLICT);
    assert_string_equal(err.text, "print 1 is in the index already under its label");
    assert_false(finds(index, 50000, 10));
    enum { BIG = 20000 };
    struct lk_print *many = calloc(BIG, sizeof *many);
    uint64_t *names = calloc(BIG, sizeof *names);
    for (size_t i = 0; i < BIG; i++) {
        names[i] = 60000 + (i == 19999 ? 5 : i);
        many[i] = print_of(names[i]);
    }
    assert_int_equal(lk_index_insert(index, many, names, BIG, &err), LK_CONFLICT);
    assert_string_equal(err.text, "print 19999 is in the index already under its label");
    assert_int_equal(lk_index_stats(index).n_prints, 30000);
    free(many);
    free(names);
    lk_index_free(index);
}

static void removing_everything_gives_the_memory_back(void **state)
{
    (void)state;
    struct lk_index *index = new_index();
    insert(index, 0, 100000);
    uint64_t full = lk_index_stats(index).n_bytes;
    for (uint64_t label = 0; label < 100000; label++)
        remove_label(index, label);
    struct lk_index_stats stats = lk_index_stats(index);
    assert_int_equal(stats.n_prints, 0);
    assert_int_equal(stats.n_segments, 0);
    assert_true(stats.n_bytes < full / 20);
    lk_index_free(index);
}

static void what_is_removed_while_a_merge_runs_does_not_come_back(void **state)
{
    (void)state;
    struct lk_index *index = new_index();
    lk_index_merge_by_caller(index, true);
    for (uint64_t at = 0; at < 60000; at += 10000)
        insert(index, at, at + 10000);
    remove_label(index, 5);
    struct lk_index_merge *merge;
    assert_int_equal(lk_index_merge_begin(index, &merge, NULL), LK_OK);
    assert_non_null(merge);
    remove_label(index, 6);
    remove_label(index, 19000);
    assert_int_equal(lk_index_merge_run(merge, NULL), LK_OK);
    for (uint64_t label = 100; label < 20000; label += 7)
        if (label != 19000)
            remove_label(index, label);
    insert(index, 60000, 60010);
    lk_index_merge_end(index, merge);
    for (uint64_t label = 0; label < 60010; label++) {
        bool removed = label == 5 || label == 6 || label == 19000 ||
                       (label >= 100 && label < 20000 && (label - 100) % 7 == 0);
        assert_int_equal(finds(index, label, 3), !removed);
    }
    assert_int_equal(lk_index_merge_begin(index, &merge, NULL), LK_OK);
    assert_null(merge);
    lk_index_free(index);
}

static enum lk_status note(void *ctx, const struct lk_print *prints, const uint64_t *labels,
                           size_t n, struct lk_error *err)
{
    (void)err;
    uint8_t *seen = ctx;
    for (size_t i = 0; i < n; i++) {
        struct lk_print print = print_of(labels[i]);
        assert_memory_equal(&print, &prints[i], sizeof print);
        seen[labels[i]]++;
    }
    return LK_OK;
}

static void each_print_is_shown_once_as_it_was_inserted(void **state)
{
    (void)state;
    static uint8_t seen[40000];
    struct lk_index *index = new_index();
    insert(index, 0, 20000);
    insert(index, 20000, 20100);
    remove_label(index, 3);
    remove_label(index, 20050);
    assert_int_equal(lk_index_each(index, note, seen, NULL), LK_OK);
    for (uint64_t label = 0; label < 40000; label++)
        assert_int_equal(seen[label], label < 20100 && label != 3 && label != 20050);
    lk_index_free(index);
}

static void an_index_over_a_segment_searches_and_forgets(void **state)
{
    (void)state;
    enum { N = 9000 };
    struct segment_sizes sizes = segment_sizes(N);
    struct segment s = {.n_rows = N, .key_bits = sizes.key_bits};
    s.rows = malloc(sizes.rows);
    s.labels = malloc(sizes.labels);
    s.lines = aligned_alloc(64, sizes.lines);
    s.ids = malloc(sizes.ids);
    for (uint32_t i = 0; i < N; i++) {
        struct lk_print print = print_of(i);
        s.rows[i] = index_row_of(LK_WHOLE, &print);
        struct lk_print back = index_print_of(LK_WHOLE, &s.rows[i]);
        assert_memory_equal(&back, &print, sizeof print);
        s.labels[i] = i;
    }
    s.n_overflow = segment_count(&s);
    s.overflow = malloc(s.n_overflow * sizeof *s.overflow);
    segment_fill(&s);
    for (int wipe = 0; wipe <= 1; wipe++) {
        struct lk_index *index;
        assert_int_equal(
            index_attach(lk_alloc_heap(), LK_WHOLE, cpu_mask(), &s, wipe, &index, NULL), LK_OK);
        assert_true(finds(index, 77, 31));
        remove_label(index, 77);
        assert_false(finds(index, 77, 31));
        assert_true(finds(index, 76, 31));
        struct lk_print print = print_of(1);
        uint64_t label = 1;
        assert_int_equal(lk_index_insert(index, &print, &label, 1, NULL), LK_DENIED);
        lk_index_free(index);
        struct lk_print left = index_print_of(LK_WHOLE, &s.rows[77]);
        print = print_of(77);
        assert_int_equal(memcmp(&left, &print, sizeof print) == 0, !wipe);
    }
    free(s.rows);
    free(s.labels);
    free(s.lines);
    free(s.ids);
    free(s.overflow);
}

static void without_memory_sealing_and_merging_lose_nothing(void **state)
{
    (void)state;
    for (size_t nth = 0;; nth++) {
        struct stingy s = {.left = SIZE_MAX};
        struct lk_alloc alloc = {&s, stingy_alloc, stingy_resize, stingy_free};
        struct lk_index *index = NULL;
        assert_int_equal(lk_index_new(&alloc, LK_WHOLE, &index, NULL), LK_OK);
        static struct lk_print prints[9000];
        static uint64_t labels[9000];
        uint64_t in = 0;
        bool refused = false;
        s.left = nth;
        for (int batch = 0; batch < 4 && !refused; batch++) {
            for (size_t i = 0; i < 9000; i++) {
                labels[i] = in + i;
                prints[i] = print_of(in + i);
            }
            refused = lk_index_insert(index, prints, labels, 9000, NULL) != LK_OK;
            in += refused ? 0 : 9000;
        }
        bool short_of_memory = s.left == 0;
        s.left = SIZE_MAX;
        assert_int_equal(lk_index_stats(index).n_prints, in);
        for (uint64_t label = 0; label < in; label += 501)
            assert_true(finds(index, label, 31));
        assert_false(finds(index, in, 31));
        lk_index_free(index);
        assert_int_equal(s.n_out, 0);
        if (!short_of_memory)
            break;
    }
}

/* Readers check what must hold at any moment: labels below `safe` are in and stay in; labels that
 * are multiples of 16 are removed by the writer, and once he says so are found no more. */
struct crowd {
    struct lk_index *index;
    _Atomic uint64_t safe, removed_below;
    _Atomic bool over;
};

static void *read_on(void *ctx)
{
    struct crowd *c = ctx;
    uint64_t seed = (uint64_t)(uintptr_t)&seed;
    size_t n_bad = 0;
    while (!atomic_load(&c->over)) {
        uint64_t safe = atomic_load(&c->safe), removed = atomic_load(&c->removed_below);
        if (safe == 0)
            continue;
        uint64_t label = mix(seed++) % safe;
        bool found = finds(c->index, label, 31);
        if (label % 16 != 0)
            n_bad += !found;
        else if (label < removed)
            n_bad += found;
    }
    return (void *)n_bad;
}

static void readers_find_what_is_in_force_while_the_writer_changes_and_merges(void **state)
{
    (void)state;
    enum { N = 150000, THREADS = 3 };
    struct crowd c = {.index = new_index()};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, read_on, &c);
    for (uint64_t at = 0; at < N; at += 1000) {
        insert(c.index, at, at + 1000);
        atomic_store(&c.safe, at + 1000);
        if (at >= 20000)
            for (uint64_t label = at - 20000; label < at - 19000; label++)
                if (label % 16 == 0) {
                    struct lk_print print = print_of(label);
                    assert_int_equal(lk_index_remove(c.index, &print, label, NULL), LK_OK);
                    atomic_store(&c.removed_below, label + 1);
                }
    }
    atomic_store(&c.over, true);
    for (int i = 0; i < THREADS; i++) {
        void *n_bad;
        pthread_join(threads[i], &n_bad);
        assert_ptr_equal(n_bad, NULL);
    }
    lk_index_free(c.index);
}

static void an_epoch_is_over_when_its_readers_have_left(void **state)
{
    (void)state;
    struct epoch e;
    epoch_init(&e);
    unsigned early = epoch_enter(&e);
    uint64_t first = epoch_advance(&e);
    unsigned late = epoch_enter(&e);
    assert_int_not_equal(early, late);
    assert_false(epoch_is_over(&e, first));
    epoch_leave(&e, early);
    assert_true(epoch_is_over(&e, first));
    uint64_t second = epoch_advance(&e);
    assert_false(epoch_is_over(&e, second));
    epoch_leave(&e, late);
    assert_true(epoch_is_over(&e, second));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_history_of_inserts_and_removals_is_what_the_list_says),
        cmocka_unit_test(a_pair_that_is_in_a_segment_is_refused_with_its_whole_batch),
        cmocka_unit_test(removing_everything_gives_the_memory_back),
        cmocka_unit_test(what_is_removed_while_a_merge_runs_does_not_come_back),
        cmocka_unit_test(each_print_is_shown_once_as_it_was_inserted),
        cmocka_unit_test(an_index_over_a_segment_searches_and_forgets),
        cmocka_unit_test(without_memory_sealing_and_merging_lose_nothing),
        cmocka_unit_test(readers_find_what_is_in_force_while_the_writer_changes_and_merges),
        cmocka_unit_test(an_epoch_is_over_when_its_readers_have_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
