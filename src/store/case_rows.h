/* store/case_rows.h - cases and their locations. Everything typed arrives sealed. */
#ifndef STORE_CASE_ROWS_H
#define STORE_CASE_ROWS_H

#include "store/change_rows.h"
#include "sys/seal.h"

#include <stdbool.h>

#define CASE_WRAPPED_BYTES (SEAL_KEY_BYTES + SEAL_OVERHEAD_BYTES)

/* The states a case can be in; cases/case.h names them for people. */
enum { CASE_ROW_OPEN = 1, CASE_ROW_WITHDRAWN = 2, CASE_ROW_EXPIRED = 3 };

struct case_row {
    int64_t row;
    uint8_t public_id[STORE_ID_BYTES];
    bool has_code; /* lookup_hash, salt, verifier and key_by_code count only then */
    uint8_t lookup_hash[SEAL_HASH_BYTES];
    uint8_t salt[SEAL_SALT_BYTES];
    uint8_t verifier[SEAL_HASH_BYTES];
    bool has_keys; /* false once closed */
    uint8_t key_by_code[CASE_WRAPPED_BYTES];
    uint8_t key_by_master[CASE_WRAPPED_BYTES];
    unsigned state;
    int64_t opened_day_ms, expires_ms, closed_day_ms;
};

/* Inserts; row->row receives its number. `note` is sealed, NULL for none.
 * Errors: LK_CONFLICT: another case has this lookup hash. */
enum lk_status case_row_add(struct store_tx *tx, struct case_row *row, const uint8_t *note,
                            size_t n_note, struct lk_error *err) LK_MUST_CHECK;

enum lk_status location_row_add(struct store_tx *tx, int64_t case_row, unsigned number,
                                const uint8_t *place, size_t n, struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND. */
enum lk_status case_row_find(struct store_tx *tx, const uint8_t lookup_hash[SEAL_HASH_BYTES],
                             struct case_row *out, struct lk_error *err) LK_MUST_CHECK;
enum lk_status case_row_get(struct store_tx *tx, int64_t row, struct case_row *out,
                            struct lk_error *err) LK_MUST_CHECK;

/* The sealed note (number 0, if there is one) and the sealed locations (from 1), in order. */
typedef enum lk_status case_text_show(void *ctx, unsigned number, const uint8_t *sealed, size_t n,
                                      struct lk_error *err);
enum lk_status case_row_texts(struct store_tx *tx, int64_t row, case_text_show *show, void *ctx,
                              struct lk_error *err) LK_MUST_CHECK;

/* Closes a case: the state, no keys, no note, no locations; of its matches no notes and no
 * evidence. */
enum lk_status case_row_close(struct store_tx *tx, int64_t row, unsigned state, int64_t day_ms,
                              struct lk_error *err) LK_MUST_CHECK;

/* An open case with expires_ms <= now_ms; *row 0: none. */
enum lk_status case_row_expired(struct store_tx *tx, int64_t now_ms, int64_t *row,
                                struct lk_error *err) LK_MUST_CHECK;

#endif
