#include "store/listing_rows.h"

#include "base/err.h"
#include "store/sql.h"

enum lk_status listing_state_get(struct store_tx *tx, struct listing_state *out,
                                 struct lk_error *err)
{
    struct sql q;
    *out = (struct listing_state){0};
    TRY(sql_start(tx, &q, "SELECT seq, n, at_s, told_s FROM listed_state WHERE id = 1", SQL_NO_ARGS,
                  err));
    while (sql_row(&q))
        *out = (struct listing_state){(uint64_t)sql_i64(&q, 0), (uint64_t)sql_i64(&q, 1),
                                      sql_i64(&q, 2), sql_i64(&q, 3)};
    return sql_end(&q);
}

enum lk_status listing_state_put(struct store_tx *tx, const struct listing_state *state,
                                 struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE listed_state SET seq = $1, n = $2, at_s = $3, told_s = $4 WHERE id = 1",
                   SQL_ARGS(SQL_INT(state->seq), SQL_INT(state->n), SQL_INT(state->at_s),
                            SQL_INT(state->told_s)),
                   err);
}

enum lk_status listing_row_put(struct store_tx *tx, const struct listing_row *row,
                               struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO listed (entry_id, n, at_s, is_video, withdrawn, tier, scope,"
                   " prints) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                   " ON CONFLICT (entry_id) DO UPDATE SET n = excluded.n, at_s = excluded.at_s,"
                   " withdrawn = excluded.withdrawn, tier = excluded.tier,"
                   " scope = excluded.scope, prints = excluded.prints",
                   SQL_ARGS(SQL_INT(row->entry_row), SQL_INT(row->n), SQL_INT(row->at_s),
                            SQL_INT(row->is_video), SQL_INT(row->is_withdrawn), SQL_INT(row->tier),
                            SQL_INT(row->scope), SQL_BLOB(row->prints, row->n_prints)),
                   err);
}

enum lk_status listing_row_change(struct store_tx *tx, const struct listing_row *row,
                                  struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE listed SET n = $2, at_s = $3, withdrawn = $4, tier = $5, scope = $6"
                   " WHERE entry_id = $1 AND withdrawn = 0",
                   SQL_ARGS(SQL_INT(row->entry_row), SQL_INT(row->n), SQL_INT(row->at_s),
                            SQL_INT(row->is_withdrawn), SQL_INT(row->tier), SQL_INT(row->scope)),
                   err);
}

enum lk_status listing_print_put(struct store_tx *tx, int64_t entry_row,
                                 const uint8_t hash[SEAL_HASH_BYTES], struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO listed_print (hash, entry_id) VALUES ($1, $2)"
                   " ON CONFLICT DO NOTHING",
                   SQL_ARGS(SQL_BLOB(hash, SEAL_HASH_BYTES), SQL_INT(entry_row)), err);
}

/* $1 the partner, $2 its least tier; of a canary the scope names whose it is. */
#define VISIBLE                                                                                    \
    "SELECT l.entry_id, l.n, l.at_s, l.is_video, l.withdrawn, l.tier, l.scope, l.prints,"          \
    " e.public_id FROM listed l JOIN entry e ON e.id = l.entry_id"                                 \
    " WHERE (l.scope & 2147483648 = 0 OR l.scope & 2147483647 = $1) AND l.tier >= $2"

static enum lk_status show_all(struct sql *q, listing_row_show *show, void *ctx)
{
    while (sql_row(q)) {
        struct listing_row row = {
            .entry_row = sql_i64(q, 0),
            .n = (uint64_t)sql_i64(q, 1),
            .at_s = sql_i64(q, 2),
            .is_video = sql_i64(q, 3) != 0,
            .is_withdrawn = sql_i64(q, 4) != 0,
            .tier = (uint8_t)sql_i64(q, 5),
            .scope = (uint32_t)sql_i64(q, 6),
        };
        row.prints = sql_bytes(q, 7, &row.n_prints);
        sql_copy(q, 8, row.entry_id, sizeof row.entry_id);
        if (q->status == LK_OK)
            q->status = show(ctx, &row, q->err);
    }
    return sql_end(q);
}

