/* cases/staff_keys.h - how a member's copy of the desk's secret is sealed, for this folder alone.
 */
#ifndef CASES_STAFF_KEYS_H
#define CASES_STAFF_KEYS_H

#include "cases/registry_inside.h"
#include "cases/staff.h"
#include "store/staff_rows.h"

struct staff_stretched {
    uint8_t verifier[SEAL_HASH_BYTES];
    uint8_t kek[SEAL_KEY_BYTES];
    uint8_t box_public[SEAL_BOX_KEY_BYTES]; /* the member's own pair: whoever has the public half */
    uint8_t box_secret[SEAL_BOX_KEY_BYTES]; /* can hand a key on */
};

/* One Argon2 run. Errors: LK_NOMEM. */
enum lk_status staff_stretch(const struct registry *r, const char *password,
                             const uint8_t salt[SEAL_SALT_BYTES], struct staff_stretched *out,
                             struct lk_error *err) LK_MUST_CHECK;

/* Seals the desk's secret for a row: under kek, or (NULL) under the master key. */
void staff_wrap_desk(const struct registry *r, struct staff_row *row, const uint8_t *kek,
                     const uint8_t secret[STAFF_SECRET_BYTES]);
/* Errors: LK_CORRUPT. */
enum lk_status staff_unwrap_desk(const struct registry *r, const struct staff_row *row,
                                 const uint8_t *kek, uint8_t secret[STAFF_SECRET_BYTES],
                                 struct lk_error *err) LK_MUST_CHECK;

/* Takes what was handed on: opens it and seals it under kek. false: nothing waits, or it does not
 * open. */
bool staff_take_handed(const struct registry *r, struct staff_row *row,
                       const struct staff_stretched *stretched,
                       uint8_t secret[STAFF_SECRET_BYTES]) LK_MUST_CHECK;

/* Sets salt, verifier and pair of a password, and seals secret (NULL: none) under it. What was
 * handed on to the pair before is gone. */
enum lk_status staff_set_password(const struct registry *r, struct staff_row *row,
                                  const char *password, const uint8_t *secret,
                                  struct lk_error *err) LK_MUST_CHECK;

void staff_wrap_totp(const struct registry *r, struct staff_row *row,
                     const uint8_t secret[TOTP_SECRET_BYTES]);
enum lk_status staff_unwrap_totp(const struct registry *r, const struct staff_row *row,
                                 uint8_t secret[TOTP_SECRET_BYTES],
                                 struct lk_error *err) LK_MUST_CHECK;

#endif
