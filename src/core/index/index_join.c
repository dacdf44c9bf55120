/* All pairs of an index: those inside each segment, and for every two segments those between them,
 * with the rows of the smaller as a batch of queries. The memtable takes part as a segment made of
 * a copy.
 *
 * What is found for a query is bounded: one that is near many rows (thousands registered the same
 * picture) is compared with all rows again, a stretch of them at a time. */
#include "index_inside.h"

#include "base/err.h"
#include "segment_batch.h"

#include <string.h>

enum {
    GROUP = SEGMENT_BATCH_QUERIES, /* rows that are queries together */
    MANY = 16,                     /* more hits than this are fetched a stretch at a time */
    STRETCH = 8192,                /* rows; a multiple of 64, as one word of `gone` has 64 */
    PAIRS_AT_ONCE = 1024,
};

struct join {
    const struct lk_index *index;
    unsigned radius_bits;
    lk_on_pairs *on_pairs;
    void *ctx;
    struct lk_error *err;
    /* The queries, and what is found for each. */
    struct lk_print queries[GROUP];
    uint64_t labels[GROUP];
    struct hits hits[GROUP];
    size_t n_queries;
    struct lk_hit stretch[STRETCH];
    /* On their way out. */
    struct lk_pair pairs[PAIRS_AT_ONCE];
    size_t n_pairs;
};

static enum lk_status hand_out(struct join *j)
{
    size_t n = j->n_pairs;
    j->n_pairs = 0;
    return n > 0 ? j->on_pairs(j->ctx, j->pairs, n, j->err) : LK_OK;
}

static enum lk_status put(struct join *j, uint64_t a, uint64_t b, unsigned dist_bits)
{
    j->pairs[j->n_pairs++] = (struct lk_pair){a < b ? a : b, a < b ? b : a, (uint16_t)dist_bits};
    return j->n_pairs == PAIRS_AT_ONCE ? hand_out(j) : LK_OK;
}

struct inside {
    struct join *join;
    const struct segment *s;
};

static enum lk_status on_rows(void *ctx, const struct segment_pair *pairs, size_t n,
                              struct lk_error *err)
{
    (void)err; /* the same as in join */
    const struct inside *inside = ctx;
    for (size_t i = 0; i < n; i++) {
        struct lk_print print;
        uint64_t a, b;
        if (segment_row(inside->s, pairs[i].row_a, &print, &a) &&
            segment_row(inside->s, pairs[i].row_b, &print, &b))
            TRY(put(inside->join, a, b, pairs[i].dist_bits));
    }
    return LK_OK;
}

/* Reads on from *at, up to GROUP rows; false at the end. */
static bool next_queries(struct join *j, const struct segment *s, uint32_t *at)
{
    j->n_queries = 0;
    for (; *at < s->n_rows && j->n_queries < GROUP; ++*at)
        if (segment_row(s, *at, &j->queries[j->n_queries], &j->labels[j->n_queries]))
            j->n_queries++;
    return j->n_queries > 0;
}

static enum lk_status put_hits(struct join *j, size_t query, const struct hits *h)
{
    for (size_t i = 0; i < h->n; i++)
        TRY(put(j, j->labels[query], h->p[i].label, h->p[i].dist_bits));
    return LK_OK;
}

static enum lk_status put_many(struct join *j, size_t query, const struct segment *s)
{
    for (uint32_t base = 0, n; base < s->n_rows; base += n) {
        n = s->n_rows - base < STRETCH ? s->n_rows - base : STRETCH;
        struct segment stretch = {.n_rows = n,
                                  .rows = s->rows + base,
                                  .labels = s->labels + base,
                                  .gone = s->gone + base / 64};
        struct hits h = {.p = j->stretch, .room = STRETCH, .cap = STRETCH};
        segment_search(&stretch, NULL, &j->index->kernels, &j->queries[query], (uint32_t)query,
                       j->radius_bits, &h);
        TRY(put_hits(j, query, &h));
    }
    return LK_OK;
}

