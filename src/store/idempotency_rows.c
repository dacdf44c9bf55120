#include "store/idempotency_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

enum lk_status idempotency_row_get(struct store_tx *tx, const uint8_t key_hash[SEAL_HASH_BYTES],
                                   int64_t now_ms, struct idempotency_row *row,
                                   struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT request_hash, result FROM idempotency"
                  " WHERE key_hash = $1 AND expires_ms > $2",
                  SQL_ARGS(SQL_BLOB(key_hash, SEAL_HASH_BYTES), SQL_INT(now_ms)), err));
    bool found = sql_row(&q);
    if (found) {
        size_t n = 0;
        const void *result = sql_bytes(&q, 1, &n);
        row->n_result = n < sizeof row->result ? n : sizeof row->result;
        if (n > 0)
            memcpy(row->result, result, row->n_result);
        sql_copy(&q, 0, row->request_hash, sizeof row->request_hash);
    }
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "no result is kept under this key");
}

enum lk_status idempotency_row_put(struct store_tx *tx, const uint8_t key_hash[SEAL_HASH_BYTES],
                                   const struct idempotency_row *row, int64_t expires_ms,
                                   struct lk_error *err)
{
    TRY(sql_run(tx, "DELETE FROM idempotency WHERE key_hash = $1",
                SQL_ARGS(SQL_BLOB(key_hash, SEAL_HASH_BYTES)), err));
    return sql_run(tx,
                   "INSERT INTO idempotency (key_hash, request_hash, result, expires_ms)"
                   " VALUES ($1, $2, $3, $4)",
                   SQL_ARGS(SQL_BLOB(key_hash, SEAL_HASH_BYTES),
                            SQL_BLOB(row->request_hash, sizeof row->request_hash),
                            SQL_BLOB(row->result, row->n_result), SQL_INT(expires_ms)),
                   err);
}

enum lk_status idempotency_row_forget(struct store_tx *tx, int64_t now_ms, struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM idempotency WHERE expires_ms <= $1", SQL_ARGS(SQL_INT(now_ms)),
                   err);
}
