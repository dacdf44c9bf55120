/* core/kernels/sweep.h - walking over all buckets of one part, for many queries or for itself.
 *
 * What probe.h does for one query, turned inside out: bucket after bucket in the order of memory,
 * each compared with every query that wants it. Queries are handed to buckets block by block (the
 * buckets whose keys differ in the low SWEEP_LOW_BITS alone), so that what is handed out stays in
 * the first caches and nothing is sorted by more than its block. */
#ifndef KERNELS_SWEEP_H
#define KERNELS_SWEEP_H

#include "probe.h"

#define SWEEP_LOW_BITS   7
#define SWEEP_BLOCK      (1u << SWEEP_LOW_BITS) /* buckets */
#define SWEEP_BIN        32                     /* queries that wait for a bucket */
#define SWEEP_CANDIDATES 1024

/* A query as the buckets of a part see it. */
struct sweep_asker {
    uint32_t query;
    uint16_t key; /* the low bits of it */
    uint16_t filter;
};

/* A row within the radius of a query (sweep_for_queries) or of another row (sweep_itself); that is
 * another one unless the segment is damaged. */
struct sweep_found {
    uint32_t row, of;
    uint32_t dist_bits;
};

/* Takes n > 0. false: the sweep is to end. */
typedef bool sweep_sink(void *ctx, const struct sweep_found *found, size_t n);

/* Scratch, which nothing is expected of. */
struct sweep_room {
    uint64_t bin[SWEEP_BLOCK][SWEEP_BIN];
    uint64_t candidate[SWEEP_CANDIDATES];
    uint32_t n_waiting[SWEEP_BLOCK];
};

struct sweep {
    const struct probe_tables *tables;
    const struct probe_plan *plan;
    unsigned part; /* plan->flips[part] >= 0 */
    struct sweep_room *room;
    sweep_sink *sink;
    void *ctx;
    /* For queries alone: */
    const struct lk_print *queries;
    const struct sweep_asker *askers; /* block after block: those of block i, in any order, ... */
    const uint32_t *block_at;         /* ... begin at block_at[i] and end where the next begins */
    uint32_t *n_candidates;           /* [queries]: how many rows were measured; added to */
};

/* Reports every row that the part finds for each asker (plan.h), once. */
typedef void sweep_for_queries(const struct sweep *sweep);

/* Reports every pair of rows that the part finds, once. */
typedef void sweep_itself(const struct sweep *sweep);

struct sweep_kernels {
    sweep_for_queries *for_queries;
    sweep_itself *itself;
};

/* The fastest of the levels in `mask`. */
const struct sweep_kernels *sweep_select(unsigned mask);

extern const struct sweep_kernels sweep_scalar;
#if defined(__x86_64__)
extern const struct sweep_kernels sweep_popcnt, sweep_avx2, sweep_avx512;
#elif defined(__aarch64__)
extern const struct sweep_kernels sweep_neon;
#endif

#endif
