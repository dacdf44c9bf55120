#include "store/text_rows.h"

#include "base/err.h"
#include "store/sql.h"

enum lk_status text_row_add(struct store_tx *tx, struct text_row *text, struct lk_error *err)
{
    int64_t number = 0;
    TRY(sql_number(tx,
                   "INSERT INTO case_text (case_id, number, kind, author, form, day_ms, own, desk)"
                   " SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7"
                   " FROM case_text WHERE case_id = $1 RETURNING number",
                   SQL_ARGS(SQL_INT(text->case_row), SQL_INT(text->kind), SQL_INT(text->author),
                            SQL_INT(text->form), SQL_INT(text->day_ms),
                            SQL_BLOB(text->own, text->n_own), SQL_BLOB(text->desk, text->n_desk)),
                   "a text was not inserted", &number, err));
    text->number = (unsigned)number;
    return LK_OK;
}

enum lk_status text_rows_count(struct store_tx *tx, int64_t case_row, size_t *n,
                               struct lk_error *err)
{
    int64_t count = 0;
    TRY(sql_number(tx, "SELECT count(*) FROM case_text WHERE case_id = $1",
                   SQL_ARGS(SQL_INT(case_row)), "", &count, err));
    *n = (size_t)count;
    return LK_OK;
}

enum lk_status text_rows_of_case(struct store_tx *tx, int64_t case_row, text_row_show *show,
                                 void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT number, kind, author, form, day_ms, own, desk FROM case_text"
                  " WHERE case_id = $1 ORDER BY number",
                  SQL_ARGS(SQL_INT(case_row)), err));
    while (sql_row(&q)) {
        struct text_row text = {
            .case_row = case_row,
            .number = (unsigned)sql_i64(&q, 0),
            .kind = (unsigned)sql_i64(&q, 1),
            .author = (unsigned)sql_i64(&q, 2),
            .form = (unsigned)sql_i64(&q, 3),
            .day_ms = sql_i64(&q, 4),
        };
        text.own = sql_bytes(&q, 5, &text.n_own);
        text.desk = sql_bytes(&q, 6, &text.n_desk);
        q.status = show(ctx, &text, err);
    }
    return sql_end(&q);
}

enum lk_status text_row_delete(struct store_tx *tx, int64_t case_row, unsigned number,
                               struct lk_error *err)
{
    const struct store_value args[] = {SQL_INT(case_row), SQL_INT(number)};
    TRY(sql_run(tx,
                "DELETE FROM notice_step WHERE notice_id IN"
                " (SELECT id FROM notice WHERE case_id = $1 AND text_number = $2)",
                args, 2, err));
    TRY(sql_run(tx,
                "DELETE FROM place_check WHERE notice_id IN"
                " (SELECT id FROM notice WHERE case_id = $1 AND text_number = $2)",
                args, 2, err));
    TRY(sql_run(tx, "DELETE FROM notice WHERE case_id = $1 AND text_number = $2", args, 2, err));
    return sql_run(tx,
                   "DELETE FROM case_text WHERE case_id = $1 AND number = $2"
                   " AND (author = $3 OR kind = 1)",
                   SQL_ARGS(SQL_INT(case_row), SQL_INT(number), SQL_INT(TEXT_BY_PERSON)), err);
}

enum lk_status text_rows_cases(struct store_tx *tx, unsigned message_kind, size_t limit,
                               text_case_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(
        tx, &q,
        "SELECT f.public_id, count(*), max(t.day_ms),"
        " coalesce((SELECT m.author = $1 FROM case_text m WHERE m.case_id = f.id AND m.kind = $2"
        "           ORDER BY m.number DESC LIMIT 1), 0)"
        " FROM case_text t JOIN case_file f ON f.id = t.case_id"
        " WHERE t.desk IS NOT NULL GROUP BY f.id, f.public_id ORDER BY max(t.day_ms) DESC, f.id "
        "DESC"
        " LIMIT $3",
        SQL_ARGS(SQL_INT(TEXT_BY_PERSON), SQL_INT(message_kind), SQL_INT(limit)), err));
    while (sql_row(&q)) {
        struct text_case c = {
            .n_texts = (size_t)sql_i64(&q, 1),
            .day_ms = sql_i64(&q, 2),
            .is_waiting = sql_i64(&q, 3) != 0,
        };
        sql_copy(&q, 0, c.public_id, sizeof c.public_id);
        if (q.status == LK_OK)
            q.status = show(ctx, &c, err);
    }
    return sql_end(&q);
}
