#include "cases/staff.h"

#include "base/err.h"
#include "cases/desk_act.h"
#include "cases/staff_keys.h"
#include "sys/rand.h"

#include <stdio.h>
#include <string.h>

static const char *const role_names[STAFF_N_ROLES] = {
    "", "caseworker", "lead", "admin", "auditor", "police",
};

const char *staff_role_name(unsigned role)
{
    return role > 0 && role < STAFF_N_ROLES ? role_names[role] : "unknown";
}

unsigned staff_role_of(const char *name)
{
    for (unsigned i = 1; name != NULL && i < STAFF_N_ROLES; i++)
        if (strcmp(role_names[i], name) == 0)
            return i;
    return 0;
}

bool staff_may(unsigned role, enum staff_right right)
{
#define ALLOWED(right) (1U << (right))
    static const unsigned rights[STAFF_N_ROLES] = {
        [STAFF_CASEWORKER] = ALLOWED(STAFF_MAY_SIGN_IN) | ALLOWED(STAFF_MAY_SEE_QUEUE) |
                             ALLOWED(STAFF_MAY_READ) | ALLOWED(STAFF_MAY_WRITE) |
                             ALLOWED(STAFF_MAY_DECIDE),
        [STAFF_LEAD] = ALLOWED(STAFF_MAY_SIGN_IN) | ALLOWED(STAFF_MAY_SEE_QUEUE) |
                       ALLOWED(STAFF_MAY_READ) | ALLOWED(STAFF_MAY_WRITE) |
                       ALLOWED(STAFF_MAY_DECIDE) | ALLOWED(STAFF_MAY_AUDIT),
        [STAFF_ADMIN] = ALLOWED(STAFF_MAY_SIGN_IN) | ALLOWED(STAFF_MAY_SEE_QUEUE) |
                        ALLOWED(STAFF_MAY_READ) | ALLOWED(STAFF_MAY_WRITE) |
                        ALLOWED(STAFF_MAY_DECIDE) | ALLOWED(STAFF_MAY_AUDIT) |
                        ALLOWED(STAFF_MAY_MANAGE),
        [STAFF_AUDITOR] =
            ALLOWED(STAFF_MAY_SIGN_IN) | ALLOWED(STAFF_MAY_SEE_QUEUE) | ALLOWED(STAFF_MAY_AUDIT),
        [STAFF_POLICE] = ALLOWED(STAFF_MAY_SIGN_IN) | ALLOWED(STAFF_MAY_TAKE_PACKS),
    };
    return role < STAFF_N_ROLES && (rights[role] & ALLOWED(right)) != 0;
}

void staff_hand_wipe(struct staff_hand *hand)
{
    seal_wipe(hand, sizeof *hand);
}

void staff_console(const struct registry *r, struct staff_hand *hand)
{
    uint8_t public_key[SEAL_BOX_KEY_BYTES];
    *hand = (struct staff_hand){.role = STAFF_ADMIN, .has_secret = r->has_desk_secret};
    if (r->has_desk_secret)
        seal_box_of_seed(keys_get(r->keys, KEY_DESK), public_key, hand->secret);
}

/* ---- adding, and giving new secrets ---- */

static enum lk_status check_name(const char *name, struct lk_error *err)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-";
    size_t n = strlen(name);
    if (n == 0 || n > STAFF_MAX_NAME_BYTES || strspn(name, good) != n)
        return FAIL(err, LK_INVALID,
                    "a name is 1 to %d letters, digits, dots, '_', '@' or '-', without spaces",
                    STAFF_MAX_NAME_BYTES);
    return LK_OK;
}

/* Four groups of four, from 32 signs that are not mistaken for each other: 80 bits. */
static void draw_password(char out[STAFF_PASSWORD_CHARS + 1])
{
    static const char signs[] = "abcdefghjkmnpqrstuvwxyz23456789+";
    for (size_t i = 0; i < STAFF_PASSWORD_CHARS; i++)
        out[i] = i % 5 == 4 ? '-' : signs[rand_below(32)];
    out[STAFF_PASSWORD_CHARS] = '\0';
}

