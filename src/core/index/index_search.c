/* Searching a view: the memtable is scanned, the segments are looked up, and all hits of a query go
 * into one heap. A batch goes through the sources in groups of queries, so that each source is
 * walked once for many of them. */
#include "index_inside.h"

#include "base/err.h"
#include "segment_batch.h"

enum { GROUP = SEGMENT_BATCH_QUERIES, ROWS_AT_ONCE = 512 };

/* What a search is to find. */
struct wish {
    unsigned radius_bits;
    bool lean;
};

static enum lk_status check_radius(unsigned radius_bits, struct lk_error *err)
{
    if (radius_bits > LK_PRINT_BITS)
        return FAIL(err, LK_INVALID, "radius %u is above %d bits", radius_bits, LK_PRINT_BITS);
    return LK_OK;
}

static enum lk_status search_one(const struct lk_index *index, const struct lk_print *query,
                                 struct wish wish, struct hits *found, struct lk_error *err)
{
    TRY(check_radius(wish.radius_bits, err));
    struct lk_print row = index_in_order(index->config->order, query);
    struct reading r = index_enter(index);
    if (r.view->memtable != NULL)
        memtable_search(r.view->memtable, index->kernels.scan, &row, 1, 0, wish.radius_bits, found);
    for (size_t i = 0; i < r.view->n_parts; i++)
        (wish.lean ? segment_search_lean
                   : segment_search)(&r.view->parts[i]->s, &r.view->parts[i]->tables,
                                     &index->kernels, &row, 0, wish.radius_bits, found);
    index_leave(index, r);
    hits_sort(found);
    return LK_OK;
}

static void tell(const struct hits *found, size_t *n_hits, size_t *n_total)
{
    *n_hits = found->n;
    if (n_total != NULL)
        *n_total = found->n_total;
}

enum lk_status lk_index_search(const struct lk_index *index, const struct lk_print *query,
                               unsigned radius_bits, struct lk_hit *hits, size_t cap,
                               size_t *n_hits, size_t *n_total, struct lk_error *err)
{
    struct hits found = {.p = hits, .room = cap, .cap = cap};
    TRY(search_one(index, query, (struct wish){radius_bits, false}, &found, err));
    tell(&found, n_hits, n_total);
    return LK_OK;
}

enum lk_status lk_index_search_lean(const struct lk_index *index, const struct lk_print *query,
                                    unsigned radius_bits, struct lk_hit *hits, size_t cap,
                                    size_t *n_hits, size_t *n_total, struct lk_error *err)
{
    struct hits found = {.p = hits, .room = cap, .cap = cap};
    TRY(search_one(index, query, (struct wish){radius_bits, true}, &found, err));
    tell(&found, n_hits, n_total);
    return LK_OK;
}

/* Queries that go through the sources together, and their hits. */
struct group {
    const struct lk_alloc *alloc;
    struct lk_print *queries; /* in the order of the index */
    struct hits *hits;
    size_t room, n;
    struct wish wish;
};

static void group_fini(struct group *g)
{
    for (size_t i = 0; g->hits != NULL && i < g->room; i++)
        hits_fini(&g->hits[i]);
    if (g->queries != NULL)
        g->alloc->free(g->alloc->ctx, g->queries, g->room * sizeof *g->queries);
    if (g->hits != NULL)
        g->alloc->free(g->alloc->ctx, g->hits, g->room * sizeof *g->hits);
}

static bool group_init(struct group *g, const struct lk_alloc *alloc, size_t room, size_t cap,
                       struct wish wish)
{
    *g = (struct group){.alloc = alloc, .room = room, .wish = wish};
    g->queries = alloc->alloc(alloc->ctx, room * sizeof *g->queries);
    g->hits = alloc->alloc(alloc->ctx, room * sizeof *g->hits);
    for (size_t i = 0; g->hits != NULL && i < room; i++)
        g->hits[i] = (struct hits){.cap = cap, .grows = alloc};
    if (g->queries != NULL && g->hits != NULL)
        return true;
    group_fini(g);
    return false;
}

static void search_memtable(const struct memtable *m, hamming_scan *scan, struct group *g)
{
    for (size_t q = 0; q < g->n; q += HAMMING_QUERIES) {
        size_t n = g->n - q < HAMMING_QUERIES ? g->n - q : HAMMING_QUERIES;
        memtable_search(m, scan, &g->queries[q], n, (uint32_t)q, g->wish.radius_bits, &g->hits[q]);
    }
}

static bool group_search(const struct lk_index *index, struct group *g)
{
    struct segment_batch batch = {.alloc = g->alloc,
                                  .queries = g->queries,
                                  .hits = g->hits,
                                  .n = g->n,
                                  .radius_bits = g->wish.radius_bits,
                                  .lean = g->wish.lean};
    bool ok = true;
    struct reading r = index_enter(index);
    if (r.view->memtable != NULL)
        search_memtable(r.view->memtable, index->kernels.scan, g);
    for (size_t i = 0; ok && i < r.view->n_parts; i++)
        ok = segment_search_batch(&r.view->parts[i]->s, &r.view->parts[i]->tables, &index->kernels,
                                  &batch);
    index_leave(index, r);
    for (size_t q = 0; q < g->n; q++)
        ok = ok && !g->hits[q].failed;
    return ok;
}

