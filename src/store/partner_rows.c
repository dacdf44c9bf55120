#include "store/partner_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

enum lk_status partner_row_add(struct store_tx *tx, const struct partner_row *partner,
                               const uint8_t key_hash[SEAL_HASH_BYTES], int64_t *row,
                               struct lk_error *err)
{
    enum lk_status status =
        sql_number(tx,
                   "INSERT INTO partner (name, role, key_hash, added_ms) VALUES ($1, $2, $3, $4)"
                   " ON CONFLICT (name) DO NOTHING RETURNING id",
                   SQL_ARGS(SQL_TEXT(partner->name, partner->n_name), SQL_INT(partner->role),
                            SQL_BLOB(key_hash, SEAL_HASH_BYTES), SQL_INT(partner->added_ms)),
                   "", row, err);
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_CONFLICT, "a partner named '%.*s' exists already", (int)partner->n_name,
                    partner->name);
    return status;
}

enum lk_status partner_row_revoke(struct store_tx *tx, const char *name, int64_t now_ms,
                                  struct lk_error *err)
{
    int64_t revoked_ms = 0, row = 0;
    enum lk_status status =
        sql_number(tx, "SELECT revoked_ms FROM partner WHERE name = $1",
                   SQL_ARGS(SQL_TEXT(name, strlen(name))), "", &revoked_ms, err);
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_NOT_FOUND, "no partner is named '%.100s'", name);
    TRY(status);
    if (revoked_ms != 0)
        return FAIL(err, LK_CONFLICT, "the key of '%.100s' was revoked before", name);
    return sql_number(tx, "UPDATE partner SET revoked_ms = $1 WHERE name = $2 RETURNING id",
                      SQL_ARGS(SQL_INT(now_ms), SQL_TEXT(name, strlen(name))),
                      "the partner went away", &row, err);
}

static enum lk_status show_all(struct sql *q, partner_row_show *show, void *ctx, bool *any)
{
    while (sql_row(q)) {
        struct partner_row partner = {
            .row = sql_i64(q, 0),
            .role = (unsigned)sql_i64(q, 2),
            .added_ms = sql_i64(q, 3),
            .revoked_ms = sql_i64(q, 4),
        };
        partner.name = sql_bytes(q, 1, &partner.n_name);
        q->status = show(ctx, &partner, q->err);
        *any = true;
    }
    return sql_end(q);
}

static enum lk_status show_one(struct store_tx *tx, int64_t row, partner_row_show *show, void *ctx,
                               struct lk_error *err)
{
    struct sql q;
    bool any = false;
    TRY(sql_start(tx, &q, "SELECT id, name, role, added_ms, revoked_ms FROM partner WHERE id = $1",
                  SQL_ARGS(SQL_INT(row)), err));
    return show_all(&q, show, ctx, &any);
}

enum lk_status partner_row_each(struct store_tx *tx, partner_row_show *show, void *ctx,
                                struct lk_error *err)
{
    struct sql q;
    bool any = false;
    TRY(sql_start(tx, &q, "SELECT id, name, role, added_ms, revoked_ms FROM partner ORDER BY id",
                  SQL_NO_ARGS, err));
    return show_all(&q, show, ctx, &any);
}

enum lk_status partner_row_find(struct store_tx *tx, const uint8_t key_hash[SEAL_HASH_BYTES],
                                partner_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    bool any = false;
    TRY(sql_start(tx, &q,
                  "SELECT id, name, role, added_ms, revoked_ms FROM partner WHERE key_hash = $1",
                  SQL_ARGS(SQL_BLOB(key_hash, SEAL_HASH_BYTES)), err));
    TRY(show_all(&q, show, ctx, &any));
    return any ? LK_OK : FAIL(err, LK_NOT_FOUND, "no partner with this key");
}

enum lk_status partner_row_named(struct store_tx *tx, const char *name, unsigned role, int64_t *row,
                                 struct lk_error *err)
{
    return sql_number(tx, "SELECT id FROM partner WHERE name = $1 AND role = $2 AND revoked_ms = 0",
                      SQL_ARGS(SQL_TEXT(name, strlen(name)), SQL_INT(role)),
                      "no platform of that name has a key", row, err);
}

/* ---- further keys ---- */

enum lk_status partner_key_row_add(struct store_tx *tx, const struct partner_key_row *key,
                                   const uint8_t key_hash[SEAL_HASH_BYTES], int64_t *row,
                                   struct lk_error *err)
{
    return sql_number(tx,
                      "INSERT INTO partner_key (partner_id, key_hash, label, scopes, added_ms,"
                      " until_ms) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                      SQL_ARGS(SQL_INT(key->partner), SQL_BLOB(key_hash, SEAL_HASH_BYTES),
                               SQL_TEXT(key->label, strlen(key->label)), SQL_INT(key->scopes),
                               SQL_INT(key->added_ms), SQL_INT(key->until_ms)),
                      "a key was not inserted", row, err);
}

