#include "store/desk_rows.h"

#include "base/err.h"
#include "store/sql.h"
#include "store/text_rows.h"

#include <string.h>

/* A note, contact, situation or location is something to do; a message by the person too. */
enum lk_status desk_row_refresh(struct store_tx *tx, int64_t case_row, int64_t now_ms,
                                struct lk_error *err)
{
    const struct store_value args[] = {SQL_INT(case_row), SQL_INT(now_ms)};
    TRY(sql_run(tx,
                "INSERT INTO desk_case (case_id, changed_ms) SELECT $1, $2 WHERE EXISTS"
                " (SELECT 1 FROM case_text WHERE case_id = $1 AND desk IS NOT NULL)"
                " ON CONFLICT (case_id) DO NOTHING",
                args, 2, err));
    return sql_run(
        tx,
        "UPDATE desk_case SET changed_ms = max(changed_ms, $2),"
        " n_links = (SELECT count(*) FROM case_text WHERE case_id = $1 AND kind = 1),"
        " is_waiting = coalesce((SELECT author = 1 FROM case_text WHERE case_id = $1 AND kind = 5"
        "  ORDER BY number DESC LIMIT 1), 0),"
        " due_ms = coalesce((SELECT min(due_ms) FROM notice WHERE case_id = $1 AND due_ms > 0), 0),"
        " n_open = (SELECT count(*) FROM notice WHERE case_id = $1 AND due_ms > 0),"
        " n_late = (SELECT count(*) FROM notice WHERE case_id = $1 AND due_ms > 0 AND alarm = 2)"
        " WHERE case_id = $1",
        args, 2, err);
}

enum lk_status desk_row_sort(struct store_tx *tx, int64_t case_row, const char *lang, unsigned harm,
                             struct lk_error *err)
{
    return sql_run(tx, "UPDATE desk_case SET lang = $2, harm = $3 WHERE case_id = $1",
                   SQL_ARGS(SQL_INT(case_row), SQL_TEXT(lang, strlen(lang)), SQL_INT(harm)), err);
}

enum lk_status desk_row_assign(struct store_tx *tx, int64_t case_row, int64_t staff,
                               struct lk_error *err)
{
    struct store_value who = SQL_INT(staff);
    if (staff == 0)
        who.type = STORE_NULL;
    return sql_run(tx, "UPDATE desk_case SET staff_id = $2 WHERE case_id = $1",
                   SQL_ARGS(SQL_INT(case_row), who), err);
}

#define COLUMNS                                                                                    \
    "SELECT d.case_id, f.public_id, d.lang, d.harm, coalesce(d.staff_id, 0), s.name, d.due_ms,"    \
    " d.is_waiting, d.n_links, d.n_open, d.n_late, d.changed_ms FROM "
#define JOINS " d JOIN case_file f ON f.id = d.case_id LEFT JOIN staff s ON s.id = d.staff_id "
#define FILTERS                                                                                    \
    " ($1 = '' OR lang = $1) AND harm >= $2 AND ($3 = -1 OR coalesce(staff_id, 0) = $3)"           \
    " AND ($4 = 0 OR n_late > 0) AND ($5 = 0 OR harm = 0)"

/* The page first, then what belongs to its rows: those before it are passed over without a look at
 * the other tables. */
#define PAGE(where, order)                                                                         \
    COLUMNS "(SELECT * FROM desk_case WHERE " where FILTERS order " LIMIT $6 OFFSET $7)" JOINS order

static enum lk_status show_all(struct sql *q, desk_row_show *show, void *ctx, size_t *n,
                               struct lk_error *err)
{
    while (sql_row(q)) {
        struct desk_row row = {
            .case_row = sql_i64(q, 0),
            .harm = (unsigned)sql_i64(q, 3),
            .staff = sql_i64(q, 4),
            .due_ms = sql_i64(q, 6),
            .is_waiting = sql_i64(q, 7) != 0,
            .n_links = (unsigned)sql_i64(q, 8),
            .n_open = (unsigned)sql_i64(q, 9),
            .n_late = (unsigned)sql_i64(q, 10),
            .changed_ms = sql_i64(q, 11),
        };
        sql_copy(q, 1, row.public_id, sizeof row.public_id);
        sql_word(q, 2, row.lang, sizeof row.lang);
        row.staff_name = sql_bytes(q, 5, &row.n_staff_name);
        ++*n;
        if (q->status == LK_OK)
            q->status = show(ctx, &row, err);
    }
    return sql_end(q);
}

