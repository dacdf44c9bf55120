#include "cases/match_show.h"

#include "base/err.h"

enum { DEFAULT_LIMIT = 100 };

struct listing {
    const struct registry *r;
    int64_t partner_row;
    const struct match_filter *filter;
    struct match *matches;
    size_t n, limit;
    bool more;
};

static enum lk_status add(void *ctx, const struct match_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    if (l->n == l->limit)
        l->more = true;
    else
        TRY(match_from_row(l->r, row, &l->matches[l->n++], err));
    return LK_OK;
}

static enum lk_status read_list(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct listing *l = ctx; /* one more than asked tells whether there are others */
    return match_rows_list(tx, l->partner_row, l->filter->state, l->filter->after, l->limit + 1,
                           add, l, err);
}

enum lk_status match_list(struct registry *r, const struct partner *partner, struct arena *arena,
                          const struct match_filter *filter, struct match **matches, size_t *n,
                          bool *more, struct lk_error *err)
{
    struct listing l = {.r = r,
                        .partner_row = partner->id,
                        .filter = filter,
                        .limit = filter->limit == 0 ? DEFAULT_LIMIT : filter->limit};
    if (l.limit > MATCH_MAX_LIST)
        return FAIL(err, LK_LIMIT, "limit %u is above %d", filter->limit, MATCH_MAX_LIST);
    if (filter->state >= MATCH_N_STATES)
        return FAIL(err, LK_INVALID, "state %u is not known", filter->state);
    if (filter->after > INT64_MAX)
        return FAIL(err, LK_INVALID, "'after' is not the seq of a match");
    l.matches = arena_alloc(arena, l.limit * sizeof *l.matches);
    if (l.matches == NULL)
        return FAIL(err, LK_NOMEM, "no memory to list %zu matches", l.limit);
    TRY(store_read(r->store, read_list, &l, err));
    *matches = l.matches;
    *n = l.n;
    *more = l.more;
    return LK_OK;
}
