/* Half of the queries are near nothing, as in static.c, so that times can be compared. */
#include "recall.h"
#include "engine.h"
#include "measure.h"

#include <stdio.h>

struct asked {
    double found;                          /* share of what was planted */
    double median_us, p99_us;              /* alone */
    double per_second[ENGINE_MAX_THREADS]; /* in a batch */
    size_t n_bad;
};

static void ask_alone(const struct engine_ops *ops, void *engine, const struct queries *queries,
                      unsigned radius_bits, struct asked *asked)
{
    struct samples samples = {0};
    struct found_list found[ENGINE_MAX_THREADS] = {0};
    for (size_t q = 0; q < queries->n; q++) {
        double start = wall_seconds();
        ops->search(engine, &queries->p[q], 1, radius_bits, 1, found);
        samples_put(&samples, wall_seconds() - start);
        found[0].n = 0;
    }
    asked->median_us = samples_at(&samples, 0.5) * 1e6;
    asked->p99_us = samples_at(&samples, 0.99) * 1e6;
    samples_fini(&samples);
    found_fini(&found[0]);
}

static void ask_together(const struct engine_ops *ops, void *engine, struct prints base,
                         const struct queries *queries, unsigned radius_bits, struct asked *asked)
{
    const struct found_list no_truth = {0};
    for (unsigned t = 1; t <= ENGINE_MAX_THREADS; t++) {
        struct found_list found[ENGINE_MAX_THREADS] = {0};
        double start = wall_seconds();
        ops->search(engine, queries->p, queries->n, radius_bits, t, found);
        asked->per_second[t - 1] = (double)queries->n / (wall_seconds() - start);
        found_append(&found[0], &found[1]);
        struct verdict v =
            answers_check(base, queries, queries->n, radius_bits, &found[0], &no_truth, 0);
        asked->found = 1 - (double)v.missing / (double)v.wanted;
        asked->n_bad += v.wrong + v.doubled;
        found_fini(&found[0]);
        found_fini(&found[1]);
    }
}

size_t recall_run(struct prints base, struct prints held, const char *name, unsigned radius_bits,
                  size_t n_queries)
{
    const char *variant;
    const struct engine_ops *ops = engine_named(name, &variant);
    size_t n_bad = 0;
    if (ops == NULL)
        die("no engine '%s' on this machine", name);
    double load = load_average();
    void *engine = ops->build(base, variant);
    printf("\n### %s: %zu uniform prints, radius %u; load %.1f\n\n"
           "| planted at | found | median us | p99 us | batch of %zu: q/s, 1 thread | 2 threads |\n"
           "|---|---|---|---|---|---|\n",
           ops->about(engine), base.n, radius_bits, load, n_queries);
    for (unsigned dist = 0; dist <= radius_bits; dist += 5) {
        struct asked asked = {0};
        struct queries queries = queries_new(base, held, n_queries, dist, dist, 2000 + dist);
        ask_alone(ops, engine, &queries, radius_bits, &asked);
        ask_together(ops, engine, base, &queries, radius_bits, &asked);
        printf("| %u | %.4f | %.2f | %.2f | %.0f | %.0f |\n", dist, asked.found, asked.median_us,
               asked.p99_us, asked.per_second[0], asked.per_second[1]);
        fflush(stdout);
        n_bad += asked.n_bad;
        queries_fini(&queries);
    }
    ops->free(engine);
    printf("\n%zu answers wrong or doubled\n", n_bad);
    return n_bad;
}
