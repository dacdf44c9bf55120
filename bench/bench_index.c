/* The index and the bank: what docs/performance.md, section "Index", quotes.
 *
 * usage: bench_index [PRINTS]     default 1000000; CPU time of this thread; best and median of
 * the rounds: where other programs share the machine, the best is nearer to what the code costs. */
#include "bank/bank.h"
#include "core/index/index.h"
#include "core/kernels/cpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RADIUS = 31, BATCH = 1024, N_SINGLE = 201, N_BATCH = 9 };

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = (*state += 0x9e3779b97f4a7c15u);
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct rounds {
    double best, median; /* seconds */
};

static struct rounds rounds_of(double *p, size_t n)
{
    qsort(p, n, sizeof *p, by_size);
    return (struct rounds){p[0], p[n / 2]};
}

static void must(enum lk_status status, const struct lk_error *err)
{
    if (status != LK_OK) {
        fprintf(stderr, "bench_index: %s\n", err->text);
        exit(1);
    }
}

/* The plain loop over an array of prints that everything is compared with. */
static size_t plain_scan(const struct lk_print *prints, size_t n, const struct lk_print *query)
{
    size_t n_found = 0;
    for (size_t i = 0; i < n; i++) {
        int dist = 0;
        for (int w = 0; w < 4; w++)
            dist += __builtin_popcountll(prints[i].w[w] ^ query->w[w]);
        n_found += dist <= RADIUS;
    }
    return n_found;
}

static enum lk_status count(void *ctx, size_t query, const struct lk_hit *hits, size_t n_hits,
                            size_t n_total, struct lk_error *err)
{
    (void)query;
    (void)hits;
    (void)n_hits;
    (void)err;
    *(size_t *)ctx += n_total;
    return LK_OK;
}

struct input {
    struct lk_print *prints;
    uint64_t *labels;
    size_t n;
    struct lk_print queries[BATCH]; /* half of them near a print, half near none */
};

static void print_row(const char *name, struct rounds single, struct rounds batch, size_t n)
{
    printf("| %s | %.2f | %.2f | %.1f | %.1f | %.2f |\n", name, single.best * 1e3,
           single.median * 1e3, batch.best / BATCH * 1e6, batch.median / BATCH * 1e6,
           (double)n * BATCH / batch.best * 1e-9);
    fflush(stdout);
}

static void bench_plain(const struct input *in)
{
    double took[5];
    size_t n_found = 0;
    for (int i = 0; i < 5; i++) {
        double start = cpu_seconds();
        n_found += plain_scan(in->prints, in->n, &in->queries[i]);
        took[i] = cpu_seconds() - start;
    }
    struct rounds one = rounds_of(took, 5);
    struct rounds all = {one.best * BATCH, one.median * BATCH};
    print_row(n_found > in->n ? "?" : "plain loop", one, all, in->n);
}

static void bench_level(const struct input *in, unsigned level)
{
    struct lk_error err;
    struct lk_index *index;
    must(index_new_masked(lk_alloc_heap(), LK_WHOLE, CPU_BIT(level), &index, &err), &err);
    must(lk_index_insert(index, in->prints, in->labels, in->n, &err), &err);
    double single[N_SINGLE], batch[N_BATCH];
    int n_single = level == CPU_SCALAR ? 5 : N_SINGLE, n_batch = level < CPU_AVX2 ? 1 : N_BATCH;
    struct lk_hit hits[64];
    size_t n_hits, n_found = 0;
    for (int i = 0; i < n_single; i++) {
        double start = cpu_seconds();
        must(lk_index_search(index, &in->queries[i], RADIUS, hits, 64, &n_hits, NULL, &err), &err);
        single[i] = cpu_seconds() - start;
    }
    for (int i = 0; i < n_batch; i++) {
        double start = cpu_seconds();
        must(lk_index_search_batch(index, in->queries, BATCH, RADIUS, 64, count, &n_found, &err),
             &err);
        batch[i] = cpu_seconds() - start;
    }
    if (n_found != (size_t)n_batch * BATCH / 2)
        fprintf(stderr, "bench_index: %zu found, %d planted\n", n_found, n_batch * BATCH / 2);
    print_row(lk_index_stats(index).kernel, rounds_of(single, (size_t)n_single),
              rounds_of(batch, (size_t)n_batch), in->n);
    lk_index_free(index);
}

