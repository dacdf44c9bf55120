/* store/partner_rows.h - partners. The key stands only as its keyed hash. */
#ifndef STORE_PARTNER_ROWS_H
#define STORE_PARTNER_ROWS_H

#include "store/store.h"
#include "sys/seal.h"

struct partner_row {
    int64_t row;
    unsigned role;
    const char *name; /* borrowed while the row is shown */
    size_t n_name;
    int64_t added_ms, revoked_ms;
};

/* Errors: LK_CONFLICT (the name exists). */
enum lk_status partner_row_add(struct store_tx *tx, const struct partner_row *partner,
                               const uint8_t key_hash[SEAL_HASH_BYTES], int64_t *row,
                               struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND, LK_CONFLICT (revoked already). */
enum lk_status partner_row_revoke(struct store_tx *tx, const char *name, int64_t now_ms,
                                  struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status partner_row_show(void *ctx, const struct partner_row *partner,
                                        struct lk_error *err);

/* Each partner, the oldest first. */
enum lk_status partner_row_each(struct store_tx *tx, partner_row_show *show, void *ctx,
                                struct lk_error *err) LK_MUST_CHECK;

/* The row of the partner with that name and role whose key is in force. Errors: LK_NOT_FOUND. */
enum lk_status partner_row_named(struct store_tx *tx, const char *name, unsigned role, int64_t *row,
                                 struct lk_error *err) LK_MUST_CHECK;

/* The one with this key hash, revoked or not. Errors: LK_NOT_FOUND. */
enum lk_status partner_row_find(struct store_tx *tx, const uint8_t key_hash[SEAL_HASH_BYTES],
                                partner_row_show *show, void *ctx,
                                struct lk_error *err) LK_MUST_CHECK;

/* A further key. */
struct partner_key_row {
    int64_t row, partner;
    char label[41];
    unsigned scopes;
    int64_t added_ms, until_ms; /* until_ms 0: no end */
};
enum lk_status partner_key_row_add(struct store_tx *tx, const struct partner_key_row *key,
                                   const uint8_t key_hash[SEAL_HASH_BYTES], int64_t *row,
                                   struct lk_error *err) LK_MUST_CHECK;
/* Shows its partner, and *out is the key. Errors: LK_NOT_FOUND. */
enum lk_status partner_key_row_find(struct store_tx *tx, const uint8_t key_hash[SEAL_HASH_BYTES],
                                    struct partner_key_row *out, partner_row_show *show, void *ctx,
                                    struct lk_error *err) LK_MUST_CHECK;
typedef enum lk_status partner_key_row_show(void *ctx, const struct partner_key_row *key,
                                            struct lk_error *err);
enum lk_status partner_key_rows(struct store_tx *tx, int64_t partner, partner_key_row_show *show,
                                void *ctx, struct lk_error *err) LK_MUST_CHECK;
/* Sets its end. Errors: LK_NOT_FOUND (no such key of this partner). */
enum lk_status partner_key_row_end(struct store_tx *tx, int64_t partner, int64_t row,
                                   int64_t until_ms, struct lk_error *err) LK_MUST_CHECK;
/* Another first key in place of the present one, whose hash *old receives. */
enum lk_status partner_row_rekey(struct store_tx *tx, int64_t partner,
                                 const uint8_t key_hash[SEAL_HASH_BYTES],
                                 uint8_t old[SEAL_HASH_BYTES], struct lk_error *err) LK_MUST_CHECK;

/* Who is signed in to the pages of an inbox. */
struct partner_session_row {
    uint8_t token_hash[SEAL_HASH_BYTES];
    int64_t partner, started_ms, seen_ms;
};
enum lk_status partner_session_add(struct store_tx *tx, const struct partner_session_row *session,
                                   struct lk_error *err) LK_MUST_CHECK;
/* Shows the partner too. Errors: LK_NOT_FOUND. */
enum lk_status partner_session_get(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                                   struct partner_session_row *out, partner_row_show *show,
                                   void *ctx, struct lk_error *err) LK_MUST_CHECK;
enum lk_status partner_session_seen(struct store_tx *tx, const uint8_t token_hash[SEAL_HASH_BYTES],
                                    int64_t now_ms, struct lk_error *err) LK_MUST_CHECK;
enum lk_status partner_session_delete(struct store_tx *tx,
                                      const uint8_t token_hash[SEAL_HASH_BYTES],
                                      struct lk_error *err) LK_MUST_CHECK;
/* Those that began before started_ms or were last seen before seen_ms. */
enum lk_status partner_sessions_expire(struct store_tx *tx, int64_t started_ms, int64_t seen_ms,
                                       struct lk_error *err) LK_MUST_CHECK;

#endif