static enum lk_status join_group(struct join *j, const struct part *with)
{
    struct segment_batch batch = {.alloc = j->index->alloc,
                                  .queries = j->queries,
                                  .hits = j->hits,
                                  .n = j->n_queries,
                                  .radius_bits = j->radius_bits};
    for (size_t q = 0; q < j->n_queries; q++)
        j->hits[q].n = j->hits[q].n_total = 0;
    bool ok = segment_search_batch(&with->s, &with->tables, &j->index->kernels, &batch);
    for (size_t q = 0; q < j->n_queries; q++)
        ok = ok && !j->hits[q].failed;
    if (!ok)
        return FAIL(j->err, LK_NOMEM, "no memory for the pairs of an index");
    for (size_t q = 0; q < j->n_queries; q++)
        TRY(j->hits[q].n_total > MANY ? put_many(j, q, &with->s) : put_hits(j, q, &j->hits[q]));
    return LK_OK;
}

static enum lk_status join_parts(struct join *j, const struct part *a, const struct part *b)
{
    const struct part *smaller = a->s.n_rows < b->s.n_rows ? a : b;
    for (uint32_t at = 0; next_queries(j, &smaller->s, &at);)
        TRY(join_group(j, smaller == a ? b : a));
    return LK_OK;
}

/* copy: of the memtable, or NULL. */
static enum lk_status join_all(struct join *j, const struct view *view, const struct part *copy)
{
    size_t n = view->n_parts + (copy != NULL);
    for (size_t i = 0; i < n; i++) {
        const struct part *part = i < view->n_parts ? view->parts[i] : copy;
        TRY(segment_join(&part->s, &part->tables, &j->index->kernels, j->index->alloc,
                         j->radius_bits, on_rows, &(struct inside){j, &part->s}, j->err));
        for (size_t k = 0; k < i; k++)
            TRY(join_parts(j, part, view->parts[k]));
    }
    return hand_out(j);
}

static enum lk_status copy_memtable(const struct lk_index *index, const struct memtable *m,
                                    struct part **copy, struct lk_error *err)
{
    uint32_t n = m == NULL ? 0 : atomic_load_explicit(&m->n, memory_order_acquire), at = 0;
    *copy = NULL;
    if (n == 0)
        return LK_OK;
    struct part *part = part_new(index->alloc, n);
    if (part == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the pairs of an index");
    for (uint32_t row = 0; row < n; row++)
        at += memtable_row(m, row, &part->s.rows[at], &part->s.labels[at]);
    part_end_at(part, at);
    if (!part_build(part)) {
        part_free(part);
        return FAIL(err, LK_NOMEM, "no memory for the pairs of an index");
    }
    *copy = part;
    return LK_OK;
}

static struct join *join_new(const struct lk_index *index)
{
    struct join *j = index->alloc->alloc(index->alloc->ctx, sizeof *j);
    if (j == NULL)
        return NULL;
    j->index = index;
    j->n_pairs = 0;
    for (size_t q = 0; q < GROUP; q++)
        j->hits[q] = (struct hits){.cap = MANY, .grows = index->alloc};
    return j;
}

static void join_free(struct join *j)
{
    const struct lk_alloc *alloc = j->index->alloc;
    for (size_t q = 0; q < GROUP; q++)
        hits_fini(&j->hits[q]);
    memset(j->queries, 0, sizeof j->queries);
    alloc->free(alloc->ctx, j, sizeof *j);
}

enum lk_status lk_index_join(const struct lk_index *index, unsigned radius_bits,
                             lk_on_pairs *on_pairs, void *ctx, struct lk_error *err)
{
    if (radius_bits > LK_PRINT_BITS)
        return FAIL(err, LK_INVALID, "radius %u is above %d bits", radius_bits, LK_PRINT_BITS);
    struct join *j = join_new(index);
    if (j == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the pairs of an index");
    j->radius_bits = radius_bits;
    j->on_pairs = on_pairs;
    j->ctx = ctx;
    j->err = err;
    struct part *copy = NULL;
    struct reading r = index_enter(index);
    enum lk_status status = copy_memtable(index, r.view->memtable, &copy, err);
    if (status == LK_OK)
        status = join_all(j, r.view, copy);
    index_leave(index, r);
    part_free(copy);
    join_free(j);
    return status;
}
