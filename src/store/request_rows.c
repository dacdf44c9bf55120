#include "store/request_rows.h"

#include "base/err.h"
#include "store/sql.h"

enum lk_status request_row_add(struct store_tx *tx, const struct request_row *request,
                               struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO desk_request (kind, staff_id, asked_ms, detail, state)"
                   " VALUES ($1, $2, $3, $4, $5)",
                   SQL_ARGS(SQL_INT(request->kind), SQL_INT(request->staff),
                            SQL_INT(request->asked_ms),
                            SQL_BLOB(request->detail, request->n_detail), SQL_INT(request->state)),
                   err);
}

enum lk_status request_rows(struct store_tx *tx, int64_t row, size_t limit, request_row_show *show,
                            void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT r.id, r.kind, coalesce(r.staff_id, 0), r.asked_ms, r.detail, r.state,"
                  " coalesce(r.decided_by, 0), r.decided_ms, s.name, d.name FROM desk_request r"
                  " LEFT JOIN staff s ON s.id = r.staff_id LEFT JOIN staff d ON d.id = r.decided_by"
                  " WHERE $1 = 0 OR r.id = $1 ORDER BY r.state, r.id DESC LIMIT $2",
                  SQL_ARGS(SQL_INT(row), SQL_INT(limit)), err));
    while (sql_row(&q)) {
        struct request_row request = {
            .row = sql_i64(&q, 0),
            .kind = (unsigned)sql_i64(&q, 1),
            .staff = sql_i64(&q, 2),
            .asked_ms = sql_i64(&q, 3),
            .state = (unsigned)sql_i64(&q, 5),
            .decided_by = sql_i64(&q, 6),
            .decided_ms = sql_i64(&q, 7),
        };
        request.detail = sql_bytes(&q, 4, &request.n_detail);
        request.staff_name = sql_bytes(&q, 8, &request.n_staff_name);
        request.decider_name = sql_bytes(&q, 9, &request.n_decider_name);
        q.status = show(ctx, &request, err);
    }
    return sql_end(&q);
}

enum lk_status request_row_decide(struct store_tx *tx, int64_t row, unsigned state, int64_t staff,
                                  int64_t now_ms, struct lk_error *err)
{
    int64_t id = 0;
    enum lk_status status = sql_number(
        tx,
        "UPDATE desk_request SET state = $2, decided_by = $3,"
        " decided_ms = $4 WHERE id = $1 AND state = 1 RETURNING id",
        SQL_ARGS(SQL_INT(row), SQL_INT(state), SQL_INT(staff), SQL_INT(now_ms)), "", &id, err);
    return status == LK_NOT_FOUND ? FAIL(err, LK_CONFLICT, "this was decided already") : status;
}
