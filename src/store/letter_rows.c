#include "store/letter_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

static struct store_value row_or_null(int64_t row)
{
    struct store_value value = SQL_INT(row);
    if (row == 0)
        value.type = STORE_NULL;
    return value;
}

static struct store_value word_or_null(const char *word)
{
    struct store_value value = SQL_TEXT(word, strlen(word));
    if (word[0] == '\0')
        value.type = STORE_NULL;
    return value;
}

static struct store_value blob_or_null(const void *p, size_t n)
{
    return p == NULL ? (struct store_value){.type = STORE_NULL} : SQL_BLOB(p, n);
}

enum lk_status letter_row_add(struct store_tx *tx, struct letter_row *letter, struct lk_error *err)
{
    return sql_number(
        tx,
        "INSERT INTO letter (public_id, case_id, staff_id, target, platform, partner_id, regime,"
        " lang, law_date, channel, recipient, address, subject, body, made_ms, state, next_ms,"
        " changed_ms, about_kind, about_origin, about_medium) VALUES ($1, $2, $3, $4, $5, $6, $7,"
        " $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) RETURNING id",
        SQL_ARGS(SQL_BLOB(letter->public_id, STORE_ID_BYTES), SQL_INT(letter->case_row),
                 row_or_null(letter->staff), SQL_INT(letter->target),
                 word_or_null(letter->platform), row_or_null(letter->partner),
                 word_or_null(letter->regime), SQL_TEXT(letter->lang, strlen(letter->lang)),
                 word_or_null(letter->law_date), SQL_INT(letter->channel),
                 SQL_BLOB(letter->recipient, letter->n_recipient),
                 blob_or_null(letter->address, letter->n_address),
                 blob_or_null(letter->subject, letter->n_subject),
                 blob_or_null(letter->body, letter->n_body), SQL_INT(letter->made_ms),
                 SQL_INT(letter->state), SQL_INT(letter->next_ms), SQL_INT(letter->changed_ms),
                 SQL_INT(letter->kind), SQL_INT(letter->origin), SQL_INT(letter->medium)),
        "a letter was not inserted", &letter->row, err);
}

#define COLUMNS                                                                                    \
    "SELECT l.id, l.case_id, l.public_id, coalesce(l.staff_id, 0), coalesce(l.partner_id, 0),"     \
    " l.target, l.channel, l.state, l.n_tries, coalesce(l.platform, ''), coalesce(l.regime, ''),"  \
    " l.lang, coalesce(l.law_date, ''), l.recipient, l.address, l.subject, l.body, l.made_ms,"     \
    " l.next_ms, l.changed_ms, l.problem, s.name, p.name, f.public_id, l.about_kind, "             \
    "l.about_origin, l.about_medium FROM letter l"                                                 \
    " JOIN case_file f ON f.id = l.case_id LEFT JOIN staff s ON s.id = l.staff_id LEFT JOIN "      \
    "partner p ON p.id = l.partner_id"

static void read_row(struct sql *q, struct letter_row *out)
{
    *out = (struct letter_row){
        .row = sql_i64(q, 0),
        .case_row = sql_i64(q, 1),
        .staff = sql_i64(q, 3),
        .partner = sql_i64(q, 4),
        .target = (unsigned)sql_i64(q, 5),
        .channel = (unsigned)sql_i64(q, 6),
        .state = (unsigned)sql_i64(q, 7),
        .n_tries = (unsigned)sql_i64(q, 8),
        .made_ms = sql_i64(q, 17),
        .next_ms = sql_i64(q, 18),
        .changed_ms = sql_i64(q, 19),
        .kind = (unsigned)sql_i64(q, 24),
        .origin = (unsigned)sql_i64(q, 25),
        .medium = (unsigned)sql_i64(q, 26),
    };
    sql_copy(q, 2, out->public_id, sizeof out->public_id);
    sql_word(q, 9, out->platform, sizeof out->platform);
    sql_word(q, 10, out->regime, sizeof out->regime);
    sql_word(q, 11, out->lang, sizeof out->lang);
    sql_word(q, 12, out->law_date, sizeof out->law_date);
    out->recipient = sql_bytes(q, 13, &out->n_recipient);
    out->address = sql_bytes(q, 14, &out->n_address);
    out->subject = sql_bytes(q, 15, &out->n_subject);
    out->body = sql_bytes(q, 16, &out->n_body);
    out->problem = sql_bytes(q, 20, &out->n_problem);
    out->staff_name = sql_bytes(q, 21, &out->n_staff_name);
    out->partner_name = sql_bytes(q, 22, &out->n_partner_name);
    sql_copy(q, 23, out->case_id, sizeof out->case_id);
}

