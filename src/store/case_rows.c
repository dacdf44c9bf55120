#include "store/case_rows.h"

#include "base/err.h"
#include "store/sql.h"

static struct store_value blob_if(bool there, const void *p, size_t n)
{
    return there ? SQL_BLOB(p, n) : (struct store_value){.type = STORE_NULL};
}

enum lk_status case_row_add(struct store_tx *tx, struct case_row *row, const uint8_t *note,
                            size_t n_note, struct lk_error *err)
{
    bool code = row->has_code;
    enum lk_status status = sql_number(
        tx,
        "INSERT INTO case_file (public_id, lookup_hash, salt, verifier, key_by_code, key_by_master,"
        " state, opened_day_ms, expires_ms, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (lookup_hash) DO NOTHING RETURNING id",
        SQL_ARGS(SQL_BLOB(row->public_id, STORE_ID_BYTES),
                 blob_if(code, row->lookup_hash, sizeof row->lookup_hash),
                 blob_if(code, row->salt, sizeof row->salt),
                 blob_if(code, row->verifier, sizeof row->verifier),
                 blob_if(code, row->key_by_code, sizeof row->key_by_code),
                 SQL_BLOB(row->key_by_master, sizeof row->key_by_master), SQL_INT(row->state),
                 SQL_INT(row->opened_day_ms), SQL_INT(row->expires_ms), SQL_BLOB(note, n_note)),
        "", &row->row, err);
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_CONFLICT, "another case begins with the same digits");
    return status;
}

enum lk_status location_row_add(struct store_tx *tx, int64_t case_row, unsigned number,
                                const uint8_t *place, size_t n, struct lk_error *err)
{
    return sql_run(tx, "INSERT INTO location (case_id, number, place) VALUES ($1, $2, $3)",
                   SQL_ARGS(SQL_INT(case_row), SQL_INT(number), SQL_BLOB(place, n)), err);
}

#define CASE_COLUMNS                                                                               \
    "id, public_id, lookup_hash IS NOT NULL, salt, verifier, key_by_master IS NOT NULL,"           \
    " key_by_code, key_by_master, state, opened_day_ms, expires_ms, closed_day_ms"

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

enum lk_status case_row_texts(struct store_tx *tx, int64_t row, case_text_show *show, void *ctx,
                              struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT 0, note FROM case_file WHERE id = $1 AND note IS NOT NULL"
                  " UNION ALL SELECT number, place FROM location WHERE case_id = $1 ORDER BY 1",
                  SQL_ARGS(SQL_INT(row)), err));
    while (sql_row(&q)) {
        size_t n = 0;
        const uint8_t *sealed = sql_bytes(&q, 1, &n);
        q.status = show(ctx, (unsigned)sql_i64(&q, 0), sealed, n, err);
    }
    return sql_end(&q);
}

enum lk_status case_row_close(struct store_tx *tx, int64_t row, unsigned state, int64_t day_ms,
                              struct lk_error *err)
{
    TRY(sql_run(tx, "DELETE FROM location WHERE case_id = $1", SQL_ARGS(SQL_INT(row)), err));
    TRY(sql_run(tx,
                "UPDATE case_match SET note = NULL, evidence = NULL"
                " WHERE (note IS NOT NULL OR evidence IS NOT NULL)"
                " AND entry_id IN (SELECT id FROM entry WHERE case_id = $1)",
                SQL_ARGS(SQL_INT(row)), err));
    return sql_run(tx,
                   "UPDATE case_file SET state = $2, closed_day_ms = $3, key_by_code = NULL,"
                   " key_by_master = NULL, note = NULL WHERE id = $1",
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
