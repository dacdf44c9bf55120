/* Pairs of rows: each table is swept over by itself (core/kernels/sweep.h), so that nothing is
 * sorted and each pair of buckets meets once. A pair is reported by the first part that finds it,
 * which is the same from either side. Where the tables do not pay, blocks of planes are compared
 * with the rows before and in them. */
#include "segment_batch.h"

#include "aligned.h"
#include "base/err.h"
#include "plan.h"
#include "segment_scan.h"

enum { MAX_PAIRS = 4096 };

struct join {
    struct sweep_room room;
    struct hamming_block block;
    hamming_pair near[HAMMING_BLOCK_ROWS * HAMMING_QUERIES];
    struct segment_pair pairs[MAX_PAIRS];
    size_t n;
    struct probe_plan plan;
    struct sweep sweep;
    const struct segment *s;
    segment_on_pairs *on_pairs;
    void *ctx;
    struct lk_error *err;
    enum lk_status status;
};
_Static_assert(sizeof(struct join) <= SEGMENT_BATCH_BYTES, "more scratch than the header says");

static bool flush(struct join *j)
{
    if (j->n > 0 && j->status == LK_OK)
        j->status = j->on_pairs(j->ctx, j->pairs, j->n, j->err);
    j->n = 0;
    return j->status == LK_OK;
}

/* Whatever was read of the rows was read before `gone` is: see segment_erase(). */
static bool put(struct join *j, uint32_t a, uint32_t b, unsigned dist_bits)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (a == b || segment_is_gone(j->s, a) || segment_is_gone(j->s, b))
        return true;
    j->pairs[j->n++] = (struct segment_pair){a < b ? a : b, a < b ? b : a, dist_bits};
    return j->n < MAX_PAIRS || flush(j);
}

static bool on_found(void *ctx, const struct sweep_found *found, size_t n)
{
    struct join *j = ctx;
    const struct segment *s = j->s;
    for (size_t i = 0; i < n; i++)
        if (plan_reports(&j->plan, s->key_bits, j->sweep.part, &s->rows[found[i].row],
                         &s->rows[found[i].of]) &&
            !put(j, found[i].row, found[i].of, found[i].dist_bits))
            return false;
    return true;
}

/* Compares a block with up to four rows, of which the first is `first`: those before them. */
static bool join_block(struct join *j, const struct segment_kernels *kernels, unsigned radius_bits,
                       uint32_t base, size_t n_rows, uint32_t first, size_t n)
{
    const struct lk_print *rows = j->s->rows;
    struct lk_print group[HAMMING_QUERIES];
    for (size_t i = 0; i < n; i++)
        group[i] = rows[first + i];
    size_t n_near = kernels->scan(&j->block, n_rows, group, n, radius_bits, j->near);
    for (size_t i = 0; i < n_near; i++) {
        uint32_t a = base + j->near[i] % HAMMING_BLOCK_ROWS;
        uint32_t b = first + j->near[i] / HAMMING_BLOCK_ROWS;
        unsigned dist_bits = lk_print_distance(&rows[a], &rows[b]);
        if (a < b && dist_bits <= radius_bits && !put(j, a, b, dist_bits))
            return false;
    }
    return true;
}

static void join_by_scanning(struct join *j, const struct segment_kernels *kernels,
                             unsigned radius_bits)
{
    uint32_t n_all = j->s->n_rows;
    for (uint32_t base = 0, n_rows; base < n_all; base += n_rows) {
        n_rows = n_all - base < HAMMING_BLOCK_ROWS ? n_all - base : HAMMING_BLOCK_ROWS;
        segment_planes(j->s, base, n_rows, &j->block);
        for (uint32_t first = base, n; first < n_all; first += n) {
            n = n_all - first < HAMMING_QUERIES ? n_all - first : HAMMING_QUERIES;
            if (!join_block(j, kernels, radius_bits, base, n_rows, first, n))
                return;
        }
    }
}

static void join_by_tables(struct join *j, const struct probe_tables *tables,
                           const struct segment_kernels *kernels)
{
    j->sweep = (struct sweep){
        .tables = tables, .plan = &j->plan, .room = &j->room, .sink = on_found, .ctx = j};
    for (unsigned part = 0; part < PROBE_PARTS && j->status == LK_OK; part++) {
        j->sweep.part = part;
        if (j->plan.flips[part] >= 0)
            kernels->sweep->itself(&j->sweep);
    }
}

enum lk_status segment_join(const struct segment *s, const struct probe_tables *tables,
                            const struct segment_kernels *kernels, const struct lk_alloc *alloc,
                            unsigned radius_bits, segment_on_pairs *on_pairs, void *ctx,
                            struct lk_error *err)
{
    struct join *j = aligned_take(alloc, sizeof *j);
    if (j == NULL)
        return FAIL(err, LK_NOMEM, "no memory for pairing the prints of a segment");
    j->n = 0;
    j->s = s;
    j->on_pairs = on_pairs;
    j->ctx = ctx;
    j->err = err;
    j->status = LK_OK;
    if (plan_of(&j->plan, radius_bits, s->key_bits, false) &&
        plan_pays_beside(&j->plan, s->key_bits, s->n_rows, s->n_rows / 2))
        join_by_tables(j, tables, kernels);
    else
        join_by_scanning(j, kernels, radius_bits);
    (void)flush(j);
    enum lk_status status = j->status;
    aligned_put(alloc, j, sizeof *j);
    return status;
}
