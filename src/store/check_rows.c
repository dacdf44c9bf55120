#include "store/check_rows.h"

#include "base/err.h"
#include "store/sql.h"

#define COLUMNS                                                                                    \
    "SELECT n.id, n.case_id, n.text_number, n.state, n.changed_ms, n.place, f.public_id,"          \
    " f.key_by_master, coalesce(p.at_ms, 0), coalesce(p.next_ms, 0), coalesce(p.result, 0),"       \
    " coalesce(p.status, 0), coalesce(p.n_same, 0), coalesce(p.n_up, 0)"
#define OF_NOTICES                                                                                 \
    " FROM notice n JOIN case_file f ON f.id = n.case_id LEFT JOIN place_check p"                  \
    " ON p.notice_id = n.id WHERE n.place IS NOT NULL AND f.key_by_master IS NOT NULL"

static void read_row(struct sql *q, struct check_row *out)
{
    *out = (struct check_row){
        .notice = sql_i64(q, 0),
        .case_row = sql_i64(q, 1),
        .text_number = (unsigned)sql_i64(q, 2),
        .state = (unsigned)sql_i64(q, 3),
        .changed_ms = sql_i64(q, 4),
        .at_ms = sql_i64(q, 8),
        .next_ms = sql_i64(q, 9),
        .result = (unsigned)sql_i64(q, 10),
        .status = (unsigned)sql_i64(q, 11),
        .n_same = (unsigned)sql_i64(q, 12),
        .n_up = (unsigned)sql_i64(q, 13),
    };
    out->place = sql_bytes(q, 5, &out->n_place);
    sql_copy(q, 6, out->public_id, sizeof out->public_id);
    sql_copy(q, 7, out->key_by_master, sizeof out->key_by_master);
}

static enum lk_status show_all(struct sql *q, check_row_show *show, void *ctx, struct lk_error *err)
{
    while (sql_row(q)) {
        struct check_row row;
        read_row(q, &row);
        if (q->status == LK_OK)
            q->status = show(ctx, &row, err);
    }
    return sql_end(q);
}

/* From the index of what is due, in this order whatever the planner thinks. */
#define OF_DUE                                                                                     \
    " FROM place_check p CROSS JOIN notice n ON n.id = p.notice_id"                                \
    " LEFT JOIN letter l ON l.id = n.letter_id"
#define IS_DUE " WHERE p.next_ms > 0 AND p.next_ms <= $1"
#define IS_LOOKED_AT                                                                               \
    " (n.place IS NOT NULL AND ((1 << n.state) & $2) <> 0"                                         \
    " AND (l.id IS NULL OR ((1 << l.target) & $3) <> 0))"

/* What is due but not looked at as it stands leaves the index until its notice changes. */
static enum lk_status park(struct store_tx *tx, const struct check_query *query,
                           struct lk_error *err)
{
    return sql_run(
        tx,
        "UPDATE place_check SET next_ms = 0 WHERE notice_id IN"
        " (SELECT p.notice_id" OF_DUE IS_DUE " AND NOT" IS_LOOKED_AT ")",
        SQL_ARGS(SQL_INT(query->now_ms), SQL_INT(query->states), SQL_INT(query->targets)), err);
}

enum lk_status check_rows_due(struct store_tx *tx, const struct check_query *query,
                              check_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(park(tx, query, err));
    TRY(sql_start(tx, &q,
                  COLUMNS OF_DUE " JOIN case_file f ON f.id = n.case_id" IS_DUE " AND" IS_LOOKED_AT
                                 " AND f.key_by_master IS NOT NULL"
                                 " ORDER BY p.next_ms, p.notice_id LIMIT $4",
                  SQL_ARGS(SQL_INT(query->now_ms), SQL_INT(query->states), SQL_INT(query->targets),
                           SQL_INT(query->limit)),
                  err));
    return show_all(&q, show, ctx, err);
}

enum lk_status check_rows_of_case(struct store_tx *tx, int64_t case_row, check_row_show *show,
                                  void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS OF_NOTICES " AND n.case_id = $1 AND p.at_ms > 0 ORDER BY n.id",
                  SQL_ARGS(SQL_INT(case_row)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status check_row_of_notice(struct store_tx *tx, int64_t notice, check_row_show *show,
                                   void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS OF_NOTICES " AND n.id = $1", SQL_ARGS(SQL_INT(notice)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status check_row_begin(struct store_tx *tx, int64_t notice, struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO place_check (notice_id, at_ms, next_ms, result, status)"
                   " VALUES ($1, 0, 1, 0, 0) ON CONFLICT (notice_id) DO UPDATE SET next_ms = 1"
                   " WHERE next_ms = 0",
                   SQL_ARGS(SQL_INT(notice)), err);
}

enum lk_status check_row_put(struct store_tx *tx, const struct check_row *row, struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO place_check (notice_id, at_ms, next_ms, result, status, n_same,"
                   " n_up) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (notice_id) DO UPDATE"
                   " SET at_ms = $2, next_ms = $3, result = $4, status = $5, n_same = $6,"
                   " n_up = $7",
                   SQL_ARGS(SQL_INT(row->notice), SQL_INT(row->at_ms), SQL_INT(row->next_ms),
                            SQL_INT(row->result), SQL_INT(row->status), SQL_INT(row->n_same),
                            SQL_INT(row->n_up)),
                   err);
}
