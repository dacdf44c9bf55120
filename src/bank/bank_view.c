#include "bank_view.h"

void views_init(struct bank_views *views, const struct lk_alloc *alloc)
{
    *views = (struct bank_views){.alloc = alloc};
    epoch_init(&views->epoch);
}

struct bank_view *views_make(const struct lk_alloc *alloc, size_t n_tables, size_t n_segments)
{
    size_t n_bytes = sizeof(struct bank_view) + 2 * (n_tables + n_segments) * sizeof(void *);
    struct bank_view *view = alloc->alloc(alloc->ctx, n_bytes);
    if (view == NULL)
        return NULL;
    *view = (struct bank_view){.n_bytes = n_bytes, .n_tables = n_tables, .n_segments = n_segments};
    view->tables = (struct bank_table **)(view + 1);
    view->dead_tables = view->tables + n_tables;
    view->segments = (struct bank_segment **)(view->dead_tables + n_tables);
    view->dead_segments = view->segments + n_segments;
    return view;
}

void views_drop(const struct lk_alloc *alloc, struct bank_view *view)
{
    if (view != NULL)
        alloc->free(alloc->ctx, view, view->n_bytes);
}

void bank_table_free(const struct lk_alloc *alloc, struct bank_table *table)
{
    if (table == NULL)
        return;
    table_free(table->table);
    log_file_close(&table->log);
    alloc->free(alloc->ctx, table, sizeof *table);
}

static bool has_table(const struct bank_view *view, const struct bank_table *table)
{
    for (size_t i = 0; i < view->n_tables; i++)
        if (view->tables[i] == table)
            return true;
    return false;
}

static bool has_segment(const struct bank_view *view, const struct bank_segment *segment)
{
    for (size_t i = 0; i < view->n_segments; i++)
        if (view->segments[i] == segment)
            return true;
    return false;
}

/* Frees a view and what dies with it: what its successor does not have. */
static void bury(const struct lk_alloc *alloc, struct bank_view *view)
{
    for (size_t i = 0; i < view->n_dead_tables; i++)
        bank_table_free(alloc, view->dead_tables[i]);
    for (size_t i = 0; i < view->n_dead_segments; i++)
        bank_segment_free(view->dead_segments[i]);
    views_drop(alloc, view);
}

void views_publish(struct bank_views *views, struct bank_view *view)
{
    struct bank_view *old = views_now(views);
    atomic_store(&views->now, view);
    uint64_t epoch = epoch_advance(&views->epoch);
    if (old == NULL)
        return;
    for (size_t i = 0; i < old->n_tables; i++)
        if (!has_table(view, old->tables[i]))
            old->dead_tables[old->n_dead_tables++] = old->tables[i];
    for (size_t i = 0; i < old->n_segments; i++)
        if (!has_segment(view, old->segments[i]))
            old->dead_segments[old->n_dead_segments++] = old->segments[i];
    old->retired_at = epoch;
    if (views->newest != NULL)
        views->newest->next = old;
    else
        views->oldest = old;
    views->newest = old;
}

void views_reap(struct bank_views *views)
{
    while (views->oldest != NULL && epoch_is_over(&views->epoch, views->oldest->retired_at)) {
        struct bank_view *view = views->oldest;
        views->oldest = view->next;
        if (views->oldest == NULL)
            views->newest = NULL;
        bury(views->alloc, view);
    }
}

void views_fini(struct bank_views *views)
{
    views_reap(views);
    struct bank_view *view = views_now(views);
    if (view == NULL)
        return;
    for (size_t i = 0; i < view->n_tables; i++)
        bank_table_free(views->alloc, view->tables[i]);
    for (size_t i = 0; i < view->n_segments; i++)
        bank_segment_free(view->segments[i]);
    views_drop(views->alloc, view);
}

struct bank_reader views_enter(struct bank_views *views)
{
    unsigned slot = epoch_enter(&views->epoch);
    return (struct bank_reader){atomic_load(&views->now), slot};
}

void views_leave(struct bank_views *views, struct bank_reader reader)
{
    epoch_leave(&views->epoch, reader.slot);
}
