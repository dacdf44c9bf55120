/* Truth first, then engine after engine, each built once and asked at every radius. A query alone
 * is timed by itself; a batch as a whole. What was answered while the clock ran is what is checked.
 */
#include "static.h"
#include "engine.h"
#include "floor.h"
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A slow engine gets so many queries alone, and the smallest batch, in which Faiss uses threads. */
enum { SLOW = 60, BATCH_AT_LEAST = 128 };

struct asked {
    struct queries queries;
    struct found_list truth;
};

struct row {
    const struct engine_ops *ops;
    char about[96];
    unsigned radius;
    double median_us, p99_us;
    double per_second[2]; /* batch, on one thread and on two */
    size_t n_batch, n_bad, n_answers;
    double recall;
};

struct table {
    struct row *p;
    size_t n;
};

static struct asked *ask(const struct static_plan *plan)
{
    struct asked *asked = must_alloc(plan->n_radii, sizeof *asked);
    size_t n = plan->n_single > plan->n_batch ? plan->n_single : plan->n_batch;
    if (plan->n_single < SLOW || plan->n_batch < BATCH_AT_LEAST || plan->n_truth > n)
        die("at least %d single queries, a batch of %d, and no more truth than either", SLOW,
            BATCH_AT_LEAST);
    for (size_t i = 0; i < plan->n_radii; i++) {
        unsigned radius = plan->radii[i];
        asked[i].queries = queries_new(plan->base, plan->held, n, 0, radius, 1000 + radius);
        asked[i].truth = truth_of(plan->base, &asked[i].queries, plan->n_truth, radius);
    }
    return asked;
}

static void judge(const struct static_plan *plan, const struct asked *asked, struct row *row,
                  size_t n_asked, struct found_list *answers)
{
    struct verdict v = answers_check(plan->base, &asked->queries, n_asked, row->radius, answers,
                                     &asked->truth, plan->n_truth);
    double recall = v.wanted ? 1 - (double)v.missing / (double)v.wanted : 1;
    row->n_answers += v.n_answers;
    row->n_bad += v.wrong + v.doubled;
    if (row->radius <= row->ops->exact_to_bits)
        row->n_bad += v.missing;
    if (recall < row->recall)
        row->recall = recall;
}

static void measure_single(const struct static_plan *plan, const struct asked *asked, void *engine,
                           struct row *row)
{
    enum { AT_LEAST = 20, WARM = 50 };
    struct samples samples = {0};
    struct found_list found[ENGINE_MAX_THREADS] = {0};
    size_t n = row->ops->is_slow ? SLOW : plan->n_single, n_warm = row->ops->is_slow ? 1 : WARM;
    for (size_t q = 0; q < n_warm; q++)
        row->ops->search(engine, &asked->queries.p[n - 1 - q], 1, row->radius, 1, found);
    found[0].n = 0;
    double begun = wall_seconds();
    size_t q = 0;
    for (; q < n && (q < AT_LEAST || wall_seconds() - begun < plan->seconds); q++) {
        size_t had = found[0].n;
        double start = wall_seconds();
        row->ops->search(engine, &asked->queries.p[q], 1, row->radius, 1, found);
        samples_put(&samples, wall_seconds() - start);
        for (size_t i = had; i < found[0].n; i++)
            found[0].p[i].query = (uint32_t)q;
    }
    row->median_us = samples_at(&samples, 0.5) * 1e6;
    row->p99_us = samples_at(&samples, 0.99) * 1e6;
    judge(plan, asked, row, q, &found[0]);
    samples_fini(&samples);
    found_fini(&found[0]);
}

static void measure_batch(const struct static_plan *plan, const struct asked *asked, void *engine,
                          struct row *row)
{
    enum { ROUNDS = 3 };
    size_t n = row->ops->is_slow ? BATCH_AT_LEAST : plan->n_batch;
    double fit = plan->seconds / (2 * ROUNDS) / (row->median_us * 1e-6);
    if (!row->ops->is_slow && fit < (double)n)
        n = fit < BATCH_AT_LEAST ? BATCH_AT_LEAST : (size_t)fit;
    row->n_batch = n;
    for (unsigned t = 1; t <= ENGINE_MAX_THREADS; t++) {
        struct samples samples = {0};
        for (int round = 0; round < (row->ops->is_slow ? 1 : ROUNDS); round++) {
            struct found_list found[ENGINE_MAX_THREADS] = {0};
            double start = wall_seconds();
            row->ops->search(engine, asked->queries.p, n, row->radius, t, found);
            samples_put(&samples, wall_seconds() - start);
            found_append(&found[0], &found[1]);
            if (round == 0)
                judge(plan, asked, row, n, &found[0]);
            found_fini(&found[0]);
            found_fini(&found[1]);
        }
        row->per_second[t - 1] = (double)n / samples_at(&samples, 0.5);
        samples_fini(&samples);
    }
}

