#include "store/case_rows.h"

#include "base/err.h"
#include "store/sql.h"

static struct store_value blob_if(bool there, const void *p, size_t n)
{
    return there ? SQL_BLOB(p, n) : (struct store_value){.type = STORE_NULL};
}

enum lk_status case_row_add(struct store_tx *tx, struct case_row *row, struct lk_error *err)
{
    bool code = row->has_code;
    enum lk_status status = sql_number(
        tx,
        "INSERT INTO case_file (public_id, lookup_hash, salt, verifier, key_by_code, key_by_master,"
        " state, opened_day_ms, expires_ms, own_public, own_secret, recovery)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " ON CONFLICT (lookup_hash) DO NOTHING RETURNING id",
        SQL_ARGS(SQL_BLOB(row->public_id, STORE_ID_BYTES),
                 blob_if(code, row->lookup_hash, sizeof row->lookup_hash),
                 blob_if(code, row->salt, sizeof row->salt),
                 blob_if(code, row->verifier, sizeof row->verifier),
                 blob_if(code, row->key_by_code, sizeof row->key_by_code),
                 SQL_BLOB(row->key_by_master, sizeof row->key_by_master), SQL_INT(row->state),
                 SQL_INT(row->opened_day_ms), SQL_INT(row->expires_ms),
                 blob_if(row->has_own, row->own_public, sizeof row->own_public),
                 blob_if(row->has_own && code, row->own_secret, sizeof row->own_secret),
                 blob_if(row->has_recovery, row->recovery, sizeof row->recovery)),
        "", &row->row, err);
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_CONFLICT, "another case begins with the same digits");
    return status;
}

enum lk_status case_row_recode(struct store_tx *tx, const struct case_row *row,
                               struct lk_error *err)
{
    int64_t others = 0;
    TRY(sql_number(tx, "SELECT count(*) FROM case_file WHERE lookup_hash = $1 AND id <> $2",
                   SQL_ARGS(SQL_BLOB(row->lookup_hash, SEAL_HASH_BYTES), SQL_INT(row->row)), "",
                   &others, err));
    if (others > 0)
        return FAIL(err, LK_CONFLICT, "another case begins with the same digits");
    return sql_run(tx,
                   "UPDATE case_file SET lookup_hash = $1, salt = $2, verifier = $3,"
                   " key_by_code = $4, own_secret = $5 WHERE id = $6",
                   SQL_ARGS(SQL_BLOB(row->lookup_hash, SEAL_HASH_BYTES),
                            SQL_BLOB(row->salt, sizeof row->salt),
                            SQL_BLOB(row->verifier, sizeof row->verifier),
                            SQL_BLOB(row->key_by_code, sizeof row->key_by_code),
                            SQL_BLOB(row->own_secret, sizeof row->own_secret), SQL_INT(row->row)),
                   err);
}

#define CASE_COLUMNS                                                                               \
    "id, public_id, lookup_hash IS NOT NULL, salt, verifier, key_by_master IS NOT NULL,"           \
    " key_by_code, key_by_master, state, opened_day_ms, expires_ms, closed_day_ms,"                \
    " own_public IS NOT NULL, own_public, own_secret, recovery IS NOT NULL, recovery"

static enum lk_status read_case(struct sql *q, struct case_row *out, bool *found)
{
    *found = sql_row(q);
    if (*found) {
        *out = (struct case_row){
            .row = sql_i64(q, 0),
            .has_code = sql_i64(q, 2) != 0,
            .has_keys = sql_i64(q, 5) != 0,
            .state = (unsigned)sql_i64(q, 8),
            .opened_day_ms = sql_i64(q, 9),
            .expires_ms = sql_i64(q, 10),
            .closed_day_ms = sql_i64(q, 11),
            .has_own = sql_i64(q, 12) != 0,
            .has_recovery = sql_i64(q, 15) != 0,
        };
        sql_copy(q, 1, out->public_id, sizeof out->public_id);
        if (out->has_code) {
            sql_copy(q, 3, out->salt, sizeof out->salt);
            sql_copy(q, 4, out->verifier, sizeof out->verifier);
        }
        if (out->has_code && out->has_keys)
            sql_copy(q, 6, out->key_by_code, sizeof out->key_by_code);
        if (out->has_keys)
            sql_copy(q, 7, out->key_by_master, sizeof out->key_by_master);
        if (out->has_own)
            sql_copy(q, 13, out->own_public, sizeof out->own_public);
        if (out->has_own && out->has_code && out->has_keys)
            sql_copy(q, 14, out->own_secret, sizeof out->own_secret);
        if (out->has_recovery)
            sql_copy(q, 16, out->recovery, sizeof out->recovery);
    }
    return sql_end(q);
}

