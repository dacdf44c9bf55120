/* Open addressing, linear probing, at most half full so that walks are short. A slot is written
 * once: release by the writer, acquire by readers. */
#include "refs.h"

#include "base/refset.h"

#include <string.h>

struct refs_slots {
    struct refs_slots *older;
    size_t mask; /* number of slots - 1 */
    _Atomic uint32_t slot[];
};

enum { FIRST_SLOTS = 64 };

static size_t bytes_of(size_t n_slots)
{
    return sizeof(struct refs_slots) + n_slots * sizeof(uint32_t);
}

void refs_init(struct refs *refs, const struct lk_alloc *alloc)
{
    *refs = (struct refs){.alloc = alloc};
}

void refs_fini(struct refs *refs)
{
    struct refs_slots *s = atomic_load(&refs->slots);
    while (s != NULL) {
        struct refs_slots *older = s->older;
        refs->alloc->free(refs->alloc->ctx, s, bytes_of(s->mask + 1));
        s = older;
    }
}

static void put(struct refs_slots *s, uint32_t ref, uint64_t hash)
{
    size_t at = hash & s->mask;
    while (atomic_load_explicit(&s->slot[at], memory_order_relaxed) != REFS_NONE)
        at = (at + 1) & s->mask;
    atomic_store_explicit(&s->slot[at], ref, memory_order_release);
}

bool refs_reserve(struct refs *refs, size_t n_more, refs_hash_of *hash_of, const void *ctx)
{
    struct refs_slots *old = atomic_load_explicit(&refs->slots, memory_order_relaxed);
    size_t n_slots = old == NULL ? 0 : old->mask + 1, room = n_slots == 0 ? FIRST_SLOTS : n_slots;
    while (room / 2 < refs->n + n_more)
        room *= 2;
    if (room == n_slots)
        return true;
    struct refs_slots *s = refs->alloc->alloc(refs->alloc->ctx, bytes_of(room));
    if (s == NULL)
        return false;
    s->older = old;
    s->mask = room - 1;
    memset(s->slot, 0xff, room * sizeof *s->slot);
    refs->n = 0;
    for (size_t i = 0; i < n_slots; i++) {
        uint32_t ref = atomic_load_explicit(&old->slot[i], memory_order_relaxed);
        uint64_t hash;
        if (ref != REFS_NONE && hash_of(ctx, ref, &hash)) {
            put(s, ref, hash);
            refs->n++;
        }
    }
    refs->n_bytes += bytes_of(room);
    atomic_store_explicit(&refs->slots, s, memory_order_release);
    return true;
}

void refs_put(struct refs *refs, uint32_t ref, uint64_t hash)
{
    put(atomic_load_explicit(&refs->slots, memory_order_relaxed), ref, hash);
    refs->n++;
}

struct refs_walk refs_begin(const struct refs *refs, uint64_t hash)
{
    const struct refs_slots *s = atomic_load_explicit(&refs->slots, memory_order_acquire);
    return (struct refs_walk){s, s == NULL ? 0 : hash & s->mask};
}

uint32_t refs_next(struct refs_walk *walk)
{
    if (walk->slots == NULL)
        return REFS_NONE;
    uint32_t ref = atomic_load_explicit(&walk->slots->slot[walk->at], memory_order_acquire);
    walk->at = (walk->at + 1) & walk->slots->mask;
    return ref;
}

void refs_prefetch(const struct refs *refs, uint64_t hash)
{
    const struct refs_slots *s = atomic_load_explicit(&refs->slots, memory_order_acquire);
    if (s != NULL)
        __builtin_prefetch(&s->slot[hash & s->mask]);
}

uint64_t refs_hash(uint64_t seed, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    uint64_t hash = seed;
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        hash = refset_mix(hash ^ word);
    }
    return hash;
}
