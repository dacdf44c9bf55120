#include "store/pack_rows.h"

#include "base/err.h"
#include "store/sql.h"

enum lk_status pack_row_add(struct store_tx *tx, const struct pack_row *pack, struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO desk_pack (request_id, case_id, staff_id, until_ms, pack)"
                   " VALUES ($1, $2, $3, $4, $5)",
                   SQL_ARGS(SQL_INT(pack->request), SQL_INT(pack->case_row), SQL_INT(pack->staff),
                            SQL_INT(pack->until_ms), SQL_BLOB(pack->pack, pack->n_pack)),
                   err);
}

static struct pack_row read_pack(struct sql *q)
{
    return (struct pack_row){.request = sql_i64(q, 0),
                             .case_row = sql_i64(q, 1),
                             .staff = sql_i64(q, 2),
                             .until_ms = sql_i64(q, 3)};
}

enum lk_status pack_row_get(struct store_tx *tx, int64_t request, pack_row_show *show, void *ctx,
                            struct lk_error *err)
{
    struct sql q;
    bool found = false;
    TRY(sql_start(tx, &q,
                  "SELECT request_id, case_id, staff_id, until_ms, pack FROM desk_pack"
                  " WHERE request_id = $1",
                  SQL_ARGS(SQL_INT(request)), err));
    while (sql_row(&q)) {
        struct pack_row pack = read_pack(&q);
        pack.pack = sql_bytes(&q, 4, &pack.n_pack);
        found = true;
        q.status = show(ctx, &pack, err);
    }
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "this pack is not here, or not any more");
}

enum lk_status pack_rows(struct store_tx *tx, int64_t staff, pack_row_show *show, void *ctx,
                         struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT request_id, case_id, staff_id, until_ms FROM desk_pack"
                  " WHERE $1 = 0 OR staff_id = $1 ORDER BY request_id DESC",
                  SQL_ARGS(SQL_INT(staff)), err));
    while (sql_row(&q)) {
        const struct pack_row pack = read_pack(&q);
        q.status = show(ctx, &pack, err);
    }
    return sql_end(&q);
}

enum lk_status pack_rows_expire(struct store_tx *tx, int64_t now_ms, struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM desk_pack WHERE until_ms <= $1", SQL_ARGS(SQL_INT(now_ms)),
                   err);
}
