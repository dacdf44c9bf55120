/* bank/refs.h - a hash set of 32-bit references that one thread fills while others look.
 *
 * References are only ever added; what they refer to says of itself whether it still counts. When
 * the set grows, the smaller one it was stays until the end, because somebody may be looking in it:
 * together they take no more than the last one alone. As with base/refset.h the owner hashes and
 * compares. Memory: 10.7 to 21 bytes a reference. */
#ifndef BANK_REFS_H
#define BANK_REFS_H

#include <likeness/alloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define REFS_NONE UINT32_MAX /* not a reference */

struct refs_slots;

struct refs {
    const struct lk_alloc *alloc;
    _Atomic(struct refs_slots *) slots; /* the largest; NULL while empty */
    size_t n;                           /* the writer's */
    _Atomic size_t n_bytes;
};

void refs_init(struct refs *refs, const struct lk_alloc *alloc);

/* Nobody may be looking. */
void refs_fini(struct refs *refs);

/* Makes room for n_more. hash_of(ctx, ref) must give what refs_put() was given; references for
 * which it returns false are dropped. false when there is no memory; nothing has changed then. */
typedef bool refs_hash_of(const void *ctx, uint32_t ref, uint64_t *hash);
bool refs_reserve(struct refs *refs, size_t n_more, refs_hash_of *hash_of, const void *ctx);

/* Adds a reference, for which room was reserved. What it refers to is complete: whoever meets the
 * reference sees it whole. */
void refs_put(struct refs *refs, uint32_t ref, uint64_t hash);

/* A walk over the references whose hash may be `hash`; REFS_NONE ends it. Threads: any. */
struct refs_walk {
    const struct refs_slots *slots;
    size_t at;
};
struct refs_walk refs_begin(const struct refs *refs, uint64_t hash);
uint32_t refs_next(struct refs_walk *walk);

/* Fetches what refs_begin() will read. */
void refs_prefetch(const struct refs *refs, uint64_t hash);

/* Mixes n bytes, a multiple of 8, into a hash that a seed keeps from being aimed at. */
uint64_t refs_hash(uint64_t seed, const void *bytes, size_t n);

#endif
