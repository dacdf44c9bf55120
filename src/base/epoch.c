#include "epoch.h"

void epoch_init(struct epoch *e)
{
    for (unsigned i = 0; i < EPOCH_SLOTS; i++)
        atomic_init(&e->slot[i].announced, 0);
    atomic_init(&e->now, 1);
}

unsigned epoch_enter(struct epoch *e)
{
    /* Threads begin at different slots, since their stacks lie apart. */
    char here;
    uint64_t hash = ((uint64_t)(uintptr_t)&here >> 12) * 0x9e3779b97f4a7c15u;
    for (unsigned i = (unsigned)(hash >> 57);; i++) {
        unsigned slot = i % EPOCH_SLOTS;
        uint64_t none = 0, now = atomic_load(&e->now);
        if (atomic_load_explicit(&e->slot[slot].announced, memory_order_relaxed) == 0 &&
            atomic_compare_exchange_strong(&e->slot[slot].announced, &none, now))
            return slot;
    }
}

void epoch_leave(struct epoch *e, unsigned slot)
{
    atomic_store_explicit(&e->slot[slot].announced, 0, memory_order_release);
}

uint64_t epoch_advance(struct epoch *e)
{
    return atomic_fetch_add(&e->now, 1);
}

bool epoch_is_over(struct epoch *e, uint64_t epoch)
{
    for (unsigned i = 0; i < EPOCH_SLOTS; i++) {
        uint64_t announced = atomic_load(&e->slot[i].announced);
        if (announced != 0 && announced <= epoch)
            return false;
    }
    return true;
}
