/* Batches: slices of at most SEGMENT_BATCH_QUERIES sweep over the tables part by part
 * (core/kernels/sweep.h). A query with far more candidates than unrelated prints would give leaves
 * the sweep behind the part it is in, and is scanned for at the end, as a single one is. */
#include "segment_batch.h"

#include "aligned.h"
#include "plan.h"
#include "segment_scan.h"

#include <string.h>

enum { MAX_BLOCKS = 1 << (16 - SWEEP_LOW_BITS), SCAN_GROUP = 512 };

/* Scratch of a slice; one block of memory, the arrays behind it. */
struct slice {
    struct sweep_room room;
    uint32_t block_at[MAX_BLOCKS + 1];
    struct probe_plan plan;
    struct sweep sweep;
    const struct segment *s;
    const struct segment_batch *batch;
    size_t from, n; /* queries of the batch */
    struct sweep_asker *askers;
    uint32_t *n_candidates;
    uint8_t *from_part; /* where a query that left the sweep goes on; 0: it takes part */
};

enum { QUERY_BYTES = sizeof(struct sweep_asker) + sizeof(uint32_t) + sizeof(uint8_t) };
_Static_assert(sizeof(struct slice) + SEGMENT_BATCH_QUERIES * QUERY_BYTES <= SEGMENT_BATCH_BYTES,
               "more scratch than the header says");

static bool on_found(void *ctx, const struct sweep_found *found, size_t n)
{
    struct slice *slice = ctx;
    const struct segment *s = slice->s;
    const struct segment_batch *batch = slice->batch;
    for (size_t i = 0; i < n; i++) {
        size_t q = slice->from + found[i].of;
        if (plan_reports(&slice->plan, s->key_bits, slice->sweep.part, &s->rows[found[i].row],
                         &batch->queries[q]))
            segment_put(s, found[i].row, found[i].dist_bits, batch->first + (uint32_t)q,
                        &batch->hits[q]);
    }
    return true;
}

/* Puts the askers of a part in the order of their blocks. Two walks over the queries: the first
 * counts, so that block_at[i + 1] becomes where block i begins, and, after the second, ends. */
static void sort_askers(struct slice *slice, unsigned part)
{
    const struct lk_print *queries = slice->sweep.queries;
    unsigned key_bits = slice->s->key_bits, n_blocks = 1u << (key_bits - SWEEP_LOW_BITS);
    uint32_t *at = slice->block_at;
    memset(at, 0, sizeof slice->block_at);
    for (size_t q = 0; q < slice->n; q++)
        if (slice->from_part[q] == 0)
            at[probe_key(&queries[q], part, key_bits) / SWEEP_BLOCK + 1]++;
    for (uint32_t block = 0, before = 0; block < n_blocks; block++) {
        uint32_t n = at[block + 1];
        at[block + 1] = before;
        before += n;
    }
    for (size_t q = 0; q < slice->n; q++) {
        if (slice->from_part[q] != 0)
            continue;
        unsigned key = probe_key(&queries[q], part, key_bits);
        slice->askers[at[key / SWEEP_BLOCK + 1]++] = (struct sweep_asker){
            (uint32_t)q, (uint16_t)key, (uint16_t)probe_filter(&queries[q], part, key_bits)};
    }
}

/* More candidates than this, and comparing a query with all rows beside others costs less than the
 * other parts would. */
static uint32_t most_candidates(uint32_t n_rows)
{
    return 1024 + n_rows / 64;
}

static void sweep_slice(struct slice *slice, const struct sweep_kernels *kernels)
{
    uint32_t most = most_candidates(slice->s->n_rows);
    for (unsigned part = 0; part < PROBE_PARTS; part++) {
        if (slice->plan.flips[part] < 0)
            continue;
        sort_askers(slice, part);
        slice->sweep.part = part;
        kernels->for_queries(&slice->sweep);
        for (size_t q = 0; q < slice->n; q++)
            if (slice->n_candidates[q] > most && slice->from_part[q] == 0)
                slice->from_part[q] = (uint8_t)(part + 1);
    }
}

/* Compares queries [from, from + n) of a batch with all rows: all of them, or, if from_part says
 * where each left a sweep, those that did. */
