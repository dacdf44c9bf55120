/* Brute force: every query is compared with every row, block by block; core/kernels/hamming.h does
 * the comparing. In a batch each block is read once for all queries of a group, so that it comes
 * from the first cache; the first 128 bits decide nearly always (research by Norouzi et al. and
 * others starts where this gets too slow: some ten million prints). */
#include "index.h"

#include "base/err.h"
#include "config.h"
#include "core/kernels/cpu.h"
#include "core/kernels/hamming.h"
#include "hits.h"
#include "rows.h"

#include <string.h>

struct lk_index {
    const struct lk_alloc *alloc;
    const struct index_config *config;
    hamming_scan *scan;
    const char *kernel;
    struct rows rows;
};

/* Queries that pass over the blocks together. */
enum { GROUP = 256, FIRST_HITS = 16 };

enum lk_status index_new_masked(const struct lk_alloc *alloc, unsigned kind, unsigned mask,
                                struct lk_index **out, struct lk_error *err)
{
    const struct index_config *config = index_config_of(kind);
    if (config == NULL)
        return FAIL(err, LK_INVALID, "kind %u of prints is not known", kind);
    struct lk_index *index = alloc->alloc(alloc->ctx, sizeof *index);
    if (index == NULL)
        return FAIL(err, LK_NOMEM, "no memory for an index");
    *index = (struct lk_index){.alloc = alloc, .config = config};
    index->scan = hamming_select(mask, &index->kernel);
    rows_init(&index->rows, alloc);
    *out = index;
    return LK_OK;
}

enum lk_status lk_index_new(const struct lk_alloc *alloc, unsigned kind, struct lk_index **out,
                            struct lk_error *err)
{
    return index_new_masked(alloc, kind, cpu_mask(), out, err);
}

void lk_index_free(struct lk_index *index)
{
    if (index == NULL)
        return;
    rows_fini(&index->rows);
    index->alloc->free(index->alloc->ctx, index, sizeof *index);
}

enum lk_status lk_index_insert(struct lk_index *index, const struct lk_print *prints,
                               const uint64_t *labels, size_t n, struct lk_error *err)
{
    struct rows *rows = &index->rows;
    size_t had = rows->n;
    if (n >= REFSET_NONE - had)
        return FAIL(err, LK_LIMIT, "an index holds fewer than 2^32 - 1 prints");
    if (!rows_reserve(rows, n))
        return FAIL(err, LK_NOMEM, "no memory for %zu more prints in the index", n);
    for (size_t i = 0; i < n; i++) {
        struct lk_print print = index_in_order(index->config->order, &prints[i]);
        if (rows_find(rows, &print, labels[i]) != REFSET_NONE) {
            while (rows->n > had)
                rows_remove(rows, (uint32_t)rows->n - 1);
            return FAIL(err, LK_CONFLICT, "print %zu is in the index already under its label", i);
        }
        rows_put(rows, &print, labels[i]);
    }
    return LK_OK;
}

enum lk_status lk_index_remove(struct lk_index *index, const struct lk_print *print, uint64_t label,
                               struct lk_error *err)
{
    struct lk_print stored = index_in_order(index->config->order, print);
    uint32_t row = rows_find(&index->rows, &stored, label);
    if (row == REFSET_NONE)
        return FAIL(err, LK_NOT_FOUND, "the index has no such print under this label");
    rows_remove(&index->rows, row);
    return LK_OK;
}

static enum lk_status check_radius(unsigned radius_bits, struct lk_error *err)
{
    if (radius_bits > LK_PRINT_BITS)
        return FAIL(err, LK_INVALID, "radius %u is above %d bits", radius_bits, LK_PRINT_BITS);
    return LK_OK;
}

static bool make_room(const struct lk_alloc *alloc, struct hits *h)
{
    size_t room = h->room == 0 ? FIRST_HITS : h->room * 2;
    if (room > h->cap)
        room = h->cap;
    void *p = alloc->resize(alloc->ctx, h->p, h->room * sizeof *h->p, room * sizeof *h->p);
    if (p == NULL)
        return false;
    h->p = p;
    h->room = room;
    return true;
}

/* Compares up to four queries with one block; hits[q] is of queries[q]. The numbers of the queries
 * in the batch start at `first`. false when there is no memory. */
static bool search_block(const struct lk_index *index, size_t block, const struct lk_print *queries,
                         size_t n_queries, size_t first, unsigned radius_bits, struct hits *hits)
{
    const struct rows_block *b = index->rows.blocks[block];
    size_t base = block * HAMMING_BLOCK_ROWS, n_rows = index->rows.n - base;
    if (n_rows > HAMMING_BLOCK_ROWS)
        n_rows = HAMMING_BLOCK_ROWS;
    hamming_pair pairs[HAMMING_QUERIES * HAMMING_BLOCK_ROWS];
    size_t n = index->scan(&b->prints, n_rows, queries, n_queries, radius_bits, pairs);
    for (size_t i = 0; i < n; i++) {
        size_t q = pairs[i] / HAMMING_BLOCK_ROWS, row = pairs[i] % HAMMING_BLOCK_ROWS;
        struct lk_print print = rows_print(&index->rows, base + row);
        unsigned dist_bits = lk_print_distance(&print, &queries[q]);
        if (dist_bits > radius_bits)
            continue;
        struct lk_hit hit = {b->label[row], (uint32_t)(first + q), (uint16_t)dist_bits};
        if (hits_full(&hits[q]) && !make_room(index->alloc, &hits[q]))
            return false;
        hits_put(&hits[q], &hit);
    }
    return true;
}

