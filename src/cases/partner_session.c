#include "cases/partner_session.h"

#include "cases/partner_inside.h"

#include "base/err.h"
#include "base/hex.h"
#include "sys/rand.h"

#include <string.h>

enum { TOKEN_BYTES = 32, TOUCH_EVERY_MS = 60 * 1000 };
#define SIGN_IN_SCOPES (PARTNER_MAY_NOTICES | PARTNER_MAY_MATCH | PARTNER_MAY_ANSWER)

static void token_hash(const struct registry *r, const char *token, uint8_t hash[SEAL_HASH_BYTES])
{
    const struct seal_part parts[] = {SEAL_TEXT("session"), SEAL_TEXT(token)};
    keys_hash(r->keys, KEY_PARTNER, parts, 2, hash, SEAL_HASH_BYTES);
}

void partner_form_token(const struct registry *r, const char *session,
                        char token[PARTNER_FORM_CHARS + 1])
{
    uint8_t hash[PARTNER_FORM_CHARS / 2];
    const struct seal_part parts[] = {SEAL_TEXT("form"), SEAL_TEXT(session)};
    keys_hash(r->keys, KEY_PARTNER, parts, 2, hash, sizeof hash);
    hex_encode(hash, sizeof hash, token);
}

static enum lk_status add_session(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return partner_session_add(tx, ctx, err);
}

enum lk_status partner_sign_in(struct registry *r, const char *key, size_t n,
                               char token[PARTNER_TOKEN_CHARS + 1], struct lk_error *err)
{
    struct partner partner;
    uint8_t raw[TOKEN_BYTES];
    TRY(partner_login(r, key, n, &partner, err));
    if (partner.role != PARTNER_PLATFORM)
        return FAIL(err, LK_DENIED, "only platforms have an inbox; this key is of a %s",
                    partner_role_name(partner.role));
    if ((partner.scopes & SIGN_IN_SCOPES) != SIGN_IN_SCOPES)
        return FAIL(err, LK_DENIED,
                    "the inbox needs a key that may read notices and matches, and answer");
    rand_bytes(raw, sizeof raw);
    seal_text_put(raw, sizeof raw, token, PARTNER_TOKEN_CHARS + 1);
    seal_wipe(raw, sizeof raw);
    int64_t now_ms = clock_now_ms(&r->clock);
    struct partner_session_row row = {
        .partner = partner.id, .started_ms = now_ms, .seen_ms = now_ms};
    token_hash(r, token, row.token_hash);
    return store_write(r->store, add_session, &row, err);
}

struct seeing {
    struct partner_session_row row;
    struct partner *out;
    int64_t now_ms;
};

static enum lk_status keep_partner(void *ctx, const struct partner_row *row, struct lk_error *err)
{
    struct seeing *s = ctx;
    (void)err;
    partner_from_row(row, s->out);
    return LK_OK;
}

static enum lk_status find_session(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct seeing *s = ctx;
    uint8_t hash[SEAL_HASH_BYTES];
    memcpy(hash, s->row.token_hash, sizeof hash);
    return partner_session_get(tx, hash, &s->row, keep_partner, s, err);
}

static enum lk_status touch(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct seeing *s = ctx;
    return partner_session_seen(tx, s->row.token_hash, s->now_ms, err);
}

enum lk_status partner_session(struct registry *r, const char *token, struct partner *out,
                               struct lk_error *err)
{
    struct seeing s = {.out = out, .now_ms = clock_now_ms(&r->clock)};
    token_hash(r, token, s.row.token_hash);
    enum lk_status status = store_read(r->store, find_session, &s, err);
    bool is_over = status == LK_NOT_FOUND ||
                   (status == LK_OK &&
                    (s.now_ms - s.row.seen_ms > PARTNER_IDLE_MS ||
                     s.now_ms - s.row.started_ms > PARTNER_SESSION_MS || out->revoked_ms != 0));
    if (is_over)
        return FAIL(err, LK_DENIED, "the session is over: sign in again");
    TRY(status);
    if (s.now_ms - s.row.seen_ms > TOUCH_EVERY_MS)
        return store_write(r->store, touch, &s, err);
    return LK_OK;
}

static enum lk_status delete_session(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return partner_session_delete(tx, ctx, err);
}

enum lk_status partner_sign_out(struct registry *r, const char *token, struct lk_error *err)
{
    uint8_t hash[SEAL_HASH_BYTES];
    token_hash(r, token, hash);
    return store_write(r->store, delete_session, hash, err);
}

static enum lk_status expire(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const int64_t *now_ms = ctx;
    return partner_sessions_expire(tx, *now_ms - PARTNER_SESSION_MS, *now_ms - PARTNER_IDLE_MS,
                                   err);
}

enum lk_status partner_session_expire(struct registry *r, struct lk_error *err)
{
    int64_t now_ms = clock_now_ms(&r->clock);
    return store_write(r->store, expire, &now_ms, err);
}
