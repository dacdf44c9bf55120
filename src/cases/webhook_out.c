#include "cases/webhook_out.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/match_state.h"
#include "cases/webhook_seal.h"
#include "store/match_rows.h"

#include <string.h>

#define SECOND_MS   INT64_C(1000)
#define MINUTE_MS   (60 * SECOND_MS)
#define HOUR_MS     (60 * MINUTE_MS)
#define MAX_REST_MS (5 * MINUTE_MS)

enum { STATUS_GONE = 410, MATCHES_AT_ONCE = 100 };

int64_t webhook_out_pause_ms(unsigned n_tries)
{
    static const int64_t pauses[WEBHOOK_OUT_MAX_TRIES] = {
        0,           5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS,
        5 * HOUR_MS, 10 * HOUR_MS,  14 * HOUR_MS,  20 * HOUR_MS,   24 * HOUR_MS};
    return pauses[n_tries < WEBHOOK_OUT_MAX_TRIES ? n_tries : WEBHOOK_OUT_MAX_TRIES - 1];
}

/* Before anything is sent to an endpoint again that failed so often in a row. */
static int64_t rest_ms(unsigned n_failed)
{
    unsigned doublings = n_failed > 0 ? n_failed - 1 : 0;
    int64_t rest = doublings > 9 ? MAX_REST_MS : 5 * SECOND_MS << doublings;
    return rest < MAX_REST_MS ? rest : MAX_REST_MS;
}

/* ---- the next one ---- */

struct opening {
    struct registry *r;
    struct webhook_message message;
    struct webhook_row webhook;
};

static enum lk_status read_next(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct opening *o = ctx;
    TRY(webhook_message_due(tx, clock_now_ms(&o->r->clock), &o->message, err));
    return webhook_row_get(tx, o->message.webhook, &o->webhook, err);
}

static bool open_keys(const struct registry *r, const struct webhook_row *row,
                      struct webhook_out *out)
{
    if (!webhook_open_secret(r, row, row->secret, out->keys[out->n_keys++]))
        return false;
    return row->old_until_ms <= clock_now_ms(&r->clock) ||
           webhook_open_secret(r, row, row->old_secret, out->keys[out->n_keys++]);
}

enum lk_status webhook_out_next(struct registry *r, struct arena *arena, struct webhook_out *out,
                                struct lk_error *err)
{
    struct opening o = {.r = r};
    *out = (struct webhook_out){0};
    TRY(store_read(r->store, read_next, &o, err));
    *out = (struct webhook_out){
        .row = o.message.row,
        .type = o.message.type,
        .event_ms = o.message.event_ms,
        .url = webhook_open_url(r, &o.webhook, arena),
        .scheme = o.webhook.scheme,
    };
    webhook_message_text(o.message.public_id, out->id);
    if (o.message.has_subject)
        hex_encode(o.message.subject, STORE_ID_BYTES, out->subject);
    if (out->url == NULL || !open_keys(r, &o.webhook, out)) {
        webhook_out_wipe(out);
        return FAIL(err, LK_CORRUPT, "a webhook is damaged in the store");
    }
    return LK_OK;
}

void webhook_out_wipe(struct webhook_out *out)
{
    seal_wipe(out->keys, sizeof out->keys);
}

/* ---- its fate ---- */

struct ending {
    struct registry *r;
    const struct webhook_answer *answer;
    struct webhook_fate *fate;
    struct webhook_message message;
    struct webhook_row webhook;
    int64_t row, now_ms;
};

/* What a person's visit causes: of its time only the day is kept. */
static int64_t kept_time(unsigned type, int64_t time_ms)
{
    bool tells_of_visit = type == WEBHOOK_NOTICE_WITHDRAWN || type == WEBHOOK_FEED_CHANGED;
    return tells_of_visit ? clock_day_start_ms(time_ms) : time_ms;
}

static bool has_arrived(const struct webhook_answer *answer)
{
    return answer->status >= 200 && answer->status < 300 &&
           (answer->end == FETCH_DONE || answer->end == FETCH_CUT);
}

static void disable(struct ending *e, unsigned reason)
{
    e->webhook.state = WEBHOOK_ROW_DISABLED;
    e->webhook.reason = reason;
    e->webhook.disabled_ms = e->now_ms;
    e->fate->is_disabled = true;
}

static void note_failure(struct ending *e)
{
    struct webhook_message *m = &e->message;
    struct webhook_row *w = &e->webhook;
    bool is_last = m->type == WEBHOOK_PING || m->n_tries >= WEBHOOK_OUT_MAX_TRIES;
    m->state = is_last ? WEBHOOK_MESSAGE_GIVEN_UP : WEBHOOK_MESSAGE_WAITING;
    m->next_ms = is_last ? 0 : e->now_ms + webhook_out_pause_ms(m->n_tries);
    if (w->failing_ms == 0)
        w->failing_ms = e->now_ms;
    w->n_failed++;
    w->rest_ms = e->now_ms + rest_ms(w->n_failed);
    if (e->answer->status == STATUS_GONE)
        disable(e, WEBHOOK_GONE);
    else if (e->now_ms - w->failing_ms >= WEBHOOK_OUT_FAILING_DAYS * CLOCK_DAY_MS)
        disable(e, WEBHOOK_FAILING);
}

static void note_arrival(struct ending *e)
{
    e->message.state = WEBHOOK_MESSAGE_DELIVERED;
    e->message.next_ms = 0;
    e->webhook.failing_ms = e->webhook.rest_ms = 0;
    e->webhook.n_failed = 0;
}

