/* bank/bank_view.h - what a bank consists of at one moment, and how readers hold on to it.
 *
 * A view is a list of tables and segments that never changes; a change of the list publishes a new
 * one. Readers announce themselves, take the view and look through it, and nothing in it is freed
 * until they have left: what a view held and its successor does not is freed by the writer, at one
 * of his later calls, when every reader who may have seen it is gone. Nobody waits for anybody. */
#ifndef BANK_BANK_VIEW_H
#define BANK_BANK_VIEW_H

#include "bank_segment.h"
#include "base/epoch.h"
#include "log_file.h"
#include "table.h"

/* A table and its log. */
struct bank_table {
    struct table *table;
    uint64_t number;     /* of the log */
    struct log_file log; /* fd -1: none, the bank is in memory alone */
    bool unfinished;     /* states or bodies that failed to be written */
};

struct bank_view {
    size_t n_bytes; /* of it and its lists */
    size_t n_tables, n_segments;
    struct bank_table **tables;     /* the newest first: that one is added to */
    struct bank_segment **segments; /* the oldest first */
    /* For the time after. */
    struct bank_view *next; /* the one that was retired after it */
    uint64_t retired_at;
    size_t n_dead_tables, n_dead_segments;
    struct bank_table **dead_tables; /* what its successor does not have: dies with it */
    struct bank_segment **dead_segments;
};

struct bank_views {
    const struct lk_alloc *alloc;
    _Atomic(struct bank_view *) now;
    struct epoch epoch;
    struct bank_view *oldest, *newest; /* retired */
};

void views_init(struct bank_views *views, const struct lk_alloc *alloc);

/* Frees everything. Nobody may be reading. */
void views_fini(struct bank_views *views);

/* A new view with room for so many; NULL without memory. Not published yet: freed by
 * views_drop() */
struct bank_view *views_make(const struct lk_alloc *alloc, size_t n_tables, size_t n_segments);
void views_drop(const struct lk_alloc *alloc, struct bank_view *view);

/* Makes it the present one. The writer's. */
void views_publish(struct bank_views *views, struct bank_view *view);

/* Frees what no reader can hold any more. The writer's. */
void views_reap(struct bank_views *views);

/* For readers: between enter and leave everything in the view stays. */
struct bank_reader {
    const struct bank_view *view;
    unsigned slot;
};
struct bank_reader views_enter(struct bank_views *views);
void views_leave(struct bank_views *views, struct bank_reader reader);

/* For the writer, who publishes himself. */
static inline struct bank_view *views_now(const struct bank_views *views)
{
    return atomic_load_explicit(&views->now, memory_order_relaxed);
}

void bank_table_free(const struct lk_alloc *alloc, struct bank_table *table);

#endif
