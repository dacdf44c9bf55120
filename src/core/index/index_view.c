#include "index_inside.h"

#include <string.h>

static size_t view_bytes(size_t n_parts)
{
    return sizeof(struct view) + n_parts * sizeof(struct part *);
}

struct reading index_enter(const struct lk_index *index)
{
    /* Announcing oneself is the only thing that a search writes. */
    struct epoch *epoch = (struct epoch *)&index->epoch;
    unsigned slot = index->fixed ? 0 : epoch_enter(epoch);
    return (struct reading){atomic_load(&index->view), slot};
}

void index_leave(const struct lk_index *index, struct reading r)
{
    if (!index->fixed)
        epoch_leave((struct epoch *)&index->epoch, r.slot);
}

struct view *index_view_new(const struct lk_index *index, size_t n_parts)
{
    struct view *view = index->alloc->alloc(index->alloc->ctx, view_bytes(n_parts));
    if (view != NULL) {
        memset(view, 0, view_bytes(n_parts));
        view->n_parts = n_parts;
    }
    return view;
}

void index_view_free(const struct lk_index *index, struct view *view)
{
    if (view != NULL)
        index->alloc->free(index->alloc->ctx, view, view_bytes(view->n_parts));
}

static size_t retired_bytes(size_t n_parts)
{
    return sizeof(struct retired) + n_parts * sizeof(struct part *);
}

static void free_note(const struct lk_index *index, struct retired *r)
{
    if (r != NULL)
        index->alloc->free(index->alloc->ctx, r, retired_bytes(r->n_parts));
}

bool index_change_new(const struct lk_index *index, size_t n_parts, size_t n_going,
                      struct change *change)
{
    const struct lk_alloc *alloc = index->alloc;
    *change = (struct change){index_view_new(index, n_parts),
                              alloc->alloc(alloc->ctx, retired_bytes(n_going))};
    if (change->retired != NULL)
        *change->retired = (struct retired){.n_parts = n_going};
    if (change->view != NULL && change->retired != NULL)
        return true;
    index_change_drop(index, change);
    return false;
}

void index_change_drop(const struct lk_index *index, struct change *change)
{
    index_view_free(index, change->view);
    free_note(index, change->retired);
    *change = (struct change){0};
}

void index_publish(struct lk_index *index, const struct change *change)
{
    change->retired->next = index->retired;
    change->retired->view = index_view(index);
    atomic_store(&index->view, change->view);
    change->retired->epoch = epoch_advance(&index->epoch);
    index->retired = change->retired;
    index_reclaim(index);
}

static void free_retired(const struct lk_index *index, struct retired *r)
{
    for (size_t i = 0; i < r->n_parts; i++)
        part_free(r->parts[i]);
    memtable_free(r->memtable);
    index_view_free(index, r->view);
    free_note(index, r);
}

void index_reclaim(struct lk_index *index)
{
    /* The list is latest first: what is behind something that is over is over too. */
    struct retired **at = &index->retired;
    while (*at != NULL && !epoch_is_over(&index->epoch, (*at)->epoch))
        at = &(*at)->next;
    struct retired *over = *at;
    *at = NULL;
    while (over != NULL) {
        struct retired *next = over->next;
        free_retired(index, over);
        over = next;
    }
}
