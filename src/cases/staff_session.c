/* Signing in and what follows from it. A wrong name, a wrong password and wrong digits take the
 * same work and get the same answer. */
#include "cases/staff.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/desk_act.h"
#include "cases/staff_keys.h"
#include "sys/rand.h"

#include <string.h>

#define LABEL_SESSION "staff_session.desk_secret"

enum { FREE_TRIES = 5, FIRST_PAUSE_MS = 60 * 1000, MAX_DOUBLINGS = 6, TOKEN_BYTES = 32 };

struct signing {
    struct registry *r;
    const char *name, *digits;
    struct staff_row row;
    bool found;
    int64_t step; /* of the digits; 0: wrong */
    bool is_right;
    struct session_row session;
    int64_t now_ms;
    int64_t pause_ms; /* that is left */
};

static enum lk_status find_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct signing *s = ctx;
    enum lk_status status = staff_row_named(tx, s->name, &s->row, err);
    s->found = status == LK_OK;
    return status == LK_NOT_FOUND ? LK_OK : status;
}

static enum lk_status denied(struct lk_error *err)
{
    return FAIL(err, LK_DENIED, "the name, the password or the six digits are wrong");
}

static enum lk_status paused(int64_t pause_ms, struct lk_error *err)
{
    return FAIL(err, LK_BUSY, "too many wrong tries: try again in %d minutes",
                (int)(pause_ms / 60000 + 1));
}

static void token_hash(const struct registry *r, const char *token, uint8_t hash[SEAL_HASH_BYTES])
{
    const struct seal_part parts[] = {SEAL_TEXT("find"), SEAL_TEXT(token)};
    keys_hash(r->keys, KEY_STAFF, parts, 2, hash, SEAL_HASH_BYTES);
}

static void token_key(const struct registry *r, const char *token, uint8_t key[SEAL_KEY_BYTES])
{
    const struct seal_part parts[] = {SEAL_TEXT("open"), SEAL_TEXT(token)};
    keys_hash(r->keys, KEY_STAFF, parts, 2, key, SEAL_KEY_BYTES);
}

void staff_form_token(const struct registry *r, const char *session,
                      char token[STAFF_FORM_CHARS + 1])
{
    uint8_t hash[STAFF_FORM_CHARS / 2];
    const struct seal_part parts[] = {SEAL_TEXT("form"), SEAL_TEXT(session)};
    keys_hash(r->keys, KEY_STAFF, parts, 2, hash, sizeof hash);
    hex_encode(hash, sizeof hash, token);
}

/* What the password opened goes to the row as it is now, unless another was chosen meanwhile. */
static void keep_keys(struct staff_row *now, const struct staff_row *seen)
{
    if (memcmp(now->salt, seen->salt, sizeof now->salt) != 0)
        return;
    bool was_taken = now->has_handed && !seen->has_handed;
    memcpy(now->box, seen->box, sizeof now->box);
    now->has_box = seen->has_box;
    if (was_taken) {
        memcpy(now->desk, seen->desk, sizeof now->desk);
        now->has_desk = true;
        now->has_handed = false;
    }
}

/* Counts a failure, or takes the step and opens the session, on the row as it is now. */
static enum lk_status write_try(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct signing *s = ctx;
    struct staff_row now;
    struct staff_hand by = {.staff = s->row.row};
    TRY(staff_row_get(tx, s->row.row, &now, err));
    s->pause_ms = now.locked_until_ms - s->now_ms;
    if (s->pause_ms > 0)
        return LK_OK;
    if (s->is_right && s->step > now.totp_step && now.state != STAFF_ROW_ENDED) {
        now.totp_step = s->step;
        now.n_failed = 0;
        keep_keys(&now, &s->row);
        TRY(staff_row_change(tx, &now, err));
        TRY(session_row_add(tx, &s->session, err));
        return desk_act_put(tx, &by, ACT_SIGNED_IN, 0, 0, s->now_ms, err);
    }
    s->is_right = false;
    if (++now.n_failed >= FREE_TRIES) {
        unsigned doublings = now.n_failed - FREE_TRIES;
        now.locked_until_ms =
            s->now_ms +
            ((int64_t)FIRST_PAUSE_MS << (doublings < MAX_DOUBLINGS ? doublings : MAX_DOUBLINGS));
    }
    TRY(staff_row_change(tx, &now, err));
    return desk_act_put(tx, &by, ACT_SIGN_IN_FAILED, 0, 0, s->now_ms, err);
}

/* The desk's secret of whoever signs in: what was handed on since, or one's copy. */
static enum lk_status find_secret(struct signing *s, const struct staff_stretched *stretched,
                                  uint8_t secret[STAFF_SECRET_BYTES], struct lk_error *err)
{
    memcpy(s->row.box, stretched->box_public, sizeof s->row.box);
    s->row.has_box = true;
    if (staff_take_handed(s->r, &s->row, stretched, secret) || !s->row.has_desk)
        return LK_OK;
    return staff_unwrap_desk(s->r, &s->row, stretched->kek, secret, err);
}