static void print_row(const struct row *row, size_t n)
{
    printf("| %s | %u | %.5f | %zu | %.2f | %.2f | %.2f | %.1f | %.0f | %.0f | %zu |\n", row->about,
           row->radius, row->recall, row->n_bad, row->median_us, row->p99_us,
           row->p99_us / row->median_us, row->median_us / floor_us(n, row->radius),
           row->per_second[0], row->per_second[1], row->n_batch);
    fflush(stdout);
}

static void measure_engine(const struct static_plan *plan, const struct asked *asked,
                           const char *name, struct table *table)
{
    const char *variant;
    const struct engine_ops *ops = engine_named(name, &variant);
    if (ops == NULL) {
        printf("\n%s: not on this machine\n", name);
        return;
    }
    uint64_t before = resident_bytes();
    double load = load_average(), start = wall_seconds(), cpu = cpu_seconds();
    void *engine = ops->build(plan->base, variant);
    double took = wall_seconds() - start, took_cpu = cpu_seconds() - cpu, n = (double)plan->base.n;
    printf(
        "\n%s: built in %.2f s (CPU %.2f s, %.2f M/s), %.1f bytes resident a print, load %.1f\n\n"
        "| engine | radius | recall | wrong, doubled or missing | median us | p99 us | p99 / "
        "median "
        "| median / floor | batch q/s, 1 thread | 2 threads | batch |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|\n",
        ops->about(engine), took, took_cpu, n / took * 1e-6,
        ((double)resident_bytes() - (double)before) / n, load);
    for (size_t i = 0; i < plan->n_radii; i++) {
        struct row *row = &table->p[table->n++];
        *row = (struct row){.ops = ops, .radius = plan->radii[i], .recall = 1};
        snprintf(row->about, sizeof row->about, "%s", ops->about(engine));
        measure_single(plan, &asked[i], engine, row);
        measure_batch(plan, &asked[i], engine, row);
        print_row(row, plan->base.n);
    }
    ops->free(engine);
}

/* Everything against the first engine of the plan. */
static void print_ratios(const struct static_plan *plan, const struct table *table)
{
    printf("\n| radius | engine | its median / ours | batch, ours / its, 1 thread | 2 threads |\n"
           "|---|---|---|---|---|\n");
    for (size_t i = 0; i < plan->n_radii; i++)
        for (size_t k = i + plan->n_radii; k < table->n; k += plan->n_radii) {
            const struct row *ours = &table->p[i], *other = &table->p[k];
            printf("| %u | %s | %.2f | %.2f | %.2f |\n", ours->radius, other->about,
                   other->median_us / ours->median_us, ours->per_second[0] / other->per_second[0],
                   ours->per_second[1] / other->per_second[1]);
        }
}

size_t static_run(const struct static_plan *plan)
{
    struct table table = {must_alloc(MAX_RADII * MAX_ENGINES, sizeof *table.p), 0};
    struct memory_speed speed = memory_speed();
    size_t n_bad = 0;
    printf("\n### %zu prints, %s; memory now: %.1f ns a random line, %.1f GB/s in order\n",
           plan->base.n, plan->data_name, speed.line_ns, speed.stream_bytes_per_s * 1e-9);
    struct asked *asked = ask(plan);
    for (size_t i = 0; i < plan->n_engines; i++)
        measure_engine(plan, asked, plan->engines[i], &table);
    print_ratios(plan, &table);
    for (size_t i = 0; i < table.n; i++)
        n_bad += table.p[i].n_bad;
    printf("\n%zu answers wrong, doubled or missing\n", n_bad);
    for (size_t i = 0; i < plan->n_radii; i++) {
        queries_fini(&asked[i].queries);
        found_fini(&asked[i].truth);
    }
    free(asked);
    free(table.p);
    return n_bad;
}
