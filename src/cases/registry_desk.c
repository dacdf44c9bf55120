/* The desk's pair of keys: what people type is sealed to its public half. Once the operator named
 * one whose secret half is kept elsewhere, the store remembers it, so that no command that was not
 * told mistakes the master key's pair for it. */
#include "base/err.h"
#include "base/hex.h"
#include "cases/registry_inside.h"
#include "store/meta_rows.h"

#include <string.h>

struct desk_public {
    uint8_t key[SEAL_BOX_KEY_BYTES]; /* zeros: the pair is made from the master key */
    bool there;
};

static enum lk_status read_key(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct desk_public *d = ctx;
    return meta_get(tx, "desk_public", d->key, sizeof d->key, &d->there, err);
}

static enum lk_status write_key(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return meta_put(tx, "desk_public", ctx, SEAL_BOX_KEY_BYTES, err);
}

static bool is_master(const uint8_t key[SEAL_BOX_KEY_BYTES])
{
    static const uint8_t zeros[SEAL_BOX_KEY_BYTES];
    return memcmp(key, zeros, sizeof zeros) == 0;
}

static enum lk_status read_named(const char *text, uint8_t key[SEAL_BOX_KEY_BYTES],
                                 struct lk_error *err)
{
    memset(key, 0, SEAL_BOX_KEY_BYTES);
    if (strcmp(text, "master") == 0)
        return LK_OK;
    if (strlen(text) != 2 * SEAL_BOX_KEY_BYTES || !hex_decode(text, key, SEAL_BOX_KEY_BYTES) ||
        is_master(key))
        return FAIL(err, LK_INVALID,
                    "the desk's public key must be %d hexadecimal digits, or 'master'",
                    2 * SEAL_BOX_KEY_BYTES);
    return LK_OK;
}

enum lk_status registry_load_desk_key(struct registry *r, const char *named, struct lk_error *err)
{
    struct desk_public kept = {.there = false}, wanted;
    uint8_t secret[SEAL_BOX_KEY_BYTES];
    TRY(store_read(r->store, read_key, &kept, err));
    wanted = kept; /* zeros, when there is none */
    if (named != NULL)
        TRY(read_named(named, wanted.key, err));
    if (memcmp(kept.key, wanted.key, sizeof wanted.key) != 0)
        TRY(store_write(r->store, write_key, wanted.key, err));
    r->has_desk_secret = is_master(wanted.key);
    memcpy(r->desk_public, wanted.key, sizeof r->desk_public);
    if (r->has_desk_secret) {
        seal_box_of_seed(keys_get(r->keys, KEY_DESK), r->desk_public, secret);
        seal_wipe(secret, sizeof secret);
    }
    return LK_OK;
}

void registry_desk_key(const struct registry *r, uint8_t key[REGISTRY_DESK_KEY_BYTES])
{
    memcpy(key, r->desk_public, SEAL_BOX_KEY_BYTES);
}
