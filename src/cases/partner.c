#include "cases/partner.h"

#include "cases/partner_inside.h"

#include "base/err.h"
#include "sys/rand.h"

#include <string.h>

#define KEY_PREFIX "lk_"
enum { KEY_RANDOM_BYTES = 32 };

static const char *const role_names[] = {
    [PARTNER_PLATFORM] = "platform",
    [PARTNER_HELPLINE] = "helpline",
    [PARTNER_REGULATOR] = "regulator",
    [PARTNER_PEER] = "peer",
};

const char *partner_role_name(unsigned role)
{
    return role >= PARTNER_PLATFORM && role <= PARTNER_PEER ? role_names[role] : "unknown";
}

unsigned partner_role_from_name(const char *name, size_t n)
{
    for (unsigned r = PARTNER_PLATFORM; r <= PARTNER_PEER; r++)
        if (strlen(role_names[r]) == n && memcmp(role_names[r], name, n) == 0)
            return r;
    return 0;
}

void partner_key_hash(const struct registry *r, const char *key, uint8_t hash[SEAL_HASH_BYTES])
{
    const struct seal_part part = {key, PARTNER_KEY_CHARS};
    keys_hash(r->keys, KEY_PARTNER, &part, 1, hash, SEAL_HASH_BYTES);
}

void partner_key_draw(char key[PARTNER_KEY_CHARS + 1])
{
    uint8_t secret[KEY_RANDOM_BYTES];
    rand_bytes(secret, sizeof secret);
    memcpy(key, KEY_PREFIX, strlen(KEY_PREFIX));
    seal_text_put(secret, sizeof secret, key + strlen(KEY_PREFIX),
                  PARTNER_KEY_CHARS + 1 - strlen(KEY_PREFIX));
    seal_wipe(secret, sizeof secret);
}

void partner_from_row(const struct partner_row *row, struct partner *out)
{
    size_t n = row->n_name < PARTNER_MAX_NAME_BYTES ? row->n_name : PARTNER_MAX_NAME_BYTES;
    *out = (struct partner){
        .id = row->row,
        .role = (uint8_t)row->role,
        .scopes = PARTNER_MAY_ALL,
        .added_ms = row->added_ms,
        .revoked_ms = row->revoked_ms,
    };
    memcpy(out->name, row->name, n);
}

struct adding {
    struct partner_row row;
    uint8_t key_hash[SEAL_HASH_BYTES];
};

static enum lk_status add_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct adding *a = ctx;
    return partner_row_add(tx, &a->row, a->key_hash, &a->row.row, err);
}

static enum lk_status check_name(const char *name, struct lk_error *err)
{
    size_t n = strlen(name);
    if (n == 0 || strchr(name, '\n') != NULL || strchr(name, '\t') != NULL ||
        strchr(name, '\r') != NULL)
        return FAIL(err, LK_INVALID, "a partner's name is one line of text");
    return refusal_check_text(name, n, PARTNER_MAX_NAME_BYTES, "the partner's name", err);
}

enum lk_status partner_add(struct registry *r, const char *name, unsigned role,
                           char key[PARTNER_KEY_CHARS + 1], struct partner *out,
                           struct lk_error *err)
{
    enum lk_status status = check_name(name, err);
    if (status == LK_LIMIT) /* a name too long is a wrong name */
        status = FAIL(err, LK_INVALID, "the partner's name is longer than %d bytes",
                      PARTNER_MAX_NAME_BYTES);
    TRY(status);
    if (role < PARTNER_PLATFORM || role > PARTNER_PEER)
        return FAIL(err, LK_INVALID, "role %u is not known: platform, helpline, regulator or peer",
                    role);
    partner_key_draw(key);
    struct adding a = {.row = {.role = role,
                               .name = name,
                               .n_name = strlen(name),
                               .added_ms = clock_now_ms(&r->clock)}};
    partner_key_hash(r, key, a.key_hash);
    status = store_write(r->store, add_row, &a, err);
    if (status != LK_OK)
        seal_wipe(key, PARTNER_KEY_CHARS + 1);
    else
        partner_from_row(&a.row, out);
    return status;
}

struct listing {
    struct arena *arena;
    struct partner *partners;
    size_t n, cap;
};

static enum lk_status list_one(void *ctx, const struct partner_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    if (l->n == l->cap) {
        size_t cap = l->cap == 0 ? 16 : 2 * l->cap;
        struct partner *more = arena_zalloc(l->arena, cap, sizeof *more);
        if (more == NULL)
            return FAIL(err, LK_NOMEM, "no memory to list the partners");
        if (l->n > 0)
            memcpy(more, l->partners, l->n * sizeof *more);
        l->partners = more;
        l->cap = cap;
    }
    partner_from_row(row, &l->partners[l->n++]);
    return LK_OK;
}

static enum lk_status list_rows(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return partner_row_each(tx, list_one, ctx, err);
}

enum lk_status partner_list(struct registry *r, struct arena *arena, struct partner **partners,
                            size_t *n, struct lk_error *err)
{
    struct listing l = {.arena = arena};
    TRY(store_read(r->store, list_rows, &l, err));
    *partners = l.partners;
    *n = l.n;
    return LK_OK;
}

struct revoking {
    const char *name;
    int64_t now_ms;
};

static enum lk_status revoke_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct revoking *v = ctx;
    return partner_row_revoke(tx, v->name, v->now_ms, err);
}

enum lk_status partner_revoke(struct registry *r, const char *name, struct lk_error *err)
{
    struct revoking v = {name, clock_now_ms(&r->clock)};
    return store_write(r->store, revoke_row, &v, err);
}

struct login {
    uint8_t key_hash[SEAL_HASH_BYTES];
    struct partner *out;
    struct partner_key_row further;
    bool is_further;
};

static enum lk_status keep_one(void *ctx, const struct partner_row *row, struct lk_error *err)
{
    struct login *l = ctx;
    (void)err;
    partner_from_row(row, l->out);
    return LK_OK;
}

static enum lk_status find_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct login *l = ctx;
    enum lk_status status = partner_row_find(tx, l->key_hash, keep_one, l, err);
    l->is_further = status == LK_NOT_FOUND;
    return l->is_further ? partner_key_row_find(tx, l->key_hash, &l->further, keep_one, l, err)
                         : status;
}

enum lk_status partner_login(struct registry *r, const char *key, size_t n, struct partner *out,
                             struct lk_error *err)
{
    enum lk_status status = LK_NOT_FOUND;
    struct partner found;
    struct login l = {.out = &found};
    if (n == PARTNER_KEY_CHARS && memcmp(key, KEY_PREFIX, strlen(KEY_PREFIX)) == 0) {
        partner_key_hash(r, key, l.key_hash);
        status = store_read(r->store, find_row, &l, err);
    }
    bool is_over = status == LK_OK && l.is_further && l.further.until_ms != 0 &&
                   l.further.until_ms <= clock_now_ms(&r->clock);
    if (status == LK_NOT_FOUND || is_over || (status == LK_OK && found.revoked_ms != 0))
        return FAIL(err, LK_DENIED, "no partner with this key");
    TRY(status);
    if (l.is_further)
        found.scopes = (uint8_t)(l.further.scopes & PARTNER_MAY_ALL);
    *out = found;
    return LK_OK;
}
