#include "store/notice_rows.h"

#include "base/err.h"
#include "store/check_rows.h"
#include "store/sql.h"

#include <string.h>

static struct store_value row_or_null(int64_t row)
{
    struct store_value value = SQL_INT(row);
    if (row == 0)
        value.type = STORE_NULL;
    return value;
}

static struct store_value blob_or_null(const void *p, size_t n)
{
    return p == NULL ? (struct store_value){.type = STORE_NULL} : SQL_BLOB(p, n);
}

enum lk_status notice_row_add(struct store_tx *tx, struct notice_row *notice, struct lk_error *err)
{
    size_t n = strlen(notice->regime);
    struct store_value regime = SQL_TEXT(notice->regime, n);
    if (n == 0)
        regime.type = STORE_NULL;
    bool has_place = notice->place != NULL;
    TRY(sql_number(
        tx,
        "INSERT INTO notice (case_id, text_number, recipient, regime, state, sent_ms, due_ms,"
        " by_law, changed_ms, letter_id, place, place_hash, clock_kind, alarm, reason, span_ms,"
        " partner_id, inbox_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
        " $14, $15, $16, $17, $18)"
        " RETURNING id",
        SQL_ARGS(
            SQL_INT(notice->case_row), SQL_INT(notice->text_number),
            SQL_BLOB(notice->recipient, notice->n_recipient), regime, SQL_INT(notice->state),
            SQL_INT(notice->sent_ms), SQL_INT(notice->due_ms), SQL_INT(notice->by_law),
            SQL_INT(notice->changed_ms), row_or_null(notice->letter),
            blob_or_null(notice->place, notice->n_place),
            blob_or_null(has_place ? notice->place_hash : NULL, sizeof notice->place_hash),
            SQL_INT(notice->clock_kind), SQL_INT(notice->alarm), SQL_INT(notice->reason),
            SQL_INT(notice->span_ms), row_or_null(notice->partner),
            blob_or_null(notice->partner != 0 ? notice->inbox_id : NULL, sizeof notice->inbox_id)),
        "a notice was not inserted", &notice->row, err));
    return has_place ? check_row_begin(tx, notice->row, err) : LK_OK;
}

enum lk_status notice_row_change(struct store_tx *tx, const struct notice_row *notice,
                                 struct lk_error *err)
{
    TRY(sql_run(tx,
                "UPDATE notice SET state = $2, alarm = $3, reason = $4, sent_ms = $5,"
                " due_ms = $6, changed_ms = $7 WHERE id = $1",
                SQL_ARGS(SQL_INT(notice->row), SQL_INT(notice->state), SQL_INT(notice->alarm),
                         SQL_INT(notice->reason), SQL_INT(notice->sent_ms), SQL_INT(notice->due_ms),
                         SQL_INT(notice->changed_ms)),
                err));
    return check_row_begin(tx, notice->row, err);
}

#define COLUMNS                                                                                    \
    "SELECT n.id, n.case_id, n.text_number, n.recipient, coalesce(n.regime, ''), n.state,"         \
    " n.sent_ms, n.due_ms, n.by_law, n.changed_ms, coalesce(n.letter_id, 0), n.place,"             \
    " n.place_hash, n.clock_kind, n.alarm, n.reason, n.span_ms,"                                   \
    " coalesce(n.partner_id, 0), n.inbox_id FROM notice n"

static void read_row(struct sql *q, struct notice_row *out)
{
    *out = (struct notice_row){
        .row = sql_i64(q, 0),
        .case_row = sql_i64(q, 1),
        .text_number = (unsigned)sql_i64(q, 2),
        .state = (unsigned)sql_i64(q, 5),
        .sent_ms = sql_i64(q, 6),
        .due_ms = sql_i64(q, 7),
        .by_law = sql_i64(q, 8) != 0,
        .changed_ms = sql_i64(q, 9),
        .letter = sql_i64(q, 10),
        .clock_kind = (unsigned)sql_i64(q, 13),
        .alarm = (unsigned)sql_i64(q, 14),
        .reason = (unsigned)sql_i64(q, 15),
        .span_ms = sql_i64(q, 16),
        .partner = sql_i64(q, 17),
    };
    out->recipient = sql_bytes(q, 3, &out->n_recipient);
    sql_word(q, 4, out->regime, sizeof out->regime);
    out->place = sql_bytes(q, 11, &out->n_place);
    if (out->place != NULL)
        sql_copy(q, 12, out->place_hash, sizeof out->place_hash);
    if (out->partner != 0)
        sql_copy(q, 18, out->inbox_id, sizeof out->inbox_id);
}

static enum lk_status show_all(struct sql *q, notice_row_show *show, void *ctx,
                               struct lk_error *err)
{
    while (sql_row(q)) {
        struct notice_row notice;
        read_row(q, &notice);
        if (q->status == LK_OK)
            q->status = show(ctx, &notice, err);
    }
    return sql_end(q);
}

