#include "store/match_rows.h"

#include "base/err.h"
#include "store/brake_rows.h"
#include "store/sql.h"

#define MATCH_SELECT                                                                               \
    "SELECT m.id, m.public_id, m.partner_id, m.entry_id, e.public_id, e.medium,"                   \
    " e.record IS NOT NULL, m.grade, m.tier, m.action, m.turn, m.coverage, m.dist_bits, "          \
    "m.n_votes,"                                                                                   \
    " m.from_ms, m.to_ms, m.found_ms, m.state, m.reason, m.answered_ms, e.case_id, m.note,"        \
    " e.number, p.name, m.evidence, " BRAKE_REASON_OF_M                                            \
    " FROM case_match m JOIN entry e ON e.id = m.entry_id"                                         \
    " JOIN partner p ON p.id = m.partner_id "

static void read_match(struct sql *q, struct match_row *m)
{
    *m = (struct match_row){
        .row = sql_i64(q, 0),
        .partner_row = sql_i64(q, 2),
        .entry_row = sql_i64(q, 3),
        .medium = (unsigned)sql_i64(q, 5),
        .in_force = sql_i64(q, 6) != 0,
        .grade = (unsigned)sql_i64(q, 7),
        .tier = (unsigned)sql_i64(q, 8),
        .action = (unsigned)sql_i64(q, 9),
        .turn = (unsigned)sql_i64(q, 10),
        .coverage = (unsigned)sql_i64(q, 11),
        .dist_bits = (unsigned)sql_i64(q, 12),
        .n_votes = (unsigned)sql_i64(q, 13),
        .from_ms = (uint32_t)sql_i64(q, 14),
        .to_ms = (uint32_t)sql_i64(q, 15),
        .found_ms = sql_i64(q, 16),
        .state = (unsigned)sql_i64(q, 17),
        .reason = (unsigned)sql_i64(q, 18),
        .answered_ms = sql_i64(q, 19),
        .case_row = sql_i64(q, 20),
        .item = (unsigned)sql_i64(q, 22),
    };
    sql_copy(q, 1, m->public_id, sizeof m->public_id);
    sql_copy(q, 4, m->entry_id, sizeof m->entry_id);
    m->note = sql_bytes(q, 21, &m->n_note);
    m->partner_name = sql_bytes(q, 23, &m->n_partner_name);
    m->evidence = sql_bytes(q, 24, &m->n_evidence);
    m->brake = (unsigned)sql_i64(q, 25);
}

static enum lk_status show_all(struct sql *q, match_row_show *show, void *ctx, size_t *n)
{
    *n = 0;
    while (sql_row(q)) {
        struct match_row match;
        read_match(q, &match);
        if (q->status == LK_OK)
            q->status = show(ctx, &match, q->err);
        ++*n;
    }
    return sql_end(q);
}

enum lk_status match_row_known(struct store_tx *tx, int64_t partner_row,
                               const uint8_t entry_id[STORE_ID_BYTES],
                               const uint8_t content[SEAL_HASH_BYTES], match_row_show *show,
                               void *ctx, bool *found, struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q,
                  MATCH_SELECT "WHERE m.partner_id = $1 AND e.public_id = $2 AND m.content = $3",
                  SQL_ARGS(SQL_INT(partner_row), SQL_BLOB(entry_id, STORE_ID_BYTES),
                           SQL_BLOB(content, SEAL_HASH_BYTES)),
                  err));
    TRY(show_all(&q, show, ctx, &n));
    *found = n > 0;
    return LK_OK;
}

enum lk_status match_row_add(struct store_tx *tx, const struct match_row *m, struct lk_error *err)
{
    return sql_run(
        tx,
        "INSERT INTO case_match (public_id, partner_id, entry_id, content, grade, tier, action,"
        " turn, coverage, dist_bits, n_votes, from_ms, to_ms, found_ms, state, reason, answered_ms,"
        " evidence)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 0, $16)",
        SQL_ARGS(SQL_BLOB(m->public_id, STORE_ID_BYTES), SQL_INT(m->partner_row),
                 SQL_INT(m->entry_row), SQL_BLOB(m->content, SEAL_HASH_BYTES), SQL_INT(m->grade),
                 SQL_INT(m->tier), SQL_INT(m->action), SQL_INT(m->turn), SQL_INT(m->coverage),
                 SQL_INT(m->dist_bits), SQL_INT(m->n_votes), SQL_INT(m->from_ms), SQL_INT(m->to_ms),
                 SQL_INT(m->found_ms), SQL_INT(m->state), SQL_BLOB(m->evidence, m->n_evidence)),
        err);
}

