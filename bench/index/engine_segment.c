/* One segment by itself: the structure without what keeps it live. For a hundred million prints it
 * also spares the memory that merging takes. */
#include "core/index/config.h"
#include "core/index/segment_batch.h"
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
    bool is_lean;
    struct lk_hit *room; /* of a query alone */
    char about[96];
};

/* Huge pages, where the system has them. */
static void *pages(uint64_t bytes)
{
    void *p = aligned_alloc(PAGE, (bytes + PAGE - 1) / PAGE * PAGE);
    if (p == NULL)
        die("no memory for %llu bytes", (unsigned long long)bytes);
    madvise(p, bytes, MADV_HUGEPAGE);
    return p;
}

static struct whole *build(struct prints base, const char *level, bool is_lean)
{
    struct whole *w = must_alloc(1, sizeof *w);
    w->is_lean = is_lean;
    struct segment *s = &w->segment;
    w->room = must_alloc(MAX_HITS, sizeof *w->room);
    w->order = index_config_of(LK_WHOLE)->order;
    w->kernels = segment_kernels_of(engine_cpu_mask(level));
    w->sizes = segment_sizes((uint32_t)base.n);
    *s = (struct segment){.n_rows = (uint32_t)base.n,
                          .key_bits = w->sizes.key_bits,
                          .lines = pages(w->sizes.lines),
                          .ids = pages(w->sizes.ids),
                          .rows = pages(w->sizes.rows),
                          .labels = pages(w->sizes.labels),
                          .gone = pages(w->sizes.gone)};
    for (size_t i = 0; i < base.n; i++) {
        s->rows[i] = index_in_order(w->order, &base.p[i]);
        s->labels[i] = i;
    }
    memset(s->gone, 0, w->sizes.gone);
    s->n_overflow = segment_count(s);
    s->overflow = pages(s->n_overflow * sizeof *s->overflow);
    segment_fill(s);
    w->tables = segment_tables(s);
    return w;
}

static void *whole_build(struct prints base, const char *level)
{
    return build(base, level, false);
}

static void *lean_build(struct prints base, const char *level)
{
    return build(base, level, true);
}

struct share {
    struct whole *whole;
    const struct lk_print *queries;
    size_t n, first;
    unsigned radius;
    struct found_list *out;
};

static void take(struct found_list *out, const struct hits *hits)
{
    for (size_t i = 0; i < hits->n; i++)
        found_put(out, hits->p[i].query, (uint32_t)hits->p[i].label, hits->p[i].dist_bits);
}

static void *share_run(void *ctx)
{
    struct share *share = ctx;
    struct whole *w = share->whole;
    struct lk_print *queries = must_alloc(share->n, sizeof *queries);
    struct hits *hits = must_alloc(share->n, sizeof *hits);
    for (size_t i = 0; i < share->n; i++) {
        queries[i] = index_in_order(w->order, &share->queries[share->first + i]);
        hits[i] = (struct hits){.cap = MAX_HITS, .grows = lk_alloc_heap()};
    }
    struct segment_batch batch = {.alloc = lk_alloc_heap(),
                                  .queries = queries,
                                  .hits = hits,
                                  .n = share->n,
                                  .first = (uint32_t)share->first,
                                  .radius_bits = share->radius,
                                  .lean = w->is_lean};
    if (!segment_search_batch(&w->segment, &w->tables, &w->kernels, &batch))
        die("no memory for a batch");
    for (size_t i = 0; i < share->n; i++) {
        take(share->out, &hits[i]);
        hits_fini(&hits[i]);
    }
    free(queries);
    free(hits);
    return NULL;
}

static void search_one(struct whole *w, const struct lk_print *query, unsigned radius,
                       struct found_list *out)
{
    struct hits hits = {.p = w->room, .room = MAX_HITS, .cap = MAX_HITS};
    struct lk_print row = index_in_order(w->order, query);
    (w->is_lean ? segment_search_lean : segment_search)(&w->segment, &w->tables, &w->kernels, &row,
                                                        0, radius, &hits);
    take(out, &hits);
}

static void whole_search(void *engine, const struct lk_print *queries, size_t n, unsigned radius,
                         unsigned n_threads, struct found_list out[])
{
    struct share share[ENGINE_MAX_THREADS];
    pthread_t thread[ENGINE_MAX_THREADS];
    if (n == 1) {
        search_one(engine, queries, radius, &out[0]);
        return;
    }
    for (unsigned t = 0; t < n_threads; t++) {
        size_t from = n * t / n_threads;
        share[t] =
            (struct share){engine, queries, n * (t + 1) / n_threads - from, from, radius, &out[t]};
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
    snprintf(w->about, sizeof w->about, "one segment%s, %s", w->is_lean ? ", lean" : "",
             w->kernels.name);
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
    free(w->room);
    free(w);
}

const struct engine_ops engine_segment = {
    .name = "segment",
    .what = "one segment by itself; segment:LEVEL",
    .exact_to_bits = LK_PRINT_BITS,
    .build = whole_build,
    .search = whole_search,
    .about = whole_about,
    .free = whole_free,
};

const struct engine_ops engine_segment_lean = {
    .name = "segment-lean",
    .what = "the same by lean probing, which may miss",
    .build = lean_build,
    .search = whole_search,
    .about = whole_about,
    .free = whole_free,
};