enum lk_status notice_rows_of_case(struct store_tx *tx, int64_t case_row, notice_row_show *show,
                                   void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  COLUMNS " WHERE n.case_id = $1 AND n.id = (SELECT max(m.id) FROM notice m"
                          " WHERE m.case_id = n.case_id AND m.text_number = n.text_number)",
                  SQL_ARGS(SQL_INT(case_row)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status notice_rows_all(struct store_tx *tx, int64_t case_row, notice_row_show *show,
                               void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS " WHERE n.case_id = $1 ORDER BY n.id",
                  SQL_ARGS(SQL_INT(case_row)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status notice_rows_of_letter(struct store_tx *tx, int64_t letter, notice_row_show *show,
                                     void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS " WHERE n.letter_id = $1 ORDER BY n.id",
                  SQL_ARGS(SQL_INT(letter)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status notice_row_get(struct store_tx *tx, int64_t row, notice_row_show *show, void *ctx,
                              struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS " WHERE n.id = $1", SQL_ARGS(SQL_INT(row)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status notice_row_in_inbox(struct store_tx *tx, int64_t partner,
                                   const uint8_t inbox_id[STORE_ID_BYTES], notice_row_show *show,
                                   void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, COLUMNS " WHERE n.inbox_id = $1 AND n.partner_id = $2",
                  SQL_ARGS(SQL_BLOB(inbox_id, STORE_ID_BYTES), SQL_INT(partner)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status notice_rows_due(struct store_tx *tx, int64_t until_ms, unsigned alarm, size_t limit,
                               notice_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  COLUMNS " WHERE n.due_ms > 0 AND n.due_ms <= $1 AND n.alarm < $2"
                          " ORDER BY n.due_ms, n.id LIMIT $3",
                  SQL_ARGS(SQL_INT(until_ms), SQL_INT(alarm), SQL_INT(limit)), err));
    return show_all(&q, show, ctx, err);
}

enum lk_status notice_rows_same_place(struct store_tx *tx, int64_t case_row,
                                      const uint8_t place_hash[SEAL_HASH_BYTES], size_t *n,
                                      struct lk_error *err)
{
    int64_t count = 0;
    TRY(sql_number(tx,
                   "SELECT count(DISTINCT case_id) FROM notice WHERE place_hash = $1"
                   " AND case_id <> $2",
                   SQL_ARGS(SQL_BLOB(place_hash, SEAL_HASH_BYTES), SQL_INT(case_row)), "", &count,
                   err));
    *n = (size_t)count;
    return LK_OK;
}

enum lk_status notice_step_add(struct store_tx *tx, const struct notice_step *step,
                               struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO notice_step (notice_id, at_ms, state, alarm, due_ms, actor,"
                   " staff_id, reason, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   SQL_ARGS(SQL_INT(step->notice), SQL_INT(step->at_ms), SQL_INT(step->state),
                            SQL_INT(step->alarm), SQL_INT(step->due_ms), SQL_INT(step->actor),
                            row_or_null(step->staff), SQL_INT(step->reason),
                            blob_or_null(step->note, step->n_note)),
                   err);
}

static struct notice_step read_step(struct sql *q)
{
    struct notice_step step = {
        .notice = sql_i64(q, 0),
        .at_ms = sql_i64(q, 1),
        .state = (unsigned)sql_i64(q, 2),
        .alarm = (unsigned)sql_i64(q, 3),
        .due_ms = sql_i64(q, 4),
        .actor = (unsigned)sql_i64(q, 5),
        .staff = sql_i64(q, 6),
        .reason = (unsigned)sql_i64(q, 7),
    };
    step.note = sql_bytes(q, 8, &step.n_note);
    return step;
}

#define STEP_COLUMNS                                                                               \
    "SELECT s.notice_id, s.at_ms, s.state, s.alarm, s.due_ms, s.actor, coalesce(s.staff_id, 0),"   \
    " s.reason, s.note"

enum lk_status notice_step_newest(struct store_tx *tx, int64_t notice, unsigned actor,
                                  notice_step_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  STEP_COLUMNS " FROM notice_step s WHERE s.notice_id = $1 AND s.actor = $2"
                               " ORDER BY s.id DESC LIMIT 1",
                  SQL_ARGS(SQL_INT(notice), SQL_INT(actor)), err));
    while (sql_row(&q)) {
        const struct notice_step step = read_step(&q);
        q.status = show(ctx, &step, err);
    }
    return sql_end(&q);
}

enum lk_status notice_steps_count(struct store_tx *tx, int64_t notice, unsigned actor, size_t *n,
                                  struct lk_error *err)
{
    int64_t count = 0;
    TRY(sql_number(tx, "SELECT count(*) FROM notice_step WHERE notice_id = $1 AND actor = $2",
                   SQL_ARGS(SQL_INT(notice), SQL_INT(actor)), "", &count, err));
    *n = (size_t)count;
    return LK_OK;
}

enum lk_status notice_steps_of_case(struct store_tx *tx, int64_t case_row, notice_step_show *show,
                                    void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  STEP_COLUMNS ", f.name FROM notice_step s"
                               " JOIN notice n ON n.id = s.notice_id"
                               " LEFT JOIN staff f ON f.id = s.staff_id"
                               " WHERE n.case_id = $1 ORDER BY s.id",
                  SQL_ARGS(SQL_INT(case_row)), err));
    while (sql_row(&q)) {
        struct notice_step step = read_step(&q);
        step.staff_name = sql_bytes(&q, 9, &step.n_staff_name);
        q.status = show(ctx, &step, err);
    }
    return sql_end(&q);
}