static enum lk_status welcome(const struct registry *r, struct staff_row *row,
                              const uint8_t *secret, struct staff_welcome *out,
                              struct lk_error *err)
{
    uint8_t totp[TOTP_SECRET_BYTES];
    rand_bytes(totp, sizeof totp);
    draw_password(out->password);
    totp_base32(totp, out->totp);
    snprintf(out->uri, sizeof out->uri,
             "otpauth://totp/Desk:%s?secret=%s&issuer=Desk&algorithm=SHA1&digits=6&period=30",
             row->name, out->totp);
    enum lk_status status = staff_set_password(r, row, out->password, secret, err);
    if (status == LK_OK)
        staff_wrap_totp(r, row, totp);
    seal_wipe(totp, sizeof totp);
    row->state = STAFF_ROW_NEW;
    row->n_failed = 0;
    row->locked_until_ms = 0;
    return status;
}

struct changing {
    struct registry *r;
    const struct staff_hand *by;
    const char *name;
    struct staff_row row;
    struct staff_welcome *out;
    const uint8_t *secret; /* that is handed on */
    unsigned act;
    int64_t now_ms;
};

static enum lk_status add_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct changing *c = ctx;
    TRY(staff_row_add(tx, &c->row, err));
    return desk_act_put(tx, c->by, ACT_ADDED_STAFF, 0, c->row.row, c->now_ms, err);
}

/* The console may do without: it can hand the key on later, by staff_hand_key(). */
static enum lk_status need_secret(const struct staff_hand *by, unsigned role, struct lk_error *err)
{
    if (staff_may(role, STAFF_MAY_READ) && !by->has_secret && by->staff != 0)
        return FAIL(err, LK_DENIED,
                    "a %s reads what people write: the desk's secret key is needed to hand it on",
                    staff_role_name(role));
    return LK_OK;
}

static const uint8_t *secret_for(const struct staff_hand *by, unsigned role)
{
    return staff_may(role, STAFF_MAY_READ) && by->has_secret ? by->secret : NULL;
}

enum lk_status staff_add(struct registry *r, const struct staff_hand *by, const char *name,
                         unsigned role, bool by_proxy, struct staff_welcome *out,
                         struct lk_error *err)
{
    struct changing c = {.r = r, .by = by, .now_ms = clock_now_ms(&r->clock)};
    *out = (struct staff_welcome){0};
    TRY(check_name(name, err));
    if (role == 0 || role >= STAFF_N_ROLES)
        return FAIL(err, LK_INVALID, "a role is caseworker, lead, admin, auditor or police");
    TRY(need_secret(by, role, err));
    c.row = (struct staff_row){.role = role, .state = STAFF_ROW_IN_FORCE, .added_ms = c.now_ms};
    memcpy(c.row.name, name, strlen(name) + 1);
    rand_bytes(c.row.public_id, sizeof c.row.public_id);
    const uint8_t *secret = secret_for(by, role);
    if (!by_proxy)
        TRY(welcome(r, &c.row, secret, out, err));
    else if (secret != NULL)
        staff_wrap_desk(r, &c.row, NULL, secret);
    return store_write(r->store, add_row, &c, err);
}

static enum lk_status write_changed(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct changing *c = ctx;
    struct staff_row now;
    TRY(staff_row_get(tx, c->row.row, &now, err));
    if (now.state == STAFF_ROW_ENDED)
        return FAIL(err, LK_CONFLICT, "the account of '%s' has ended", c->name);
    TRY(staff_row_change(tx, &c->row, err));
    TRY(session_rows_end(tx, c->row.row, NULL, err));
    return desk_act_put(tx, c->by, c->act, 0, c->row.row, c->now_ms, err);
}

static enum lk_status find_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct changing *c = ctx;
    return staff_row_named(tx, c->name, &c->row, err);
}

enum lk_status staff_reset(struct registry *r, const struct staff_hand *by, const char *name,
                           struct staff_welcome *out, struct lk_error *err)
{
    struct changing c = {.r = r, .by = by, .name = name, .act = ACT_RESET_STAFF};
    *out = (struct staff_welcome){0};
    c.now_ms = clock_now_ms(&r->clock);
    TRY(store_read(r->store, find_row, &c, err));
    TRY(need_secret(by, c.row.role, err));
    TRY(welcome(r, &c.row, secret_for(by, c.row.role), out, err));
    return store_write(r->store, write_changed, &c, err);
}