enum lk_status match_row_get(struct store_tx *tx, int64_t partner_row,
                             const uint8_t public_id[STORE_ID_BYTES], match_row_show *show,
                             void *ctx, struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q, MATCH_SELECT "WHERE m.public_id = $1 AND m.partner_id = $2",
                  SQL_ARGS(SQL_BLOB(public_id, STORE_ID_BYTES), SQL_INT(partner_row)), err));
    TRY(show_all(&q, show, ctx, &n));
    return n > 0 ? LK_OK : FAIL(err, LK_NOT_FOUND, "no match with this id");
}

enum lk_status match_row_find(struct store_tx *tx, const uint8_t public_id[STORE_ID_BYTES],
                              match_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q, MATCH_SELECT "WHERE m.public_id = $1 AND p.revoked_ms = 0",
                  SQL_ARGS(SQL_BLOB(public_id, STORE_ID_BYTES)), err));
    TRY(show_all(&q, show, ctx, &n));
    return n > 0 ? LK_OK : FAIL(err, LK_NOT_FOUND, "no match with this id");
}

enum lk_status match_rows_list(struct store_tx *tx, int64_t partner_row, unsigned state,
                               uint64_t after, size_t limit, match_row_show *show, void *ctx,
                               struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    if (state == 0)
        TRY(sql_start(tx, &q,
                      MATCH_SELECT "WHERE m.partner_id = $1 AND m.id > $2 ORDER BY m.id LIMIT $3",
                      SQL_ARGS(SQL_INT(partner_row), SQL_INT(after), SQL_INT(limit)), err));
    else
        TRY(sql_start(
            tx, &q,
            MATCH_SELECT "WHERE m.partner_id = $1 AND m.state = $4 AND m.id > $2"
                         " ORDER BY m.id LIMIT $3",
            SQL_ARGS(SQL_INT(partner_row), SQL_INT(after), SQL_INT(limit), SQL_INT(state)), err));
    return show_all(&q, show, ctx, &n);
}

enum lk_status match_rows_of_case(struct store_tx *tx, int64_t case_row, size_t limit,
                                  match_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    size_t n = 0;
    TRY(sql_start(tx, &q, MATCH_SELECT "WHERE e.case_id = $1 ORDER BY m.id DESC LIMIT $2",
                  SQL_ARGS(SQL_INT(case_row), SQL_INT(limit)), err));
    return show_all(&q, show, ctx, &n);
}

enum lk_status match_row_answer(struct store_tx *tx, int64_t row, unsigned state, unsigned reason,
                                int64_t answered_ms, const uint8_t *note, size_t n_note,
                                struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE case_match SET state = $2, reason = $3, answered_ms = $4, note = $5"
                   " WHERE id = $1",
                   SQL_ARGS(SQL_INT(row), SQL_INT(state), SQL_INT(reason), SQL_INT(answered_ms),
                            SQL_BLOB(note, n_note)),
                   err);
}

enum lk_status match_row_waiting(struct store_tx *tx, int64_t partner_row, unsigned state,
                                 int64_t after, int64_t until_ms, int64_t *row,
                                 uint8_t public_id[STORE_ID_BYTES], struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT m.id, m.public_id FROM case_match m JOIN entry e ON e.id = m.entry_id"
                  " WHERE m.partner_id = $1 AND m.state = $2 AND m.id > $3 AND m.found_ms <= $4"
                  " AND e.record IS NOT NULL ORDER BY m.id LIMIT 1",
                  SQL_ARGS(SQL_INT(partner_row), SQL_INT(state), SQL_INT(after), SQL_INT(until_ms)),
                  err));
    bool found = sql_row(&q);
    if (found) {
        *row = sql_i64(&q, 0);
        sql_copy(&q, 1, public_id, STORE_ID_BYTES);
    }
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "no match waits for an answer");
}
