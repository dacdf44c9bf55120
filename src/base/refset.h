/* base/refset.h - a hash set of 32-bit references to things that live elsewhere.
 *
 * The set keeps no keys: whoever owns the things says how to hash one (hash_of) and compares them
 * while walking. Four bytes a slot, at most three quarters full: 5.3 to 10.7 bytes a reference.
 * Several things may share a hash, or even a key. Threads: any number may walk while nobody
 * changes. */
#ifndef BASE_REFSET_H
#define BASE_REFSET_H

#include <likeness/alloc.h>
#include <stdbool.h>
#include <stdint.h>

#define REFSET_NONE UINT32_MAX /* not a reference */

struct refset {
    const struct lk_alloc *alloc;
    uint64_t (*hash_of)(const void *ctx, uint32_t ref);
    const void *ctx;
    uint32_t *slots; /* NULL while empty */
    size_t n_slots;  /* 0, or a power of two */
    size_t n;
};

/* hash_of must give the same number for a reference as long as it is in the set. */
void refset_init(struct refset *set, const struct lk_alloc *alloc,
                 uint64_t (*hash_of)(const void *ctx, uint32_t ref), const void *ctx);
void refset_fini(struct refset *set);

/* Makes room for n_more references. false when there is no memory; the set is unchanged. */
bool refset_reserve(struct refset *set, size_t n_more);

/* Adds a reference, for which room was reserved and whose thing is in place. */
void refset_put(struct refset *set, uint32_t ref);

/* Takes a reference out, while its thing is still in place. It must be in the set. */
void refset_remove(struct refset *set, uint32_t ref);

/* Exchanges one reference for another to an equal thing: for things that move in memory. The thing
 * must be in place at `old_ref`, which is in the set. */
void refset_move(struct refset *set, uint32_t old_ref, uint32_t new_ref);

/* Walks the references whose hash may be `hash`: start with *at = SIZE_MAX. REFSET_NONE at the end.
 * The caller compares: most, but not all, of what comes back has the hash. */
uint32_t refset_next(const struct refset *set, uint64_t hash, size_t *at);

/* Mixes 64 bits well enough for the slots to be evenly used. */
static inline uint64_t refset_mix(uint64_t x)
{
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    return x ^ x >> 32;
}

#endif
