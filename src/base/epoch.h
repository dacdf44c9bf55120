/* base/epoch.h - when may memory that readers could still be looking at be freed?
 *
 * One writer publishes versions of something through an atomic pointer; any number of readers use
 * the version they found without a lock. A reader announces the number of the present epoch in a
 * slot of its own before it loads the pointer, and clears the slot when it is done. The writer
 * publishes a new version, then advances the epoch; what it replaced may go when no slot holds a
 * number of before.
 *
 * Why that is enough: announcing, loading the pointer, publishing and looking at the slots are
 * sequentially consistent. Either the writer, looking at the slots after it published, sees the
 * announcement, and keeps the old version; or the announcement comes after that look, and then the
 * load behind it sees the new pointer. A reader that read the epoch long before it announces it
 * announces a number that is too small, which keeps more, never less.
 *
 * Nobody waits: what cannot go yet is tried again at the writer's next change. Only when all slots
 * are taken by readers does one more reader look for a free one until there is. */
#ifndef BASE_EPOCH_H
#define BASE_EPOCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define EPOCH_SLOTS 128

struct epoch {
    struct {
        _Atomic uint64_t announced; /* 0: free */
        uint64_t padding[7];        /* to a cache line of its own */
    } slot[EPOCH_SLOTS];
    _Atomic uint64_t now;
};

void epoch_init(struct epoch *e);

/* Begins reading; returns the slot to leave. Threads: any. About 20 ns. */
unsigned epoch_enter(struct epoch *e);
void epoch_leave(struct epoch *e, unsigned slot);

/* The writer, after it published: the epoch whose readers may still hold what was replaced. */
uint64_t epoch_advance(struct epoch *e);

/* Whether every reader of that epoch and before has left. */
bool epoch_is_over(struct epoch *e, uint64_t epoch);

#endif
