#include "store/feed_rows.h"

#include "base/err.h"
#include "store/sql.h"

#define COLUMNS                                                                                    \
    "id, partner_id, public_id, box_key, sign_key, joined_ms, seen_ms, confirmed, n_entries, "     \
    "owes_ms"

static void read_node(struct sql *q, struct feed_node_row *out)
{
    *out = (struct feed_node_row){
        .row = sql_i64(q, 0),
        .partner_row = sql_i64(q, 1),
        .joined_ms = sql_i64(q, 5),
        .seen_ms = sql_i64(q, 6),
        .confirmed = (uint64_t)sql_i64(q, 7),
        .n_entries = (uint64_t)sql_i64(q, 8),
        .owes_ms = sql_i64(q, 9),
    };
    sql_copy(q, 2, out->public_id, sizeof out->public_id);
    sql_copy(q, 3, out->box_key, sizeof out->box_key);
    sql_copy(q, 4, out->sign_key, sizeof out->sign_key);
}

enum lk_status feed_node_row_put(struct store_tx *tx, struct feed_node_row *node,
                                 struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(
        tx, &q,
        "INSERT INTO feed_node (partner_id, public_id, box_key, sign_key, joined_ms,"
        " seen_ms) VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (partner_id, sign_key)"
        " DO UPDATE SET box_key = excluded.box_key, seen_ms = excluded.seen_ms"
        " RETURNING " COLUMNS,
        SQL_ARGS(SQL_INT(node->partner_row), SQL_BLOB(node->public_id, sizeof node->public_id),
                 SQL_BLOB(node->box_key, sizeof node->box_key),
                 SQL_BLOB(node->sign_key, sizeof node->sign_key), SQL_INT(node->joined_ms)),
        err));
    while (sql_row(&q))
        read_node(&q, node);
    return sql_end(&q);
}

enum lk_status feed_node_row_find(struct store_tx *tx, int64_t partner_row,
                                  const uint8_t public_id[STORE_ID_BYTES],
                                  struct feed_node_row *out, struct lk_error *err)
{
    struct sql q;
    bool found = false;
    TRY(sql_start(tx, &q,
                  "SELECT " COLUMNS " FROM feed_node WHERE public_id = $1 AND partner_id = $2",
                  SQL_ARGS(SQL_BLOB(public_id, STORE_ID_BYTES), SQL_INT(partner_row)), err));
    while (sql_row(&q)) {
        read_node(&q, out);
        found = true;
    }
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "no node of this id has joined with this key");
}

enum lk_status feed_node_rows(struct store_tx *tx, int64_t partner_row, feed_node_show *show,
                              void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT " COLUMNS " FROM feed_node WHERE $1 = 0 OR partner_id = $1 ORDER BY id",
                  SQL_ARGS(SQL_INT(partner_row)), err));
    while (sql_row(&q)) {
        struct feed_node_row node;
        read_node(&q, &node);
        if (q.status == LK_OK)
            q.status = show(ctx, &node, err);
    }
    return sql_end(&q);
}

enum lk_status feed_node_row_confirm(struct store_tx *tx, int64_t row, uint64_t confirmed,
                                     uint64_t n_entries, int64_t now_ms, struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE feed_node SET confirmed = max(confirmed, $2), n_entries = $3,"
                   " seen_ms = $4, owes_ms = CASE WHEN $2 >= owes_seq THEN 0 ELSE owes_ms END"
                   " WHERE id = $1",
                   SQL_ARGS(SQL_INT(row), SQL_INT(confirmed), SQL_INT(n_entries), SQL_INT(now_ms)),
                   err);
}

enum lk_status feed_node_rows_owe(struct store_tx *tx, int64_t now_ms, struct lk_error *err)
{
    return sql_run(tx,
                   "UPDATE feed_node SET owes_ms = CASE WHEN owes_ms = 0 THEN $1 ELSE owes_ms END,"
                   " owes_seq = (SELECT value FROM counter WHERE name = 'change')",
                   SQL_ARGS(SQL_INT(now_ms)), err);
}

enum lk_status feed_node_rows_confirmed(struct store_tx *tx, int64_t partner_row, int64_t since_ms,
                                        uint64_t *confirmed, bool *any, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT count(*), min(confirmed) FROM feed_node"
                  " WHERE partner_id = $1 AND seen_ms > $2",
                  SQL_ARGS(SQL_INT(partner_row), SQL_INT(since_ms)), err));
    while (sql_row(&q)) {
        *any = sql_i64(&q, 0) > 0;
        *confirmed = (uint64_t)sql_i64(&q, 1);
    }
    return sql_end(&q);
}

enum lk_status feed_receipt_row_add(struct store_tx *tx, const struct feed_receipt_row *receipt,
                                    struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO feed_receipt (node_id, from_seq, to_seq, received_ms, body,"
                   " signature) VALUES ($1, $2, $3, $4, $5, $6)",
                   SQL_ARGS(SQL_INT(receipt->node_row), SQL_INT(receipt->from_seq),
                            SQL_INT(receipt->to_seq), SQL_INT(receipt->received_ms),
                            SQL_BLOB(receipt->body, receipt->n_body),
                            SQL_BLOB(receipt->signature, sizeof receipt->signature)),
                   err);
}

enum lk_status feed_receipts_of(struct store_tx *tx, uint64_t seq, feed_receipt_show *show,
                                void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT node_id, from_seq, to_seq, received_ms, body, signature"
                  " FROM feed_receipt WHERE from_seq < $1 AND to_seq >= $1 ORDER BY id",
                  SQL_ARGS(SQL_INT(seq)), err));
    while (sql_row(&q)) {
        struct feed_receipt_row receipt = {
            .node_row = sql_i64(&q, 0),
            .from_seq = (uint64_t)sql_i64(&q, 1),
            .to_seq = (uint64_t)sql_i64(&q, 2),
            .received_ms = sql_i64(&q, 3),
        };
        receipt.body = sql_bytes(&q, 4, &receipt.n_body);
        sql_copy(&q, 5, receipt.signature, sizeof receipt.signature);
        if (q.status == LK_OK)
            q.status = show(ctx, &receipt, err);
    }
    return sql_end(&q);
}

enum lk_status feed_snapshot_row_put(struct store_tx *tx, const struct feed_snapshot_row *snapshot,
                                     struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO feed_snapshot (partner_id, seed, made_ms, n_files)"
                   " VALUES ($1, $2, $3, $4) ON CONFLICT (partner_id) DO UPDATE SET"
                   " seed = excluded.seed, made_ms = excluded.made_ms, n_files = excluded.n_files",
                   SQL_ARGS(SQL_INT(snapshot->partner_row),
                            SQL_BLOB(snapshot->seed, sizeof snapshot->seed),
                            SQL_INT(snapshot->made_ms), SQL_INT(snapshot->n_files)),
                   err);
}

enum lk_status feed_snapshot_row_get(struct store_tx *tx, int64_t partner_row,
                                     struct feed_snapshot_row *out, struct lk_error *err)
{
    struct sql q;
    bool found = false;
    *out = (struct feed_snapshot_row){.partner_row = partner_row};
    TRY(sql_start(tx, &q, "SELECT seed, made_ms, n_files FROM feed_snapshot WHERE partner_id = $1",
                  SQL_ARGS(SQL_INT(partner_row)), err));
    while (sql_row(&q)) {
        sql_copy(&q, 0, out->seed, sizeof out->seed);
        out->made_ms = sql_i64(&q, 1);
        out->n_files = (uint64_t)sql_i64(&q, 2);
        found = true;
    }
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "this partner has no snapshot");
}
