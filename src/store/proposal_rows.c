#include "store/proposal_rows.h"

#include "base/err.h"
#include "store/sql.h"

static struct store_value row_or_null(int64_t row)
{
    return row == 0 ? (struct store_value){.type = STORE_NULL} : SQL_INT(row);
}

enum lk_status proposal_row_add(struct store_tx *tx, struct proposal_row *row, struct lk_error *err)
{
    struct store_value note = SQL_BLOB(row->note, row->n_note);
    if (row->note == NULL)
        note.type = STORE_NULL;
    return sql_number(tx,
                      "INSERT INTO proposal (case_id, watch_id, entry_id, grade, place, note,"
                      " place_hash, found_ms, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                      " RETURNING id",
                      SQL_ARGS(SQL_INT(row->case_row), row_or_null(row->watch),
                               row_or_null(row->entry), SQL_INT(row->grade),
                               SQL_BLOB(row->place, row->n_place), note,
                               SQL_BLOB(row->place_hash, sizeof row->place_hash),
                               SQL_INT(row->found_ms), SQL_INT(row->state)),
                      "a proposal was not inserted", &row->row, err);
}

enum lk_status proposal_row_settle(struct store_tx *tx, int64_t row, unsigned state,
                                   struct lk_error *err)
{
    return sql_run(tx, "UPDATE proposal SET state = $2 WHERE id = $1",
                   SQL_ARGS(SQL_INT(row), SQL_INT(state)), err);
}

enum lk_status proposal_rows_of_case(struct store_tx *tx, int64_t case_row, unsigned state,
                                     proposal_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT id, case_id, coalesce(watch_id, 0), coalesce(entry_id, 0), grade, place,"
                  " note, place_hash, found_ms, state FROM proposal"
                  " WHERE case_id = $1 AND ($2 = 0 OR state = $2) ORDER BY id",
                  SQL_ARGS(SQL_INT(case_row), SQL_INT(state)), err));
    while (sql_row(&q)) {
        struct proposal_row row = {
            .row = sql_i64(&q, 0),
            .case_row = sql_i64(&q, 1),
            .watch = sql_i64(&q, 2),
            .entry = sql_i64(&q, 3),
            .grade = (unsigned)sql_i64(&q, 4),
            .found_ms = sql_i64(&q, 8),
            .state = (unsigned)sql_i64(&q, 9),
        };
        row.place = sql_bytes(&q, 5, &row.n_place);
        row.note = sql_bytes(&q, 6, &row.n_note);
        sql_copy(&q, 7, row.place_hash, sizeof row.place_hash);
        if (q.status == LK_OK)
            q.status = show(ctx, &row, err);
    }
    return sql_end(&q);
}

enum lk_status proposal_row_knows(struct store_tx *tx, int64_t case_row,
                                  const uint8_t place_hash[SEAL_HASH_BYTES], bool *proposed,
                                  bool *noticed, struct lk_error *err)
{
    int64_t n_proposed = 0, n_noticed = 0;
    TRY(sql_number(tx, "SELECT count(*) FROM proposal WHERE case_id = $1 AND place_hash = $2",
                   SQL_ARGS(SQL_INT(case_row), SQL_BLOB(place_hash, SEAL_HASH_BYTES)), "",
                   &n_proposed, err));
    TRY(sql_number(tx, "SELECT count(*) FROM notice WHERE case_id = $1 AND place_hash = $2",
                   SQL_ARGS(SQL_INT(case_row), SQL_BLOB(place_hash, SEAL_HASH_BYTES)), "",
                   &n_noticed, err));
    *proposed = n_proposed > 0;
    *noticed = n_noticed > 0;
    return LK_OK;
}
