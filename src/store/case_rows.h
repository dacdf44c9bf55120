/* store/case_rows.h - cases. What a person typed stands in text_rows.h. */
#ifndef STORE_CASE_ROWS_H
#define STORE_CASE_ROWS_H

#include "store/change_rows.h"
#include "sys/seal.h"

#include <stdbool.h>

#define CASE_WRAPPED_BYTES  (SEAL_KEY_BYTES + SEAL_OVERHEAD_BYTES)
#define CASE_RECOVERY_BYTES (SEAL_BOX_KEY_BYTES + SEAL_BOX_OVERHEAD_BYTES)

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
    bool has_own; /* own_public; with has_keys and has_code own_secret too */
    uint8_t own_public[SEAL_BOX_KEY_BYTES];
    uint8_t own_secret[CASE_WRAPPED_BYTES]; /* sealed under what the code gives */
    bool has_recovery;
    uint8_t recovery[CASE_RECOVERY_BYTES]; /* the secret key in a box for the desk */
    unsigned state;
    int64_t opened_day_ms, expires_ms, closed_day_ms;
};

/* Inserts; row->row receives its number. Errors: LK_CONFLICT: another case has this lookup hash. */
enum lk_status case_row_add(struct store_tx *tx, struct case_row *row,
                            struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND. */
enum lk_status case_row_find(struct store_tx *tx, const uint8_t lookup_hash[SEAL_HASH_BYTES],
                             struct case_row *out, struct lk_error *err) LK_MUST_CHECK;
enum lk_status case_row_get(struct store_tx *tx, int64_t row, struct case_row *out,
                            struct lk_error *err) LK_MUST_CHECK;

/* Gives a case another code: lookup_hash, salt, verifier, key_by_code, own_secret of the row.
 * Errors: LK_CONFLICT: another case has this lookup hash. */
enum lk_status case_row_recode(struct store_tx *tx, const struct case_row *row,
                               struct lk_error *err) LK_MUST_CHECK;

/* By its public id. Errors: LK_NOT_FOUND. */
enum lk_status case_row_by_id(struct store_tx *tx, const uint8_t public_id[STORE_ID_BYTES],
                              struct case_row *out, struct lk_error *err) LK_MUST_CHECK;

/* Closes a case: the state, no keys, no texts, no mail, no notices; of its matches no notes and no
 * evidence. */
enum lk_status case_row_close(struct store_tx *tx, int64_t row, unsigned state, int64_t day_ms,
                              struct lk_error *err) LK_MUST_CHECK;

/* An open case with expires_ms <= now_ms; *row 0: none. */
enum lk_status case_row_expired(struct store_tx *tx, int64_t now_ms, int64_t *row,
                                struct lk_error *err) LK_MUST_CHECK;

#endif