static void bench_bank(const struct input *in)
{
    struct lk_error err;
    struct bank *bank;
    must(bank_new(lk_alloc_heap(), &bank, &err), &err);
    double start = cpu_seconds();
    for (size_t i = 0; i < in->n; i++) {
        struct lk_record record = {.print = in->prints[i],
                                   .frame = {128, 128, 255, 0},
                                   .kind = LK_WHOLE,
                                   .front_end = LK_FULLRES,
                                   .quality = 90};
        struct bank_entry entry = {
            .tier = LK_TIER_SELF,
            .sequence = {.medium = LK_IMAGE, .records = &record, .n_records = 1}};
        memcpy(entry.id, &in->labels[i], sizeof in->labels[i]);
        must(bank_add(bank, &entry, 1, &err), &err);
    }
    double loaded = cpu_seconds() - start, took[N_SINGLE];
    printf("\nbank of %zu entries of one print: added in %.2f s, %.1f bytes an entry\n", in->n,
           loaded, (double)bank_stats(bank).n_bytes / (double)in->n);
    for (int i = 0; i < N_SINGLE; i++) {
        struct lk_record record = {
            .print = in->queries[i], .kind = LK_WHOLE, .front_end = LK_FULLRES, .quality = 90};
        struct lk_sequence query = {.medium = LK_IMAGE, .records = &record, .n_records = 1};
        struct bank_matches matches;
        start = cpu_seconds();
        must(bank_match(bank, &query, 1, lk_alloc_heap(), &matches, &err), &err);
        took[i] = cpu_seconds() - start;
        bank_matches_free(lk_alloc_heap(), &matches);
    }
    struct rounds match = rounds_of(took, N_SINGLE);
    printf("bank_match of one image: best %.2f ms, median %.2f ms\n", match.best * 1e3,
           match.median * 1e3);
    start = cpu_seconds();
    for (size_t i = 0; i < in->n; i += 10) {
        uint8_t id[BANK_ID_BYTES] = {0};
        memcpy(id, &in->labels[i], sizeof in->labels[i]);
        must(bank_remove(bank, id, &err), &err);
    }
    printf("bank_remove: %.2f us\n", (cpu_seconds() - start) / (double)(in->n / 10) * 1e6);
    bank_free(bank);
}

int main(int argc, char **argv)
{
    static struct input in;
    in.n = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    in.prints = malloc(in.n * sizeof *in.prints);
    in.labels = malloc(in.n * sizeof *in.labels);
    if (in.n < BATCH || in.prints == NULL || in.labels == NULL)
        return 1;
    uint64_t state = 1;
    for (size_t i = 0; i < in.n; i++) {
        for (int w = 0; w < 4; w++)
            in.prints[i].w[w] = next_random(&state);
        in.labels[i] = i;
    }
    for (size_t q = 0; q < BATCH; q++) {
        for (int w = 0; w < 4; w++)
            in.queries[q].w[w] = next_random(&state);
        if (q % 2 == 0) {
            in.queries[q] = in.prints[next_random(&state) % in.n];
            for (unsigned i = 0; i < q % 32; i++)
                in.queries[q].w[i % 4] ^= (uint64_t)1 << (i * 2);
        }
    }
    printf("%zu prints, radius %d, CPU time of one thread\n\n", in.n, RADIUS);
    printf("| kernel | one query, best, ms | median | batch of %d, best, us a query | median "
           "| G pairs/s |\n| --- | --- | --- | --- | --- | --- |\n",
           BATCH);
    bench_plain(&in);
    for (unsigned level = 0; level < CPU_N_LEVELS; level++)
        if (cpu_mask() & CPU_BIT(level) && level != CPU_AVX512)
            bench_level(&in, level);
    bench_bank(&in);
    free(in.prints);
    free(in.labels);
    return 0;
}
