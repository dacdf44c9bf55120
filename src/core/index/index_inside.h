/* core/index/index_inside.h - what the files of the live index share.
 *
 * Readers see one immutable view: a memtable and segments. The writer makes a new view for each
 * change of that list, publishes it, and frees what it replaced once no reader can hold it. */
#ifndef INDEX_INDEX_INSIDE_H
#define INDEX_INDEX_INSIDE_H

#include "base/epoch.h"
#include "config.h"
#include "index.h"
#include "memtable.h"
#include "part.h"

struct view {
    struct memtable *memtable; /* NULL in an index over a file */
    size_t n_parts;
    struct part *parts[];
};

/* What readers of an epoch may still hold. */
struct retired {
    struct retired *next;
    uint64_t epoch;
    struct view *view;
    struct memtable *memtable; /* or NULL */
    size_t n_parts;
    struct part *parts[];
};

struct lk_index {
    const struct lk_alloc *alloc;
    const struct index_config *config;
    struct segment_kernels kernels;
    struct epoch epoch;
    _Atomic(struct view *) view;
    struct retired *retired; /* the writer's, latest first */
    bool fixed;              /* over a file: the view never changes */
    bool merges_by_caller;
};

/* Begins reading. */
struct reading {
    const struct view *view;
    unsigned slot;
};
struct reading index_enter(const struct lk_index *index);
void index_leave(const struct lk_index *index, struct reading r);

/* The writer's look at the list. */
static inline struct view *index_view(const struct lk_index *index)
{
    return atomic_load_explicit(&index->view, memory_order_relaxed);
}

/* A change of the list in the making: the new view, which the caller fills, and what goes with the
 * old one. */
struct change {
    struct view *view;       /* n_parts is set */
    struct retired *retired; /* n_parts is set; memtable NULL */
};
bool index_change_new(const struct lk_index *index, size_t n_parts, size_t n_going,
                      struct change *change);
void index_change_drop(const struct lk_index *index, struct change *change);

/* Publishes change->view; what it retires goes when its readers have left. */
void index_publish(struct lk_index *index, const struct change *change);

/* A view with room for n_parts, all NULL. */
struct view *index_view_new(const struct lk_index *index, size_t n_parts);
void index_view_free(const struct lk_index *index, struct view *view);

/* Frees what no reader holds any more. */
void index_reclaim(struct lk_index *index);

/* Merges all that is worth it, unless the caller does. Failing for lack of memory is no harm. */
void index_merge_all(struct lk_index *index);

#endif
