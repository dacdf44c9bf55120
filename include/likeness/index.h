/* likeness/index.h - all prints within a Hamming radius, exactly.
 *
 * One index holds prints of one kind. Search is exact for every radius 0..256: every answer equals
 * what comparing with each print would give. Callers never see how it is done
 * (docs/internals/index.md says it): new prints lie in a small table that is scanned; full tables
 * become immutable segments that are looked up, and segments are merged into larger ones.
 *
 * Threads: any number may search an index, and none of them ever waits, while one thread inserts
 * and removes. What was inserted is found by every search that begins after the insert returned,
 * and what was removed by none that begins after the removal returned. */
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
    uint64_t n_bytes; /* memory held */
    unsigned n_segments;
    const char *structure; /* "scan", or "pair-filtered multi-index" once there is a segment */
    const char *kernel;    /* the instruction set in use: "scalar", "avx2", "avx512", "neon" */
};

/* Makes an empty index for prints of `kind` (enum lk_kind), which decides the order of bits. Large
 * blocks are taken from the allocator whole: huge pages make searching faster. It must serve
 * several threads when several search in batches or one merges. Errors: LK_INVALID (unknown kind),
 * LK_NOMEM. */
enum lk_status lk_index_new(const struct lk_alloc *alloc, unsigned kind, struct lk_index **out,
                            struct lk_error *err) LK_MUST_CHECK;

/* NULL is fine. Nobody may be using it. */
void lk_index_free(struct lk_index *index);

/* Adds n prints, labels[i] belonging to prints[i]. All or nothing, though a search that runs
 * meanwhile may meet some of them. About 1 us a print, merging included; now and then one call
 * merges large segments, which takes 0.5 us for each print in them (lk_index_merge_by_caller()).
 * Errors: LK_NOMEM, LK_CONFLICT (a pair is there already or comes twice), LK_LIMIT (more than 2^32
 * - 2 prints), LK_DENIED (an index over a file). */
enum lk_status lk_index_insert(struct lk_index *index, const struct lk_print *prints,
                               const uint64_t *labels, size_t n,
                               struct lk_error *err) LK_MUST_CHECK;

/* Takes out the print stored under exactly this print and label, and wipes it from memory. 1 to 2
 * us. Errors: LK_NOT_FOUND. */
enum lk_status lk_index_remove(struct lk_index *index, const struct lk_print *print, uint64_t label,
                               struct lk_error *err) LK_MUST_CHECK;

/* Finds every print within radius_bits (0..256) of *query, nearest first, ties by rising label.
 * hits[0..cap) receives the nearest; *n_hits says how many were written, *n_total (may be NULL)
 * how many there are. hits may be NULL when cap is 0. Allocates nothing.
 * Errors: LK_INVALID (radius). */
enum lk_status lk_index_search(const struct lk_index *index, const struct lk_print *query,
                               unsigned radius_bits, struct lk_hit *hits, size_t cap,
                               size_t *n_hits, size_t *n_total, struct lk_error *err) LK_MUST_CHECK;

/* The hits of one query of a batch: the nearest `cap` of n_total, in the order of lk_index_search.
 * Borrowed until the function returns. LK_OK goes on; any other status ends the search and is
 * returned by it. */
typedef enum lk_status lk_on_hits(void *ctx, size_t query, const struct lk_hit *hits, size_t n_hits,
                                  size_t n_total, struct lk_error *err);

/* The same for n queries at once (n below 2^32), which is cheaper per query the more there are: the
 * index is walked once for many of them. on_hits is called once for each query that has hits,
 * queries rising. Takes scratch memory, at most `cap` (> 0) hits a query among it, and gives it
 * back. Several threads may each search a batch of their own.
 * Errors: LK_INVALID, LK_NOMEM, and what on_hits returns. */
