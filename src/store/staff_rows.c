#include "store/staff_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

static struct store_value blob_if(bool there, const void *p, size_t n)
{
    return there ? SQL_BLOB(p, n) : (struct store_value){.type = STORE_NULL};
}

enum lk_status staff_row_add(struct store_tx *tx, struct staff_row *s, struct lk_error *err)
{
    bool pw = s->has_password;
    enum lk_status status = sql_number(
        tx,
        "INSERT INTO staff (public_id, name, role, state, salt, verifier, totp, desk_secret,"
        " added_ms, box_public) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (name) DO NOTHING RETURNING id",
        SQL_ARGS(SQL_BLOB(s->public_id, STORE_ID_BYTES), SQL_TEXT(s->name, strlen(s->name)),
                 SQL_INT(s->role), SQL_INT(s->state), blob_if(pw, s->salt, sizeof s->salt),
                 blob_if(pw, s->verifier, sizeof s->verifier), blob_if(pw, s->totp, sizeof s->totp),
                 blob_if(s->has_desk, s->desk, sizeof s->desk), SQL_INT(s->added_ms),
                 blob_if(s->has_box, s->box, sizeof s->box)),
        "", &s->row, err);
    return status == LK_NOT_FOUND ? FAIL(err, LK_CONFLICT, "the name '%s' is taken", s->name)
                                  : status;
}

enum lk_status staff_row_change(struct store_tx *tx, const struct staff_row *s,
                                struct lk_error *err)
{
    bool pw = s->has_password;
    return sql_run(tx,
                   "UPDATE staff SET role = $2, state = $3, salt = $4, verifier = $5, totp = $6,"
                   " totp_step = $7, desk_secret = $8, n_failed = $9, locked_until_ms = $10,"
                   " ended_ms = $11, box_public = $12, handed = $13 WHERE id = $1",
                   SQL_ARGS(SQL_INT(s->row), SQL_INT(s->role), SQL_INT(s->state),
                            blob_if(pw, s->salt, sizeof s->salt),
                            blob_if(pw, s->verifier, sizeof s->verifier),
                            blob_if(pw, s->totp, sizeof s->totp), SQL_INT(s->totp_step),
                            blob_if(s->has_desk, s->desk, sizeof s->desk), SQL_INT(s->n_failed),
                            SQL_INT(s->locked_until_ms), SQL_INT(s->ended_ms),
                            blob_if(s->has_box, s->box, sizeof s->box),
                            blob_if(s->has_handed, s->handed, sizeof s->handed)),
                   err);
}

#define COLUMNS                                                                                    \
    "SELECT id, public_id, name, role, state, salt, verifier, totp, totp_step, desk_secret,"       \
    " n_failed, locked_until_ms, added_ms, ended_ms, box_public, handed FROM staff"

static void read_staff(struct sql *q, struct staff_row *out)
{
    size_t n = 0;
    *out = (struct staff_row){
        .row = sql_i64(q, 0),
        .role = (unsigned)sql_i64(q, 3),
        .state = (unsigned)sql_i64(q, 4),
        .totp_step = sql_i64(q, 8),
        .n_failed = (unsigned)sql_i64(q, 10),
        .locked_until_ms = sql_i64(q, 11),
        .added_ms = sql_i64(q, 12),
        .ended_ms = sql_i64(q, 13),
    };
    sql_copy(q, 1, out->public_id, sizeof out->public_id);
    sql_word(q, 2, out->name, sizeof out->name);
    out->has_password = sql_bytes(q, 5, &n) != NULL;
    if (out->has_password) {
        sql_copy(q, 5, out->salt, sizeof out->salt);
        sql_copy(q, 6, out->verifier, sizeof out->verifier);
        sql_copy(q, 7, out->totp, sizeof out->totp);
    }
    out->has_desk = sql_bytes(q, 9, &n) != NULL;
    if (out->has_desk)
        sql_copy(q, 9, out->desk, sizeof out->desk);
    out->has_box = sql_bytes(q, 14, &n) != NULL;
    if (out->has_box)
        sql_copy(q, 14, out->box, sizeof out->box);
    out->has_handed = sql_bytes(q, 15, &n) != NULL;
    if (out->has_handed)
        sql_copy(q, 15, out->handed, sizeof out->handed);
}