/* On the row as it is now: a password may have been chosen meanwhile. */
static enum lk_status write_handed(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct changing *c = ctx;
    TRY(staff_row_named(tx, c->name, &c->row, err));
    if (c->row.state == STAFF_ROW_ENDED)
        return FAIL(err, LK_CONFLICT, "the account of '%s' has ended", c->name);
    if (!staff_may(c->row.role, STAFF_MAY_READ))
        return FAIL(err, LK_INVALID, "a %s does not read what people write",
                    staff_role_name(c->row.role));
    if (!c->row.has_password) {
        staff_wrap_desk(c->r, &c->row, NULL, c->secret);
    } else if (c->row.has_box) {
        seal_box_put(c->row.box, c->secret, STAFF_SECRET_BYTES, c->row.handed);
        c->row.has_handed = true;
    } else {
        return FAIL(err, LK_CONFLICT, "'%s' has to sign in once first", c->name);
    }
    TRY(staff_row_change(tx, &c->row, err));
    return desk_act_put(tx, c->by, ACT_HANDED_KEY, 0, c->row.row, c->now_ms, err);
}

enum lk_status staff_hand_key(struct registry *r, const struct staff_hand *by, const char *name,
                              const uint8_t secret[STAFF_SECRET_BYTES], struct lk_error *err)
{
    struct changing c = {.r = r, .by = by, .name = name, .secret = secret};
    uint8_t public_key[SEAL_BOX_KEY_BYTES];
    c.now_ms = clock_now_ms(&r->clock);
    seal_box_public(secret, public_key);
    if (memcmp(public_key, r->desk_public, sizeof public_key) != 0)
        return FAIL(err, LK_INVALID, "this is not the secret half of the desk's public key");
    return store_write(r->store, write_handed, &c, err);
}

enum lk_status staff_end(struct registry *r, const struct staff_hand *by, const char *name,
                         struct lk_error *err)
{
    struct changing c = {.r = r, .by = by, .name = name, .act = ACT_ENDED_STAFF};
    c.now_ms = clock_now_ms(&r->clock);
    TRY(store_read(r->store, find_row, &c, err));
    if (by->staff != 0 && by->staff == c.row.row)
        return FAIL(err, LK_CONFLICT, "an account is not ended by itself: ask another admin");
    c.row.state = STAFF_ROW_ENDED;
    c.row.ended_ms = c.now_ms;
    c.row.has_password = c.row.has_desk = c.row.has_box = c.row.has_handed = false;
    return store_write(r->store, write_changed, &c, err);
}

/* ---- the list ---- */

enum { MAX_STAFF = 1000 };

struct listing {
    struct arena *arena;
    struct staff_member *members;
    size_t n;
};

static enum lk_status add_member(void *ctx, const struct staff_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    if (l->n == MAX_STAFF)
        return LK_OK;
    struct staff_member *m = &l->members[l->n++];
    *m = (struct staff_member){
        .id = row->row,
        .name = arena_copy(l->arena, row->name, strlen(row->name)),
        .role = row->role,
        .is_new = row->state == STAFF_ROW_NEW,
        .has_ended = row->state == STAFF_ROW_ENDED,
        .by_proxy = row->state == STAFF_ROW_IN_FORCE && !row->has_password,
        .lacks_key = staff_may(row->role, STAFF_MAY_READ) && row->state != STAFF_ROW_ENDED &&
                     !row->has_desk && !row->has_handed,
        .added_ms = row->added_ms,
        .ended_ms = row->ended_ms,
    };
    return m->name == NULL ? FAIL(err, LK_NOMEM, "no memory for the list of staff") : LK_OK;
}

static enum lk_status list_rows(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return staff_rows(tx, add_member, ctx, err);
}

enum lk_status staff_list(struct registry *r, struct arena *arena, struct staff_member **out,
                          size_t *n, struct lk_error *err)
{
    struct listing l = {.arena = arena};
    l.members = arena_zalloc(arena, MAX_STAFF, sizeof *l.members);
    if (l.members == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the list of staff");
    TRY(store_read(r->store, list_rows, &l, err));
    *out = l.members;
    *n = l.n;
    return LK_OK;
}
