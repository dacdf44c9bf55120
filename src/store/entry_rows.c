#include "store/entry_rows.h"

#include "base/err.h"
#include "store/block_rows.h"
#include "store/sql.h"

static enum lk_status add_one(struct store_tx *tx, const struct entry_row *e, uint64_t seq,
                              struct lk_error *err)
{
    int64_t row = 0;
    TRY(sql_number(tx,
                   "INSERT INTO entry (public_id, case_id, number, medium, tier, scope, record)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                   SQL_ARGS(SQL_BLOB(e->public_id, STORE_ID_BYTES), SQL_INT(e->case_row),
                            SQL_INT(e->number), SQL_INT(e->medium), SQL_INT(e->tier),
                            SQL_INT(e->scope), SQL_BLOB(e->record, e->n_record)),
                   "an entry was not inserted", &row, err));
    return change_put(tx, seq, CHANGE_ADD, row, err);
}

enum lk_status entry_rows_add(struct store_tx *tx, const struct entry_row *entries, size_t n,
                              struct lk_error *err)
{
    uint64_t first = 0;
    TRY(change_reserve(tx, n, &first, err));
    for (size_t i = 0; i < n; i++)
        TRY(add_one(tx, &entries[i], first + i, err));
    return LK_OK;
}

static void read_entry(struct sql *q, struct entry_row *out)
{
    *out = (struct entry_row){
        .row = sql_i64(q, 0),
        .case_row = sql_i64(q, 2),
        .number = (unsigned)sql_i64(q, 3),
        .medium = (uint8_t)sql_i64(q, 4),
        .tier = (uint8_t)sql_i64(q, 5),
        .scope = (uint32_t)sql_i64(q, 6),
        .in_force = sql_i64(q, 7) != 0,
    };
    sql_copy(q, 1, out->public_id, sizeof out->public_id);
}

#define ENTRY_COLUMNS "id, public_id, case_id, number, medium, tier, scope, record IS NOT NULL"

enum lk_status entry_row_find(struct store_tx *tx, const uint8_t public_id[STORE_ID_BYTES],
                              struct entry_row *out, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, "SELECT " ENTRY_COLUMNS " FROM entry WHERE public_id = $1",
                  SQL_ARGS(SQL_BLOB(public_id, STORE_ID_BYTES)), err));
    bool found = sql_row(&q);
    if (found)
        read_entry(&q, out);
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "the entry does not exist");
}

enum lk_status entry_rows_of_case(struct store_tx *tx, int64_t case_row, entry_row_show *show,
                                  void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT " ENTRY_COLUMNS
                  ", (SELECT count(*) FROM case_match m WHERE m.entry_id = entry.id)"
                  " FROM entry WHERE case_id = $1 ORDER BY number",
                  SQL_ARGS(SQL_INT(case_row)), err));
    while (sql_row(&q)) {
        struct entry_row entry;
        read_entry(&q, &entry);
        if (q.status == LK_OK)
            q.status = show(ctx, &entry, (size_t)sql_i64(&q, 8), err);
    }
    return sql_end(&q);
}

enum lk_status entry_rows_records(struct store_tx *tx, int64_t case_row, entry_record_show *show,
                                  void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT " ENTRY_COLUMNS ", record FROM entry"
                  " WHERE case_id = $1 AND record IS NOT NULL ORDER BY number",
                  SQL_ARGS(SQL_INT(case_row)), err));
    while (sql_row(&q)) {
        struct entry_row entry;
        read_entry(&q, &entry);
        entry.record = sql_bytes(&q, 8, &entry.n_record);
        if (q.status == LK_OK)
            q.status = show(ctx, &entry, err);
    }
    return sql_end(&q);
}

enum lk_status entry_rows_count(struct store_tx *tx, int64_t case_row, size_t *n,
                                struct lk_error *err)
{
    int64_t count = 0;
    TRY(sql_number(tx, "SELECT coalesce(max(number), 0) FROM entry WHERE case_id = $1",
                   SQL_ARGS(SQL_INT(case_row)), "", &count, err));
    *n = (size_t)count;
    return LK_OK;
}

static enum lk_status erase(struct store_tx *tx, int64_t entry_row, struct lk_error *err)
{
    uint64_t seq = 0;
    TRY(change_reserve(tx, 1, &seq, err));
    TRY(change_put(tx, seq, CHANGE_WITHDRAW, entry_row, err));
    TRY(block_rows_delete(tx, entry_row, err));
    TRY(sql_run(tx, "UPDATE case_match SET note = NULL, evidence = NULL WHERE entry_id = $1",
                SQL_ARGS(SQL_INT(entry_row)), err));
    return sql_run(tx, "UPDATE entry SET record = NULL WHERE id = $1", SQL_ARGS(SQL_INT(entry_row)),
                   err);
}

enum lk_status entry_row_withdraw(struct store_tx *tx, int64_t case_row, unsigned number,
                                  bool *withdrawn, uint8_t public_id[STORE_ID_BYTES],
                                  struct lk_error *err)
{
    struct sql q;
    int64_t row = 0;
    TRY(sql_start(tx, &q,
                  "SELECT id, public_id FROM entry"
                  " WHERE case_id = $1 AND number = $2 AND record IS NOT NULL",
                  SQL_ARGS(SQL_INT(case_row), SQL_INT(number)), err));
    *withdrawn = sql_row(&q);
    if (*withdrawn) {
        row = sql_i64(&q, 0);
        sql_copy(&q, 1, public_id, STORE_ID_BYTES);
    }
    TRY(sql_end(&q));
    return *withdrawn ? erase(tx, row, err) : LK_OK;
}

enum lk_status entry_rows_withdraw(struct store_tx *tx, int64_t case_row, size_t *n_withdrawn,
                                   struct lk_error *err)
{
    int64_t n = 0;
    TRY(sql_number(tx, "SELECT count(*) FROM entry WHERE case_id = $1 AND record IS NOT NULL",
                   SQL_ARGS(SQL_INT(case_row)), "", &n, err));
    *n_withdrawn = (size_t)n;
    if (n == 0)
        return LK_OK;
    uint64_t first = 0;
    TRY(change_reserve(tx, (size_t)n, &first, err));
    TRY(sql_run(tx,
                "INSERT INTO change (seq, op, entry_id)"
                " SELECT $1 + row_number() OVER (ORDER BY id) - 1, $2, id FROM entry"
                " WHERE case_id = $3 AND record IS NOT NULL",
                SQL_ARGS(SQL_INT(first), SQL_INT(CHANGE_WITHDRAW), SQL_INT(case_row)), err));
    TRY(sql_run(tx, "UPDATE entry SET record = NULL WHERE case_id = $1",
                SQL_ARGS(SQL_INT(case_row)), err));
    return block_rows_delete(tx, 0, err);
}
