#include "store/event_rows.h"

#include "base/err.h"
#include "store/case_rows.h"
#include "store/sql.h"
#include "sys/rand.h"
#include "sys/seal.h"

#include <string.h>

enum { SALT_BYTES = 16 };

enum lk_status event_put(struct store_tx *tx, const struct event *event, uint64_t *seq,
                         struct lk_error *err)
{
    int64_t number = 0;
    TRY(sql_number(tx, "UPDATE counter SET value = value + 1 WHERE name = 'event' RETURNING value",
                   SQL_NO_ARGS, "the store has no counter of events", &number, err));
    uint8_t salt[SALT_BYTES], commitment[32];
    rand_bytes(salt, sizeof salt);
    const struct seal_part parts[] = {{salt, sizeof salt},
                                      {event->subjects[0], STORE_ID_BYTES},
                                      {event->subjects[1], STORE_ID_BYTES}};
    seal_sha256(parts, 3, commitment);
    struct store_value partner = SQL_INT(event->partner);
    if (event->partner == 0)
        partner.type = STORE_NULL;
    size_t n_regime = event->regime == NULL ? 0 : strlen(event->regime);
    TRY(sql_run(tx,
                "INSERT INTO event (seq, type, partner_id, regime, clock_kind, event_ms, due_ms,"
                " outcome, reason, tier, medium, confidence, commitment)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                SQL_ARGS(SQL_INT(number), SQL_INT(event->type), partner,
                         SQL_TEXT(event->regime, n_regime), SQL_INT(event->clock_kind),
                         SQL_INT(event->event_ms), SQL_INT(event->due_ms), SQL_INT(event->outcome),
                         SQL_INT(event->reason), SQL_INT(event->tier), SQL_INT(event->medium),
                         SQL_INT(event->confidence), SQL_BLOB(commitment, sizeof commitment)),
                err));
    TRY(sql_run(tx,
                "INSERT INTO event_salt (seq, salt, case_id)"
                " SELECT $1, $2, id FROM case_file WHERE id = $3 AND state = $4",
                SQL_ARGS(SQL_INT(number), SQL_BLOB(salt, sizeof salt), SQL_INT(event->case_row),
                         SQL_INT(CASE_ROW_OPEN)),
                err));
    if (seq != NULL)
        *seq = (uint64_t)number;
    return LK_OK;
}

enum lk_status event_salts_destroy(struct store_tx *tx, int64_t case_row, struct lk_error *err)
{
    return sql_run(tx, "DELETE FROM event_salt WHERE case_id = $1", SQL_ARGS(SQL_INT(case_row)),
                   err);
}
