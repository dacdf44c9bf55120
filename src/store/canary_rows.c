#include "store/canary_rows.h"

#include "base/err.h"
#include "store/sql.h"

enum lk_status canary_row_add(struct store_tx *tx, int64_t entry_row, int64_t partner_row,
                              int64_t made_ms, struct lk_error *err)
{
    return sql_run(tx, "INSERT INTO canary (entry_id, partner_id, made_ms) VALUES ($1, $2, $3)",
                   SQL_ARGS(SQL_INT(entry_row), SQL_INT(partner_row), SQL_INT(made_ms)), err);
}

enum lk_status canary_rows(struct store_tx *tx, int64_t partner_row, canary_row_show *show,
                           void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT c.entry_id, c.partner_id, e.case_id, c.made_ms, p.name, e.public_id,"
                  " f.public_id, e.record, f.key_by_master FROM canary c"
                  " JOIN entry e ON e.id = c.entry_id JOIN case_file f ON f.id = e.case_id"
                  " JOIN partner p ON p.id = c.partner_id"
                  " WHERE $1 = 0 OR c.partner_id = $1 ORDER BY c.entry_id",
                  SQL_ARGS(SQL_INT(partner_row)), err));
    while (sql_row(&q)) {
        struct canary_row row = {
            .entry_row = sql_i64(&q, 0),
            .partner_row = sql_i64(&q, 1),
            .case_row = sql_i64(&q, 2),
            .made_ms = sql_i64(&q, 3),
        };
        row.partner = sql_bytes(&q, 4, &row.n_partner);
        sql_copy(&q, 5, row.entry_id, sizeof row.entry_id);
        sql_copy(&q, 6, row.case_id, sizeof row.case_id);
        row.record = sql_bytes(&q, 7, &row.n_record);
        row.key_by_master = sql_bytes(&q, 8, &row.n_key_by_master);
        if (q.status == LK_OK)
            q.status = show(ctx, &row, err);
    }
    return sql_end(&q);
}

enum lk_status canary_sighting_row_add(struct store_tx *tx, const uint8_t entry_id[STORE_ID_BYTES],
                                       int64_t asker_row, int64_t now_ms, bool *first,
                                       struct lk_error *err)
{
    struct sql q;
    int64_t n_times = 0;
    TRY(sql_start(
        tx, &q,
        "INSERT INTO canary_sighting (entry_id, partner_id, first_ms, last_ms, n_times)"
        " SELECT c.entry_id, $2, $3, $3, 1 FROM canary c JOIN entry e ON e.id = c.entry_id"
        " WHERE e.public_id = $1 ON CONFLICT (entry_id, partner_id) DO UPDATE"
        " SET last_ms = excluded.last_ms, n_times = canary_sighting.n_times + 1"
        " RETURNING n_times",
        SQL_ARGS(SQL_BLOB(entry_id, STORE_ID_BYTES), SQL_INT(asker_row), SQL_INT(now_ms)), err));
    while (sql_row(&q))
        n_times = sql_i64(&q, 0);
    *first = n_times == 1;
    return sql_end(&q);
}

enum lk_status canary_sighting_rows(struct store_tx *tx, canary_sighting_show *show, void *ctx,
                                    struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT s.entry_id, o.name, a.name, s.first_ms, s.last_ms, s.n_times"
                  " FROM canary_sighting s JOIN canary c ON c.entry_id = s.entry_id"
                  " JOIN partner o ON o.id = c.partner_id JOIN partner a ON a.id = s.partner_id"
                  " ORDER BY s.first_ms, s.entry_id, s.partner_id",
                  SQL_NO_ARGS, err));
    while (sql_row(&q)) {
        struct canary_sighting_row row = {
            .entry_row = sql_i64(&q, 0),
            .first_ms = sql_i64(&q, 3),
            .last_ms = sql_i64(&q, 4),
            .n_times = (uint64_t)sql_i64(&q, 5),
        };
        row.owner = sql_bytes(&q, 1, &row.n_owner);
        row.asker = sql_bytes(&q, 2, &row.n_asker);
        if (q.status == LK_OK)
            q.status = show(ctx, &row, err);
    }
    return sql_end(&q);
}
