#include "store/webhook_rows.h"

#include "base/err.h"
#include "store/sql.h"
#include "sys/rand.h"

#include <string.h>

/* ---- endpoints ---- */

enum lk_status webhook_row_add(struct store_tx *tx, struct webhook_row *w, struct lk_error *err)
{
    return sql_number(
        tx,
        "INSERT INTO webhook (public_id, partner_id, scheme, types, url, secret, old_secret,"
        " added_ms, state, feed_seq, match_row) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
        " (SELECT value FROM counter WHERE name = 'change'),"
        " (SELECT coalesce(max(id), 0) FROM case_match WHERE partner_id = $2)) RETURNING id",
        SQL_ARGS(
            SQL_BLOB(w->public_id, STORE_ID_BYTES), SQL_INT(w->partner), SQL_INT(w->scheme),
            SQL_INT(w->types), SQL_BLOB(w->url, w->n_url), SQL_BLOB(w->secret, sizeof w->secret),
            SQL_BLOB(w->old_secret, sizeof w->old_secret), SQL_INT(w->added_ms), SQL_INT(w->state)),
        "a webhook was not inserted", &w->row, err);
}

#define WEBHOOK_SELECT                                                                             \
    "SELECT w.id, w.public_id, w.partner_id, w.scheme, w.types, w.url, w.secret, w.old_secret,"    \
    " w.old_until_ms, w.added_ms, w.state, w.reason, w.disabled_ms, w.failing_ms, w.n_failed,"     \
    " w.tried_ms, w.rest_ms, w.feed_seq, w.feed_ms, w.match_row FROM webhook w "

static void read_webhook(struct sql *q, struct webhook_row *out)
{
    const void *url;
    *out = (struct webhook_row){
        .row = sql_i64(q, 0),
        .partner = sql_i64(q, 2),
        .scheme = (unsigned)sql_i64(q, 3),
        .types = (unsigned)sql_i64(q, 4),
        .old_until_ms = sql_i64(q, 8),
        .added_ms = sql_i64(q, 9),
        .state = (unsigned)sql_i64(q, 10),
        .reason = (unsigned)sql_i64(q, 11),
        .disabled_ms = sql_i64(q, 12),
        .failing_ms = sql_i64(q, 13),
        .n_failed = (unsigned)sql_i64(q, 14),
        .tried_ms = sql_i64(q, 15),
        .rest_ms = sql_i64(q, 16),
        .feed_seq = (uint64_t)sql_i64(q, 17),
        .feed_ms = sql_i64(q, 18),
        .match_row = sql_i64(q, 19),
    };
    sql_copy(q, 1, out->public_id, sizeof out->public_id);
    sql_copy(q, 6, out->secret, sizeof out->secret);
    sql_copy(q, 7, out->old_secret, sizeof out->old_secret);
    url = sql_bytes(q, 5, &out->n_url);
    if (out->n_url > sizeof out->url)
        q->status = FAIL(q->err, LK_CORRUPT, "the address of a webhook has %zu bytes", out->n_url);
    else if (out->n_url > 0)
        memcpy(out->url, url, out->n_url);
}

static enum lk_status read_one(struct sql *q, struct webhook_row *out)
{
    bool found = sql_row(q);
    if (found)
        read_webhook(q, out);
    TRY(sql_end(q));
    return found ? LK_OK : FAIL(q->err, LK_NOT_FOUND, "no webhook with this id");
}

enum lk_status webhook_rows_of(struct store_tx *tx, int64_t partner,
                               struct webhook_row out[WEBHOOK_MAX_OF_PARTNER], size_t *n,
                               struct lk_error *err)
{
    struct sql q;
    *n = 0;
    TRY(sql_start(tx, &q, WEBHOOK_SELECT "WHERE w.partner_id = $1 ORDER BY w.id LIMIT $2",
                  SQL_ARGS(SQL_INT(partner), SQL_INT(WEBHOOK_MAX_OF_PARTNER)), err));
    while (*n < WEBHOOK_MAX_OF_PARTNER && sql_row(&q))
        read_webhook(&q, &out[(*n)++]);
    return sql_end(&q);
}

