#include "store/sql.h"

#include "base/err.h"

#include <string.h>

enum lk_status sql_start(struct store_tx *tx, struct sql *q, const char *sql,
                         const struct store_value *values, size_t n, struct lk_error *err)
{
    *q = (struct sql){.ops = tx->ops, .err = err};
    return tx->ops->prepare(tx->conn, sql, values, n, &q->stmt, err);
}

bool sql_row(struct sql *q)
{
    bool row = false;
    if (q->status == LK_OK)
        q->status = q->ops->step(q->stmt, &row, q->err);
    return q->status == LK_OK && row;
}

int64_t sql_i64(struct sql *q, int column)
{
    return q->ops->get_i64(q->stmt, column);
}

const void *sql_bytes(struct sql *q, int column, size_t *n)
{
    return q->ops->get_bytes(q->stmt, column, n);
}

void sql_copy(struct sql *q, int column, void *out, size_t n)
{
    size_t got = 0;
    const void *p = sql_bytes(q, column, &got);
    if (got == n)
        memcpy(out, p, n);
    else
        q->status = FAIL(q->err, LK_CORRUPT, "the store holds %zu bytes in place of %zu", got, n);
}

void sql_word(struct sql *q, int column, char *out, size_t n_out)
{
    size_t n = 0;
    const char *text = sql_bytes(q, column, &n);
    if (text == NULL || n >= n_out)
        n = 0;
    if (n > 0)
        memcpy(out, text, n);
    out[n] = '\0';
}

enum lk_status sql_end(struct sql *q)
{
    q->ops->finish(q->stmt);
    return q->status;
}

enum lk_status sql_run(struct store_tx *tx, const char *sql, const struct store_value *values,
                       size_t n, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, sql, values, n, err));
    while (sql_row(&q)) {
    }
    return sql_end(&q);
}

enum lk_status sql_number(struct store_tx *tx, const char *sql, const struct store_value *values,
                          size_t n, const char *missing, int64_t *out, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, sql, values, n, err));
    bool found = sql_row(&q);
    if (found)
        *out = sql_i64(&q, 0);
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "%s", missing);
}
