/* A partner's further keys, and replacing the first. */
#include "cases/partner.h"
#include "cases/partner_inside.h"

#include "base/err.h"

#include <string.h>

static const char *const scope_names[PARTNER_N_SCOPES] = {"match",    "answer", "notices", "feed",
                                                          "webhooks", "lists",  "cases"};

const char *partner_scope_name(unsigned scope)
{
    for (unsigned i = 0; i < PARTNER_N_SCOPES; i++)
        if (scope == 1u << i)
            return scope_names[i];
    return "unknown";
}

unsigned partner_scope_from_name(const char *name, size_t n)
{
    for (unsigned i = 0; i < PARTNER_N_SCOPES; i++)
        if (strlen(scope_names[i]) == n && memcmp(scope_names[i], name, n) == 0)
            return 1u << i;
    return 0;
}

struct adding {
    struct partner_key_row row;
    uint8_t key_hash[SEAL_HASH_BYTES];
    int64_t now_ms;
    size_t n_in_force;
};

static enum lk_status count_one(void *ctx, const struct partner_key_row *key, struct lk_error *err)
{
    struct adding *a = ctx;
    (void)err;
    a->n_in_force += key->until_ms == 0 || key->until_ms > a->now_ms;
    return LK_OK;
}

static enum lk_status add(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct adding *a = ctx;
    a->n_in_force = 0;
    TRY(partner_key_rows(tx, a->row.partner, count_one, a, err));
    if (a->n_in_force >= PARTNER_MAX_KEYS)
        return FAIL(err, LK_LIMIT, "a partner has at most %d further keys: end one first",
                    PARTNER_MAX_KEYS);
    return partner_key_row_add(tx, &a->row, a->key_hash, &a->row.row, err);
}

enum lk_status partner_key_add(struct registry *r, const struct partner *partner, const char *label,
                               unsigned scopes, int64_t until_ms, char key[PARTNER_KEY_CHARS + 1],
                               int64_t *id, struct lk_error *err)
{
    size_t n = strlen(label);
    struct adding a = {.now_ms = clock_now_ms(&r->clock)};
    if (scopes == 0 || (scopes & ~(unsigned)PARTNER_MAY_ALL) != 0)
        return FAIL(err, LK_INVALID, "a key is for at least one of the known purposes");
    if (n == 0 || n >= sizeof a.row.label)
        return FAIL(err, LK_INVALID, "the label of a key has 1 to %zu bytes",
                    sizeof a.row.label - 1);
    TRY(refusal_check_text(label, n, sizeof a.row.label - 1, "the label", err));
    a.row.partner = partner->id;
    a.row.scopes = scopes;
    a.row.added_ms = a.now_ms;
    a.row.until_ms = until_ms;
    memcpy(a.row.label, label, n + 1);
    partner_key_draw(key);
    partner_key_hash(r, key, a.key_hash);
    enum lk_status status = store_write(r->store, add, &a, err);
    if (status != LK_OK)
        seal_wipe(key, PARTNER_KEY_CHARS + 1);
    *id = a.row.row;
    return status;
}

struct listing {
    struct arena *arena;
    int64_t partner, now_ms;
    struct partner_key *keys;
    size_t n, room;
};

static enum lk_status list_one(void *ctx, const struct partner_key_row *row, struct lk_error *err)
{
    struct listing *l = ctx;
    if (l->n == l->room) {
        size_t room = l->room == 0 ? 8 : 2 * l->room;
        struct partner_key *more = arena_zalloc(l->arena, room, sizeof *more);
        if (more == NULL)
            return FAIL(err, LK_NOMEM, "no memory to list keys");
        if (l->n > 0)
            memcpy(more, l->keys, l->n * sizeof *more);
        l->keys = more;
        l->room = room;
    }
    struct partner_key *key = &l->keys[l->n++];
    *key = (struct partner_key){
        .id = row->row,
        .scopes = row->scopes,
        .added_ms = row->added_ms,
        .until_ms = row->until_ms,
        .is_over = row->until_ms != 0 && row->until_ms <= l->now_ms,
    };
    memcpy(key->label, row->label, sizeof key->label);
    return LK_OK;
}

static enum lk_status list(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct listing *l = ctx;
    l->n = 0;
    return partner_key_rows(tx, l->partner, list_one, l, err);
}

enum lk_status partner_keys(struct registry *r, const struct partner *partner, struct arena *arena,
                            struct partner_key **out, size_t *n, struct lk_error *err)
{
    struct listing l = {.arena = arena, .partner = partner->id, .now_ms = clock_now_ms(&r->clock)};
    TRY(store_read(r->store, list, &l, err));
    *out = l.keys;
    *n = l.n;
    return LK_OK;
}

struct ending {
    int64_t partner, id, now_ms;
};

static enum lk_status end(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct ending *e = ctx;
    return partner_key_row_end(tx, e->partner, e->id, e->now_ms, err);
}

enum lk_status partner_key_end(struct registry *r, const struct partner *partner, int64_t id,
                               struct lk_error *err)
{
    struct ending e = {partner->id, id, clock_now_ms(&r->clock)};
    return store_write(r->store, end, &e, err);
}

static enum lk_status rotate(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct adding *a = ctx;
    uint8_t old[SEAL_HASH_BYTES];
    TRY(partner_row_rekey(tx, a->row.partner, a->key_hash, old, err));
    return a->row.until_ms > a->now_ms ? partner_key_row_add(tx, &a->row, old, &a->row.row, err)
                                       : LK_OK;
}

enum lk_status partner_rotate(struct registry *r, const struct partner *partner, int64_t overlap_ms,
                              char key[PARTNER_KEY_CHARS + 1], struct lk_error *err)
{
    struct adding a = {.now_ms = clock_now_ms(&r->clock)};
    a.row = (struct partner_key_row){
        .partner = partner->id,
        .label = "before the last rotation",
        .scopes = PARTNER_MAY_ALL,
        .added_ms = partner->added_ms,
        .until_ms = a.now_ms + overlap_ms,
    };
    partner_key_draw(key);
    partner_key_hash(r, key, a.key_hash);
    enum lk_status status = store_write(r->store, rotate, &a, err);
    if (status != LK_OK)
        seal_wipe(key, PARTNER_KEY_CHARS + 1);
    return status;
}
