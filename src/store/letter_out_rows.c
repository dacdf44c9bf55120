#include "store/letter_out_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

static struct store_value text_or_null(const char *text)
{
    return text == NULL ? (struct store_value){.type = STORE_NULL} : SQL_TEXT(text, strlen(text));
}

enum lk_status letter_out_due(struct store_tx *tx, unsigned channel, int64_t now_ms,
                              uint8_t public_id[STORE_ID_BYTES], struct lk_error *err)
{
    struct sql q;
    bool found = false;
    TRY(sql_start(tx, &q,
                  "SELECT public_id FROM letter WHERE next_ms > 0 AND next_ms <= $2"
                  " AND channel = $1 ORDER BY next_ms, id LIMIT 1",
                  SQL_ARGS(SQL_INT(channel), SQL_INT(now_ms)), err));
    while (sql_row(&q)) {
        sql_copy(&q, 0, public_id, STORE_ID_BYTES);
        found = true;
    }
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "no letter is due");
}

enum lk_status letter_out_set(struct store_tx *tx, const struct letter_row *letter, int64_t now_ms,
                              const char *problem, struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE letter SET state = $2, n_tries = $3, next_ms = $4, changed_ms = $5,"
                   " problem = $6 WHERE id = $1",
                   SQL_ARGS(SQL_INT(letter->row), SQL_INT(letter->state), SQL_INT(letter->n_tries),
                            SQL_INT(letter->next_ms), SQL_INT(now_ms), text_or_null(problem)),
                   err);
}

enum lk_status letter_out_move_all(struct store_tx *tx, unsigned from, unsigned to, int64_t now_ms,
                                   const char *problem, size_t *n, struct lk_error *err)
{
    int64_t count = 0;
    TRY(sql_number(tx, "SELECT count(*) FROM letter WHERE state = $1", SQL_ARGS(SQL_INT(from)),
                   "letters were not counted", &count, err));
    *n = (size_t)count;
    return sql_run(tx,
                   "UPDATE letter SET state = $2, next_ms = 0, changed_ms = $3, problem = $4"
                   " WHERE state = $1",
                   SQL_ARGS(SQL_INT(from), SQL_INT(to), SQL_INT(now_ms), text_or_null(problem)),
                   err);
}
