#include "store/seen_rows.h"

#include "base/err.h"
#include "store/sql.h"

enum lk_status seen_row_put(struct store_tx *tx, int64_t partner_row, uint64_t seq, int64_t now_ms,
                            struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO partner_seen (partner_id, seq, seen_ms) VALUES ($1, $2, $3)"
                   " ON CONFLICT (partner_id) DO UPDATE SET seq = excluded.seq,"
                   " seen_ms = excluded.seen_ms WHERE excluded.seq > partner_seen.seq",
                   SQL_ARGS(SQL_INT(partner_row), SQL_INT(seq), SQL_INT(now_ms)), err);
}

static enum lk_status count(struct store_tx *tx, const char *sql, const struct store_value *values,
                            size_t n_values, size_t *n, struct lk_error *err)
{
    int64_t number = 0;
    TRY(sql_number(tx, sql, values, n_values, "", &number, err));
    *n = (size_t)number;
    return LK_OK;
}

enum lk_status seen_rows_partners(struct store_tx *tx, unsigned role, size_t *n,
                                  struct lk_error *err)
{
    return count(tx, "SELECT count(*) FROM partner WHERE role = $1 AND revoked_ms = 0",
                 SQL_ARGS(SQL_INT(role)), n, err);
}

enum lk_status seen_rows_of_entry(struct store_tx *tx, unsigned role, int64_t entry_row, size_t *n,
                                  struct lk_error *err)
{
    return count(tx,
                 "SELECT count(*) FROM partner p JOIN partner_seen s ON s.partner_id = p.id"
                 " WHERE p.role = $1 AND p.revoked_ms = 0"
                 " AND s.seq >= (SELECT max(c.seq) FROM change c WHERE c.entry_id = $2)",
                 SQL_ARGS(SQL_INT(role), SQL_INT(entry_row)), n, err);
}
