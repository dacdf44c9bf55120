/* store/feed_rows.h - the machines that follow the feed, and what they signed. */
#ifndef STORE_FEED_ROWS_H
#define STORE_FEED_ROWS_H

#include "store/change_rows.h"
#include "sys/seal.h"

#include <stdbool.h>

struct feed_node_row {
    int64_t row, partner_row;
    uint8_t public_id[STORE_ID_BYTES];
    uint8_t box_key[SEAL_BOX_KEY_BYTES], sign_key[SEAL_SIGN_KEY_BYTES];
    int64_t joined_ms, seen_ms;
    uint64_t confirmed;
    uint64_t n_entries;
    int64_t owes_ms; /* since when it owes a receipt for a withdrawal; 0: it owes none */
};

/* Inserts it, or finds the one of this partner with the same sign_key, which then has the new
 * box_key; *node becomes what stands in the store. */
enum lk_status feed_node_row_put(struct store_tx *tx, struct feed_node_row *node,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND. */
enum lk_status feed_node_row_find(struct store_tx *tx, int64_t partner_row,
                                  const uint8_t public_id[STORE_ID_BYTES],
                                  struct feed_node_row *out, struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status feed_node_show(void *ctx, const struct feed_node_row *node,
                                      struct lk_error *err);

/* Those of a partner (0: of all), the oldest first. */
enum lk_status feed_node_rows(struct store_tx *tx, int64_t partner_row, feed_node_show *show,
                              void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* What a node says of itself now; confirmed never falls. */
enum lk_status feed_node_row_confirm(struct store_tx *tx, int64_t row, uint64_t confirmed,
                                     uint64_t n_entries, int64_t now_ms,
                                     struct lk_error *err) LK_MUST_CHECK;

/* Something was withdrawn, as the newest change: every node owes a receipt for it from now on. What
 * this keeps of the time is gone with the receipts. */
enum lk_status feed_node_rows_owe(struct store_tx *tx, int64_t now_ms,
                                  struct lk_error *err) LK_MUST_CHECK;

/* The lowest number that those nodes of a partner have confirmed which were seen after since_ms;
 * *any false: there are none. */
enum lk_status feed_node_rows_confirmed(struct store_tx *tx, int64_t partner_row, int64_t since_ms,
                                        uint64_t *confirmed, bool *any,
                                        struct lk_error *err) LK_MUST_CHECK;

struct feed_receipt_row {
    int64_t node_row;
    uint64_t from_seq, to_seq;
    int64_t received_ms;
    const uint8_t *body; /* borrowed */
    size_t n_body;
    uint8_t signature[SEAL_SIGNATURE_BYTES];
};
enum lk_status feed_receipt_row_add(struct store_tx *tx, const struct feed_receipt_row *receipt,
                                    struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status feed_receipt_show(void *ctx, const struct feed_receipt_row *receipt,
                                         struct lk_error *err);
/* Those that cover a change, the oldest first. */
enum lk_status feed_receipts_of(struct store_tx *tx, uint64_t seq, feed_receipt_show *show,
                                void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* The files of the beginning of the feed that a partner's newcomers may read. */
struct feed_snapshot_row {
    int64_t partner_row;
    uint8_t seed[SEAL_KEY_BYTES + SEAL_OVERHEAD_BYTES]; /* sealed */
    int64_t made_ms;
    uint64_t n_files;
};

/* Those of a partner from now on, in place of the ones before. */
enum lk_status feed_snapshot_row_put(struct store_tx *tx, const struct feed_snapshot_row *snapshot,
                                     struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND. */
enum lk_status feed_snapshot_row_get(struct store_tx *tx, int64_t partner_row,
                                     struct feed_snapshot_row *out,
                                     struct lk_error *err) LK_MUST_CHECK;

#endif
