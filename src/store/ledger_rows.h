/* store/ledger_rows.h - what the ledger reads and keeps: the events, which are its leaves, in their
 * order; the hashes over them; the checkpoints that were signed.
 *
 * The leaf of an event is made from the event's own row, so that neither can be without the other.
 * Rows of events are never changed: the schema refuses it, and the hashes betray it. */
#ifndef STORE_LEDGER_ROWS_H
#define STORE_LEDGER_ROWS_H

#include "store/event_rows.h"

#include <stdbool.h>

#define LEDGER_TILE_BYTES 8192 /* 256 hashes */

/* An event as it was recorded. Borrowed. */
struct event_seen {
    uint64_t seq;
    struct event event;
    const char *partner; /* its name; NULL: none */
    size_t n_partner;
    const char *regime; /* in place of event.regime */
    size_t n_regime;
    uint8_t commitment[32];
};

/* How many events there are: the number of the last one. */
enum lk_status event_rows_last(struct store_tx *tx, uint64_t *n,
                               struct lk_error *err) LK_MUST_CHECK;

/* Calls show() for the events with numbers above `after`, at most `limit`, in order. */
typedef enum lk_status event_show(void *ctx, const struct event_seen *event, struct lk_error *err);
enum lk_status event_rows_after(struct store_tx *tx, uint64_t after, size_t limit, event_show *show,
                                void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* How many leaves the tiles cover. The lock keeps out whoever else would add to them, in whatever
 * process, until the transaction ends. */
enum lk_status ledger_row_size(struct store_tx *tx, uint64_t *n,
                               struct lk_error *err) LK_MUST_CHECK;
enum lk_status ledger_row_lock(struct store_tx *tx, uint64_t *n,
                               struct lk_error *err) LK_MUST_CHECK;
enum lk_status ledger_row_grow(struct store_tx *tx, uint64_t n, struct lk_error *err) LK_MUST_CHECK;

/* A tile; *n receives how many bytes it has by now, 0 when it is not there. */
enum lk_status ledger_tile_get(struct store_tx *tx, unsigned level, uint64_t number,
                               uint8_t bytes[LEDGER_TILE_BYTES], size_t *n,
                               struct lk_error *err) LK_MUST_CHECK;
enum lk_status ledger_tile_put(struct store_tx *tx, unsigned level, uint64_t number,
                               const uint8_t *bytes, size_t n, struct lk_error *err) LK_MUST_CHECK;

/* A checkpoint and the note of it. */
struct checkpoint_row {
    uint64_t size;
    uint8_t root[32];
    const char *note; /* borrowed */
    size_t n_note;
};
enum lk_status checkpoint_row_put(struct store_tx *tx, const struct checkpoint_row *row,
                                  struct lk_error *err) LK_MUST_CHECK;

/* The newest one. Errors: LK_NOT_FOUND, or what show() returns. */
typedef enum lk_status checkpoint_show(void *ctx, const struct checkpoint_row *row,
                                       struct lk_error *err);
enum lk_status checkpoint_row_last(struct store_tx *tx, checkpoint_show *show, void *ctx,
                                   struct lk_error *err) LK_MUST_CHECK;

#endif