enum lk_status webhook_row_find(struct store_tx *tx, int64_t partner,
                                const uint8_t public_id[STORE_ID_BYTES], struct webhook_row *out,
                                struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, WEBHOOK_SELECT "WHERE w.public_id = $1 AND w.partner_id = $2",
                  SQL_ARGS(SQL_BLOB(public_id, STORE_ID_BYTES), SQL_INT(partner)), err));
    return read_one(&q, out);
}

enum lk_status webhook_row_get(struct store_tx *tx, int64_t row, struct webhook_row *out,
                               struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, WEBHOOK_SELECT "WHERE w.id = $1", SQL_ARGS(SQL_INT(row)), err));
    return read_one(&q, out);
}

enum lk_status webhook_row_next(struct store_tx *tx, int64_t after, enum webhook_type type,
                                struct webhook_row *out, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(
        tx, &q,
        WEBHOOK_SELECT "JOIN partner p ON p.id = w.partner_id WHERE w.id > $1"
                       " AND w.state = $2 AND (w.types & $3) <> 0 AND p.revoked_ms = 0"
                       " ORDER BY w.id LIMIT 1",
        SQL_ARGS(SQL_INT(after), SQL_INT(WEBHOOK_ROW_IN_FORCE), SQL_INT(WEBHOOK_BIT(type))), err));
    return read_one(&q, out);
}

enum lk_status webhook_row_change(struct store_tx *tx, const struct webhook_row *w,
                                  struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE webhook SET secret = $2, old_secret = $3, old_until_ms = $4, state = $5,"
                   " reason = $6, disabled_ms = $7, failing_ms = $8, n_failed = $9, tried_ms = $10,"
                   " rest_ms = $11, feed_seq = $12, feed_ms = $13, match_row = $14 WHERE id = $1",
                   SQL_ARGS(SQL_INT(w->row), SQL_BLOB(w->secret, sizeof w->secret),
                            SQL_BLOB(w->old_secret, sizeof w->old_secret), SQL_INT(w->old_until_ms),
                            SQL_INT(w->state), SQL_INT(w->reason), SQL_INT(w->disabled_ms),
                            SQL_INT(w->failing_ms), SQL_INT(w->n_failed), SQL_INT(w->tried_ms),
                            SQL_INT(w->rest_ms), SQL_INT(w->feed_seq), SQL_INT(w->feed_ms),
                            SQL_INT(w->match_row)),
                   err);
}

enum lk_status webhook_row_delete(struct store_tx *tx, int64_t row, struct lk_error *err)
{
    const struct store_value id = SQL_INT(row);
    TRY(sql_run(tx, "DELETE FROM webhook_try WHERE webhook_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM webhook_message WHERE webhook_id = $1", &id, 1, err));
    return sql_run(tx, "DELETE FROM webhook WHERE id = $1", &id, 1, err);
}

/* ---- the outbox ---- */

enum lk_status webhook_message_add(struct store_tx *tx, int64_t webhook, enum webhook_type type,
                                   const uint8_t *subject, int64_t now_ms,
                                   uint8_t public_id[STORE_ID_BYTES], struct lk_error *err)
{
    rand_bytes(public_id, STORE_ID_BYTES);
    return sql_run(tx,
                   "INSERT INTO webhook_message (public_id, webhook_id, type, subject, event_ms,"
                   " state, next_ms) VALUES ($1, $2, $3, $4, $5, $6, $5)",
                   SQL_ARGS(SQL_BLOB(public_id, STORE_ID_BYTES), SQL_INT(webhook), SQL_INT(type),
                            SQL_BLOB(subject, STORE_ID_BYTES), SQL_INT(now_ms),
                            SQL_INT(WEBHOOK_MESSAGE_WAITING)),
                   err);
}

