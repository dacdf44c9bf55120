#include "store/letter_wait_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

enum lk_status letter_wait_add(struct store_tx *tx, const struct letter_wait *wait,
                               struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO letter_wait (letter_id, case_id, text_number, notice_id)"
                   " VALUES ($1, $2, $3, $4)",
                   SQL_ARGS(SQL_INT(wait->letter), SQL_INT(wait->case_row),
                            SQL_INT(wait->text_number), SQL_INT(wait->notice)),
                   err);
}

#define COLUMNS "SELECT letter_id, case_id, text_number, notice_id FROM letter_wait"

static struct letter_wait read_row(struct sql *q)
{
    return (struct letter_wait){
        .letter = sql_i64(q, 0),
        .case_row = sql_i64(q, 1),
        .text_number = (unsigned)sql_i64(q, 2),
        .notice = sql_i64(q, 3),
    };
}

enum lk_status letter_wait_rows(struct store_tx *tx, int64_t case_row, unsigned text_number,
                                letter_wait_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  COLUMNS " WHERE case_id = $1 AND ($2 = 0 OR text_number = $2)"
                          " ORDER BY letter_id",
                  SQL_ARGS(SQL_INT(case_row), SQL_INT(text_number)), err));
    while (sql_row(&q)) {
        const struct letter_wait wait = read_row(&q);
        q.status = show(ctx, &wait, err);
    }
    return sql_end(&q);
}

enum lk_status letter_wait_find(struct store_tx *tx, int64_t letter, struct letter_wait *out,
                                bool *found, struct lk_error *err)
{
    struct sql q;
    *found = false;
    TRY(sql_start(tx, &q, COLUMNS " WHERE letter_id = $1", SQL_ARGS(SQL_INT(letter)), err));
    while (sql_row(&q)) {
        *out = read_row(&q);
        *found = true;
    }
    return sql_end(&q);
}

static enum lk_status forget(struct store_tx *tx, int64_t letter, struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM letter_wait WHERE letter_id = $1", SQL_ARGS(SQL_INT(letter)),
                   err);
}

enum lk_status letter_wait_stop(struct store_tx *tx, int64_t letter, unsigned state,
                                const char *problem, int64_t now_ms, struct lk_error *err)
{
    struct store_value why = {.type = STORE_NULL};
    if (problem != NULL)
        why = SQL_TEXT(problem, strlen(problem));
    TRY(forget(tx, letter, err));
    return sql_run(tx, "UPDATE letter SET state = $2, changed_ms = $3, problem = $4 WHERE id = $1",
                   SQL_ARGS(SQL_INT(letter), SQL_INT(state), SQL_INT(now_ms), why), err);
}

/* The public id is part of what the texts are sealed with: the copy keeps it, and takes the place
 * of the row that had it. */
enum lk_status letter_wait_release(struct store_tx *tx, int64_t letter, unsigned state,
                                   int64_t next_ms, int64_t now_ms, int64_t *row,
                                   struct lk_error *err)
{
    TRY(forget(tx, letter, err));
    return sql_number(
        tx,
        "INSERT OR REPLACE INTO letter (public_id, case_id, staff_id, target, platform,"
        " partner_id, regime, lang, law_date, channel, recipient, address, subject, body, made_ms,"
        " state, next_ms, changed_ms) SELECT public_id, case_id, staff_id, target, platform,"
        " partner_id, regime, lang, law_date, channel, recipient, address, subject, body, made_ms,"
        " $2, $3, $4 FROM letter WHERE id = $1 RETURNING id",
        SQL_ARGS(SQL_INT(letter), SQL_INT(state), SQL_INT(next_ms), SQL_INT(now_ms)),
        "the letter does not exist", row, err);
}
