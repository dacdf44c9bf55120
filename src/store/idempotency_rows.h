/* store/idempotency_rows.h - results of requests that may come twice, sealed by the caller under a
 * key made from the client's own. */
#ifndef STORE_IDEMPOTENCY_ROWS_H
#define STORE_IDEMPOTENCY_ROWS_H

#include "store/store.h"
#include "sys/seal.h"

#define IDEMPOTENCY_MAX_RESULT 256

struct idempotency_row {
    uint8_t request_hash[SEAL_HASH_BYTES];
    uint8_t result[IDEMPOTENCY_MAX_RESULT]; /* sealed */
    size_t n_result;
};

/* Rows past their time are as if they were not there. Errors: LK_NOT_FOUND. */
enum lk_status idempotency_row_get(struct store_tx *tx, const uint8_t key_hash[SEAL_HASH_BYTES],
                                   int64_t now_ms, struct idempotency_row *row,
                                   struct lk_error *err) LK_MUST_CHECK;

/* Replaces a stale row of the same key. */
enum lk_status idempotency_row_put(struct store_tx *tx, const uint8_t key_hash[SEAL_HASH_BYTES],
                                   const struct idempotency_row *row, int64_t expires_ms,
                                   struct lk_error *err) LK_MUST_CHECK;

enum lk_status idempotency_row_forget(struct store_tx *tx, int64_t now_ms,
                                      struct lk_error *err) LK_MUST_CHECK;

#endif
