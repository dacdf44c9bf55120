#include "store/change_rows.h"

#include "base/err.h"
#include "store/sql.h"

enum lk_status change_reserve(struct store_tx *tx, size_t n, uint64_t *first, struct lk_error *err)
{
    int64_t last = 0;
    TRY(sql_number(tx,
                   "UPDATE counter SET value = value + $1 WHERE name = 'change' RETURNING value",
                   SQL_ARGS(SQL_INT(n)), "the store has no counter of changes", &last, err));
    *first = (uint64_t)last - n + 1;
    return LK_OK;
}

enum lk_status change_put(struct store_tx *tx, uint64_t seq, enum change_op op, int64_t entry_row,
                          struct lk_error *err)
{
    return sql_run(tx, "INSERT INTO change (seq, op, entry_id) VALUES ($1, $2, $3)",
                   SQL_ARGS(SQL_INT(seq), SQL_INT(op), SQL_INT(entry_row)), err);
}

enum lk_status change_last(struct store_tx *tx, uint64_t *seq, struct lk_error *err)
{
    int64_t last = 0;
    TRY(sql_number(tx, "SELECT value FROM counter WHERE name = 'change'", SQL_NO_ARGS,
                   "the store has no counter of changes", &last, err));
    *seq = (uint64_t)last;
    return LK_OK;
}

enum lk_status store_changes_after(struct store_tx *tx, uint64_t seq, size_t limit,
                                   change_each *each, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT c.seq, c.op, e.public_id, f.public_id, f.id, e.tier, e.scope, e.record,"
                  " f.key_by_master, f.expires_ms, e.id FROM change c JOIN entry e ON e.id = c.entry_id"
                  " JOIN case_file f ON f.id = e.case_id"
                  " WHERE c.seq > $1 ORDER BY c.seq LIMIT $2",
                  SQL_ARGS(SQL_INT(seq), SQL_INT(limit)), err));
    while (sql_row(&q)) {
        struct change change = {
            .seq = (uint64_t)sql_i64(&q, 0),
            .op = (unsigned)sql_i64(&q, 1),
            .case_row = sql_i64(&q, 4),
            .tier = (uint8_t)sql_i64(&q, 5),
            .scope = (uint32_t)sql_i64(&q, 6),
            .expires_ms = sql_i64(&q, 9),
            .entry_row = sql_i64(&q, 10),
        };
        sql_copy(&q, 2, change.entry_id, sizeof change.entry_id);
        sql_copy(&q, 3, change.case_id, sizeof change.case_id);
        change.record = sql_bytes(&q, 7, &change.n_record);
        change.key_by_master = sql_bytes(&q, 8, &change.n_key_by_master);
        if (q.status == LK_OK)
            q.status = each(ctx, &change, err);
    }
    return sql_end(&q);
}

enum lk_status store_regimes_of_case(struct store_tx *tx, int64_t case_row, size_t max,
                                     regime_take *take, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT DISTINCT regime FROM notice WHERE case_id = $1 AND regime IS NOT NULL"
                  " ORDER BY regime LIMIT $2",
                  SQL_ARGS(SQL_INT(case_row), SQL_INT(max)), err));
    while (sql_row(&q)) {
        size_t n = 0;
        const char *regime = sql_bytes(&q, 0, &n);
        q.status = take(ctx, regime, n, q.err);
    }
    return sql_end(&q);
}
