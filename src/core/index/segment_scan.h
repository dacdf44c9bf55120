/* core/index/segment_scan.h - inside a segment: comparing queries with every row.
 *
 * The way out where the tables do not pay: small segments, large radii, buckets that hold a great
 * part of all rows. Rows are turned into the planes that core/kernels/hamming.h reads, a block at a
 * time for all queries. */
#ifndef INDEX_SEGMENT_SCAN_H
#define INDEX_SEGMENT_SCAN_H

#include "segment.h"

struct scan_query {
    const struct lk_print *print;
    struct hits *out;
    uint32_t number;
    unsigned from_part; /* what a part before it finds is known already */
};

/* Puts every row in force within the radius of each query into its hits. plan: NULL, or what the
 * queries were looked up with as far as they were; if it is lean, it decides what is found. */
void segment_scan(const struct segment *s, const struct segment_kernels *kernels,
                  const struct probe_plan *plan, unsigned radius_bits,
                  const struct scan_query *queries, size_t n);

/* Rows [base, base + n) as planes; n <= HAMMING_BLOCK_ROWS. */
void segment_planes(const struct segment *s, uint32_t base, size_t n, struct hamming_block *block);

/* Puts a row that was measured into *out, if it is in force. */
void segment_put(const struct segment *s, uint32_t row, unsigned dist_bits, uint32_t number,
                 struct hits *out);

#endif
