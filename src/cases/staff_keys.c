#include "cases/staff_keys.h"

#include "base/err.h"
#include "sys/rand.h"

#include <string.h>

#define LABEL_DESK "staff.desk_secret"
#define LABEL_TOTP "staff.totp"

static void split(const char *name, const uint8_t raw[64], uint8_t out[32])
{
    const struct seal_part parts[] = {SEAL_TEXT(name), {raw, 64}};
    seal_hash(NULL, parts, 2, out, 32);
}

enum lk_status staff_stretch(const struct registry *r, const char *password,
                             const uint8_t salt[SEAL_SALT_BYTES], struct staff_stretched *out,
                             struct lk_error *err)
{
    uint8_t secret[SEAL_HASH_BYTES], raw[64];
    const struct seal_part part = SEAL_TEXT(password);
    keys_hash(r->keys, KEY_STAFF, &part, 1, secret, sizeof secret);
    enum lk_status status = seal_stretch(secret, salt, r->argon_ops, r->argon_bytes, raw, err);
    if (status == LK_OK) {
        split("staff verifier", raw, out->verifier);
        split("staff kek", raw, out->kek);
        split("staff box", raw, secret);
        seal_box_of_seed(secret, out->box_public, out->box_secret);
    }
    seal_wipe(secret, sizeof secret);
    seal_wipe(raw, sizeof raw);
    return status;
}

static struct seal_part id_part(const struct staff_row *row)
{
    return (struct seal_part){row->public_id, STORE_ID_BYTES};
}

static const uint8_t *key_of(const struct registry *r, const uint8_t *kek)
{
    return kek != NULL ? kek : keys_get(r->keys, KEY_STAFF);
}

void staff_wrap_desk(const struct registry *r, struct staff_row *row, const uint8_t *kek,
                     const uint8_t secret[STAFF_SECRET_BYTES])
{
    seal_put(key_of(r, kek), LABEL_DESK, id_part(row), secret, STAFF_SECRET_BYTES, row->desk);
    row->has_desk = true;
}

enum lk_status staff_unwrap_desk(const struct registry *r, const struct staff_row *row,
                                 const uint8_t *kek, uint8_t secret[STAFF_SECRET_BYTES],
                                 struct lk_error *err)
{
    if (!seal_take(key_of(r, kek), LABEL_DESK, id_part(row), row->desk, sizeof row->desk, secret))
        return FAIL(err, LK_CORRUPT, "an account's copy of the desk's key does not open");
    return LK_OK;
}

bool staff_take_handed(const struct registry *r, struct staff_row *row,
                       const struct staff_stretched *stretched, uint8_t secret[STAFF_SECRET_BYTES])
{
    if (!row->has_handed ||
        !seal_box_take(stretched->box_secret, row->handed, sizeof row->handed, secret))
        return false;
    staff_wrap_desk(r, row, stretched->kek, secret);
    row->has_handed = false;
    return true;
}

enum lk_status staff_set_password(const struct registry *r, struct staff_row *row,
                                  const char *password, const uint8_t *secret, struct lk_error *err)
{
    struct staff_stretched s;
    rand_bytes(row->salt, sizeof row->salt);
    TRY(staff_stretch(r, password, row->salt, &s, err));
    memcpy(row->verifier, s.verifier, sizeof row->verifier);
    memcpy(row->box, s.box_public, sizeof row->box);
    row->has_password = row->has_box = true;
    row->has_desk = row->has_handed = false;
    if (secret != NULL)
        staff_wrap_desk(r, row, s.kek, secret);
    seal_wipe(&s, sizeof s);
    return LK_OK;
}

void staff_wrap_totp(const struct registry *r, struct staff_row *row,
                     const uint8_t secret[TOTP_SECRET_BYTES])
{
    seal_put(keys_get(r->keys, KEY_STAFF), LABEL_TOTP, id_part(row), secret, TOTP_SECRET_BYTES,
             row->totp);
    row->totp_step = 0;
}

enum lk_status staff_unwrap_totp(const struct registry *r, const struct staff_row *row,
                                 uint8_t secret[TOTP_SECRET_BYTES], struct lk_error *err)
{
    if (!seal_take(keys_get(r->keys, KEY_STAFF), LABEL_TOTP, id_part(row), row->totp,
                   sizeof row->totp, secret))
        return FAIL(err, LK_CORRUPT, "an account's second factor does not open");
    return LK_OK;
}