static enum lk_status end(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct ending *e = ctx;
    enum lk_status found = webhook_message_get(tx, e->row, &e->message, err);
    if (found == LK_NOT_FOUND)
        return LK_OK; /* the endpoint was removed */
    TRY(found);
    TRY(webhook_row_get(tx, e->message.webhook, &e->webhook, err));
    e->message.n_tries++;
    e->webhook.tried_ms = e->now_ms;
    if (has_arrived(e->answer))
        note_arrival(e);
    else
        note_failure(e);
    const struct webhook_try_row one = {
        .message = e->message.row,
        .webhook = e->webhook.row,
        .number = e->message.n_tries,
        .at_ms = kept_time(e->message.type, e->now_ms),
        .status = e->answer->status,
        .fetch_end = e->answer->end,
        .duration_ms = e->answer->duration_ms,
    };
    TRY(webhook_try_add(tx, &one, err));
    TRY(webhook_message_set(tx, &e->message, err));
    TRY(webhook_row_change(tx, &e->webhook, err));
    if (e->webhook.state == WEBHOOK_ROW_DISABLED)
        TRY(webhook_messages_drop(tx, e->webhook.row, err));
    e->fate->state = e->message.state;
    return LK_OK;
}

enum lk_status webhook_out_end(struct registry *r, int64_t row, const struct webhook_answer *answer,
                               struct webhook_fate *fate, struct lk_error *err)
{
    struct ending e = {
        .r = r, .answer = answer, .fate = fate, .row = row, .now_ms = clock_now_ms(&r->clock)};
    *fate = (struct webhook_fate){0};
    return store_write(r->store, end, &e, err);
}

/* ---- what time brings ---- */

struct ticking {
    struct registry *r;
    int64_t now_ms;
    bool is_due; /* there is something to write */
};

static enum lk_status is_feed_due(struct store_tx *tx, const struct ticking *t,
                                  const struct webhook_row *w, uint64_t last, bool *due,
                                  struct lk_error *err)
{
    bool waits = false;
    *due = w->feed_seq < last && w->feed_ms + WEBHOOK_OUT_FEED_MS <= t->now_ms;
    if (*due)
        TRY(webhook_message_waits(tx, w->row, WEBHOOK_FEED_CHANGED, &waits, err));
    *due = *due && !waits;
    return LK_OK;
}

/* Notes whether there is something; writes it down where `write` says so. */
static enum lk_status tick_feed(struct store_tx *tx, struct ticking *t, bool write,
                                struct lk_error *err)
{
    struct webhook_row w = {0};
    uint64_t last = 0;
    uint8_t id[STORE_ID_BYTES];
    TRY(change_last(tx, &last, err));
    for (;;) {
        bool due = false;
        enum lk_status status = webhook_row_next(tx, w.row, WEBHOOK_FEED_CHANGED, &w, err);
        if (status == LK_NOT_FOUND)
            return LK_OK;
        TRY(status);
        TRY(is_feed_due(tx, t, &w, last, &due, err));
        t->is_due = t->is_due || due;
        if (!due || !write)
            continue;
        w.feed_seq = last;
        w.feed_ms = t->now_ms;
        TRY(webhook_message_add(tx, w.row, WEBHOOK_FEED_CHANGED, NULL,
                                kept_time(WEBHOOK_FEED_CHANGED, t->now_ms), id, err));
        TRY(webhook_row_change(tx, &w, err));
    }
}

static enum lk_status tick_matches_of(struct store_tx *tx, struct ticking *t, struct webhook_row *w,
                                      bool write, struct lk_error *err)
{
    uint8_t match[STORE_ID_BYTES], id[STORE_ID_BYTES];
    for (size_t i = 0; i < MATCHES_AT_ONCE; i++) {
        enum lk_status status =
            match_row_waiting(tx, w->partner, MATCH_FOUND, w->match_row,
                              t->now_ms - t->r->answer_ms / 4 * 3, &w->match_row, match, err);
        if (status == LK_NOT_FOUND)
            return LK_OK;
        TRY(status);
        t->is_due = true;
        if (!write)
            return LK_OK;
        TRY(webhook_message_add(tx, w->row, WEBHOOK_MATCH_WAITING, match, t->now_ms, id, err));
        TRY(webhook_row_change(tx, w, err));
    }
    return LK_OK;
}

static enum lk_status tick_matches(struct store_tx *tx, struct ticking *t, bool write,
                                   struct lk_error *err)
{
    struct webhook_row w = {0};
    for (;;) {
        enum lk_status status = webhook_row_next(tx, w.row, WEBHOOK_MATCH_WAITING, &w, err);
        if (status == LK_NOT_FOUND)
            return LK_OK;
        TRY(status);
        TRY(tick_matches_of(tx, t, &w, write, err));
    }
}

static enum lk_status look(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    TRY(tick_feed(tx, ctx, false, err));
    return tick_matches(tx, ctx, false, err);
}

static enum lk_status write_down(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    TRY(tick_feed(tx, ctx, true, err));
    return tick_matches(tx, ctx, true, err);
}

enum lk_status webhook_out_tick(struct registry *r, struct lk_error *err)
{
    struct ticking t = {.r = r, .now_ms = clock_now_ms(&r->clock)};
    TRY(store_read(r->store, look, &t, err));
    return t.is_due ? store_write(r->store, write_down, &t, err) : LK_OK;
}

static enum lk_status forget(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct registry *r = ctx;
    return webhook_rows_forget(tx, clock_now_ms(&r->clock) - WEBHOOK_LOG_DAYS * CLOCK_DAY_MS, err);
}

enum lk_status webhook_out_forget(struct registry *r, struct lk_error *err)
{
    return store_write(r->store, forget, r, err);
}