static enum lk_status show_all(struct sql *q, letter_row_show *show, void *ctx, size_t *n,
                               struct lk_error *err)
{
    while (sql_row(q)) {
        struct letter_row letter;
        read_row(q, &letter);
        ++*n;
        if (q->status == LK_OK)
            q->status = show(ctx, &letter, err);
    }
    return sql_end(q);
}

enum lk_status letter_row_find(struct store_tx *tx, const uint8_t public_id[STORE_ID_BYTES],
                               letter_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q, COLUMNS " WHERE l.public_id = $1",
                  SQL_ARGS(SQL_BLOB(public_id, STORE_ID_BYTES)), err));
    TRY(show_all(&q, show, ctx, &n, err));
    return n > 0 ? LK_OK : FAIL(err, LK_NOT_FOUND, "the letter does not exist");
}

enum lk_status letter_row_get(struct store_tx *tx, int64_t row, letter_row_show *show, void *ctx,
                              struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q, COLUMNS " WHERE l.id = $1", SQL_ARGS(SQL_INT(row)), err));
    TRY(show_all(&q, show, ctx, &n, err));
    return n > 0 ? LK_OK : FAIL(err, LK_NOT_FOUND, "the letter does not exist");
}

enum lk_status letter_rows_of_case(struct store_tx *tx, int64_t case_row, letter_row_show *show,
                                   void *ctx, struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q, COLUMNS " WHERE l.case_id = $1 ORDER BY l.id",
                  SQL_ARGS(SQL_INT(case_row)), err));
    return show_all(&q, show, ctx, &n, err);
}

enum lk_status letter_rows_of_partner(struct store_tx *tx, int64_t partner, int64_t after,
                                      size_t limit, unsigned given, letter_row_show *show,
                                      void *ctx, struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q,
                  COLUMNS
                  " WHERE l.partner_id = $1 AND l.id > $2 AND l.state = $4 ORDER BY l.id LIMIT $3",
                  SQL_ARGS(SQL_INT(partner), SQL_INT(after), SQL_INT(limit), SQL_INT(given)), err));
    return show_all(&q, show, ctx, &n, err);
}

enum lk_status letter_rows_open_at_partner(struct store_tx *tx, int64_t partner, int64_t after,
                                           size_t limit, letter_row_show *show, void *ctx,
                                           struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q,
                  COLUMNS " WHERE l.id IN (SELECT DISTINCT n.letter_id FROM notice n"
                          "  WHERE n.partner_id = $1 AND n.due_ms > 0 AND n.letter_id > $2"
                          "  ORDER BY n.letter_id LIMIT $3) ORDER BY l.id",
                  SQL_ARGS(SQL_INT(partner), SQL_INT(after), SQL_INT(limit)), err));
    return show_all(&q, show, ctx, &n, err);
}

enum lk_status letter_rows_in_state(struct store_tx *tx, unsigned channel, unsigned state,
                                    size_t limit, letter_row_show *show, void *ctx,
                                    struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q, COLUMNS " WHERE l.channel = $1 AND l.state = $2 ORDER BY l.id LIMIT $3",
                  SQL_ARGS(SQL_INT(channel), SQL_INT(state), SQL_INT(limit)), err));
    return show_all(&q, show, ctx, &n, err);
}

enum lk_status letter_row_state(struct store_tx *tx, int64_t row, unsigned state, int64_t next_ms,
                                int64_t now_ms, struct lk_error *err)
{
    return sql_run(tx, "UPDATE letter SET state = $2, next_ms = $3, changed_ms = $4 WHERE id = $1",
                   SQL_ARGS(SQL_INT(row), SQL_INT(state), SQL_INT(next_ms), SQL_INT(now_ms)), err);
}