static enum lk_status read_one(struct sql *q, struct staff_row *out, struct lk_error *err)
{
    bool found = sql_row(q);
    if (found)
        read_staff(q, out);
    TRY(sql_end(q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "nobody of that name works at the desk");
}

enum lk_status staff_row_named(struct store_tx *tx, const char *name, struct staff_row *out,
                               struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS " WHERE name = $1", SQL_ARGS(SQL_TEXT(name, strlen(name))), err));
    return read_one(&q, out, err);
}

enum lk_status staff_row_get(struct store_tx *tx, int64_t row, struct staff_row *out,
                             struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS " WHERE id = $1", SQL_ARGS(SQL_INT(row)), err));
    return read_one(&q, out, err);
}

enum lk_status staff_rows(struct store_tx *tx, staff_row_show *show, void *ctx,
                          struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS " ORDER BY state, name", SQL_NO_ARGS, err));
    while (sql_row(&q)) {
        struct staff_row staff;
        read_staff(&q, &staff);
        if (q.status == LK_OK)
            q.status = show(ctx, &staff, err);
    }
    return sql_end(&q);
}

/* ---- sessions ---- */

enum lk_status session_row_add(struct store_tx *tx, const struct session_row *s,
                               struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO staff_session (token_hash, staff_id, desk_secret, started_ms,"
                   " seen_ms) VALUES ($1, $2, $3, $4, $5)",
                   SQL_ARGS(SQL_BLOB(s->token_hash, sizeof s->token_hash), SQL_INT(s->staff),
                            blob_if(s->has_desk, s->desk, sizeof s->desk), SQL_INT(s->started_ms),
                            SQL_INT(s->seen_ms)),
                   err);
}

enum lk_status session_row_get(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                               struct session_row *out, struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q,
                  "SELECT staff_id, desk_secret, started_ms, seen_ms FROM staff_session"
                  " WHERE token_hash = $1",
                  SQL_ARGS(SQL_BLOB(token_hash, SEAL_HASH_BYTES)), err));
    bool found = sql_row(&q);
    if (found) {
        *out = (struct session_row){
            .staff = sql_i64(&q, 0), .started_ms = sql_i64(&q, 2), .seen_ms = sql_i64(&q, 3)};
        memcpy(out->token_hash, token_hash, sizeof out->token_hash);
        out->has_desk = sql_bytes(&q, 1, &n) != NULL;
        if (out->has_desk)
            sql_copy(&q, 1, out->desk, sizeof out->desk);
    }
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "there is no such session");
}

enum lk_status session_row_seen(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                                int64_t now_ms, struct lk_error *err)
{
    return sql_run(tx, "UPDATE staff_session SET seen_ms = $2 WHERE token_hash = $1",
                   SQL_ARGS(SQL_BLOB(token_hash, SEAL_HASH_BYTES), SQL_INT(now_ms)), err);
}

enum lk_status session_row_delete(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                                  struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM staff_session WHERE token_hash = $1",
                   SQL_ARGS(SQL_BLOB(token_hash, SEAL_HASH_BYTES)), err);
}

enum lk_status session_rows_end(struct store_tx *tx, int64_t staff, const uint8_t *but,
                                struct lk_error *err)
{
    static const uint8_t none[SEAL_HASH_BYTES];
    return sql_run(tx, "DELETE FROM staff_session WHERE staff_id = $1 AND token_hash <> $2",
                   SQL_ARGS(SQL_INT(staff), SQL_BLOB(but == NULL ? none : but, SEAL_HASH_BYTES)),
                   err);
}

enum lk_status session_rows_expire(struct store_tx *tx, int64_t started_ms, int64_t seen_ms,
                                   struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM staff_session WHERE started_ms < $1 OR seen_ms < $2",
                   SQL_ARGS(SQL_INT(started_ms), SQL_INT(seen_ms)), err);
}

/* ---- the trail ---- */

static struct store_value row_or_null(int64_t row)
{
    struct store_value value = SQL_INT(row);
    if (row == 0)
        value.type = STORE_NULL;
    return value;
}

enum lk_status act_row_add(struct store_tx *tx, const struct act_row *act, struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO desk_act (staff_id, act, case_id, subject, at_ms)"
                   " VALUES ($1, $2, $3, $4, $5)",
                   SQL_ARGS(row_or_null(act->staff), SQL_INT(act->act), row_or_null(act->case_row),
                            SQL_INT(act->subject), SQL_INT(act->at_ms)),
                   err);
}

