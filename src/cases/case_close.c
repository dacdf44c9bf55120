#include "cases/case.h"
#include "cases/escalate.h"
#include "cases/registry_inside.h"
#include "store/desk_rows.h"
#include "store/entry_rows.h"
#include "store/event_rows.h"
#include "store/feed_rows.h"
#include "store/text_rows.h"
#include "store/webhook_rows.h"

#include "base/err.h"

#include <string.h>

enum lk_status case_close(struct registry *r, struct store_tx *tx, int64_t case_row, unsigned state,
                          size_t *n_entries, struct lk_error *err)
{
    struct case_row row;
    *n_entries = 0;
    TRY(case_row_get(tx, case_row, &row, err));
    if (row.state != CASE_ROW_OPEN)
        return LK_OK;
    int64_t day_ms = clock_day_start_ms(clock_now_ms(&r->clock));
    TRY(escalate_stop(tx, NULL, case_row, 0, "not sent: the case was closed", day_ms, err));
    TRY(webhook_tell_case_closed(tx, case_row, day_ms, err));
    TRY(entry_rows_withdraw(tx, case_row, n_entries, err));
    if (*n_entries > 0)
        TRY(feed_node_rows_owe(tx, clock_now_ms(&r->clock), err));
    TRY(case_row_close(tx, case_row, state, day_ms, err));
    struct event event = {.type = EVENT_WITHDRAWAL, .event_ms = day_ms, .case_row = case_row};
    memcpy(event.subjects[0], row.public_id, sizeof row.public_id);
    TRY(event_put(tx, &event, NULL, err));
    return event_salts_destroy(tx, case_row, err);
}

struct withdrawal {
    struct registry *r;
    int64_t case_row;
    size_t n_entries;
};

static enum lk_status close_one(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct withdrawal *w = ctx;
    return case_close(w->r, tx, w->case_row, CASE_ROW_WITHDRAWN, &w->n_entries, err);
}

enum lk_status case_withdraw(struct registry *r, const struct case_access *access,
                             size_t *n_entries, struct lk_error *err)
{
    struct withdrawal w = {.r = r, .case_row = access->case_id};
    TRY(store_write(r->store, close_one, &w, err));
    if (n_entries != NULL)
        *n_entries = w.n_entries;
    if (w.n_entries == 0)
        return LK_OK;
    registry_committed(r);
    registry_add_count(r, COUNT_CASES_WITHDRAWN, 1);
    registry_scrub(r);
    return LK_OK;
}

struct part {
    struct registry *r;
    int64_t case_row;
    unsigned number;
    bool withdrawn;
};

static enum lk_status withdraw_one(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct part *p = ctx;
    struct event event = {
        .type = EVENT_WITHDRAWAL,
        .event_ms = clock_day_start_ms(clock_now_ms(&p->r->clock)),
        .case_row = p->case_row,
    };
    TRY(entry_row_withdraw(tx, p->case_row, p->number, &p->withdrawn, event.subjects[0], err));
    if (!p->withdrawn)
        return LK_OK;
    TRY(feed_node_rows_owe(tx, clock_now_ms(&p->r->clock), err));
    return event_put(tx, &event, NULL, err);
}

enum lk_status case_withdraw_item(struct registry *r, const struct case_access *access,
                                  unsigned number, struct lk_error *err)
{
    struct part part = {.r = r, .case_row = access->case_id, .number = number};
    TRY(store_write(r->store, withdraw_one, &part, err));
    if (part.withdrawn) {
        registry_committed(r);
        registry_scrub(r);
    }
    return LK_OK;
}

static enum lk_status delete_text(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct part *p = ctx;
    int64_t day_ms = clock_day_start_ms(clock_now_ms(&p->r->clock));
    if (p->number != 0)
        TRY(escalate_stop(tx, NULL, p->case_row, p->number,
                          "not sent: the person took the address back", day_ms, err));
    TRY(text_row_delete(tx, p->case_row, p->number, err));
    return desk_row_refresh(tx, p->case_row, day_ms, err);
}

enum lk_status case_withdraw_text(struct registry *r, const struct case_access *access,
                                  unsigned number, struct lk_error *err)
{
    struct part part = {.r = r, .case_row = access->case_id, .number = number};
    TRY(store_write(r->store, delete_text, &part, err));
    registry_scrub(r);
    return LK_OK;
}

const char *case_state_name(unsigned state)
{
    switch (state) {
    case CASE_OPEN:
        return "open";
    case CASE_WITHDRAWN:
        return "withdrawn";
    case CASE_EXPIRED:
        return "expired";
    default:
        return "unknown";
    }
}

_Static_assert((int)CASE_OPEN == CASE_ROW_OPEN && (int)CASE_WITHDRAWN == CASE_ROW_WITHDRAWN &&
                   (int)CASE_EXPIRED == CASE_ROW_EXPIRED,
               "people and rows mean the same states");
