#include "store/block_rows.h"

#include "base/err.h"
#include "store/sql.h"

enum lk_status block_row_put(struct store_tx *tx, int64_t entry_row, int64_t partner, int64_t day,
                             uint64_t n, struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO entry_block (entry_id, partner_id, day, n) VALUES ($1, $2, $3, $4)"
                   " ON CONFLICT (entry_id, partner_id, day) DO UPDATE"
                   " SET n = max(n, excluded.n)",
                   SQL_ARGS(SQL_INT(entry_row), SQL_INT(partner), SQL_INT(day), SQL_INT(n)), err);
}

enum lk_status block_rows_sum(struct store_tx *tx, int64_t entry_row, struct block_sum *out,
                              struct lk_error *err)
{
    struct sql q;
    *out = (struct block_sum){0};
    TRY(sql_start(tx, &q,
                  "SELECT coalesce(sum(n), 0), count(DISTINCT partner_id), coalesce(min(day), 0)"
                  " FROM entry_block WHERE entry_id = $1",
                  SQL_ARGS(SQL_INT(entry_row)), err));
    while (sql_row(&q))
        *out =
            (struct block_sum){(uint64_t)sql_i64(&q, 0), (uint64_t)sql_i64(&q, 1), sql_i64(&q, 2)};
    return sql_end(&q);
}

enum lk_status block_rows_delete(struct store_tx *tx, int64_t entry_row, struct lk_error *err)
{
    if (entry_row != 0)
        return sql_run(tx, "DELETE FROM entry_block WHERE entry_id = $1",
                       SQL_ARGS(SQL_INT(entry_row)), err);
    return sql_run(tx,
                   "DELETE FROM entry_block WHERE entry_id IN"
                   " (SELECT id FROM entry WHERE record IS NULL)",
                   SQL_NO_ARGS, err);
}
