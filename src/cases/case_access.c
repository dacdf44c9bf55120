/* Login: the same work and the same answer whether the case does not exist or the code is wrong. */
#include "cases/case.h"
#include "cases/case_keys.h"

#include "base/err.h"
#include "sys/rand.h"

#include <string.h>

struct lookup {
    uint8_t hash[SEAL_HASH_BYTES];
    struct case_row row;
    bool found;
};

static enum lk_status find_case(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct lookup *l = ctx;
    enum lk_status status = case_row_find(tx, l->hash, &l->row, err);
    l->found = status == LK_OK;
    return status == LK_NOT_FOUND ? LK_OK : status;
}

static enum lk_status verify(struct registry *r, const struct code *code, struct lookup *l,
                             struct case_access *access, struct lk_error *err)
{
    struct case_secret secret;
    if (!l->found) { /* a salt and a verifier that nobody's code fits */
        memcpy(l->row.salt, l->hash, sizeof l->row.salt);
        rand_bytes(l->row.verifier, sizeof l->row.verifier);
    }
    TRY(case_stretch(r, code, l->row.salt, &secret, err));
    bool right = seal_equal(secret.verifier, l->row.verifier, sizeof secret.verifier) && l->found;
    enum lk_status status = LK_OK;
    if (!right)
        status = FAIL(err, LK_DENIED, "no case with this code");
    *access = (struct case_access){.case_id = l->row.row, .has_key = right && l->row.has_keys};
    if (access->has_key)
        status = case_unwrap_by_code(&l->row, secret.kek, access->key, err);
    access->has_own = access->has_key && l->row.has_own;
    if (access->has_own && status == LK_OK)
        status = case_unwrap_own(&l->row, secret.kek, access->own_secret, err);
    seal_wipe(&secret, sizeof secret);
    return status;
}

enum lk_status case_login(struct registry *r, const char *code_text, size_t n_code,
                          struct case_access *access, struct lk_error *err)
{
    struct code code;
    struct lookup l = {.found = false};
    TRY(code_parse(code_text, n_code, &code, err));
    case_lookup(r, &code, l.hash);
    enum lk_status status = store_read(r->store, find_case, &l, err);
    if (status == LK_OK)
        status = verify(r, &code, &l, access, err);
    seal_wipe(&code, sizeof code);
    return status;
}

void case_logout(struct case_access *access)
{
    seal_wipe(access, sizeof *access);
}

/* Sealed in a token, in the machine's byte order: so the person's own key is never on a disk. */
struct token {
    int64_t case_id;
    int64_t until_ms;
    uint8_t own_secret[CASE_OWN_KEY_BYTES];
    int64_t has_own;
};
#define LABEL_TOKEN  "token"
#define SEALED_BYTES (sizeof(struct token) + SEAL_OVERHEAD_BYTES)

void case_token(struct registry *r, const struct case_access *access, char text[CASE_TOKEN_BYTES])
{
    struct token token = {.case_id = access->case_id,
                          .until_ms = clock_now_ms(&r->clock) + CASE_TOKEN_LIFE_MS,
                          .has_own = access->has_own};
    memcpy(token.own_secret, access->own_secret, sizeof token.own_secret);
    uint8_t sealed[SEALED_BYTES];
    seal_put(keys_get(r->keys, KEY_TOKEN), LABEL_TOKEN, SEAL_TEXT(""), &token, sizeof token,
             sealed);
    seal_text_put(sealed, sizeof sealed, text, CASE_TOKEN_BYTES);
    seal_wipe(&token, sizeof token);
}

static enum lk_status load_key(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct lookup *l = ctx;
    return case_row_get(tx, l->row.row, &l->row, err);
}

enum lk_status case_token_login(struct registry *r, const char *text, size_t n,
                                struct case_access *access, struct lk_error *err)
{
    struct token token = {0};
    uint8_t sealed[SEALED_BYTES];
    if (!seal_text_take(text, n, sealed, sizeof sealed) ||
        !seal_take(keys_get(r->keys, KEY_TOKEN), LABEL_TOKEN, SEAL_TEXT(""), sealed, sizeof sealed,
                   (uint8_t *)&token) ||
        token.until_ms < clock_now_ms(&r->clock))
        return FAIL(err, LK_DENIED, "this page has been open too long: enter the code again");
    struct lookup l = {.row.row = token.case_id};
    TRY(store_read(r->store, load_key, &l, err));
    *access = (struct case_access){.case_id = token.case_id, .has_key = l.row.has_keys};
    if (access->has_key)
        TRY(case_unwrap_by_master(r, l.row.public_id, l.row.key_by_master,
                                  sizeof l.row.key_by_master, access->key, err));
    access->has_own = access->has_key && token.has_own;
    if (access->has_own)
        memcpy(access->own_secret, token.own_secret, sizeof token.own_secret);
    seal_wipe(&token, sizeof token);
    return LK_OK;
}

bool case_own_key(const struct case_access *access, uint8_t key[CASE_OWN_KEY_BYTES])
{
    if (access->has_own)
        seal_box_public(access->own_secret, key);
    return access->has_own;
}
