#include "store/ledger_rows.h"

#include "base/err.h"
#include "store/sql.h"

#include <string.h>

enum lk_status event_rows_last(struct store_tx *tx, uint64_t *n, struct lk_error *err)
{
    int64_t last = 0;
    TRY(sql_number(tx, "SELECT value FROM counter WHERE name = 'event'", SQL_NO_ARGS,
                   "the store has no counter of events", &last, err));
    *n = (uint64_t)last;
    return LK_OK;
}

static void read_event(struct sql *q, struct event_seen *out)
{
    *out = (struct event_seen){
        .seq = (uint64_t)sql_i64(q, 0),
        .event = {.type = (unsigned)sql_i64(q, 1),
                  .clock_kind = (unsigned)sql_i64(q, 4),
                  .event_ms = sql_i64(q, 5),
                  .due_ms = sql_i64(q, 6),
                  .outcome = (unsigned)sql_i64(q, 7),
                  .reason = (unsigned)sql_i64(q, 8),
                  .tier = (unsigned)sql_i64(q, 9),
                  .medium = (unsigned)sql_i64(q, 10),
                  .confidence = (unsigned)sql_i64(q, 11)},
    };
    out->partner = sql_bytes(q, 2, &out->n_partner);
    out->regime = sql_bytes(q, 3, &out->n_regime);
    sql_copy(q, 12, out->commitment, sizeof out->commitment);
}

enum lk_status event_rows_after(struct store_tx *tx, uint64_t after, size_t limit, event_show *show,
                                void *ctx, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT e.seq, e.type, p.name, e.regime, e.clock_kind, e.event_ms, e.due_ms,"
                  " e.outcome, e.reason, e.tier, e.medium, e.confidence, e.commitment"
                  " FROM event e LEFT JOIN partner p ON p.id = e.partner_id"
                  " WHERE e.seq > $1 ORDER BY e.seq LIMIT $2",
                  SQL_ARGS(SQL_INT(after), SQL_INT(limit)), err));
    while (sql_row(&q)) {
        struct event_seen event;
        read_event(&q, &event);
        if (q.status == LK_OK)
            q.status = show(ctx, &event, err);
    }
    return sql_end(&q);
}

enum lk_status ledger_row_size(struct store_tx *tx, uint64_t *n, struct lk_error *err)
{
    int64_t size = 0;
    TRY(sql_number(tx, "SELECT value FROM counter WHERE name = 'ledger'", SQL_NO_ARGS,
                   "the store has no ledger", &size, err));
    *n = (uint64_t)size;
    return LK_OK;
}

enum lk_status ledger_row_lock(struct store_tx *tx, uint64_t *n, struct lk_error *err)
{
    int64_t size = 0;
    TRY(sql_number(tx, "UPDATE counter SET value = value WHERE name = 'ledger' RETURNING value",
                   SQL_NO_ARGS, "the store has no ledger", &size, err));
    *n = (uint64_t)size;
    return LK_OK;
}

enum lk_status ledger_row_grow(struct store_tx *tx, uint64_t n, struct lk_error *err)
{
    return sql_run(tx, "UPDATE counter SET value = $1 WHERE name = 'ledger'", SQL_ARGS(SQL_INT(n)),
                   err);
}

enum lk_status ledger_tile_get(struct store_tx *tx, unsigned level, uint64_t number,
                               uint8_t bytes[LEDGER_TILE_BYTES], size_t *n, struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q, "SELECT hashes FROM ledger_tile WHERE level = $1 AND number = $2",
                  SQL_ARGS(SQL_INT(level), SQL_INT(number)), err));
    *n = 0;
    if (sql_row(&q)) {
        const void *hashes = sql_bytes(&q, 0, n);
        if (*n > LEDGER_TILE_BYTES || *n % 32 != 0)
            q.status = FAIL(err, LK_CORRUPT, "a tile of the ledger has %zu bytes", *n);
        else
            memcpy(bytes, hashes, *n);
    }
    return sql_end(&q);
}

enum lk_status ledger_tile_put(struct store_tx *tx, unsigned level, uint64_t number,
                               const uint8_t *bytes, size_t n, struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO ledger_tile (level, number, hashes) VALUES ($1, $2, $3)"
                   " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
                   SQL_ARGS(SQL_INT(level), SQL_INT(number), SQL_BLOB(bytes, n)), err);
}

enum lk_status checkpoint_row_put(struct store_tx *tx, const struct checkpoint_row *row,
                                  struct lk_error *err)
{
    return sql_run(tx,
                   "INSERT INTO ledger_checkpoint (size, root, note) VALUES ($1, $2, $3)"
                   " ON CONFLICT (size) DO UPDATE SET note = excluded.note",
                   SQL_ARGS(SQL_INT(row->size), SQL_BLOB(row->root, sizeof row->root),
                            SQL_TEXT(row->note, row->n_note)),
                   err);
}

enum lk_status checkpoint_row_last(struct store_tx *tx, checkpoint_show *show, void *ctx,
                                   struct lk_error *err)
{
    struct sql q;
    TRY(sql_start(tx, &q,
                  "SELECT size, root, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1",
                  SQL_NO_ARGS, err));
    bool found = sql_row(&q);
    if (found) {
        struct checkpoint_row row = {.size = (uint64_t)sql_i64(&q, 0)};
        sql_copy(&q, 1, row.root, sizeof row.root);
        row.note = sql_bytes(&q, 2, &row.n_note);
        if (q.status == LK_OK)
            q.status = show(ctx, &row, err);
    }
    TRY(sql_end(&q));
    return found ? LK_OK : FAIL(err, LK_NOT_FOUND, "the ledger has no checkpoint yet");
}
