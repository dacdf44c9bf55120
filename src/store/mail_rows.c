#include "store/mail_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

enum lk_status mail_row_put(struct store_tx *tx, int64_t case_row, const uint8_t *address, size_t n,
                            const char *lang, struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO case_mail (case_id, address, lang) VALUES ($1, $2, $3)"
                   " ON CONFLICT (case_id) DO UPDATE SET address = excluded.address,"
                   " lang = excluded.lang",
                   SQL_ARGS(SQL_INT(case_row), SQL_BLOB(address, n), SQL_TEXT(lang, strlen(lang))),
                   err);
}

enum lk_status mail_row_delete(struct store_tx *tx, int64_t case_row, struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM case_mail WHERE case_id = $1", SQL_ARGS(SQL_INT(case_row)),
                   err);
}

enum lk_status mail_row_news(struct store_tx *tx, int64_t case_row, struct lk_error *err)
{
    return sql_run(tx, "UPDATE case_mail SET news = 1 WHERE case_id = $1 AND news = 0",
                   SQL_ARGS(SQL_INT(case_row)), err);
}

enum lk_status mail_row_sent(struct store_tx *tx, int64_t case_row, int64_t day_ms,
                             struct lk_error *err)
{
    return sql_run(tx, "UPDATE case_mail SET news = 0, sent_day_ms = $2 WHERE case_id = $1",
                   SQL_ARGS(SQL_INT(case_row), SQL_INT(day_ms)), err);
}

#define MAIL_COLUMNS                                                                               \
    "SELECT m.case_id, f.public_id, f.key_by_master, m.address, m.lang"                            \
    " FROM case_mail m JOIN case_file f ON f.id = m.case_id WHERE f.key_by_master IS NOT NULL"

static enum lk_status show_all(struct sql *q, mail_row_show *show, void *ctx, struct lk_error *err)
{
    while (sql_row(q)) {
        struct mail_row mail = {.case_row = sql_i64(q, 0)};
        sql_copy(q, 1, mail.public_id, sizeof mail.public_id);
        sql_copy(q, 2, mail.key_by_master, sizeof mail.key_by_master);
        mail.address = sql_bytes(q, 3, &mail.n_address);
        sql_word(q, 4, mail.lang, sizeof mail.lang);
        if (q->status == LK_OK)
            q->status = show(ctx, &mail, err);
    }
    return sql_end(q);
}

enum lk_status mail_rows_due(struct store_tx *tx, int64_t day_ms, size_t limit, mail_row_show *show,
                             void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, MAIL_COLUMNS " AND m.news = 1 AND m.sent_day_ms < $1 LIMIT $2",
                  SQL_ARGS(SQL_INT(day_ms), SQL_INT(limit)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status mail_row_of_case(struct store_tx *tx, int64_t case_row, mail_row_show *show,
                                void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, MAIL_COLUMNS " AND m.case_id = $1", SQL_ARGS(SQL_INT(case_row)), err));
    return show_all(&q, show, ctx, err);
}
