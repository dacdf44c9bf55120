/* A lost code: the recovery share gives the person's own key, the master key that of the case; both
 * are wrapped anew under what a new code gives. */
#include "cases/desk.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/case_keys.h"
#include "sys/rand.h"

#include <string.h>

struct recovery {
    struct registry *r;
    uint8_t id[STORE_ID_BYTES];
    struct case_row row;
};

static enum lk_status read_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct recovery *v = ctx;
    return case_row_by_id(tx, v->id, &v->row, err);
}

static enum lk_status write_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct recovery *v = ctx;
    struct case_row now;
    TRY(case_row_by_id(tx, v->id, &now, err));
    if (!now.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    return case_row_recode(tx, &v->row, err);
}

static enum lk_status open_own(const struct recovery *v, uint8_t own[SEAL_BOX_KEY_BYTES],
                               struct lk_error *err)
{
    uint8_t desk_public[SEAL_BOX_KEY_BYTES], desk_secret[SEAL_BOX_KEY_BYTES];
    seal_box_of_seed(keys_get(v->r->keys, KEY_DESK), desk_public, desk_secret);
    bool good = seal_box_take(desk_secret, v->row.recovery, sizeof v->row.recovery, own);
    seal_wipe(desk_secret, sizeof desk_secret);
    return good ? LK_OK : FAIL(err, LK_CORRUPT, "the recovery share of the case does not open");
}

static enum lk_status rewrap(struct recovery *v, const struct code *code, struct lk_error *err)
{
    struct case_secret secret;
    uint8_t key[SEAL_KEY_BYTES], own[SEAL_BOX_KEY_BYTES];
    TRY(case_unwrap_by_master(v->r, v->row.public_id, v->row.key_by_master,
                              sizeof v->row.key_by_master, key, err));
    TRY(open_own(v, own, err));
    rand_bytes(v->row.salt, sizeof v->row.salt);
    case_lookup(v->r, code, v->row.lookup_hash);
    enum lk_status status = case_stretch(v->r, code, v->row.salt, &secret, err);
    if (status == LK_OK) {
        memcpy(v->row.verifier, secret.verifier, sizeof secret.verifier);
        case_wrap(v->r, &v->row, secret.kek, key);
        case_wrap_own(&v->row, secret.kek, own);
    }
    seal_wipe(&secret, sizeof secret);
    seal_wipe(key, sizeof key);
    seal_wipe(own, sizeof own);
    return status;
}

enum lk_status desk_recover(struct registry *r, const char *id, char code_text[CODE_TEXT_BYTES],
                            struct lk_error *err)
{
    struct recovery v = {.r = r};
    struct code code;
    if (!r->has_desk_secret)
        return FAIL(err, LK_UNSUPPORTED, "the desk's secret key is not kept here");
    if (strlen(id) != DESK_CASE_CHARS || !hex_decode(id, v.id, sizeof v.id))
        return FAIL(err, LK_NOT_FOUND, "a case is named by %d hexadecimal digits", DESK_CASE_CHARS);
    TRY(store_read(r->store, read_row, &v, err));
    if (!v.row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    if (!v.row.has_recovery)
        return FAIL(err, LK_DENIED, "the person did not choose that the desk may open this case");
    code_draw(&code);
    enum lk_status status = rewrap(&v, &code, err);
    if (status == LK_OK)
        status = store_write(r->store, write_row, &v, err);
    if (status == LK_OK)
        code_format(&code, code_text);
    seal_wipe(&code, sizeof code);
    seal_wipe(&v, sizeof v);
    return status;
}