enum lk_status case_row_find(struct store_tx *tx, const uint8_t lookup_hash[SEAL_HASH_BYTES],
                             struct case_row *out, struct lk_error *err)
{
    struct sql q;
    bool found = false;
    TRY(sql_start(tx, &q, "SELECT " CASE_COLUMNS " FROM case_file WHERE lookup_hash = $1",
                  SQL_ARGS(SQL_BLOB(lookup_hash, SEAL_HASH_BYTES)), err));
    TRY(read_case(&q, out, &found));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "no case with this code");
}

enum lk_status case_row_get(struct store_tx *tx, int64_t row, struct case_row *out,
                            struct lk_error *err)
{
    struct sql q;
    bool found = false;
    TRY(sql_start(tx, &q, "SELECT " CASE_COLUMNS " FROM case_file WHERE id = $1",
                  SQL_ARGS(SQL_INT(row)), err));
    TRY(read_case(&q, out, &found));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "the case does not exist");
}

enum lk_status case_row_by_id(struct store_tx *tx, const uint8_t public_id[STORE_ID_BYTES],
                              struct case_row *out, struct lk_error *err)
{
    struct sql q;
    bool found = false;
    TRY(sql_start(tx, &q, "SELECT " CASE_COLUMNS " FROM case_file WHERE public_id = $1",
                  SQL_ARGS(SQL_BLOB(public_id, STORE_ID_BYTES)), err));
    TRY(read_case(&q, out, &found));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "the case does not exist");
}

/* All that the desk has about a case, but for who did what when (desk_act). What refers to another
 * goes before it. */
static enum lk_status delete_desk_rows(struct store_tx *tx, int64_t row, struct lk_error *err)
{
    const struct store_value id = SQL_INT(row);
    TRY(sql_run(tx,
                "DELETE FROM notice_step WHERE notice_id IN"
                " (SELECT id FROM notice WHERE case_id = $1)",
                &id, 1, err));
    TRY(sql_run(tx,
                "DELETE FROM place_check WHERE notice_id IN"
                " (SELECT id FROM notice WHERE case_id = $1)",
                &id, 1, err));
    TRY(sql_run(tx,
                "DELETE FROM entry_brake WHERE entry_id IN"
                " (SELECT id FROM entry WHERE case_id = $1)",
                &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM letter_wait WHERE case_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM notice WHERE case_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM letter WHERE case_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM proposal WHERE case_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM watch WHERE case_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM desk_note WHERE case_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM desk_pack WHERE case_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM desk_request WHERE case_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM desk_case WHERE case_id = $1", &id, 1, err));
    TRY(sql_run(tx, "DELETE FROM case_mail WHERE case_id = $1", &id, 1, err));
    return sql_run(tx, "DELETE FROM case_text WHERE case_id = $1", &id, 1, err);
}

enum lk_status case_row_close(struct store_tx *tx, int64_t row, unsigned state, int64_t day_ms,
                              struct lk_error *err)
{
    TRY(delete_desk_rows(tx, row, err));
    TRY(sql_run(tx,
                "UPDATE case_match SET note = NULL, evidence = NULL"
                " WHERE (note IS NOT NULL OR evidence IS NOT NULL)"
                " AND entry_id IN (SELECT id FROM entry WHERE case_id = $1)",
                SQL_ARGS(SQL_INT(row)), err));
    return sql_run(tx,
                   "UPDATE case_file SET state = $2, closed_day_ms = $3, key_by_code = NULL,"
                   " key_by_master = NULL, own_secret = NULL, recovery = NULL WHERE id = $1",
                   SQL_ARGS(SQL_INT(row), SQL_INT(state), SQL_INT(day_ms)), err);
}

enum lk_status case_row_expired(struct store_tx *tx, int64_t now_ms, int64_t *row,
                                struct lk_error *err)
{
    enum lk_status status =
        sql_number(tx, "SELECT id FROM case_file WHERE state = $1 AND expires_ms <= $2 LIMIT 1",
                   SQL_ARGS(SQL_INT(CASE_ROW_OPEN), SQL_INT(now_ms)), "", row, err);
    if (status == LK_NOT_FOUND) {
        *row = 0;
        return LK_OK;
    }
    return status;
}
