#include "store/watch_rows.h"

#include "base/err.h"
#include "store/sql.h"

static struct store_value case_or_null(int64_t case_row)
{
    return case_row == 0 ? (struct store_value){.type = STORE_NULL} : SQL_INT(case_row);
}

enum lk_status watch_row_add(struct store_tx *tx, struct watch_row *watch, struct lk_error *err)
{
    return sql_number(tx,
                      "INSERT INTO watch (case_id, address, every_ms, next_ms)"
                      " VALUES ($1, $2, $3, $4) RETURNING id",
                      SQL_ARGS(case_or_null(watch->case_row),
                               SQL_BLOB(watch->address, watch->n_address), SQL_INT(watch->every_ms),
                               SQL_INT(watch->next_ms)),
                      "a watch was not inserted", &watch->row, err);
}

enum lk_status watch_row_delete(struct store_tx *tx, int64_t case_row, int64_t row,
                                struct lk_error *err)
{
    int64_t deleted = 0;
    TRY(sql_run(tx, "UPDATE proposal SET watch_id = NULL WHERE watch_id = $1",
                SQL_ARGS(SQL_INT(row)), err));
    return sql_number(tx,
                      "DELETE FROM watch WHERE id = $1 AND coalesce(case_id, 0) = $2"
                      " RETURNING id",
                      SQL_ARGS(SQL_INT(row), SQL_INT(case_row)),
                      "no page of that number is watched here", &deleted, err);
}

enum lk_status watch_row_note(struct store_tx *tx, const struct watch_row *watch,
                              struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE watch SET next_ms = $2, looked_ms = $3, result = $4, n_media = $5,"
                   " n_found = $6 WHERE id = $1",
                   SQL_ARGS(SQL_INT(watch->row), SQL_INT(watch->next_ms), SQL_INT(watch->looked_ms),
                            SQL_INT(watch->result), SQL_INT(watch->n_media),
                            SQL_INT(watch->n_found)),
                   err);
}

#define COLUMNS                                                                                    \
    "SELECT w.id, w.case_id, w.address, f.public_id, f.key_by_master, w.every_ms, w.next_ms,"      \
    " w.looked_ms, w.result, w.n_media, w.n_found FROM watch w"                                    \
    " LEFT JOIN case_file f ON f.id = w.case_id"                                                   \
    " WHERE (w.case_id IS NULL OR f.key_by_master IS NOT NULL)"

static enum lk_status show_all(struct sql *q, watch_row_show *show, void *ctx, struct lk_error *err)
{
    while (sql_row(q)) {
        struct watch_row watch = {
            .row = sql_i64(q, 0),
            .case_row = sql_i64(q, 1),
            .every_ms = sql_i64(q, 5),
            .next_ms = sql_i64(q, 6),
            .looked_ms = sql_i64(q, 7),
            .result = (unsigned)sql_i64(q, 8),
            .n_media = (unsigned)sql_i64(q, 9),
            .n_found = (unsigned)sql_i64(q, 10),
        };
        watch.address = sql_bytes(q, 2, &watch.n_address);
        if (watch.case_row != 0) {
            sql_copy(q, 3, watch.public_id, sizeof watch.public_id);
            sql_copy(q, 4, watch.key_by_master, sizeof watch.key_by_master);
        }
        if (q->status == LK_OK)
            q->status = show(ctx, &watch, err);
    }
    return sql_end(q);
}

enum lk_status watch_rows_of_case(struct store_tx *tx, int64_t case_row, watch_row_show *show,
                                  void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS " AND coalesce(w.case_id, 0) = $1 ORDER BY w.id",
                  SQL_ARGS(SQL_INT(case_row)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status watch_rows_due(struct store_tx *tx, int64_t now_ms, size_t limit,
                              watch_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS " AND w.next_ms <= $1 ORDER BY w.next_ms, w.id LIMIT $2",
                  SQL_ARGS(SQL_INT(now_ms), SQL_INT(limit)), err));
    return show_all(&q, show, ctx, err);
}
