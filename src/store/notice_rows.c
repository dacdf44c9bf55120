#include "store/notice_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

enum lk_status notice_row_add(struct store_tx *tx, const struct notice_row *notice,
                              struct lk_error *err)
{
    size_t n = strlen(notice->regime);
    struct store_value regime = SQL_TEXT(notice->regime, n);
    if (n == 0)
        regime.type = STORE_NULL;
    return sql_run(tx,
                   "INSERT INTO notice (case_id, text_number, recipient, regime, state, sent_ms,"
                   " due_ms, by_law, changed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   SQL_ARGS(SQL_INT(notice->case_row), SQL_INT(notice->text_number),
                            SQL_BLOB(notice->recipient, notice->n_recipient), regime,
                            SQL_INT(notice->state), SQL_INT(notice->sent_ms),
                            SQL_INT(notice->due_ms), SQL_INT(notice->by_law),
                            SQL_INT(notice->changed_ms)),
                   err);
}

enum lk_status notice_row_mark(struct store_tx *tx, int64_t case_row, unsigned text_number,
                               unsigned state, int64_t due_ms, int64_t now_ms, struct lk_error *err)
{
    int64_t row = 0;
    return sql_number(tx,
                      "UPDATE notice SET state = $1, due_ms = $2, changed_ms = $3 WHERE id ="
                      " (SELECT max(id) FROM notice WHERE case_id = $4 AND text_number = $5)"
                      " RETURNING id",
                      SQL_ARGS(SQL_INT(state), SQL_INT(due_ms), SQL_INT(now_ms), SQL_INT(case_row),
                               SQL_INT(text_number)),
                      "no notice was sent about this address yet", &row, err);
}

enum lk_status notice_rows_of_case(struct store_tx *tx, int64_t case_row, notice_row_show *show,
                                   void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT id, text_number, recipient, coalesce(regime, ''), state, sent_ms, due_ms,"
                  " by_law, changed_ms FROM notice n WHERE case_id = $1 AND id = (SELECT max(m.id)"
                  " FROM notice m WHERE m.case_id = n.case_id AND m.text_number = n.text_number)",
                  SQL_ARGS(SQL_INT(case_row)), err));
    while (sql_row(&q)) {
        struct notice_row notice = {
            .row = sql_i64(&q, 0),
            .case_row = case_row,
            .text_number = (unsigned)sql_i64(&q, 1),
            .state = (unsigned)sql_i64(&q, 4),
            .sent_ms = sql_i64(&q, 5),
            .due_ms = sql_i64(&q, 6),
            .by_law = sql_i64(&q, 7) != 0,
            .changed_ms = sql_i64(&q, 8),
        };
        size_t n = 0;
        notice.recipient = sql_bytes(&q, 2, &notice.n_recipient);
        const char *regime = sql_bytes(&q, 3, &n);
        memcpy(notice.regime, regime, n < sizeof notice.regime ? n : 0);
        if (q.status == LK_OK)
            q.status = show(ctx, &notice, err);
    }
    return sql_end(&q);
}