static struct partner_key_row read_key(struct sql *q)
{
    struct partner_key_row key = {
        .row = sql_i64(q, 0),
        .partner = sql_i64(q, 1),
        .scopes = (unsigned)sql_i64(q, 3),
        .added_ms = sql_i64(q, 4),
        .until_ms = sql_i64(q, 5),
    };
    sql_word(q, 2, key.label, sizeof key.label);
    return key;
}

#define KEY_COLUMNS "SELECT id, partner_id, label, scopes, added_ms, until_ms FROM partner_key"

enum lk_status partner_key_row_find(struct store_tx *tx, const uint8_t key_hash[SEAL_HASH_BYTES],
                                    struct partner_key_row *out, partner_row_show *show, void *ctx,
                                    struct lk_error *err)
{
    struct sql q;
    bool found = false;
    TRY(sql_start(tx, &q, KEY_COLUMNS " WHERE key_hash = $1",
                  SQL_ARGS(SQL_BLOB(key_hash, SEAL_HASH_BYTES)), err));
    while (sql_row(&q)) {
        *out = read_key(&q);
        found = true;
    }
    TRY(sql_end(&q));
    return found ? show_one(tx, out->partner, show, ctx, err)
                 : FAIL(err, LK_NOT_FOUND, "no partner with this key");
}

enum lk_status partner_key_rows(struct store_tx *tx, int64_t partner, partner_key_row_show *show,
                                void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, KEY_COLUMNS " WHERE partner_id = $1 ORDER BY id",
                  SQL_ARGS(SQL_INT(partner)), err));
    while (sql_row(&q)) {
        const struct partner_key_row key = read_key(&q);
        if (q.status == LK_OK)
            q.status = show(ctx, &key, err);
    }
    return sql_end(&q);
}

enum lk_status partner_key_row_end(struct store_tx *tx, int64_t partner, int64_t row,
                                   int64_t until_ms, struct lk_error *err)
{
    int64_t changed = 0;
    return sql_number(tx,
                      "UPDATE partner_key SET until_ms = $3 WHERE partner_id = $1 AND id = $2"
                      " AND (until_ms = 0 OR until_ms > $3) RETURNING id",
                      SQL_ARGS(SQL_INT(partner), SQL_INT(row), SQL_INT(until_ms)),
                      "this partner has no such key in force", &changed, err);
}

enum lk_status partner_row_rekey(struct store_tx *tx, int64_t partner,
                                 const uint8_t key_hash[SEAL_HASH_BYTES],
                                 uint8_t old[SEAL_HASH_BYTES], struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, "SELECT key_hash FROM partner WHERE id = $1", SQL_ARGS(SQL_INT(partner)),
                  err));
    while (sql_row(&q))
        sql_copy(&q, 0, old, SEAL_HASH_BYTES);
    TRY(sql_end(&q));
    return sql_run(tx, "UPDATE partner SET key_hash = $2 WHERE id = $1",
                   SQL_ARGS(SQL_INT(partner), SQL_BLOB(key_hash, SEAL_HASH_BYTES)), err);
}

/* ---- sessions ---- */

enum lk_status partner_session_add(struct store_tx *tx, const struct partner_session_row *s,
                                   struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO partner_session (token_hash, partner_id, started_ms, seen_ms)"
                   " VALUES ($1, $2, $3, $4)",
                   SQL_ARGS(SQL_BLOB(s->token_hash, sizeof s->token_hash), SQL_INT(s->partner),
                            SQL_INT(s->started_ms), SQL_INT(s->seen_ms)),
                   err);
}

enum lk_status partner_session_get(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                                   struct partner_session_row *out, partner_row_show *show,
                                   void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT partner_id, started_ms, seen_ms FROM partner_session"
                  " WHERE token_hash = $1",
                  SQL_ARGS(SQL_BLOB(token_hash, SEAL_HASH_BYTES)), err));
    bool found = sql_row(&q);
    if (found) {
        *out = (struct partner_session_row){
            .partner = sql_i64(&q, 0), .started_ms = sql_i64(&q, 1), .seen_ms = sql_i64(&q, 2)};
        memcpy(out->token_hash, token_hash, sizeof out->token_hash);
    }
    TRY(sql_end(&q));
    if (!found)
        return FAIL(err, LK_NOT_FOUND, "there is no such session");
    return show_one(tx, out->partner, show, ctx, err);
}

enum lk_status partner_session_seen(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                                    int64_t now_ms, struct lk_error *err)
{
    return sql_run(tx, "UPDATE partner_session SET seen_ms = $2 WHERE token_hash = $1",
                   SQL_ARGS(SQL_BLOB(token_hash, SEAL_HASH_BYTES), SQL_INT(now_ms)), err);
}

enum lk_status partner_session_delete(struct store_tx *tx,
                                      const uint8_t token_hash[SEAL_HASH_BYTES],
                                      struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM partner_session WHERE token_hash = $1",
                   SQL_ARGS(SQL_BLOB(token_hash, SEAL_HASH_BYTES)), err);
}

enum lk_status partner_sessions_expire(struct store_tx *tx, int64_t started_ms, int64_t seen_ms,
                                       struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM partner_session WHERE started_ms < $1 OR seen_ms < $2",
                   SQL_ARGS(SQL_INT(started_ms), SQL_INT(seen_ms)), err);
}
