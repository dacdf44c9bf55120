/* likeness/index.h - all prints within a Hamming radius, exactly.
 *
 * One index holds prints of one kind. Search is exact for every radius 0..256: every answer equals
 * what comparing with each print would give. Callers never see how it is done. */
#ifndef LIKENESS_INDEX_H
#define LIKENESS_INDEX_H

#include <likeness/alloc.h>
#include <likeness/print.h>

struct lk_index; /* opaque */

/* label: the caller's handle. The pair (label, print) is unique in an index. */
struct lk_hit {
    uint64_t label;
    uint32_t query;     /* which query of a batch, from 0 */
    uint16_t dist_bits; /* 0 (the same) .. 256 */
};

struct lk_index_stats {
    uint64_t n_prints;
    uint64_t n_bytes;      /* memory held */
    const char *structure; /* "scan" or the name of a faster one */
    const char *kernel;    /* the instruction set in use: "scalar", "avx2", "avx512", "neon" */
};

/* Makes an empty index for prints of `kind` (enum lk_kind), which decides bit order and structure.
 * Errors: LK_INVALID (unknown kind), LK_NOMEM. */
enum lk_status lk_index_new(const struct lk_alloc *alloc, unsigned kind, struct lk_index **out,
                            struct lk_error *err) LK_MUST_CHECK;
void lk_index_free(struct lk_index *index);

/* Adds n prints, labels[i] belonging to prints[i]. All or nothing. Takes about a quarter of a
 * microsecond a print. Errors: LK_NOMEM, LK_CONFLICT (a pair is there already or comes twice),
 * LK_LIMIT (more than 2^32 - 2 prints). */
enum lk_status lk_index_insert(struct lk_index *index, const struct lk_print *prints,
                               const uint64_t *labels, size_t n,
                               struct lk_error *err) LK_MUST_CHECK;

/* Takes out the print stored under exactly this print and label, and wipes it from memory. Does
 * not grow with the number of prints. Errors: LK_NOT_FOUND. */
enum lk_status lk_index_remove(struct lk_index *index, const struct lk_print *print, uint64_t label,
                               struct lk_error *err) LK_MUST_CHECK;

/* Finds every print within radius_bits (0..256) of *query, nearest first, ties by rising label.
 * hits[0..cap) receives the nearest; *n_hits says how many were written, *n_total (may be NULL)
 * how many there are. hits may be NULL when cap is 0. Allocates nothing.
 * Errors: LK_INVALID (radius).
 * Threads: any number may search while nobody inserts or removes. */
enum lk_status lk_index_search(const struct lk_index *index, const struct lk_print *query,
                               unsigned radius_bits, struct lk_hit *hits, size_t cap,
                               size_t *n_hits, size_t *n_total, struct lk_error *err) LK_MUST_CHECK;

/* The hits of one query of a batch: the nearest `cap` of n_total, in the order of lk_index_search.
 * Borrowed until the function returns. LK_OK goes on; any other status ends the search and is
 * returned by it. */
typedef enum lk_status lk_on_hits(void *ctx, size_t query, const struct lk_hit *hits, size_t n_hits,
                                  size_t n_total, struct lk_error *err);

/* The same for n queries at once (n below 2^32), which is cheaper per query. on_hits is called once
 * for each query that has hits, queries rising. Takes scratch memory for the hits of some queries
 * at a time, at most `cap` (> 0) each, and gives it back.
 * Errors: LK_INVALID, LK_NOMEM, and what on_hits returns. Threads: as lk_index_search. */
enum lk_status lk_index_search_batch(const struct lk_index *index, const struct lk_print *queries,
                                     size_t n, unsigned radius_bits, size_t cap,
                                     lk_on_hits *on_hits, void *ctx,
                                     struct lk_error *err) LK_MUST_CHECK;

struct lk_index_stats lk_index_stats(const struct lk_index *index);

#endif
