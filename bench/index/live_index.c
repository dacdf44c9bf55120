/* Inserting and the short ends of a merge are calls of one writer: a lock keeps them apart. Readers
 * know nothing of it. */
#include "live_index.h"
#include "measure.h"

#include <likeness/index.h>
#include <pthread.h>
#include <stdlib.h>

struct state {
    struct lk_index *index;
    pthread_mutex_t change;
};

void *live_index_new(void)
{
    struct lk_error err;
    struct state *state = must_alloc(1, sizeof *state);
    must(lk_index_new(lk_alloc_heap(), LK_WHOLE, &state->index, &err), &err);
    lk_index_merge_by_caller(state->index, true);
    pthread_mutex_init(&state->change, NULL);
    return state;
}

void live_index_free(void *live)
{
    struct state *state = live;
    lk_index_free(state->index);
    pthread_mutex_destroy(&state->change);
    free(state);
}

static void insert(void *live, const struct lk_print *prints, size_t first, size_t n)
{
    struct state *state = live;
    struct lk_error err;
    uint64_t labels[LIVE_BATCH];
    for (size_t i = 0; i < n; i++)
        labels[i] = first + i;
    pthread_mutex_lock(&state->change);
    must(lk_index_insert(state->index, prints, labels, n, &err), &err);
    pthread_mutex_unlock(&state->change);
}

static void remove_prints(void *live, const struct lk_print *prints, const uint32_t *numbers,
                          size_t n)
{
    struct state *state = live;
    struct lk_error err;
    pthread_mutex_lock(&state->change);
    for (size_t i = 0; i < n; i++)
        must(lk_index_remove(state->index, &prints[numbers[i]], numbers[i], &err), &err);
    pthread_mutex_unlock(&state->change);
}

static void search(void *live, const struct lk_print *query, struct found_list *out)
{
    enum { MAX_HITS = 64 };
    const struct state *state = live;
    struct lk_error err;
    struct lk_hit hits[MAX_HITS];
    size_t n;
    must(lk_index_search(state->index, query, LIVE_RADIUS, hits, MAX_HITS, &n, NULL, &err), &err);
    for (size_t i = 0; i < n; i++)
        found_put(out, 0, (uint32_t)hits[i].label, hits[i].dist_bits);
}

static bool merge(void *live)
{
    struct state *state = live;
    struct lk_error err;
    struct lk_index_merge *merge;
    pthread_mutex_lock(&state->change);
    must(lk_index_merge_begin(state->index, &merge, &err), &err);
    pthread_mutex_unlock(&state->change);
    if (merge == NULL)
        return false;
    must(lk_index_merge_run(merge, &err), &err);
    pthread_mutex_lock(&state->change);
    lk_index_merge_end(state->index, merge);
    pthread_mutex_unlock(&state->change);
    return true;
}

static void settle(void *live)
{
    while (merge(live))
        ;
}

static uint64_t bytes(void *live)
{
    const struct state *state = live;
    return lk_index_stats(state->index).n_bytes;
}

const struct live_ops live_index = {
    .name = "index, merged by a thread of its own",
    .insert = insert,
    .remove = remove_prints,
    .search = search,
    .merge = merge,
    .settle = settle,
    .bytes = bytes,
};