static const char *query_text(enum desk_sort sort)
{
    switch (sort) {
    case DESK_BY_WAITING:
        return PAGE("is_waiting = 1 AND", " ORDER BY changed_ms, case_id");
    case DESK_BY_HARM:
        return PAGE("", " ORDER BY harm DESC, changed_ms DESC, case_id");
    case DESK_BY_CHANGE:
        return PAGE("", " ORDER BY changed_ms DESC, case_id");
    default:
        return PAGE("due_ms > 0 AND", " ORDER BY due_ms, case_id");
    }
}

enum lk_status desk_rows(struct store_tx *tx, const struct desk_query *query, desk_row_show *show,
                         void *ctx, struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q, query_text(query->sort),
                  SQL_ARGS(SQL_TEXT(query->lang, strlen(query->lang)), SQL_INT(query->harm_from),
                           SQL_INT(query->staff), SQL_INT(query->is_late), SQL_INT(query->is_new),
                           SQL_INT(query->limit), SQL_INT(query->offset)),
                  err));
    return show_all(&q, show, ctx, &n, err);
}

enum lk_status desk_row_get(struct store_tx *tx, int64_t case_row, desk_row_show *show, void *ctx,
                            struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q, COLUMNS "desk_case" JOINS "WHERE d.case_id = $1",
                  SQL_ARGS(SQL_INT(case_row)), err));
    TRY(show_all(&q, show, ctx, &n, err));
    return n > 0 ? LK_OK : FAIL(err, LK_NOT_FOUND, "the desk has nothing of this case");
}

enum lk_status desk_rows_count(struct store_tx *tx, int64_t today_end_ms, struct desk_counts *out,
                               struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT count(*), count(*) FILTER (WHERE harm = 0),"
                  " count(*) FILTER (WHERE is_waiting = 1), count(*) FILTER (WHERE n_late > 0),"
                  " count(*) FILTER (WHERE due_ms > 0 AND due_ms < $1) FROM desk_case",
                  SQL_ARGS(SQL_INT(today_end_ms)), err));
    if (sql_row(&q))
        *out = (struct desk_counts){(size_t)sql_i64(&q, 0), (size_t)sql_i64(&q, 1),
                                    (size_t)sql_i64(&q, 2), (size_t)sql_i64(&q, 3),
                                    (size_t)sql_i64(&q, 4)};
    return sql_end(&q);
}

enum lk_status desk_note_add(struct store_tx *tx, int64_t case_row,
                             const struct desk_note_row *note, struct lk_error *err)
{
    struct store_value who = SQL_INT(note->staff);
    if (note->staff == 0)
        who.type = STORE_NULL;
    return sql_run(
        tx, "INSERT INTO desk_note (case_id, staff_id, at_ms, note) VALUES ($1,$2,$3,$4)",
        SQL_ARGS(SQL_INT(case_row), who, SQL_INT(note->at_ms), SQL_BLOB(note->note, note->n_note)),
        err);
}

enum lk_status desk_notes_of_case(struct store_tx *tx, int64_t case_row, desk_note_show *show,
                                  void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT coalesce(n.staff_id, 0), n.at_ms, s.name, n.note FROM desk_note n"
                  " LEFT JOIN staff s ON s.id = n.staff_id WHERE n.case_id = $1 ORDER BY n.id",
                  SQL_ARGS(SQL_INT(case_row)), err));
    while (sql_row(&q)) {
        struct desk_note_row note = {.staff = sql_i64(&q, 0), .at_ms = sql_i64(&q, 1)};
        note.staff_name = sql_bytes(&q, 2, &note.n_staff_name);
        note.note = sql_bytes(&q, 3, &note.n_note);
        q.status = show(ctx, &note, err);
    }
    return sql_end(&q);
}