enum lk_status act_rows(struct store_tx *tx, int64_t staff, int64_t case_row, int64_t before,
                        size_t limit, act_row_show *show, void *ctx, struct lk_error *err)
{
    static const char *const queries[] = {
#define ACTS                                                                                       \
    "SELECT a.id, coalesce(a.staff_id, 0), a.act, coalesce(a.case_id, 0), a.subject, a.at_ms,"     \
    " s.name, f.public_id FROM desk_act a LEFT JOIN staff s ON s.id = a.staff_id"                  \
    " LEFT JOIN case_file f ON f.id = a.case_id WHERE"
#define NEWEST " AND ($2 = 0 OR a.id < $2) ORDER BY a.id DESC LIMIT $3"
        ACTS " $1 = 0" NEWEST,
        ACTS " a.staff_id = $1" NEWEST,
        ACTS " a.case_id = $1" NEWEST,
    };
    struct sql q;
    size_t which = case_row != 0 ? 2 : staff != 0 ? 1 : 0;
    TRY(sql_start(
        tx, &q, queries[which],
        SQL_ARGS(SQL_INT(case_row != 0 ? case_row : staff), SQL_INT(before), SQL_INT(limit)), err));
    while (sql_row(&q)) {
        size_t n = 0;
        struct act_row act = {
            .row = sql_i64(&q, 0),
            .staff = sql_i64(&q, 1),
            .act = (unsigned)sql_i64(&q, 2),
            .case_row = sql_i64(&q, 3),
            .subject = sql_i64(&q, 4),
            .at_ms = sql_i64(&q, 5),
        };
        act.staff_name = sql_bytes(&q, 6, &act.n_staff_name);
        if (sql_bytes(&q, 7, &n) != NULL)
            sql_copy(&q, 7, act.case_id, sizeof act.case_id);
        if (q.status == LK_OK)
            q.status = show(ctx, &act, err);
    }
    return sql_end(&q);
}

enum lk_status act_days(struct store_tx *tx, int64_t staff, unsigned act, int64_t since_ms,
                        act_day_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT at_ms / 86400000, count(*) FROM desk_act WHERE staff_id = $1 AND act = $2"
                  " AND at_ms >= $3 GROUP BY at_ms / 86400000 ORDER BY 1 DESC",
                  SQL_ARGS(SQL_INT(staff), SQL_INT(act), SQL_INT(since_ms)), err));
    while (sql_row(&q)) {
        const struct act_day day = {sql_i64(&q, 0) * INT64_C(86400000), (size_t)sql_i64(&q, 1)};
        q.status = show(ctx, &day, err);
    }
    return sql_end(&q);
}

/* ---- kept views ---- */

enum lk_status filter_rows(struct store_tx *tx, int64_t staff, filter_row_show *show, void *ctx,
                           struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, "SELECT name, query FROM desk_filter WHERE staff_id = $1 ORDER BY name",
                  SQL_ARGS(SQL_INT(staff)), err));
    while (sql_row(&q)) {
        size_t n_name = 0, n_query = 0;
        const char *name = sql_bytes(&q, 0, &n_name);
        const char *query = sql_bytes(&q, 1, &n_query);
        q.status = show(ctx, name, n_name, query, n_query, err);
    }
    return sql_end(&q);
}

enum lk_status filter_rows_count(struct store_tx *tx, int64_t staff, const char *but, size_t *n,
                                 struct lk_error *err)
{
    int64_t count = 0;
    TRY(sql_number(tx, "SELECT count(*) FROM desk_filter WHERE staff_id = $1 AND name <> $2",
                   SQL_ARGS(SQL_INT(staff), SQL_TEXT(but, strlen(but))), "", &count, err));
    *n = (size_t)count;
    return LK_OK;
}

enum lk_status filter_row_put(struct store_tx *tx, int64_t staff, const char *name,
                              const char *query, struct lk_error *err)
{
    return sql_run(
        tx,
        "INSERT INTO desk_filter (staff_id, name, query) VALUES ($1, $2, $3)"
        " ON CONFLICT (staff_id, name) DO UPDATE SET query = $3",
        SQL_ARGS(SQL_INT(staff), SQL_TEXT(name, strlen(name)), SQL_TEXT(query, strlen(query))),
        err);
}

enum lk_status filter_row_delete(struct store_tx *tx, int64_t staff, const char *name,
                                 struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM desk_filter WHERE staff_id = $1 AND name = $2",
                   SQL_ARGS(SQL_INT(staff), SQL_TEXT(name, strlen(name))), err);
}