static enum lk_status check_factors(struct signing *s, const char *password, const char *token,
                                    struct lk_error *err)
{
    struct staff_stretched stretched;
    uint8_t totp[TOTP_SECRET_BYTES], secret[STAFF_SECRET_BYTES], key[SEAL_KEY_BYTES];
    bool has_password = s->found && s->row.has_password;
    TRY(staff_stretch(s->r, password, s->row.salt, &stretched, err));
    s->is_right = has_password && seal_equal(stretched.verifier, s->row.verifier, SEAL_HASH_BYTES);
    enum lk_status status = LK_OK;
    if (has_password)
        status = staff_unwrap_totp(s->r, &s->row, totp, err);
    if (status == LK_OK && has_password) {
        s->step = totp_check(totp, s->digits, s->now_ms, s->row.totp_step);
        s->is_right &= s->step > 0;
    }
    if (status == LK_OK && s->is_right)
        status = find_secret(s, &stretched, secret, err);
    if (status == LK_OK && s->is_right && s->row.has_desk) {
        token_key(s->r, token, key);
        seal_put(key, LABEL_SESSION, (struct seal_part){s->row.public_id, STORE_ID_BYTES}, secret,
                 sizeof secret, s->session.desk);
        s->session.has_desk = true;
    }
    seal_wipe(&stretched, sizeof stretched);
    seal_wipe(totp, sizeof totp);
    seal_wipe(secret, sizeof secret);
    seal_wipe(key, sizeof key);
    return status;
}

enum lk_status staff_sign_in(struct registry *r, const char *name, const char *password,
                             const char *digits, char token[STAFF_TOKEN_CHARS + 1],
                             struct lk_error *err)
{
    struct signing s = {.r = r, .name = name, .digits = digits};
    uint8_t raw[TOKEN_BYTES];
    if (strlen(name) > STAFF_MAX_NAME_BYTES || strlen(password) > STAFF_MAX_PASSWORD_BYTES)
        return denied(err);
    s.now_ms = clock_now_ms(&r->clock);
    rand_bytes(raw, sizeof raw);
    seal_text_put(raw, sizeof raw, token, STAFF_TOKEN_CHARS + 1);
    seal_wipe(raw, sizeof raw);
    TRY(store_read(r->store, find_row, &s, err));
    TRY(check_factors(&s, password, token, err));
    if (!s.found)
        return denied(err);
    token_hash(r, token, s.session.token_hash);
    s.session.staff = s.row.row;
    s.session.started_ms = s.session.seen_ms = s.now_ms;
    TRY(store_write(r->store, write_try, &s, err));
    if (s.pause_ms > 0)
        return paused(s.pause_ms, err);
    return s.is_right ? LK_OK : denied(err);
}

static enum lk_status fill_hand(const struct staff_row *row, struct staff_hand *hand,
                                struct lk_error *err)
{
    if (row->state == STAFF_ROW_ENDED)
        return FAIL(err, LK_DENIED, "the account has ended");
    *hand = (struct staff_hand){
        .staff = row->row,
        .role = (uint8_t)row->role,
        .must_choose = row->state == STAFF_ROW_NEW,
    };
    memcpy(hand->name, row->name, sizeof hand->name);
    return LK_OK;
}

enum lk_status staff_by_proxy(struct registry *r, const char *name, struct staff_hand *hand,
                              struct lk_error *err)
{
    struct signing s = {.r = r, .name = name};
    TRY(store_read(r->store, find_row, &s, err));
    if (!s.found || s.row.has_password)
        return FAIL(err, LK_DENIED, "the desk has no such member, or one with a password here");
    TRY(fill_hand(&s.row, hand, err));
    hand->must_choose = false;
    hand->has_secret = s.row.has_desk;
    return s.row.has_desk ? staff_unwrap_desk(r, &s.row, NULL, hand->secret, err) : LK_OK;
}

struct seeing {
    struct registry *r;
    uint8_t hash[SEAL_HASH_BYTES];
    struct session_row session;
    struct staff_row row;
    int64_t now_ms;
};

static enum lk_status find_session(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct seeing *s = ctx;
    TRY(session_row_get(tx, s->hash, &s->session, err));
    return staff_row_get(tx, s->session.staff, &s->row, err);
}

static enum lk_status touch_session(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct seeing *s = ctx;
    return session_row_seen(tx, s->hash, s->now_ms, err);
}

enum { TOUCH_EVERY_MS = 60 * 1000 };

