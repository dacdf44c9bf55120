/* Loading; queries while nothing changes; queries while a writer inserts at a steady pace and
 * merges go on; removing. */
#include "live.h"
#include "measure.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct run {
    const struct live_plan *plan;
    pthread_t merger;
    atomic_bool is_merging, is_over;
    atomic_size_t n_in; /* prints of `extra` whose insertion has returned */
    double busy;        /* seconds the writer spent inserting */
    size_t n_bad;
};

static bool holds(const struct found_list *found, size_t number)
{
    for (size_t i = 0; i < found->n; i++)
        if (found->p[i].row == number)
            return true;
    return false;
}

static void *merge_on(void *ctx)
{
    struct run *run = ctx;
    while (atomic_load(&run->is_merging))
        if (!run->plan->ops->merge(run->plan->live))
            usleep(500);
    return NULL;
}

static void merger_start(struct run *run)
{
    atomic_store(&run->is_merging, true);
    if (run->plan->ops->merge != NULL && pthread_create(&run->merger, NULL, merge_on, run) != 0)
        die("cannot start a thread");
}

static void merger_stop(struct run *run)
{
    atomic_store(&run->is_merging, false);
    if (run->plan->ops->merge != NULL)
        pthread_join(run->merger, NULL);
}

static void load(struct run *run)
{
    const struct live_plan *plan = run->plan;
    struct samples batches = {0};
    merger_start(run);
    double start = wall_seconds(), cpu = cpu_seconds();
    for (size_t i = 0; i < plan->base.n; i += LIVE_BATCH) {
        size_t n = plan->base.n - i < LIVE_BATCH ? plan->base.n - i : LIVE_BATCH;
        double begun = wall_seconds();
        plan->ops->insert(plan->live, plan->base.p + i, i, n);
        samples_put(&batches, wall_seconds() - begun);
    }
    double took = wall_seconds() - start, n = (double)plan->base.n;
    merger_stop(run);
    plan->ops->settle(plan->live);
    double settled = wall_seconds() - start - took;
    printf("| inserts a second, batches of %d | %.0f (CPU %.2f us each) |\n"
           "| a batch: median, 99 %%, slowest, ms | %.2f, %.2f, %.1f |\n"
           "| until all is merged, s more | %.1f |\n"
           "| bytes a print held after loading | %.1f |\n",
           LIVE_BATCH, n / took, (cpu_seconds() - cpu) / n * 1e6, samples_at(&batches, 0.5) * 1e3,
           samples_at(&batches, 0.99) * 1e3, samples_at(&batches, 1) * 1e3, settled,
           (double)plan->ops->bytes(plan->live) / n);
    samples_fini(&batches);
}

/* Queries for a while: a third planted in what stood there before, a third are what came in last,
 * a third are near nothing. */
static struct samples query(struct run *run, uint64_t seed)
{
    const struct live_plan *plan = run->plan;
    struct samples samples = {0};
    struct found_list found = {0};
    double begun = wall_seconds();
    for (size_t q = 0; wall_seconds() - begun < plan->seconds; q++) {
        size_t n_in = atomic_load(&run->n_in), number = random_next(&seed) % plan->base.n;
        struct lk_print print = plan->base.p[number];
        if (q % 3 == 1 && n_in > 0) {
            number = plan->base.n + n_in - 1;
            print = plan->extra.p[n_in - 1];
        } else if (q % 3 == 2) {
            for (int w = 0; w < 4; w++)
                print.w[w] = random_next(&seed);
        }
        for (unsigned i = 0; i < q % LIVE_RADIUS; i++)
            print.w[i % 4] ^= (uint64_t)1 << (i * 2 + 1);
        found.n = 0;
        double start = wall_seconds();
        plan->ops->search(plan->live, &print, &found);
        samples_put(&samples, wall_seconds() - start);
        run->n_bad += q % 3 != 2 && !holds(&found, number);
    }
    found_fini(&found);
    return samples;
}

static void *writer(void *ctx)
{
    struct run *run = ctx;
    const struct live_plan *plan = run->plan;
    double begun = wall_seconds();
    for (size_t i = 0; i + LIVE_BATCH <= plan->extra.n && !atomic_load(&run->is_over);
         i += LIVE_BATCH) {
        double due = begun + (double)i / plan->per_second, now = wall_seconds();
        if (due > now)
            usleep((useconds_t)((due - now) * 1e6));
        now = wall_seconds();
        plan->ops->insert(plan->live, plan->extra.p + i, plan->base.n + i, LIVE_BATCH);
        run->busy += wall_seconds() - now;
        atomic_store(&run->n_in, i + LIVE_BATCH);
    }
    return NULL;
}

static void query_both(struct run *run)
{
    pthread_t thread;
    struct samples still = query(run, 5);
    double median = samples_at(&still, 0.5), p99 = samples_at(&still, 0.99), begun = wall_seconds();
    merger_start(run);
    if (pthread_create(&thread, NULL, writer, run) != 0)
        die("cannot start a thread");
    struct samples moving = query(run, 6);
    double took = wall_seconds() - begun, n_in = (double)atomic_load(&run->n_in);
    atomic_store(&run->is_over, true);
    pthread_join(thread, NULL);
    merger_stop(run);
    printf("| query standing still: median, 99 %%, us | %.2f, %.2f |\n"
           "| query while inserting: median, 99 %%, 99.9 %%, us | %.2f, %.2f, %.2f |\n"
           "| its 99 %% against standing still | %.2f x |\n"
           "| inserted meanwhile, a second (writer busy) | %.0f (%.0f %%) |\n",
           median * 1e6, p99 * 1e6, samples_at(&moving, 0.5) * 1e6, samples_at(&moving, 0.99) * 1e6,
           samples_at(&moving, 0.999) * 1e6, samples_at(&moving, 0.99) / p99, n_in / took,
           run->busy / took * 100);
    samples_fini(&still);
    samples_fini(&moving);
}

/* Every k-th of the first prints, in batches of ten thousand; a sample of them is looked for. */
static void remove_some(struct run *run)
{
    enum { BATCH = 10000, LOOK_AT = 1000 };
    const struct live_plan *plan = run->plan;
    size_t step = plan->base.n / plan->n_removed, n = 0;
    uint32_t *numbers = must_alloc(plan->n_removed, sizeof *numbers);
    struct found_list found = {0};
    for (; n < plan->n_removed; n++)
        numbers[n] = (uint32_t)(n * step);
    double start = wall_seconds();
    for (size_t i = 0; i < n; i += BATCH)
        plan->ops->remove(plan->live, plan->base.p, numbers + i, n - i < BATCH ? n - i : BATCH);
    double took = wall_seconds() - start;
    for (size_t i = 0; i < n; i += n / LOOK_AT + 1) {
        found.n = 0;
        plan->ops->search(plan->live, &plan->base.p[numbers[i]], &found);
        run->n_bad += holds(&found, numbers[i]);
    }
    printf("| removals a second, %zu in batches of %d | %.0f |\n", n, BATCH, (double)n / took);
    found_fini(&found);
    free(numbers);
}

size_t live_run(const struct live_plan *plan)
{
    struct run run = {.plan = plan};
    printf("\n### %s, %zu prints; load %.1f\n\n| | |\n|---|---|\n", plan->ops->name, plan->base.n,
           load_average());
    load(&run);
    query_both(&run);
    remove_some(&run);
    printf("\n%zu answers wrong\n", run.n_bad);
    fflush(stdout);
    return run.n_bad;
}
