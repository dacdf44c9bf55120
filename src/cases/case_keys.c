#include "cases/case_keys.h"

#include "base/err.h"

#include <string.h>

#define LABEL_BY_CODE   "case_file.key_by_code"
#define LABEL_BY_MASTER "case_file.key_by_master"
#define LABEL_OWN       "case_file.own_secret"

void case_lookup(const struct registry *r, const struct code *code,
                 uint8_t lookup_hash[SEAL_HASH_BYTES])
{
    const struct seal_part part = {code->digits, CODE_FIND_DIGITS};
    keys_hash(r->keys, KEY_LOOKUP, &part, 1, lookup_hash, SEAL_HASH_BYTES);
}

static void split(const char *name, const uint8_t raw[64], uint8_t out[32])
{
    const struct seal_part parts[] = {SEAL_TEXT(name), {raw, 64}};
    seal_hash(NULL, parts, 2, out, 32);
}

enum lk_status case_stretch(const struct registry *r, const struct code *code,
                            const uint8_t salt[SEAL_SALT_BYTES], struct case_secret *out,
                            struct lk_error *err)
{
    uint8_t secret[SEAL_HASH_BYTES], raw[64];
    const struct seal_part part = {code->digits, CODE_DIGITS};
    keys_hash(r->keys, KEY_PEPPER, &part, 1, secret, sizeof secret);
    enum lk_status status = seal_stretch(secret, salt, r->argon_ops, r->argon_bytes, raw, err);
    if (status == LK_OK) {
        split("verifier", raw, out->verifier);
        split("kek", raw, out->kek);
    }
    seal_wipe(secret, sizeof secret);
    seal_wipe(raw, sizeof raw);
    return status;
}

static struct seal_part id_part(const uint8_t *id)
{
    return (struct seal_part){id, STORE_ID_BYTES};
}

void case_wrap(const struct registry *r, struct case_row *row, const uint8_t *kek,
               const uint8_t key[SEAL_KEY_BYTES])
{
    seal_put(keys_get(r->keys, KEY_WRAP), LABEL_BY_MASTER, id_part(row->public_id), key,
             SEAL_KEY_BYTES, row->key_by_master);
    if (kek != NULL)
        seal_put(kek, LABEL_BY_CODE, id_part(row->public_id), key, SEAL_KEY_BYTES,
                 row->key_by_code);
    row->has_keys = true;
}

enum lk_status case_unwrap_by_code(const struct case_row *row, const uint8_t kek[SEAL_KEY_BYTES],
                                   uint8_t key[SEAL_KEY_BYTES], struct lk_error *err)
{
    if (!seal_take(kek, LABEL_BY_CODE, id_part(row->public_id), row->key_by_code,
                   CASE_WRAPPED_BYTES, key))
        return FAIL(err, LK_CORRUPT, "the key of the case is damaged in the store");
    return LK_OK;
}

enum lk_status case_unwrap_by_master(const struct registry *r, const uint8_t public_id[16],
                                     const uint8_t *sealed, size_t n, uint8_t key[SEAL_KEY_BYTES],
                                     struct lk_error *err)
{
    if (n != CASE_WRAPPED_BYTES || !seal_take(keys_get(r->keys, KEY_WRAP), LABEL_BY_MASTER,
                                              id_part(public_id), sealed, n, key))
        return FAIL(err, LK_CORRUPT, "the key of a case is damaged in the store");
    return LK_OK;
}

void case_wrap_own(struct case_row *row, const uint8_t kek[SEAL_KEY_BYTES],
                   const uint8_t own_secret[SEAL_BOX_KEY_BYTES])
{
    row->has_own = true;
    seal_box_public(own_secret, row->own_public);
    seal_put(kek, LABEL_OWN, id_part(row->public_id), own_secret, SEAL_BOX_KEY_BYTES,
             row->own_secret);
}

enum lk_status case_unwrap_own(const struct case_row *row, const uint8_t kek[SEAL_KEY_BYTES],
                               uint8_t own_secret[SEAL_BOX_KEY_BYTES], struct lk_error *err)
{
    if (!seal_take(kek, LABEL_OWN, id_part(row->public_id), row->own_secret, CASE_WRAPPED_BYTES,
                   own_secret))
        return FAIL(err, LK_CORRUPT, "the person's key of the case is damaged in the store");
    return LK_OK;
}

void case_text_id(const uint8_t public_id[STORE_ID_BYTES], unsigned number,
                  uint8_t id[CASE_TEXT_ID_BYTES])
{
    memcpy(id, public_id, STORE_ID_BYTES);
    for (int i = 0; i < 4; i++)
        id[STORE_ID_BYTES + i] = (uint8_t)(number >> (8 * i));
}