enum lk_status staff_session(struct registry *r, const char *token, struct staff_hand *hand,
                             struct lk_error *err)
{
    struct seeing s = {.r = r, .now_ms = clock_now_ms(&r->clock)};
    uint8_t key[SEAL_KEY_BYTES];
    token_hash(r, token, s.hash);
    enum lk_status status = store_read(r->store, find_session, &s, err);
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_DENIED, "the session is over: sign in again");
    TRY(status);
    if (s.now_ms - s.session.seen_ms > STAFF_IDLE_MS ||
        s.now_ms - s.session.started_ms > STAFF_SESSION_MS)
        return FAIL(err, LK_DENIED, "the session is over: sign in again");
    TRY(fill_hand(&s.row, hand, err));
    hand->has_secret = s.session.has_desk;
    token_key(r, token, key);
    bool opens = !s.session.has_desk ||
                 seal_take(key, LABEL_SESSION, (struct seal_part){s.row.public_id, STORE_ID_BYTES},
                           s.session.desk, sizeof s.session.desk, hand->secret);
    seal_wipe(key, sizeof key);
    if (!opens)
        return FAIL(err, LK_CORRUPT, "a session's copy of the desk's key does not open");
    if (s.now_ms - s.session.seen_ms > TOUCH_EVERY_MS)
        return store_write(r->store, touch_session, &s, err);
    return LK_OK;
}

struct leaving {
    const struct staff_hand *by;
    uint8_t hash[SEAL_HASH_BYTES];
    int64_t now_ms;
};

static enum lk_status delete_session(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct leaving *l = ctx;
    TRY(session_row_delete(tx, l->hash, err));
    return desk_act_put(tx, l->by, ACT_SIGNED_OUT, 0, 0, l->now_ms, err);
}

enum lk_status staff_sign_out(struct registry *r, const struct staff_hand *by, const char *token,
                              struct lk_error *err)
{
    struct leaving l = {.by = by, .now_ms = clock_now_ms(&r->clock)};
    token_hash(r, token, l.hash);
    return store_write(r->store, delete_session, &l, err);
}

/* ---- choosing a password ---- */

struct choosing {
    struct registry *r;
    const struct staff_hand *by;
    struct staff_row row;
    uint8_t hash[SEAL_HASH_BYTES]; /* of the session that stays */
    int64_t now_ms;
};

static enum lk_status find_own(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct choosing *c = ctx;
    return staff_row_get(tx, c->by->staff, &c->row, err);
}

static enum lk_status write_chosen(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct choosing *c = ctx;
    TRY(staff_row_change(tx, &c->row, err));
    TRY(session_rows_end(tx, c->row.row, c->hash, err));
    return desk_act_put(tx, c->by, ACT_CHOSE_PASSWORD, 0, 0, c->now_ms, err);
}

static size_t count_chars(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

enum lk_status staff_choose(struct registry *r, const struct staff_hand *by, const char *token,
                            const char *present, const char *chosen, struct lk_error *err)
{
    struct choosing c = {.r = r, .by = by, .now_ms = clock_now_ms(&r->clock)};
    struct staff_stretched stretched;
    if (count_chars(chosen) < STAFF_MIN_PASSWORD_CHARS)
        return FAIL(err, LK_INVALID, "a password has at least %d characters",
                    STAFF_MIN_PASSWORD_CHARS);
    if (strlen(chosen) > STAFF_MAX_PASSWORD_BYTES)
        return FAIL(err, LK_INVALID, "a password has at most %d bytes", STAFF_MAX_PASSWORD_BYTES);
    if (strcmp(present, chosen) == 0)
        return FAIL(err, LK_INVALID, "the new password is the present one");
    TRY(store_read(r->store, find_own, &c, err));
    TRY(staff_stretch(r, present, c.row.salt, &stretched, err));
    bool is_right =
        c.row.has_password && seal_equal(stretched.verifier, c.row.verifier, SEAL_HASH_BYTES);
    uint8_t secret[STAFF_SECRET_BYTES];
    bool has_secret = is_right && staff_take_handed(r, &c.row, &stretched, secret);
    if (!has_secret && by->has_secret)
        memcpy(secret, by->secret, sizeof secret);
    seal_wipe(&stretched, sizeof stretched);
    enum lk_status status = LK_OK;
    if (is_right)
        status = staff_set_password(r, &c.row, chosen, has_secret || by->has_secret ? secret : NULL,
                                    err);
    seal_wipe(secret, sizeof secret);
    if (!is_right)
        return FAIL(err, LK_DENIED, "the present password is wrong");
    TRY(status);
    c.row.state = STAFF_ROW_IN_FORCE;
    token_hash(r, token, c.hash);
    return store_write(r->store, write_chosen, &c, err);
}

struct expiring {
    int64_t now_ms;
};

static enum lk_status expire(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct expiring *e = ctx;
    return session_rows_expire(tx, e->now_ms - STAFF_SESSION_MS, e->now_ms - STAFF_IDLE_MS, err);
}

enum lk_status staff_expire(struct registry *r, struct lk_error *err)
{
    struct expiring e = {.now_ms = clock_now_ms(&r->clock)};
    return store_write(r->store, expire, &e, err);
}
