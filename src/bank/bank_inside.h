/* bank/bank_inside.h - what bank.c and bank_match.c share. */
#ifndef BANK_BANK_INSIDE_H
#define BANK_BANK_INSIDE_H

#include "bank.h"
#include "entries.h"

#include <pthread.h>

struct bank {
    const struct lk_alloc *alloc;
    pthread_rwlock_t lock;
    struct entries entries;
    struct lk_index *index[LK_KIND_MAX + 1]; /* by enum lk_kind */
};

/* A label of the index says which record of which entry: slot << 16 | number of the record. */
static inline uint64_t bank_label(uint32_t slot, size_t record)
{
    return (uint64_t)slot << 16 | record;
}

static inline uint32_t bank_label_slot(uint64_t label)
{
    return (uint32_t)(label >> 16);
}

static inline uint16_t bank_label_record(uint64_t label)
{
    return (uint16_t)label;
}

#endif