static enum lk_status hand_out(struct group *g, size_t first, lk_on_hits *on_hits, void *ctx,
                               struct lk_error *err)
{
    for (size_t q = 0; q < g->n; q++) {
        struct hits *h = &g->hits[q];
        if (h->n_total == 0)
            continue;
        hits_sort(h);
        for (size_t i = 0; i < h->n; i++)
            h->p[i].query += (uint32_t)first;
        TRY(on_hits(ctx, first + q, h->p, h->n, h->n_total, err));
    }
    return LK_OK;
}

static enum lk_status search_groups(const struct lk_index *index, struct group *g,
                                    const struct lk_print *queries, size_t n, lk_on_hits *on_hits,
                                    void *ctx, struct lk_error *err)
{
    for (size_t first = 0; first < n; first += g->n) {
        g->n = n - first < g->room ? n - first : g->room;
        for (size_t q = 0; q < g->n; q++) {
            g->queries[q] = index_in_order(index->config->order, &queries[first + q]);
            g->hits[q].n = g->hits[q].n_total = 0;
        }
        if (!group_search(index, g))
            return FAIL(err, LK_NOMEM, "no memory for the hits of a batch");
        TRY(hand_out(g, first, on_hits, ctx, err));
    }
    return LK_OK;
}

static enum lk_status search_many(const struct lk_index *index, const struct lk_print *queries,
                                  size_t n, struct wish wish, size_t cap, lk_on_hits *on_hits,
                                  void *ctx, struct lk_error *err)
{
    TRY(check_radius(wish.radius_bits, err));
    if (cap == 0 || n > UINT32_MAX)
        return FAIL(err, LK_INVALID, "a batch needs a cap above 0 and fewer than 2^32 queries");
    if (n == 0)
        return LK_OK;
    struct group g;
    if (!group_init(&g, index->alloc, n < GROUP ? n : GROUP, cap, wish))
        return FAIL(err, LK_NOMEM, "no memory for a batch of queries");
    enum lk_status status = search_groups(index, &g, queries, n, on_hits, ctx, err);
    group_fini(&g);
    return status;
}

enum lk_status lk_index_search_batch(const struct lk_index *index, const struct lk_print *queries,
                                     size_t n, unsigned radius_bits, size_t cap,
                                     lk_on_hits *on_hits, void *ctx, struct lk_error *err)
{
    return search_many(index, queries, n, (struct wish){radius_bits, false}, cap, on_hits, ctx,
                       err);
}

enum lk_status lk_index_search_batch_lean(const struct lk_index *index,
                                          const struct lk_print *queries, size_t n,
                                          unsigned radius_bits, size_t cap, lk_on_hits *on_hits,
                                          void *ctx, struct lk_error *err)
{
    return search_many(index, queries, n, (struct wish){radius_bits, true}, cap, on_hits, ctx, err);
}

/* Rows of one source on their way out. */
struct rows {
    struct lk_print print[ROWS_AT_ONCE];
    uint64_t label[ROWS_AT_ONCE];
    size_t n;
};

/* Reads on from *at; false at the end. */
static bool next_rows(const struct memtable *m, const struct part *part, uint32_t *at,
                      struct rows *rows)
{
    uint32_t n = m != NULL ? atomic_load_explicit(&m->n, memory_order_acquire) : part->s.n_rows;
    rows->n = 0;
    for (; *at < n && rows->n < ROWS_AT_ONCE; ++*at) {
        struct lk_print *print = &rows->print[rows->n];
        uint64_t *label = &rows->label[rows->n];
        bool in_force = m != NULL ? memtable_row(m, *at, print, label)
                                  : segment_row(&part->s, *at, print, label);
        rows->n += in_force;
    }
    return rows->n > 0;
}

enum lk_status lk_index_each(const struct lk_index *index, lk_on_prints *on_prints, void *ctx,
                             struct lk_error *err)
{
    struct rows rows;
    struct reading r = index_enter(index);
    enum lk_status status = LK_OK;
    for (size_t i = 0; i <= r.view->n_parts && status == LK_OK; i++) {
        const struct part *part = i < r.view->n_parts ? r.view->parts[i] : NULL;
        if (part == NULL && r.view->memtable == NULL)
            break;
        for (uint32_t at = 0; status == LK_OK && next_rows(part != NULL ? NULL : r.view->memtable,
                                                           part, &at, &rows);) {
            for (size_t k = 0; k < rows.n; k++)
                rows.print[k] = index_out_of_order(index->config->order, &rows.print[k]);
            status = on_prints(ctx, rows.print, rows.label, rows.n, err);
        }
    }
    index_leave(index, r);
    return status;
}
