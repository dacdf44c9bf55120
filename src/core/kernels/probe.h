/* core/kernels/probe.h - looking near a query up in the tables of a segment.
 *
 * A print is 16 parts of 16 bits; parts 2 j and 2 j + 1 are partners. Each part has a table of
 * buckets. The key of a print in it is the low `key_bits` bits of the part; the filter is what else
 * is known of the pair in 16 bits: the other 16 - key_bits bits of the part, then the low key_bits
 * of the partner. So d(key) + d(filter) never exceeds the distance of the pair, and equals it where
 * key_bits is 16.
 *
 * A bucket begins in a line of one cache line, which holds the first filters beside the head; the
 * others follow one another in `overflow`. The number of the row that a filter is of stands in
 * `ids`, which is read for the few filters that pass. docs/internals/index.md has the reasons. */
#ifndef KERNELS_PROBE_H
#define KERNELS_PROBE_H

#include <likeness/print.h>

#define PROBE_PARTS     16
#define PROBE_INLINE    26         /* filters in a line */
#define PROBE_SLACK     32         /* filters readable behind the last of `overflow` */
#define PROBE_MAX_FLIPS 3          /* of the bits of a key */
#define PROBE_MAX_MASKS 697        /* 16 bits, of which at most 3 are flipped */
#define PROBE_GONE      UINT32_MAX /* an id whose row was wiped */

struct probe_line {
    uint16_t filter[PROBE_INLINE];
    uint32_t base;  /* of the bucket in the ids of its part */
    uint32_t over;  /* of its other filters in the overflow of its part */
    uint32_t count; /* rows in the bucket */
};

/* The tables of a segment, borrowed. Nothing in them is trusted: a head that points outside is cut,
 * an id that is no row is passed over, so that a damaged file gives wrong answers, not accidents.
 */
struct probe_tables {
    const struct probe_line *lines;        /* [PROBE_PARTS << key_bits], aligned to 64 */
    const uint16_t *overflow;              /* part after part */
    uint64_t overflow_at[PROBE_PARTS + 1]; /* where each part begins, and the end */
    const uint32_t *ids;                   /* [PROBE_PARTS * n_rows] */
    const struct lk_print *rows;           /* [n_rows] */
    uint32_t n_rows;
    unsigned key_bits; /* 8..16 */
};

/* Where to look for a radius; the same for all queries. */
struct probe_plan {
    unsigned radius_bits;
    bool lean;                  /* not all that is within the radius is found (plan.h) */
    int8_t flips[PROBE_PARTS];  /* bits of the key to flip at most; -1: the part is not looked up */
    uint8_t limit[PROBE_PARTS]; /* greatest d(key) + d(filter) */
    uint64_t most_candidates;   /* with more the search stops before or behind some part */
    uint16_t n_masks[PROBE_MAX_FLIPS + 1]; /* where the masks of more than i flips begin */
    uint16_t masks[PROBE_MAX_MASKS];       /* of flips, fewest first */
};

/* A row within the radius, and the part that it was found by. It may be found by others too. */
struct probe_found {
    uint32_t row;
    uint16_t dist_bits;
    uint16_t part;
};

/* Takes n > 0 rows; the order is that of the parts. */
typedef void probe_sink(void *ctx, const struct probe_found *found, size_t n);

/* Looks a query up part by part and hands out every row within the radius, once for each part that
 * it is found by. Returns the number of parts that it has done: PROBE_PARTS, or fewer when there
 * were more candidates than the plan allows. Allocates nothing. */
typedef unsigned probe_search(const struct probe_tables *tables, const struct probe_plan *plan,
                              const struct lk_print *query, probe_sink *sink, void *ctx);

/* Part p of a print. */
static inline unsigned probe_part(const struct lk_print *print, unsigned p)
{
    return (unsigned)(print->w[p / 4] >> (16 * (p % 4))) & 0xffff;
}

static inline unsigned probe_key(const struct lk_print *print, unsigned p, unsigned key_bits)
{
    return probe_part(print, p) & ((1u << key_bits) - 1);
}

static inline unsigned probe_filter(const struct lk_print *print, unsigned p, unsigned key_bits)
{
    unsigned partner = probe_key(print, p ^ 1u, key_bits);
    return probe_part(print, p) >> key_bits | partner << (16 - key_bits);
}

/* The fastest of the levels in `mask` (cpu_mask() or part of it), and its name. */
probe_search *probe_select(unsigned mask, const char **name);

probe_search probe_search_scalar;
#if defined(__x86_64__)
probe_search probe_search_popcnt;
probe_search probe_search_avx2;
probe_search probe_search_avx512; /* CPU_AVX512_POPCNT */
#elif defined(__aarch64__)
probe_search probe_search_neon;
#endif

#endif