static size_t blocks_in_use(const struct lk_index *index)
{
    return (index->rows.n + HAMMING_BLOCK_ROWS - 1) / HAMMING_BLOCK_ROWS;
}

enum lk_status lk_index_search(const struct lk_index *index, const struct lk_print *query,
                               unsigned radius_bits, struct lk_hit *hits, size_t cap,
                               size_t *n_hits, size_t *n_total, struct lk_error *err)
{
    TRY(check_radius(radius_bits, err));
    struct lk_print stored = index_in_order(index->config->order, query);
    struct hits found = {.p = hits, .room = cap, .cap = cap};
    for (size_t block = 0; block < blocks_in_use(index); block++)
        if (!search_block(index, block, &stored, 1, 0, radius_bits, &found))
            return FAIL(err, LK_INTERNAL, "a search within given room asked for memory");
    hits_sort(&found);
    *n_hits = found.n;
    if (n_total != NULL)
        *n_total = found.n_total;
    return LK_OK;
}

/* Scratch of a batch. */
struct group {
    struct lk_print queries[GROUP];
    struct hits hits[GROUP];
    size_t first, n;
};

static bool search_group(const struct lk_index *index, struct group *g, unsigned radius_bits)
{
    for (size_t block = 0; block < blocks_in_use(index); block++)
        for (size_t q = 0; q < g->n; q += HAMMING_QUERIES) {
            size_t n = g->n - q < HAMMING_QUERIES ? g->n - q : HAMMING_QUERIES;
            if (!search_block(index, block, &g->queries[q], n, g->first + q, radius_bits,
                              &g->hits[q]))
                return false;
        }
    return true;
}

static enum lk_status hand_out(struct group *g, lk_on_hits *on_hits, void *ctx,
                               struct lk_error *err)
{
    for (size_t q = 0; q < g->n; q++) {
        struct hits *h = &g->hits[q];
        if (h->n_total == 0)
            continue;
        hits_sort(h);
        TRY(on_hits(ctx, g->first + q, h->p, h->n, h->n_total, err));
    }
    return LK_OK;
}

static enum lk_status search_groups(const struct lk_index *index, struct group *g,
                                    const struct lk_print *queries, size_t n, unsigned radius_bits,
                                    lk_on_hits *on_hits, void *ctx, struct lk_error *err)
{
    for (g->first = 0; g->first < n; g->first += g->n) {
        g->n = n - g->first < GROUP ? n - g->first : GROUP;
        for (size_t q = 0; q < g->n; q++) {
            g->queries[q] = index_in_order(index->config->order, &queries[g->first + q]);
            g->hits[q].n = g->hits[q].n_total = 0;
        }
        if (!search_group(index, g, radius_bits))
            return FAIL(err, LK_NOMEM, "no memory for the hits of a batch");
        TRY(hand_out(g, on_hits, ctx, err));
    }
    return LK_OK;
}

enum lk_status lk_index_search_batch(const struct lk_index *index, const struct lk_print *queries,
                                     size_t n, unsigned radius_bits, size_t cap,
                                     lk_on_hits *on_hits, void *ctx, struct lk_error *err)
{
    TRY(check_radius(radius_bits, err));
    if (cap == 0 || n > UINT32_MAX)
        return FAIL(err, LK_INVALID, "a batch needs a cap above 0 and fewer than 2^32 queries");
    const struct lk_alloc *alloc = index->alloc;
    struct group *g = alloc->alloc(alloc->ctx, sizeof *g);
    if (g == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a batch of queries");
    memset(g, 0, sizeof *g);
    for (size_t q = 0; q < GROUP; q++)
        g->hits[q].cap = cap;
    enum lk_status status = search_groups(index, g, queries, n, radius_bits, on_hits, ctx, err);
    for (size_t q = 0; q < GROUP; q++)
        alloc->free(alloc->ctx, g->hits[q].p, g->hits[q].room * sizeof(struct lk_hit));
    alloc->free(alloc->ctx, g, sizeof *g);
    return status;
}

struct lk_index_stats lk_index_stats(const struct lk_index *index)
{
    return (struct lk_index_stats){.n_prints = index->rows.n,
                                   .n_bytes = sizeof *index + rows_bytes(&index->rows),
                                   .structure = index->config->structure,
                                   .kernel = index->kernel};
}
