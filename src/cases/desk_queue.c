#include "cases/desk_queue.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/registry_inside.h"

#include <string.h>

struct queueing {
    struct registry *r;
    struct arena *arena;
    struct desk_query query; /* with one more, to see whether there is */
    struct desk_queued *cases;
    size_t n;
    struct desk_counts counts;
};

static enum lk_status add_case(void *ctx, const struct desk_row *row, struct lk_error *err)
{
    struct queueing *q = ctx;
    struct desk_queued *out = &q->cases[q->n++];
    *out = (struct desk_queued){
        .harm = row->harm,
        .staff_row = row->staff,
        .due_ms = row->due_ms,
        .is_waiting = row->is_waiting,
        .n_links = row->n_links,
        .n_open = row->n_open,
        .n_late = row->n_late,
        .changed_ms = row->changed_ms,
    };
    hex_encode(row->public_id, sizeof row->public_id, out->id);
    memcpy(out->lang, row->lang, sizeof out->lang);
    if (row->staff_name == NULL)
        return LK_OK;
    out->staff = arena_copy(q->arena, row->staff_name, row->n_staff_name);
    return out->staff == NULL ? FAIL(err, LK_NOMEM, "no memory for the queue") : LK_OK;
}

static enum lk_status read_queue(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct queueing *q = ctx;
    int64_t today_ms = clock_day_start_ms(clock_now_ms(&q->r->clock));
    TRY(desk_rows(tx, &q->query, add_case, q, err));
    return desk_rows_count(tx, today_ms + CLOCK_DAY_MS, &q->counts, err);
}

enum lk_status desk_queue(struct registry *r, const struct staff_hand *by,
                          const struct desk_query *query, struct arena *arena,
                          struct desk_queue *out, struct lk_error *err)
{
    struct queueing q = {.r = r, .arena = arena, .query = *query};
    if (!staff_may(by->role, STAFF_MAY_SEE_QUEUE))
        return FAIL(err, LK_DENIED, "this account does not see the queue");
    if (query->limit == 0 || query->limit > DESK_QUEUE_MAX)
        return FAIL(err, LK_LIMIT, "a page of the queue shows 1 to %d cases", DESK_QUEUE_MAX);
    q.query.limit++;
    q.cases = arena_zalloc(arena, q.query.limit, sizeof *q.cases);
    if (q.cases == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the queue");
    TRY(store_read(r->store, read_queue, &q, err));
    *out = (struct desk_queue){
        .cases = q.cases,
        .n = q.n < query->limit ? q.n : query->limit,
        .has_more = q.n > query->limit,
        .counts = q.counts,
    };
    return LK_OK;
}
