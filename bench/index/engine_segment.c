/* One segment by itself: the structure without what keeps it live. For a hundred million prints it
 * also spares the memory that merging takes. */
#include "core/index/config.h"
#include "core/index/segment.h"
#include "core/kernels/cpu.h"
#include "engine.h"
#include "measure.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MAX_HITS = 65536, PAGE = 2 << 20 };

struct whole {
    struct segment segment;
    struct segment_sizes sizes;
    struct probe_tables tables;
    struct segment_kernels kernels;
    enum index_order order;
    struct lk_hit *room[ENGINE_MAX_THREADS];
    char about[96];
};

/* Huge pages, where the system has them. */
static void *map(uint64_t bytes)
{
    void *p = aligned_alloc(PAGE, (bytes + PAGE - 1) / PAGE * PAGE);
    if (p == NULL)
        die("no memory for %llu bytes", (unsigned long long)bytes);
    madvise(p, bytes, MADV_HUGEPAGE);
    return p;
}

static void *whole_build(struct prints base, const char *level)
{
    struct whole *w = must_alloc(1, sizeof *w);
    struct segment *s = &w->segment;
    for (int t = 0; t < ENGINE_MAX_THREADS; t++)
        w->room[t] = must_alloc(MAX_HITS, sizeof *w->room[t]);
    w->order = index_config_of(LK_WHOLE)->order;
    w->kernels = segment_kernels_of(engine_cpu_mask(level));
    w->sizes = segment_sizes((uint32_t)base.n);
    *s = (struct segment){.n_rows = (uint32_t)base.n,
                          .key_bits = w->sizes.key_bits,
                          .lines = map(w->sizes.lines),
                          .ids = map(w->sizes.ids),
                          .rows = map(w->sizes.rows),
                          .labels = map(w->sizes.labels),
                          .gone = map(w->sizes.gone)};
    for (size_t i = 0; i < base.n; i++) {
        s->rows[i] = index_in_order(w->order, &base.p[i]);
        s->labels[i] = i;
    }
    memset(s->gone, 0, w->sizes.gone);
    s->n_overflow = segment_count(s);
    s->overflow = map(s->n_overflow * sizeof *s->overflow);
    segment_fill(s);
    w->tables = segment_tables(s);
    return w;
}

struct share {
    const struct whole *whole;
    const struct lk_print *queries;
    size_t from, to;
    unsigned radius;
    struct lk_hit *room;
    struct found_list *out;
};

static void *share_run(void *ctx)
{
    struct share *share = ctx;
    for (size_t q = share->from; q < share->to; q++) {
        struct hits hits = {.p = share->room, .room = MAX_HITS, .cap = MAX_HITS};
        struct lk_print query = index_in_order(share->whole->order, &share->queries[q]);
        segment_search(&share->whole->segment, &share->whole->tables, &share->whole->kernels,
                       &query, (uint32_t)q, share->radius, &hits);
        for (size_t i = 0; i < hits.n; i++)
            found_put(share->out, (uint32_t)q, (uint32_t)hits.p[i].label, hits.p[i].dist_bits);
    }
    return NULL;
}

static void whole_search(void *engine, const struct lk_print *queries, size_t n, unsigned radius,
                         unsigned n_threads, struct found_list out[])
{
    struct whole *w = engine;
    struct share share[ENGINE_MAX_THREADS];
    pthread_t thread[ENGINE_MAX_THREADS];
    for (unsigned t = 0; t < n_threads; t++) {
        share[t] = (struct share){
            w, queries, n * t / n_threads, n * (t + 1) / n_threads, radius, w->room[t], &out[t]};
        if (t > 0 && pthread_create(&thread[t], NULL, share_run, &share[t]) != 0)
            die("cannot start a thread");
    }
    share_run(&share[0]);
    for (unsigned t = 1; t < n_threads; t++)
        pthread_join(thread[t], NULL);
}

static const char *whole_about(void *engine)
{
    struct whole *w = engine;
    snprintf(w->about, sizeof w->about, "one segment, %s", w->kernels.name);
    return w->about;
}

static void whole_free(void *engine)
{
    struct whole *w = engine;
    free(w->segment.lines);
    free(w->segment.ids);
    free(w->segment.rows);
    free(w->segment.labels);
    free(w->segment.gone);
    free(w->segment.overflow);
    for (int t = 0; t < ENGINE_MAX_THREADS; t++)
        free(w->room[t]);
    free(w);
}

const struct engine_ops engine_segment = {
    .name = "segment",
    .what = "one segment by itself, queries one by one; segment:LEVEL",
    .exact_to_bits = LK_PRINT_BITS,
    .build = whole_build,
    .search = whole_search,
    .about = whole_about,
    .free = whole_free,
};
