/* bench/bench_store.c - what the registry costs: bulk import, opening a large store, matches that
 * are new, matches that are known, cases opened by many threads at once.
 *
 * usage: bench_store DIR N_ENTRIES */
#include "cases/case.h"
#include "cases/match.h"
#include "sys/rand.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_THREADS = 16, CASES_EACH = 64, N_QUERIES = 1000 };

static void must(enum lk_status status, const struct lk_error *err)
{
    if (status == LK_OK)
        return;
    fprintf(stderr, "bench_store: %s\n", err->text);
    exit(1);
}

static double now_s(void)
{
    return (double)clock_monotonic_ns() / 1e9;
}

/* Processor time: what a busy machine does not change. */
static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

struct item {
    struct lk_record record;
    struct lk_sequence sequence;
};

static void draw_item(struct item *item)
{
    uint64_t half[2];
    rand_bytes(half, sizeof half);
    item->record = (struct lk_record){.print = {{half[0], ~half[0], half[1], ~half[1]}},
                                      .frame = {.x = 128, .y = 128, .size = 255},
                                      .kind = LK_WHOLE,
                                      .front_end = LK_FULLRES,
                                      .quality = 90};
    item->sequence =
        (struct lk_sequence){.medium = LK_IMAGE, .records = &item->record, .n_records = 1};
}

static struct registry *open_registry(const char *path)
{
    struct lk_error err;
    struct registry *r = NULL;
    const struct registry_config config = {
        .store_url = path, .key_create = true, .argon_ops = 1, .argon_bytes = 8192};
    must(registry_open(&config, &r, &err), &err);
    return r;
}

static void import(struct registry *r, size_t n, struct item *items)
{
    struct lk_error err;
    size_t n_done = 0;
    struct lk_sequence *sequences = calloc(n, sizeof *sequences);
    for (size_t i = 0; i < n; i++) {
        draw_item(&items[i]);
        sequences[i] = items[i].sequence;
    }
    double start = now_s(), start_cpu = cpu_s();
    must(registry_import(r, sequences, n, &n_done, &err), &err);
    double cpu = cpu_s() - start_cpu;
    printf("import     %zu entries in %.2f s, %.2f s of processor, %.1f us each\n", n_done,
           now_s() - start, cpu, cpu / (double)n * 1e6);
    free(sequences);
}

static void query(struct registry *r, const struct partner *partner, const struct item *items,
                  const char *what)
{
    struct lk_error err;
    double start = now_s();
    for (size_t i = 0; i < N_QUERIES; i++) {
        struct arena arena;
        struct match_result *results = NULL;
        arena_init(&arena, lk_alloc_heap(), 1 << 20);
        must(match_query(r, partner, &arena, &items[i].sequence, NULL, 1, &results, &err), &err);
        if (results[0].n != 1)
            printf("query %zu: %zu matches\n", i, results[0].n);
        arena_fini(&arena);
    }
    printf("%s %.0f us a query\n", what, (now_s() - start) / N_QUERIES * 1e6);
}

static void *open_cases(void *ctx)
{
    for (int i = 0; i < CASES_EACH; i++) {
        struct lk_error err;
        struct item item;
        struct case_opened opened;
        draw_item(&item);
        const struct case_request request = {.sequences = &item.sequence, .n_sequences = 1};
        must(case_open(ctx, &request, &opened, &err), &err);
    }
    return NULL;
}

static void open_at_once(struct registry *r, int n_threads)
{
    pthread_t threads[N_THREADS];
    struct registry_stats before = registry_stats(r);
    double start = now_s();
    for (int i = 0; i < n_threads; i++)
        if (pthread_create(&threads[i], NULL, open_cases, r) != 0)
            exit(1);
    for (int i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
    struct registry_stats after = registry_stats(r);
    int n = n_threads * CASES_EACH;
    printf("open cases %2d threads: %.0f a second, %.1f a commit\n", n_threads,
           n / (now_s() - start), n / (double)(after.n_commits - before.n_commits));
}

int main(int argc, char **argv)
{
    struct lk_error err;
    struct partner partner;
    char path[4096], key[PARTNER_KEY_CHARS + 1];
    size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    if (n < N_QUERIES) {
        fprintf(stderr, "usage: bench_store DIR N_ENTRIES (%d or more)\n", N_QUERIES);
        return 2;
    }
    snprintf(path, sizeof path, "%s/bench.db", argv[1]);
    struct item *items = calloc(n, sizeof *items);
    struct registry *r = open_registry(path);
    must(partner_add(r, "bench", PARTNER_PLATFORM, key, &partner, &err), &err);
    import(r, n, items);
    registry_close(r);
    double start = now_s(), start_cpu = cpu_s();
    r = open_registry(path);
    printf("open       %.2f s, %.2f s of processor\n", now_s() - start, cpu_s() - start_cpu);
    query(r, &partner, items, "new match ");
    query(r, &partner, items, "known     ");
    open_at_once(r, 1);
    open_at_once(r, N_THREADS);
    registry_close(r);
    free(items);
    return 0;
}
