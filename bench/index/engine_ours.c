/* Our index through its public calls; the level of the processor alone is chosen inside. */
#include "core/index/index.h"
#include "core/kernels/cpu.h"
#include "engine.h"
#include "measure.h"

#include <likeness/index.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond this many answers to one query the nearest are taken, and the missing ones show. */
enum { MAX_HITS = 65536 };

struct ours {
    struct lk_index *index;
    bool is_lean;
    struct lk_hit *hits; /* of a query alone */
    char about[96];
};

unsigned engine_cpu_mask(const char *level)
{
    if (*level == '\0')
        return cpu_mask();
    unsigned mask = 0;
    for (unsigned l = 0; l < CPU_N_LEVELS; l++) {
        mask |= cpu_mask() & CPU_BIT(l);
        if (strcmp(cpu_level_name(l), level) == 0)
            return cpu_mask() & CPU_BIT(l) ? mask : 0;
    }
    return 0;
}

static struct ours *build(struct prints base, const char *level)
{
    struct lk_error err;
    struct ours *ours = must_alloc(1, sizeof *ours);
    uint64_t *labels = must_alloc(base.n, sizeof *labels);
    ours->hits = must_alloc(MAX_HITS, sizeof *ours->hits);
    for (size_t i = 0; i < base.n; i++)
        labels[i] = i;
    must(index_new_masked(lk_alloc_heap(), LK_WHOLE, engine_cpu_mask(level), &ours->index, &err),
         &err);
    must(lk_index_insert(ours->index, base.p, labels, base.n, &err), &err);
    free(labels);
    return ours;
}

static void *ours_build(struct prints base, const char *level)
{
    return build(base, level);
}

static void *lean_build(struct prints base, const char *level)
{
    struct ours *ours = build(base, level);
    ours->is_lean = true;
    return ours;
}

struct share {
    struct ours *ours;
    const struct lk_print *queries;
    size_t n, first;
    unsigned radius;
    struct found_list *out;
};

static enum lk_status on_hits(void *ctx, size_t query, const struct lk_hit *hits, size_t n_hits,
                              size_t n_total, struct lk_error *err)
{
    (void)n_total;
    (void)err;
    struct share *share = ctx;
    for (size_t i = 0; i < n_hits; i++)
        found_put(share->out, (uint32_t)(share->first + query), (uint32_t)hits[i].label,
                  hits[i].dist_bits);
    return LK_OK;
}

static void *share_run(void *ctx)
{
    struct share *share = ctx;
    struct lk_error err;
    must((share->ours->is_lean ? lk_index_search_batch_lean : lk_index_search_batch)(
             share->ours->index, share->queries + share->first, share->n, share->radius, MAX_HITS,
             on_hits, share, &err),
         &err);
    return NULL;
}

static void ours_search(void *engine, const struct lk_print *queries, size_t n, unsigned radius,
                        unsigned n_threads, struct found_list out[])
{
    struct ours *ours = engine;
    if (n == 1) {
        struct lk_error err;
        size_t n_hits;
        must((ours->is_lean ? lk_index_search_lean : lk_index_search)(
                 ours->index, queries, radius, ours->hits, MAX_HITS, &n_hits, NULL, &err),
             &err);
        for (size_t i = 0; i < n_hits; i++)
            found_put(&out[0], 0, (uint32_t)ours->hits[i].label, ours->hits[i].dist_bits);
        return;
    }
    struct share share[ENGINE_MAX_THREADS];
    pthread_t thread[ENGINE_MAX_THREADS];
    for (unsigned t = 0; t < n_threads; t++) {
        size_t from = n * t / n_threads;
        share[t] =
            (struct share){ours, queries, n * (t + 1) / n_threads - from, from, radius, &out[t]};
        if (t > 0 && pthread_create(&thread[t], NULL, share_run, &share[t]) != 0)
            die("cannot start a thread");
    }
    share_run(&share[0]);
    for (unsigned t = 1; t < n_threads; t++)
        pthread_join(thread[t], NULL);
}

static const char *ours_about(void *engine)
{
    struct ours *ours = engine;
    struct lk_index_stats stats = lk_index_stats(ours->index);
    snprintf(ours->about, sizeof ours->about, "likeness%s, %s", ours->is_lean ? ", lean" : "",
             stats.kernel);
    return ours->about;
}

static void ours_free(void *engine)
{
    struct ours *ours = engine;
    lk_index_free(ours->index);
    free(ours->hits);
    free(ours);
}

const struct engine_ops engine_ours = {
    .name = "ours",
    .what = "our index; ours:LEVEL for one level of the processor",
    .exact_to_bits = LK_PRINT_BITS,
    .build = ours_build,
    .search = ours_search,
    .about = ours_about,
    .free = ours_free,
};

const struct engine_ops engine_lean = {
    .name = "lean",
    .what = "the same by lean probing, which may miss; lean:LEVEL",
    .build = lean_build,
    .search = ours_search,
    .about = ours_about,
    .free = ours_free,
};