enum lk_status listing_rows(struct store_tx *tx, const struct listing_range *range,
                            listing_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    if (range->after > 0)
        TRY(sql_start(
            tx, &q, VISIBLE " AND l.n > $3 AND ($4 = 0 OR l.at_s <= $4) ORDER BY l.n LIMIT $5",
            SQL_ARGS(SQL_INT(range->partner), SQL_INT(range->least_tier), SQL_INT(range->after),
                     SQL_INT(range->until_s), SQL_INT(range->limit)),
            err));
    else
        TRY(sql_start(tx, &q,
                      VISIBLE " AND l.at_s >= $3 AND ($4 = 0 OR l.at_s <= $4)"
                              " ORDER BY l.at_s, l.n LIMIT $5",
                      SQL_ARGS(SQL_INT(range->partner), SQL_INT(range->least_tier),
                               SQL_INT(range->from_s), SQL_INT(range->until_s),
                               SQL_INT(range->limit)),
                      err));
    return show_all(&q, show, ctx);
}

enum lk_status listing_row_last(struct store_tx *tx, const struct listing_range *range,
                                listing_row_show *show, void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, VISIBLE " ORDER BY l.n DESC LIMIT 1",
                  SQL_ARGS(SQL_INT(range->partner), SQL_INT(range->least_tier)), err));
    return show_all(&q, show, ctx);
}

enum lk_status listing_rows_with(struct store_tx *tx, const struct listing_range *range,
                                 const uint8_t hash[SEAL_HASH_BYTES], listing_row_show *show,
                                 void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  VISIBLE " AND l.entry_id IN (SELECT entry_id FROM listed_print WHERE hash = $3)"
                          " ORDER BY l.n",
                  SQL_ARGS(SQL_INT(range->partner), SQL_INT(range->least_tier),
                           SQL_BLOB(hash, SEAL_HASH_BYTES)),
                  err));
    return show_all(&q, show, ctx);
}

enum lk_status listing_rows_forget(struct store_tx *tx, int64_t before_s, struct lk_error *err)
{
    static const struct listing_state none;
    bool all = before_s == INT64_MAX;
    TRY(sql_run(tx,
                "DELETE FROM listed_print WHERE entry_id IN (SELECT entry_id FROM listed"
                " WHERE at_s < $1 AND (withdrawn = 1 OR $2 = 1))",
                SQL_ARGS(SQL_INT(before_s), SQL_INT(all)), err));
    TRY(sql_run(tx, "DELETE FROM listed WHERE at_s < $1 AND (withdrawn = 1 OR $2 = 1)",
                SQL_ARGS(SQL_INT(before_s), SQL_INT(all)), err));
    return all ? listing_state_put(tx, &none, err) : LK_OK;
}

/* ---- switches ---- */

enum lk_status protocol_row_get(struct store_tx *tx, int64_t partner, unsigned *protocols,
                                unsigned *least_tier, struct lk_error *err)
{
    struct sql q;
    *protocols = *least_tier = 0;
    TRY(sql_start(tx, &q,
                  "SELECT protocols, least_tier FROM partner_protocol WHERE partner_id = $1",
                  SQL_ARGS(SQL_INT(partner)), err));
    while (sql_row(&q)) {
        *protocols = (unsigned)sql_i64(&q, 0);
        *least_tier = (unsigned)sql_i64(&q, 1);
    }
    return sql_end(&q);
}