enum lk_status webhook_tell(struct store_tx *tx, int64_t partner, enum webhook_type type,
                            const uint8_t subject[STORE_ID_BYTES], int64_t now_ms,
                            struct lk_error *err)
{
    struct sql q;
    int64_t rows[WEBHOOK_MAX_OF_PARTNER];
    uint8_t id[STORE_ID_BYTES];
    size_t n = 0;
    TRY(sql_start(
        tx, &q,
        "SELECT w.id FROM webhook w JOIN partner p ON p.id = w.partner_id"
        " WHERE w.partner_id = $1 AND w.state = $2 AND (w.types & $3) <> 0"
        " AND p.revoked_ms = 0",
        SQL_ARGS(SQL_INT(partner), SQL_INT(WEBHOOK_ROW_IN_FORCE), SQL_INT(WEBHOOK_BIT(type))),
        err));
    while (n < WEBHOOK_MAX_OF_PARTNER && sql_row(&q))
        rows[n++] = sql_i64(&q, 0);
    TRY(sql_end(&q));
    for (size_t i = 0; i < n; i++)
        TRY(webhook_message_add(tx, rows[i], type, subject, now_ms, id, err));
    return LK_OK;
}

enum lk_status webhook_tell_case_closed(struct store_tx *tx, int64_t case_row, int64_t day_ms,
                                        struct lk_error *err)
{
    bool found = true;
    for (int64_t last = 0; found;) {
        struct sql q;
        int64_t partner = 0;
        uint8_t id[STORE_ID_BYTES];
        TRY(sql_start(tx, &q,
                      "SELECT id, partner_id, inbox_id FROM notice WHERE case_id = $1 AND id > $2"
                      " AND partner_id IS NOT NULL ORDER BY id LIMIT 1",
                      SQL_ARGS(SQL_INT(case_row), SQL_INT(last)), err));
        found = sql_row(&q);
        if (found) {
            last = sql_i64(&q, 0);
            partner = sql_i64(&q, 1);
            sql_copy(&q, 2, id, sizeof id);
        }
        TRY(sql_end(&q));
        if (found)
            TRY(webhook_tell(tx, partner, WEBHOOK_NOTICE_WITHDRAWN, id, day_ms, err));
    }
    return LK_OK;
}

#define MESSAGE_SELECT                                                                             \
    "SELECT m.id, m.webhook_id, m.public_id, m.type, m.subject IS NOT NULL, m.subject, "           \
    "m.event_ms,"                                                                                  \
    " m.state, m.n_tries, m.next_ms FROM webhook_message m "

static enum lk_status read_message(struct sql *q, struct webhook_message *out)
{
    bool found = sql_row(q);
    if (found) {
        *out = (struct webhook_message){
            .row = sql_i64(q, 0),
            .webhook = sql_i64(q, 1),
            .type = (unsigned)sql_i64(q, 3),
            .has_subject = sql_i64(q, 4) != 0,
            .event_ms = sql_i64(q, 6),
            .state = (unsigned)sql_i64(q, 7),
            .n_tries = (unsigned)sql_i64(q, 8),
            .next_ms = sql_i64(q, 9),
        };
        sql_copy(q, 2, out->public_id, sizeof out->public_id);
        if (out->has_subject)
            sql_copy(q, 5, out->subject, sizeof out->subject);
    }
    TRY(sql_end(q));
    return found ? LK_OK : FAIL(q->err, LK_NOT_FOUND, "no message of a webhook");
}

enum lk_status webhook_message_due(struct store_tx *tx, int64_t now_ms, struct webhook_message *out,
                                   struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  MESSAGE_SELECT "JOIN webhook w ON w.id = m.webhook_id"
                                 " JOIN partner p ON p.id = w.partner_id"
                                 " WHERE m.next_ms > 0 AND m.next_ms <= $1 AND w.state = $2"
                                 " AND w.rest_ms <= $1 AND p.revoked_ms = 0"
                                 " ORDER BY w.tried_ms, m.next_ms, m.id LIMIT 1",
                  SQL_ARGS(SQL_INT(now_ms), SQL_INT(WEBHOOK_ROW_IN_FORCE)), err));
    return read_message(&q, out);
}

