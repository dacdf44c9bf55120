/* core/index/segment_batch.h - many queries at once, pairs within a segment, and lean probing.
 *
 * One query after another fetches the same buckets again and again. A batch walks the tables once
 * instead, bucket after bucket, and compares each bucket with all queries that want it: what a
 * query costs is then comparing, and hardly any waiting for memory. A self-join is the same with
 * the rows as queries.
 *
 * Lean probing is for votes, where many prints of one thing are looked for and a miss is forgiven:
 * it reports a row within the radius only where some part equals the query's and the part's partner
 * is within plan_lean_limit() bits of it (beyond 48 bits plan.h has another rule). 16 buckets are
 * looked up instead of hundreds. Where the tables do not pay the segment is scanned, which finds
 * all. plan.h has the recall by distance.
 *
 * Threads: any number, beside segment_erase(), as for segment_search(). */
#ifndef INDEX_SEGMENT_BATCH_H
#define INDEX_SEGMENT_BATCH_H

#include "segment.h"

#include <likeness/alloc.h>
#include <likeness/status.h>

/* Queries in one walk over the tables; larger batches are cut. Scratch memory is at most
 * SEGMENT_BATCH_BYTES, whatever the batch and the segment. */
#define SEGMENT_BATCH_QUERIES 65536
#define SEGMENT_BATCH_BYTES   (4u << 20)

struct segment_batch {
    const struct lk_alloc *alloc;   /* of the scratch memory, given back before the return */
    const struct lk_print *queries; /* [n], in the order of the index */
    struct hits *hits;              /* [n]: what is found of each is added */
    size_t n;
    uint32_t first; /* the number of the first query in its hits; first + n <= 2^32 */
    unsigned radius_bits;
    bool lean;
};

/* segment_search() or segment_search_lean() for each query; never dearer than those. false when
 * there is no memory for scratch: then some hits are missing. A hits that could not grow says so
 * itself. */
bool segment_search_batch(const struct segment *s, const struct probe_tables *tables,
                          const struct segment_kernels *kernels, const struct segment_batch *batch);

/* segment_search() of what lean probing finds. */
void segment_search_lean(const struct segment *s, const struct probe_tables *tables,
                         const struct segment_kernels *kernels, const struct lk_print *query,
                         uint32_t number, unsigned radius_bits, struct hits *out);

/* Two rows in force within the radius of each other; row_a < row_b. */
struct segment_pair {
    uint32_t row_a, row_b;
    unsigned dist_bits;
};

/* Takes n > 0 pairs. LK_OK goes on; any other status ends the join and is returned by it. */
typedef enum lk_status segment_on_pairs(void *ctx, const struct segment_pair *pairs, size_t n,
                                        struct lk_error *err);

/* Finds each pair once, in no particular order. Scratch: SEGMENT_BATCH_BYTES. Errors: LK_NOMEM, and
 * what on_pairs returns. */
enum lk_status segment_join(const struct segment *s, const struct probe_tables *tables,
                            const struct segment_kernels *kernels, const struct lk_alloc *alloc,
                            unsigned radius_bits, segment_on_pairs *on_pairs, void *ctx,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