enum lk_status protocol_row_put(struct store_tx *tx, int64_t partner, unsigned protocols,
                                unsigned least_tier, struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO partner_protocol (partner_id, protocols, least_tier)"
                   " VALUES ($1, $2, $3) ON CONFLICT (partner_id) DO UPDATE"
                   " SET protocols = excluded.protocols, least_tier = excluded.least_tier",
                   SQL_ARGS(SQL_INT(partner), SQL_INT(protocols), SQL_INT(least_tier)), err);
}

enum lk_status protocol_rows_any(struct store_tx *tx, bool *any, struct lk_error *err)
{
    int64_t n = 0;
    TRY(sql_number(tx, "SELECT count(*) FROM partner_protocol WHERE protocols <> 0", SQL_NO_ARGS,
                   "nothing was counted", &n, err));
    *any = n > 0;
    return LK_OK;
}

/* ---- what partners say and hand in ---- */

enum lk_status opinion_row_put(struct store_tx *tx, int64_t partner, int64_t entry_row,
                               unsigned opinion, int64_t at_ms, struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO partner_opinion (partner_id, entry_id, opinion, at_ms)"
                   " VALUES ($1, $2, $3, $4) ON CONFLICT (partner_id, entry_id) DO UPDATE"
                   " SET opinion = excluded.opinion, at_ms = excluded.at_ms",
                   SQL_ARGS(SQL_INT(partner), SQL_INT(entry_row), SQL_INT(opinion), SQL_INT(at_ms)),
                   err);
}

enum lk_status opinion_rows_count(struct store_tx *tx, int64_t partner, size_t n_by[4],
                                  struct lk_error *err)
{
    struct sql q;
    for (size_t i = 0; i < 4; i++)
        n_by[i] = 0;
    TRY(sql_start(tx, &q,
                  "SELECT opinion, count(*) FROM partner_opinion WHERE partner_id = $1"
                  " GROUP BY opinion",
                  SQL_ARGS(SQL_INT(partner)), err));
    while (sql_row(&q))
        if (sql_i64(&q, 0) >= 0 && sql_i64(&q, 0) < 4)
            n_by[sql_i64(&q, 0)] = (size_t)sql_i64(&q, 1);
    return sql_end(&q);
}

enum lk_status submitted_row_put(struct store_tx *tx, const struct submitted_row *row,
                                 struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO submitted (partner_id, hash, is_video, print, opinion, at_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (partner_id, hash) DO UPDATE"
                   " SET opinion = excluded.opinion, at_ms = excluded.at_ms",
                   SQL_ARGS(SQL_INT(row->partner), SQL_BLOB(row->hash, sizeof row->hash),
                            SQL_INT(row->is_video), SQL_BLOB(row->print, row->n_print),
                            SQL_INT(row->opinion), SQL_INT(row->at_ms)),
                   err);
}

enum lk_status submitted_rows(struct store_tx *tx, int64_t partner, submitted_row_show *show,
                              void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT hash, is_video, print, opinion, at_ms FROM submitted"
                  " WHERE partner_id = $1 ORDER BY at_ms, hash",
                  SQL_ARGS(SQL_INT(partner)), err));
    while (sql_row(&q)) {
        struct submitted_row row = {
            .partner = partner,
            .is_video = sql_i64(&q, 1) != 0,
            .opinion = (unsigned)sql_i64(&q, 3),
            .at_ms = sql_i64(&q, 4),
        };
        sql_copy(&q, 0, row.hash, sizeof row.hash);
        row.print = sql_bytes(&q, 2, &row.n_print);
        if (q.status == LK_OK)
            q.status = show(ctx, &row, err);
    }
    return sql_end(&q);
}

enum lk_status submitted_rows_count(struct store_tx *tx, int64_t partner, size_t *n,
                                    struct lk_error *err)
{
    int64_t count = 0;
    TRY(sql_number(tx, "SELECT count(*) FROM submitted WHERE partner_id = $1",
                   SQL_ARGS(SQL_INT(partner)), "nothing was counted", &count, err));
    *n = (size_t)count;
    return LK_OK;
}