enum lk_status lk_index_search_batch(const struct lk_index *index, const struct lk_print *queries,
                                     size_t n, unsigned radius_bits, size_t cap,
                                     lk_on_hits *on_hits, void *ctx,
                                     struct lk_error *err) LK_MUST_CHECK;

/* Searching for votes, where many prints of a query are looked for and a miss is forgiven: finds
 * only prints of which one of the 16 parts is equal to the query's and the part beside it within
 * one bit, or four where the radius is above 40. Much cheaper at large radii. Where flipped bits
 * lie at random, this many of the prints at a distance are found; of real edits, more (up to radius
 * 40):
 *
 *   bits apart    15     20     25     28     31     35     40
 *               100 %    97     80     65     49     33     18
 *
 * With a radius above 48 a part may differ by a bit and the pair by four: of prints 60 bits apart
 * about every second is found. What is found is as exact as ever; what small tables hold is found
 * whatever it is. Otherwise as the functions above. */
enum lk_status lk_index_search_lean(const struct lk_index *index, const struct lk_print *query,
                                    unsigned radius_bits, struct lk_hit *hits, size_t cap,
                                    size_t *n_hits, size_t *n_total,
                                    struct lk_error *err) LK_MUST_CHECK;
enum lk_status lk_index_search_batch_lean(const struct lk_index *index,
                                          const struct lk_print *queries, size_t n,
                                          unsigned radius_bits, size_t cap, lk_on_hits *on_hits,
                                          void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Two prints of an index that lie near each other. */
struct lk_pair {
    uint64_t label_a, label_b; /* label_a <= label_b */
    uint16_t dist_bits;
};
typedef enum lk_status lk_on_pairs(void *ctx, const struct lk_pair *pairs, size_t n,
                                   struct lk_error *err);

/* Finds every pair of prints within radius_bits of each other, each once, in no particular order,
 * and hands them out some at a time. LK_OK from on_pairs goes on; any other status ends the search
 * and is returned. Scratch memory: 40 MiB at most, whatever the index. Sees the index as it was
 * when it began, except that what is removed meanwhile may be missing; memory of segments that are
 * merged meanwhile is held until it returns. Errors: LK_INVALID (radius), LK_NOMEM, what on_pairs
 * returns. */
enum lk_status lk_index_join(const struct lk_index *index, unsigned radius_bits,
                             lk_on_pairs *on_pairs, void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Shows every print with its label, some at a time, in no particular order; borrowed until the
 * function returns. Otherwise as lk_index_join(). Errors: what on_prints returns. */
typedef enum lk_status lk_on_prints(void *ctx, const struct lk_print *prints,
                                    const uint64_t *labels, size_t n, struct lk_error *err);
enum lk_status lk_index_each(const struct lk_index *index, lk_on_prints *on_prints, void *ctx,
                             struct lk_error *err) LK_MUST_CHECK;

/* By default lk_index_insert() merges segments by itself. After lk_index_merge_by_caller(index,
 * true) whoever owns the index does it, in a thread of his own:
 *
 *   begin   a call of the inserting thread; short. *merge is NULL when nothing is worth merging.
 *   run     any thread; long; beside searches, insertions and removals.
 *   end     a call of the inserting thread; short. Puts the new segment in place of the old ones,
 *           without what was removed meanwhile, and frees *merge. If run failed, nothing changes.
 *
 * One merge at a time. Errors: LK_NOMEM (the index is as it was). */
struct lk_index_merge; /* opaque */
void lk_index_merge_by_caller(struct lk_index *index, bool by_caller);
enum lk_status lk_index_merge_begin(struct lk_index *index, struct lk_index_merge **merge,
                                    struct lk_error *err) LK_MUST_CHECK;
enum lk_status lk_index_merge_run(struct lk_index_merge *merge, struct lk_error *err) LK_MUST_CHECK;
void lk_index_merge_end(struct lk_index *index, struct lk_index_merge *merge);

struct lk_index_stats lk_index_stats(const struct lk_index *index);

#endif