enum lk_status webhook_message_get(struct store_tx *tx, int64_t row, struct webhook_message *out,
                                   struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, MESSAGE_SELECT "WHERE m.id = $1", SQL_ARGS(SQL_INT(row)), err));
    return read_message(&q, out);
}

enum lk_status webhook_message_set(struct store_tx *tx, const struct webhook_message *message,
                                   struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE webhook_message SET state = $2, n_tries = $3, next_ms = $4"
                   " WHERE id = $1",
                   SQL_ARGS(SQL_INT(message->row), SQL_INT(message->state),
                            SQL_INT(message->n_tries), SQL_INT(message->next_ms)),
                   err);
}

enum lk_status webhook_message_waits(struct store_tx *tx, int64_t webhook, enum webhook_type type,
                                     bool *waits, struct lk_error *err)
{
    int64_t n = 0;
    TRY(sql_number(tx,
                   "SELECT count(*) FROM webhook_message WHERE webhook_id = $1 AND type = $2"
                   " AND state = $3",
                   SQL_ARGS(SQL_INT(webhook), SQL_INT(type), SQL_INT(WEBHOOK_MESSAGE_WAITING)),
                   "messages were not counted", &n, err));
    *waits = n > 0;
    return LK_OK;
}

enum lk_status webhook_messages_drop(struct store_tx *tx, int64_t webhook, struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE webhook_message SET state = $2, next_ms = 0"
                   " WHERE webhook_id = $1 AND state = $3",
                   SQL_ARGS(SQL_INT(webhook), SQL_INT(WEBHOOK_MESSAGE_GIVEN_UP),
                            SQL_INT(WEBHOOK_MESSAGE_WAITING)),
                   err);
}

/* ---- its log ---- */

enum lk_status webhook_try_add(struct store_tx *tx, const struct webhook_try_row *one,
                               struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO webhook_try (message_id, webhook_id, number, at_ms, status,"
                   " fetch_end, duration_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   SQL_ARGS(SQL_INT(one->message), SQL_INT(one->webhook), SQL_INT(one->number),
                            SQL_INT(one->at_ms), SQL_INT(one->status), SQL_INT(one->fetch_end),
                            SQL_INT(one->duration_ms)),
                   err);
}

enum lk_status webhook_tries_of(struct store_tx *tx, int64_t webhook, size_t limit,
                                webhook_try_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT t.message_id, t.webhook_id, t.number, t.at_ms, t.status, t.fetch_end,"
                  " t.duration_ms, m.public_id, m.type, m.state FROM webhook_try t"
                  " JOIN webhook_message m ON m.id = t.message_id WHERE t.webhook_id = $1"
                  " ORDER BY t.id DESC LIMIT $2",
                  SQL_ARGS(SQL_INT(webhook), SQL_INT(limit)), err));
    while (sql_row(&q)) {
        struct webhook_try_row one = {
            .message = sql_i64(&q, 0),
            .webhook = sql_i64(&q, 1),
            .number = (unsigned)sql_i64(&q, 2),
            .at_ms = sql_i64(&q, 3),
            .status = (unsigned)sql_i64(&q, 4),
            .fetch_end = (unsigned)sql_i64(&q, 5),
            .duration_ms = (unsigned)sql_i64(&q, 6),
            .type = (unsigned)sql_i64(&q, 8),
            .state = (unsigned)sql_i64(&q, 9),
        };
        sql_copy(&q, 7, one.message_id, sizeof one.message_id);
        if (q.status == LK_OK)
            q.status = show(ctx, &one, err);
    }
    return sql_end(&q);
}

enum lk_status webhook_rows_forget(struct store_tx *tx, int64_t before_ms, struct lk_error *err)
{
    TRY(sql_run(tx,
                "DELETE FROM webhook_try WHERE message_id IN"
                " (SELECT id FROM webhook_message WHERE event_ms < $1)",
                SQL_ARGS(SQL_INT(before_ms)), err));
    return sql_run(tx, "DELETE FROM webhook_message WHERE event_ms < $1",
                   SQL_ARGS(SQL_INT(before_ms)), err);
}
