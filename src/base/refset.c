/* Open addressing with linear probing. Removal shifts back what follows instead of leaving
 * tombstones (Knuth, The Art of Computer Programming 3, 6.4, algorithm R), so that a set that has
 * seen many removals is as fast as a fresh one. */
#include "refset.h"

#include <string.h>

enum { LEAST_SLOTS = 16 };

void refset_init(struct refset *set, const struct lk_alloc *alloc,
                 uint64_t (*hash_of)(const void *ctx, uint32_t ref), const void *ctx)
{
    *set = (struct refset){.alloc = alloc, .hash_of = hash_of, .ctx = ctx};
}

static void free_slots(const struct refset *set)
{
    set->alloc->free(set->alloc->ctx, set->slots, set->n_slots * sizeof *set->slots);
}

void refset_fini(struct refset *set)
{
    free_slots(set);
    set->slots = NULL;
    set->n_slots = set->n = 0;
}

static size_t home(const struct refset *set, uint64_t hash)
{
    return (size_t)hash & (set->n_slots - 1);
}

static void place(struct refset *set, uint32_t ref)
{
    size_t i = home(set, set->hash_of(set->ctx, ref));
    while (set->slots[i] != REFSET_NONE)
        i = (i + 1) & (set->n_slots - 1);
    set->slots[i] = ref;
}

bool refset_reserve(struct refset *set, size_t n_more)
{
    if (n_more > (SIZE_MAX / 16) - set->n)
        return false;
    size_t need = set->n + n_more,
           n_slots = set->n_slots < LEAST_SLOTS ? LEAST_SLOTS : set->n_slots;
    while (n_slots / 4 * 3 < need)
        n_slots *= 2;
    if (n_slots == set->n_slots)
        return true;
    struct refset grown = *set;
    grown.slots = set->alloc->alloc(set->alloc->ctx, n_slots * sizeof *grown.slots);
    if (grown.slots == NULL)
        return false;
    grown.n_slots = n_slots;
    memset(grown.slots, 0xff, n_slots * sizeof *grown.slots);
    for (size_t i = 0; i < set->n_slots; i++)
        if (set->slots[i] != REFSET_NONE)
            place(&grown, set->slots[i]);
    free_slots(set);
    *set = grown;
    return true;
}

void refset_put(struct refset *set, uint32_t ref)
{
    place(set, ref);
    set->n++;
}

static size_t slot_of(const struct refset *set, uint32_t ref)
{
    size_t i = home(set, set->hash_of(set->ctx, ref));
    while (set->slots[i] != ref)
        i = (i + 1) & (set->n_slots - 1);
    return i;
}

void refset_remove(struct refset *set, uint32_t ref)
{
    size_t mask = set->n_slots - 1, hole = slot_of(set, ref);
    for (size_t i = (hole + 1) & mask; set->slots[i] != REFSET_NONE; i = (i + 1) & mask) {
        size_t from = home(set, set->hash_of(set->ctx, set->slots[i]));
        /* It may fill the hole unless its home lies after the hole. */
        if (((i - from) & mask) >= ((i - hole) & mask)) {
            set->slots[hole] = set->slots[i];
            hole = i;
        }
    }
    set->slots[hole] = REFSET_NONE;
    set->n--;
}

void refset_move(struct refset *set, uint32_t old_ref, uint32_t new_ref)
{
    set->slots[slot_of(set, old_ref)] = new_ref;
}

uint32_t refset_next(const struct refset *set, uint64_t hash, size_t *at)
{
    if (set->n_slots == 0)
        return REFSET_NONE;
    *at = *at == SIZE_MAX ? home(set, hash) : (*at + 1) & (set->n_slots - 1);
    return set->slots[*at];
}