static void scan_queries(const struct segment *s, const struct segment_kernels *kernels,
                         const struct segment_batch *batch, const struct probe_plan *plan,
                         size_t from, size_t n, const uint8_t *from_part)
{
    struct scan_query group[SCAN_GROUP];
    size_t n_group = 0;
    for (size_t q = 0; q < n; q++) {
        if (from_part == NULL || from_part[q] > 0)
            group[n_group++] = (struct scan_query){
                .print = &batch->queries[from + q],
                .out = &batch->hits[from + q],
                .number = batch->first + (uint32_t)(from + q),
                .from_part = from_part == NULL ? 0 : from_part[q],
            };
        if (n_group == SCAN_GROUP || (q + 1 == n && n_group > 0)) {
            segment_scan(s, kernels, plan, batch->radius_bits, group, n_group);
            n_group = 0;
        }
    }
}

static void search_singly(const struct segment *s, const struct probe_tables *tables,
                          const struct segment_kernels *kernels, const struct segment_batch *batch,
                          size_t from, size_t n)
{
    for (size_t q = from; q < from + n; q++)
        (batch->lean ? segment_search_lean : segment_search)(s, tables, kernels, &batch->queries[q],
                                                             batch->first + (uint32_t)q,
                                                             batch->radius_bits, &batch->hits[q]);
}

/* Whether n queries share a sweep of all buckets at less than they cost one by one. A bucket must
 * be looked up often enough to make up for the walk past it: about once where it is long, as a
 * single query then waits for its overflow; several times where it is a line
 * (docs/internals/index.md). */
static bool sweep_pays(const struct segment *s, const struct probe_plan *plan, size_t n)
{
    uint64_t n_buckets = (uint64_t)PROBE_PARTS << s->key_bits, n_lines = 0;
    for (unsigned part = 0; part < PROBE_PARTS; part++)
        n_lines += plan->flips[part] < 0 ? 0u : plan->n_masks[plan->flips[part]];
    uint64_t rows_a_bucket = (s->n_rows >> s->key_bits) + 1;
    return 2 * n * n_lines > n_buckets * (3 + 160 / rows_a_bucket);
}

static bool search_slice(const struct segment *s, const struct probe_tables *tables,
                         const struct segment_kernels *kernels, const struct segment_batch *batch,
                         const struct probe_plan *plan, size_t from, size_t n)
{
    const struct lk_alloc *alloc = batch->alloc;
    size_t n_bytes = sizeof(struct slice) + n * QUERY_BYTES;
    struct slice *slice = aligned_take(alloc, n_bytes);
    if (slice == NULL)
        return false;
    slice->plan = *plan;
    slice->s = s;
    slice->batch = batch;
    slice->from = from;
    slice->n = n;
    slice->askers = (struct sweep_asker *)(slice + 1);
    slice->n_candidates = (uint32_t *)(slice->askers + n);
    slice->from_part = (uint8_t *)(slice->n_candidates + n);
    memset(slice->n_candidates, 0, n * sizeof *slice->n_candidates);
    memset(slice->from_part, 0, n);
    slice->sweep = (struct sweep){.tables = tables,
                                  .plan = &slice->plan,
                                  .room = &slice->room,
                                  .sink = on_found,
                                  .ctx = slice,
                                  .queries = batch->queries + from,
                                  .askers = slice->askers,
                                  .block_at = slice->block_at,
                                  .n_candidates = slice->n_candidates};
    sweep_slice(slice, kernels->sweep);
    scan_queries(s, kernels, batch, &slice->plan, from, n, slice->from_part);
    aligned_put(alloc, slice, n_bytes);
    return true;
}

bool segment_search_batch(const struct segment *s, const struct probe_tables *tables,
                          const struct segment_kernels *kernels, const struct segment_batch *batch)
{
    struct probe_plan plan;
    bool planned = plan_of(&plan, batch->radius_bits, s->key_bits, batch->lean);
    if (!planned || !plan_pays_beside(&plan, s->key_bits, s->n_rows, batch->n)) {
        scan_queries(s, kernels, batch, planned ? &plan : NULL, 0, batch->n, NULL);
        return true;
    }
    for (size_t from = 0, n; from < batch->n; from += n) {
        n = batch->n - from < SEGMENT_BATCH_QUERIES ? batch->n - from : SEGMENT_BATCH_QUERIES;
        if (!sweep_pays(s, &plan, n))
            search_singly(s, tables, kernels, batch, from, n);
        else if (!search_slice(s, tables, kernels, batch, &plan, from, n))
            return false;
    }
    return true;
}
