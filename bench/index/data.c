/* Prints, queries and the truth. */
#include "data.h"
#include "measure.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#define WITH_POPCNT __attribute__((target("popcnt")))
#else
#define WITH_POPCNT
#endif

struct prints prints_uniform(size_t n, uint64_t seed)
{
    struct prints prints = {must_alloc(n, sizeof *prints.p), n};
    for (size_t i = 0; i < n; i++)
        for (int w = 0; w < 4; w++)
            prints.p[i].w[w] = random_next(&seed);
    return prints;
}

struct prints prints_load(const char *path, size_t n_max)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0)
        die("cannot open '%s'", path);
    size_t n = (size_t)about.st_size / LK_PRINT_BYTES;
    if (n > n_max)
        n = n_max;
    struct prints prints = {must_alloc(n, sizeof *prints.p), n};
    for (size_t at = 0; at < n * LK_PRINT_BYTES;) {
        ssize_t got = read(fd, (char *)prints.p + at, n * LK_PRINT_BYTES - at);
        if (got <= 0)
            die("cannot read '%s'", path);
        at += (size_t)got;
    }
    close(fd);
    return prints;
}

void prints_fini(struct prints *prints)
{
    free(prints->p);
    *prints = (struct prints){0};
}

static void turn_over(struct lk_print *print, unsigned n_bits, uint64_t *state)
{
    struct lk_print turned = {{0}};
    while (n_bits > 0) {
        unsigned bit = random_next(state) % LK_PRINT_BITS;
        uint64_t mask = (uint64_t)1 << bit % 64;
        if (turned.w[bit / 64] & mask)
            continue;
        turned.w[bit / 64] |= mask;
        print->w[bit / 64] ^= mask;
        n_bits--;
    }
}

struct queries queries_new(struct prints base, struct prints held, size_t n, unsigned low,
                           unsigned high, uint64_t seed)
{
    struct queries q = {must_alloc(n, sizeof *q.p), must_alloc(n, sizeof *q.row),
                        must_alloc(n, sizeof *q.dist), n};
    if (held.n < n / 2)
        die("%zu prints held out are too few for %zu queries", held.n, n);
    for (size_t i = 0; i < n; i++) {
        q.row[i] = NO_ROW;
        if (i % 2) {
            q.p[i] = held.p[i / 2];
            continue;
        }
        q.row[i] = (uint32_t)(random_next(&seed) % base.n);
        q.dist[i] = (uint16_t)(low + random_next(&seed) % (high - low + 1));
        q.p[i] = base.p[q.row[i]];
        turn_over(&q.p[i], q.dist[i], &seed);
    }
    return q;
}

void queries_fini(struct queries *queries)
{
    free(queries->p);
    free(queries->row);
    free(queries->dist);
    *queries = (struct queries){0};
}

void found_put(struct found_list *list, uint32_t query, uint32_t row, uint32_t dist_bits)
{
    if (list->n == list->room) {
        list->room = list->room ? 2 * list->room : 4096;
        list->p = realloc(list->p, list->room * sizeof *list->p);
        if (list->p == NULL)
            die("no memory for %zu answers", list->room);
    }
    list->p[list->n++] = (struct found){query, row, dist_bits};
}

void found_append(struct found_list *list, const struct found_list *more)
{
    for (size_t i = 0; i < more->n; i++)
        found_put(list, more->p[i].query, more->p[i].row, more->p[i].dist_bits);
}

void found_fini(struct found_list *list)
{
    free(list->p);
    *list = (struct found_list){0};
}

WITH_POPCNT static unsigned distance(const struct lk_print *a, const struct lk_print *b)
{
    unsigned dist = 0;
    for (int w = 0; w < 4; w++)
        dist += (unsigned)__builtin_popcountll(a->w[w] ^ b->w[w]);
    return dist;
}

struct truth_job {
    struct prints base;
    const struct lk_print *queries;
    uint32_t from, to; /* of the queries */
    unsigned radius;
    struct found_list found;
};

/* A block of rows stays in the cache while all queries pass over it. Half of the bits decide for
 * nearly every pair. */
WITH_POPCNT static void *truth_run(void *ctx)
{
    enum { BLOCK = 512 };
    struct truth_job *job = ctx;
    for (size_t row = 0; row < job->base.n; row += BLOCK) {
        size_t end = row + BLOCK < job->base.n ? row + BLOCK : job->base.n;
        for (uint32_t q = job->from; q < job->to; q++) {
            const struct lk_print *query = &job->queries[q];
            for (size_t i = row; i < end; i++) {
                const struct lk_print *p = &job->base.p[i];
                unsigned half = (unsigned)__builtin_popcountll(p->w[0] ^ query->w[0]) +
                                (unsigned)__builtin_popcountll(p->w[1] ^ query->w[1]);
                if (half > job->radius)
                    continue;
                unsigned dist = distance(p, query);
                if (dist <= job->radius)
                    found_put(&job->found, q, (uint32_t)i, dist);
            }
        }
    }
    return NULL;
}

struct found_list truth_of(struct prints base, const struct queries *queries, size_t n_queries,
                           unsigned radius_bits)
{
    struct truth_job job[2] = {0};
    pthread_t thread[2];
    for (uint32_t t = 0; t < 2; t++) {
        job[t] = (struct truth_job){.base = base,
                                    .queries = queries->p,
                                    .from = (uint32_t)(n_queries * t / 2),
                                    .to = (uint32_t)(n_queries * (t + 1) / 2),
                                    .radius = radius_bits};
        if (pthread_create(&thread[t], NULL, truth_run, &job[t]) != 0)
            die("cannot start a thread");
    }
    for (int t = 0; t < 2; t++)
        pthread_join(thread[t], NULL);
    found_append(&job[0].found, &job[1].found);
    found_fini(&job[1].found);
    return job[0].found;
}

static int by_query_and_row(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->query != y->query)
        return x->query < y->query ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool is_among(const struct found_list *sorted, uint32_t query, uint32_t row)
{
    struct found wanted = {.query = query, .row = row};
    return sorted->n > 0 &&
           bsearch(&wanted, sorted->p, sorted->n, sizeof *sorted->p, by_query_and_row) != NULL;
}

struct verdict answers_check(struct prints base, const struct queries *queries, size_t n_asked,
                             unsigned radius_bits, struct found_list *answers,
                             const struct found_list *truth, size_t n_truth)
{
    struct verdict v = {.n_answers = answers->n};
    if (answers->n > 0)
        qsort(answers->p, answers->n, sizeof *answers->p, by_query_and_row);
    for (size_t i = 0; i < answers->n; i++) {
        const struct found *a = &answers->p[i];
        v.doubled += i > 0 && by_query_and_row(a, a - 1) == 0;
        v.wrong += a->query >= n_asked || a->row >= base.n || a->dist_bits > radius_bits ||
                   distance(&queries->p[a->query], &base.p[a->row]) != a->dist_bits;
    }
    for (size_t i = 0; i < truth->n && n_asked > 0; i++) {
        if (truth->p[i].query >= n_asked)
            continue;
        v.wanted++;
        v.missing += !is_among(answers, truth->p[i].query, truth->p[i].row);
    }
    for (size_t q = n_truth; q < n_asked; q++) {
        if (queries->row[q] == NO_ROW || queries->dist[q] > radius_bits)
            continue;
        v.wanted++;
        v.missing += !is_among(answers, (uint32_t)q, queries->row[q]);
    }
    return v;
}
