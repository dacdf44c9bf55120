#include "cases/desk_filter.h"

#include "base/err.h"
#include "cases/registry_inside.h"
#include "store/staff_rows.h"

#include <string.h>

struct filtering {
    const struct staff_hand *by;
    struct arena *arena;
    struct desk_filter *filters;
    size_t n;
    const char *name, *query;
};

static enum lk_status add_filter(void *ctx, const char *name, size_t n_name, const char *query,
                                 size_t n_query, struct lk_error *err)
{
    struct filtering *f = ctx;
    if (f->n == DESK_MAX_FILTERS)
        return LK_OK;
    struct desk_filter *out = &f->filters[f->n++];
    out->name = arena_copy(f->arena, name, n_name);
    out->query = arena_copy(f->arena, query, n_query);
    return out->name == NULL || out->query == NULL ? FAIL(err, LK_NOMEM, "no memory for filters")
                                                   : LK_OK;
}

static enum lk_status list_filters(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct filtering *f = ctx;
    return filter_rows(tx, f->by->staff, add_filter, ctx, err);
}

enum lk_status desk_filters_of(struct registry *r, const struct staff_hand *by, struct arena *arena,
                               struct desk_filter **out, size_t *n, struct lk_error *err)
{
    struct filtering f = {.by = by, .arena = arena};
    f.filters = arena_zalloc(arena, DESK_MAX_FILTERS, sizeof *f.filters);
    if (f.filters == NULL)
        return FAIL(err, LK_NOMEM, "no memory for filters");
    TRY(store_read(r->store, list_filters, &f, err));
    *out = f.filters;
    *n = f.n;
    return LK_OK;
}

static enum lk_status write_filter(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct filtering *f = ctx;
    size_t n = 0;
    if (f->query == NULL)
        return filter_row_delete(tx, f->by->staff, f->name, err);
    TRY(filter_rows_count(tx, f->by->staff, f->name, &n, err));
    if (n >= DESK_MAX_FILTERS)
        return FAIL(err, LK_LIMIT, "at most %d views are kept: forget one first", DESK_MAX_FILTERS);
    return filter_row_put(tx, f->by->staff, f->name, f->query, err);
}

enum lk_status desk_filter_keep(struct registry *r, const struct staff_hand *by, const char *name,
                                const char *query, struct lk_error *err)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789=&-";
    struct filtering f = {.by = by, .name = name, .query = query};
    size_t n = strlen(query);
    if (by->staff == 0)
        return FAIL(err, LK_INVALID, "the command line keeps no views");
    TRY(refusal_check_text(name, strlen(name), DESK_FILTER_NAME_BYTES, "the name of a view", err));
    if (n > DESK_FILTER_QUERY_BYTES || strspn(query, good) != n)
        return FAIL(err, LK_INVALID, "that is no view of the queue");
    return store_write(r->store, write_filter, &f, err);
}

enum lk_status desk_filter_forget(struct registry *r, const struct staff_hand *by, const char *name,
                                  struct lk_error *err)
{
    struct filtering f = {.by = by, .name = name};
    return store_write(r->store, write_filter, &f, err);
}
