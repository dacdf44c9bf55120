#include "store/brake_rows.h"

#include "base/err.h"
#include "store/sql.h"

static struct store_value row_or_null(int64_t row)
{
    struct store_value value = SQL_INT(row);
    if (row == 0)
        value.type = STORE_NULL;
    return value;
}

enum lk_status brake_reason(struct store_tx *tx, int64_t entry_row, int64_t partner,
                            unsigned *reason, struct lk_error *err)
{
    int64_t number = 0;
    TRY(sql_number(tx,
                   "SELECT " BRAKE_REASON_OF_M " FROM (SELECT $1 AS entry_id, $2 AS partner_id) m",
                   SQL_ARGS(SQL_INT(entry_row), SQL_INT(partner)), "", &number, err));
    *reason = (unsigned)number;
    return LK_OK;
}

static enum lk_status put_change(struct store_tx *tx, int64_t entry_row, struct lk_error *err)
{
    uint64_t seq = 0;
    TRY(change_reserve(tx, 1, &seq, err));
    return change_put(tx, seq, CHANGE_TIER, entry_row, err);
}

enum lk_status brake_row_add(struct store_tx *tx, const struct brake_row *brake, bool *added,
                             struct lk_error *err)
{
    int64_t n = 0;
    TRY(sql_number(tx,
                   "SELECT count(*) FROM entry_brake WHERE entry_id = $1 AND lifted_ms = 0"
                   " AND coalesce(partner_id, 0) = $2",
                   SQL_ARGS(SQL_INT(brake->entry_row), SQL_INT(brake->partner)), "", &n, err));
    *added = n == 0;
    if (n > 0)
        return LK_OK;
    TRY(sql_run(tx,
                "INSERT INTO entry_brake (entry_id, partner_id, reason, notice_id, staff_id,"
                " since_ms) VALUES ($1, $2, $3, $4, $5, $6)",
                SQL_ARGS(SQL_INT(brake->entry_row), row_or_null(brake->partner),
                         SQL_INT(brake->reason), row_or_null(brake->notice),
                         row_or_null(brake->staff), SQL_INT(brake->since_ms)),
                err));
    return put_change(tx, brake->entry_row, err);
}

enum lk_status brake_rows_of_case(struct store_tx *tx, int64_t case_row, brake_row_show *show,
                                  void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT b.id, b.entry_id, coalesce(b.partner_id, 0), b.reason,"
                  " coalesce(b.notice_id, 0), coalesce(b.staff_id, 0), b.since_ms, b.lifted_ms,"
                  " e.number, b.why, p.name FROM entry_brake b JOIN entry e ON e.id = b.entry_id"
                  " LEFT JOIN partner p ON p.id = b.partner_id WHERE e.case_id = $1 ORDER BY b.id",
                  SQL_ARGS(SQL_INT(case_row)), err));
    while (sql_row(&q)) {
        struct brake_row brake = {
            .row = sql_i64(&q, 0),
            .entry_row = sql_i64(&q, 1),
            .partner = sql_i64(&q, 2),
            .reason = (unsigned)sql_i64(&q, 3),
            .notice = sql_i64(&q, 4),
            .staff = sql_i64(&q, 5),
            .since_ms = sql_i64(&q, 6),
            .lifted_ms = sql_i64(&q, 7),
            .item = (unsigned)sql_i64(&q, 8),
        };
        brake.why = sql_bytes(&q, 9, &brake.n_why);
        brake.partner_name = sql_bytes(&q, 10, &brake.n_partner_name);
        if (q.status == LK_OK)
            q.status = show(ctx, &brake, err);
    }
    return sql_end(&q);
}

enum lk_status brake_row_lift(struct store_tx *tx, const struct brake_row *brake, int64_t now_ms,
                              const uint8_t *why, size_t n_why, struct lk_error *err)
{
    struct store_value sealed = {.type = STORE_NULL};
    if (why != NULL)
        sealed = SQL_BLOB(why, n_why);
    TRY(sql_run(tx, "UPDATE entry_brake SET lifted_ms = $2, why = $3 WHERE id = $1",
                SQL_ARGS(SQL_INT(brake->row), SQL_INT(now_ms), sealed), err));
    return put_change(tx, brake->entry_row, err);
}
