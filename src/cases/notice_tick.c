/* The alarms: a notice is due soon in the last quarter of its time, at most half a day before its
 * end, and overdue after it. Each is written down once. */
#include "cases/notice.h"

#include "base/err.h"
#include "cases/notice_change.h"

#define HALF_DAY_MS (CLOCK_DAY_MS / 2)
enum { AT_ONCE = 200 };

struct ticking {
    struct registry *r;
    int64_t now_ms;
    unsigned wanted; /* of this pass: enum notice_alarm */
    struct notice_kept kept[AT_ONCE];
    size_t n, n_changed;
};

static unsigned alarm_of(const struct notice_row *row, int64_t now_ms)
{
    int64_t soon_ms = row->span_ms / 4 < HALF_DAY_MS ? row->span_ms / 4 : HALF_DAY_MS;
    if (row->due_ms <= now_ms)
        return NOTICE_OVERDUE;
    return row->due_ms - soon_ms <= now_ms ? NOTICE_DUE_SOON : NOTICE_CALM;
}

static enum lk_status keep_due(void *ctx, const struct notice_row *row, struct lk_error *err)
{
    struct ticking *t = ctx;
    if (t->n == AT_ONCE || alarm_of(row, t->now_ms) != t->wanted)
        return LK_OK;
    return notice_keep(&t->kept[t->n++], row, err);
}

static enum lk_status raise_alarms(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct ticking *t = ctx;
    t->n = 0;
    t->wanted = NOTICE_OVERDUE; /* what is late goes before what will be */
    TRY(notice_rows_due(tx, t->now_ms, NOTICE_OVERDUE, AT_ONCE, keep_due, t, err));
    t->wanted = NOTICE_DUE_SOON;
    TRY(notice_rows_due(tx, t->now_ms + HALF_DAY_MS, NOTICE_DUE_SOON, AT_ONCE, keep_due, t, err));
    for (size_t i = 0; i < t->n; i++) {
        struct notice_row *row = &t->kept[i].row;
        const struct notice_change change = {.state = row->state,
                                             .alarm = alarm_of(row, t->now_ms),
                                             .actor = NOTICE_BY_CLOCK,
                                             .now_ms = t->now_ms};
        TRY(notice_change(tx, t->r, row, &change, err));
    }
    t->n_changed += t->n;
    return LK_OK;
}

enum lk_status notice_tick(struct registry *r, size_t *n, struct lk_error *err)
{
    struct ticking t = {.r = r, .now_ms = clock_now_ms(&r->clock)};
    do
        TRY(store_write(r->store, raise_alarms, &t, err));
    while (t.n == AT_ONCE);
    *n = t.n_changed;
    return LK_OK;
}
