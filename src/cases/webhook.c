#include "cases/webhook.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/webhook_seal.h"
#include "sys/rand.h"

#include <string.h>

static const char *const types[WEBHOOK_N_TYPES] = {
    [WEBHOOK_PING] = "ping",
    [WEBHOOK_NOTICE_CREATED] = "notice.created",
    [WEBHOOK_NOTICE_DUE_SOON] = "notice.due_soon",
    [WEBHOOK_NOTICE_OVERDUE] = "notice.overdue",
    [WEBHOOK_NOTICE_CHANGED] = "notice.changed",
    [WEBHOOK_NOTICE_WITHDRAWN] = "notice.withdrawn",
    [WEBHOOK_MATCH_WAITING] = "match.answer_wanted",
    [WEBHOOK_FEED_CHANGED] = "feed.changed",
};

const char *webhook_type_name(unsigned type)
{
    return type < WEBHOOK_N_TYPES ? types[type] : "unknown";
}

enum webhook_type webhook_type_of(const char *name, size_t n)
{
    for (unsigned i = WEBHOOK_PING + 1; i < WEBHOOK_N_TYPES; i++)
        if (strlen(types[i]) == n && memcmp(types[i], name, n) == 0)
            return i;
    return WEBHOOK_PING;
}

const char *webhook_scheme_name(unsigned scheme)
{
    return scheme == WEBHOOK_ED25519 ? "ed25519" : "hmac";
}

unsigned webhook_scheme_of(const char *name)
{
    if (strcmp(name, "hmac") == 0)
        return WEBHOOK_HMAC;
    return strcmp(name, "ed25519") == 0 ? WEBHOOK_ED25519 : 0;
}

const char *webhook_reason_name(unsigned reason)
{
    static const char *const names[] = {"none", "gone", "failing"};
    return reason <= WEBHOOK_FAILING ? names[reason] : "none";
}

const char *webhook_message_state_name(unsigned state)
{
    static const char *const names[] = {"unknown", "waiting", "delivered", "given_up"};
    return state <= WEBHOOK_MESSAGE_GIVEN_UP ? names[state] : "unknown";
}

void webhook_message_text(const uint8_t id[STORE_ID_BYTES], char *text)
{
    memcpy(text, "msg_", 4);
    hex_encode(id, STORE_ID_BYTES, text + 4);
    text[WEBHOOK_MESSAGE_CHARS] = '\0';
}

const char *webhook_open_url(const struct registry *r, const struct webhook_row *row,
                             struct arena *arena)
{
    if (row->n_url < SEAL_OVERHEAD_BYTES)
        return NULL;
    size_t n = row->n_url - SEAL_OVERHEAD_BYTES;
    char *url = arena_alloc(arena, n + 1);
    if (url == NULL || !seal_take(keys_get(r->keys, KEY_WEBHOOK), LABEL_WEBHOOK_URL,
                                  (struct seal_part){row->public_id, STORE_ID_BYTES}, row->url,
                                  row->n_url, (uint8_t *)url))
        return NULL;
    url[n] = '\0';
    return url;
}

/* One endpoint and what is done with it. */
struct hooking {
    struct registry *r;
    int64_t partner, now_ms;
    uint8_t id[STORE_ID_BYTES];
    struct webhook_row row;
    uint8_t secret[WEBHOOK_SECRET_BYTES]; /* a new one, sealed into row->secret by the function */
    uint8_t message[STORE_ID_BYTES];
    struct webhook_row all[WEBHOOK_MAX_OF_PARTNER];
    size_t n;
    struct webhook_try *tries;
};

static enum lk_status begin(struct hooking *h, struct registry *r, const struct partner *partner,
                            const char *id, struct lk_error *err)
{
    *h = (struct hooking){.r = r, .partner = partner->id, .now_ms = clock_now_ms(&r->clock)};
    if (id != NULL && (strlen(id) != WEBHOOK_ID_CHARS || !hex_decode(id, h->id, STORE_ID_BYTES)))
        return FAIL(err, LK_NOT_FOUND, "no webhook with this id");
    return LK_OK;
}

static enum lk_status show(const struct registry *r, const struct webhook_row *row,
                           struct arena *arena, struct webhook *out, struct lk_error *err)
{
    uint8_t secret[WEBHOOK_SECRET_BYTES];
    *out = (struct webhook){
        .url = webhook_open_url(r, row, arena),
        .scheme = row->scheme,
        .types = row->types,
        .is_disabled = row->state == WEBHOOK_ROW_DISABLED,
        .reason = row->reason,
        .added_ms = row->added_ms,
        .disabled_ms = row->disabled_ms,
        .failing_ms = row->failing_ms,
        .old_until_ms = row->old_until_ms > clock_now_ms(&r->clock) ? row->old_until_ms : 0,
    };
    hex_encode(row->public_id, STORE_ID_BYTES, out->id);
    if (out->url == NULL || !webhook_open_secret(r, row, row->secret, secret))
        return FAIL(err, LK_CORRUPT, "a webhook is damaged in the store");
    if (row->scheme == WEBHOOK_ED25519)
        seal_sign_public(secret, out->public_key);
    seal_wipe(secret, sizeof secret);
    return LK_OK;
}

/* Hands the new secret out where the partner needs it, and wipes ours. */
static void give_secret(struct hooking *h, uint8_t secret[WEBHOOK_SECRET_BYTES])
{
    memset(secret, 0, WEBHOOK_SECRET_BYTES);
    if (h->row.scheme == WEBHOOK_HMAC)
        memcpy(secret, h->secret, WEBHOOK_SECRET_BYTES);
    seal_wipe(h->secret, sizeof h->secret);
}

/* ---- adding ---- */

static enum lk_status check_order(const struct webhook_order *o, struct lk_error *err)
{
    if (strlen(o->url) > WEBHOOK_MAX_URL_BYTES)
        return FAIL(err, LK_INVALID, "the address of a webhook has at most %d bytes",
                    WEBHOOK_MAX_URL_BYTES);
    TRY(refusal_check_text(o->url, strlen(o->url), WEBHOOK_MAX_URL_BYTES, "the address", err));
    if (!fetch_may_ask(o->fetch, o->url, true))
        return FAIL(err, LK_INVALID,
                    "a webhook goes to https:// at a public host and port 443, unless the operator "
                    "allows its address");
    if (o->scheme != WEBHOOK_HMAC && o->scheme != WEBHOOK_ED25519)
        return FAIL(err, LK_INVALID, "messages are signed by hmac or ed25519");
    if ((o->types & ~WEBHOOK_ALL_TYPES) != 0)
        return FAIL(err, LK_INVALID, "no such type of message");
    return LK_OK;
}

static enum lk_status add(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct hooking *h = ctx;
    TRY(webhook_rows_of(tx, h->partner, h->all, &h->n, err));
    if (h->n == WEBHOOK_MAX_OF_PARTNER)
        return FAIL(err, LK_LIMIT, "a partner has at most %d webhooks: remove one first",
                    WEBHOOK_MAX_OF_PARTNER);
    return webhook_row_add(tx, &h->row, err);
}

enum lk_status webhook_add(struct registry *r, const struct partner *partner,
                           const struct webhook_order *order, struct arena *arena,
                           struct webhook *out, uint8_t secret[WEBHOOK_SECRET_BYTES],
                           struct lk_error *err)
{
    struct hooking h;
    TRY(begin(&h, r, partner, NULL, err));
    TRY(check_order(order, err));
    h.row = (struct webhook_row){
        .partner = partner->id,
        .scheme = order->scheme,
        .types = order->types == 0 ? WEBHOOK_ALL_TYPES : order->types,
        .n_url = strlen(order->url) + SEAL_OVERHEAD_BYTES,
        .added_ms = h.now_ms,
        .state = WEBHOOK_ROW_IN_FORCE,
    };
    rand_bytes(h.row.public_id, sizeof h.row.public_id);
    rand_bytes(h.secret, sizeof h.secret);
    webhook_seal_secret(r, &h.row, h.secret, h.row.secret);
    seal_put(keys_get(r->keys, KEY_WEBHOOK), LABEL_WEBHOOK_URL,
             (struct seal_part){h.row.public_id, STORE_ID_BYTES}, order->url, strlen(order->url),
             h.row.url);
    enum lk_status status = store_write(r->store, add, &h, err);
    give_secret(&h, secret);
    return status == LK_OK ? show(r, &h.row, arena, out, err) : status;
}

/* ---- the others ---- */

static enum lk_status list(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct hooking *h = ctx;
    return webhook_rows_of(tx, h->partner, h->all, &h->n, err);
}

enum lk_status webhook_list(struct registry *r, const struct partner *partner, struct arena *arena,
                            struct webhook **out, size_t *n, struct lk_error *err)
{
    struct hooking h;
    TRY(begin(&h, r, partner, NULL, err));
    TRY(store_read(r->store, list, &h, err));
    *out = arena_zalloc(arena, h.n + 1, sizeof **out);
    if (*out == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the webhooks");
    for (size_t i = 0; i < h.n; i++)
        TRY(show(r, &h.all[i], arena, &(*out)[i], err));
    *n = h.n;
    return LK_OK;
}

static enum lk_status remove_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct hooking *h = ctx;
    TRY(webhook_row_find(tx, h->partner, h->id, &h->row, err));
    return webhook_row_delete(tx, h->row.row, err);
}

enum lk_status webhook_remove(struct registry *r, const struct partner *partner, const char *id,
                              struct lk_error *err)
{
    struct hooking h;
    TRY(begin(&h, r, partner, id, err));
    return store_write(r->store, remove_row, &h, err);
}

static enum lk_status rotate(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct hooking *h = ctx;
    TRY(webhook_row_find(tx, h->partner, h->id, &h->row, err));
    memcpy(h->row.old_secret, h->row.secret, sizeof h->row.old_secret);
    h->row.old_until_ms = h->now_ms + WEBHOOK_OLD_SECRET_MS;
    webhook_seal_secret(h->r, &h->row, h->secret, h->row.secret);
    return webhook_row_change(tx, &h->row, err);
}

enum lk_status webhook_rotate(struct registry *r, const struct partner *partner, const char *id,
                              struct arena *arena, struct webhook *out,
                              uint8_t secret[WEBHOOK_SECRET_BYTES], struct lk_error *err)
{
    struct hooking h;
    TRY(begin(&h, r, partner, id, err));
    rand_bytes(h.secret, sizeof h.secret);
    enum lk_status status = store_write(r->store, rotate, &h, err);
    give_secret(&h, secret);
    return status == LK_OK ? show(r, &h.row, arena, out, err) : status;
}

static enum lk_status enable(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct hooking *h = ctx;
    TRY(webhook_row_find(tx, h->partner, h->id, &h->row, err));
    if (h->row.state == WEBHOOK_ROW_IN_FORCE)
        return FAIL(err, LK_CONFLICT, "the webhook is in force");
    h->row.state = WEBHOOK_ROW_IN_FORCE;
    h->row.reason = WEBHOOK_NO_REASON;
    h->row.disabled_ms = h->row.failing_ms = h->row.rest_ms = 0;
    h->row.n_failed = 0;
    return webhook_row_change(tx, &h->row, err);
}

enum lk_status webhook_enable(struct registry *r, const struct partner *partner, const char *id,
                              struct lk_error *err)
{
    struct hooking h;
    TRY(begin(&h, r, partner, id, err));
    return store_write(r->store, enable, &h, err);
}

static enum lk_status put_ping(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct hooking *h = ctx;
    bool waits = false;
    TRY(webhook_row_find(tx, h->partner, h->id, &h->row, err));
    if (h->row.state != WEBHOOK_ROW_IN_FORCE)
        return FAIL(err, LK_CONFLICT, "the webhook is disabled: enable it first");
    TRY(webhook_message_waits(tx, h->row.row, WEBHOOK_PING, &waits, err));
    if (waits)
        return FAIL(err, LK_CONFLICT, "a ping is on its way already");
    return webhook_message_add(tx, h->row.row, WEBHOOK_PING, NULL, h->now_ms, h->message, err);
}

enum lk_status webhook_test(struct registry *r, const struct partner *partner, const char *id,
                            char message[WEBHOOK_MESSAGE_CHARS + 1], struct lk_error *err)
{
    struct hooking h;
    TRY(begin(&h, r, partner, id, err));
    TRY(store_write(r->store, put_ping, &h, err));
    webhook_message_text(h.message, message);
    return LK_OK;
}

static enum lk_status keep_try(void *ctx, const struct webhook_try_row *row, struct lk_error *err)
{
    struct hooking *h = ctx;
    (void)err;
    if (h->n == WEBHOOK_MAX_LOG)
        return LK_OK;
    struct webhook_try *out = &h->tries[h->n++];
    *out = (struct webhook_try){
        .type = row->type,
        .state = row->state,
        .number = row->number,
        .at_ms = row->at_ms,
        .status = row->status,
        .end = row->fetch_end,
        .duration_ms = row->duration_ms,
    };
    webhook_message_text(row->message_id, out->message);
    return LK_OK;
}

static enum lk_status read_log(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct hooking *h = ctx;
    TRY(webhook_row_find(tx, h->partner, h->id, &h->row, err));
    return webhook_tries_of(tx, h->row.row, WEBHOOK_MAX_LOG, keep_try, h, err);
}

enum lk_status webhook_log(struct registry *r, const struct partner *partner, const char *id,
                           struct arena *arena, struct webhook_try **out, size_t *n,
                           struct lk_error *err)
{
    struct hooking h;
    TRY(begin(&h, r, partner, id, err));
    h.tries = arena_zalloc(arena, WEBHOOK_MAX_LOG, sizeof *h.tries);
    if (h.tries == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the log of a webhook");
    TRY(store_read(r->store, read_log, &h, err));
    *out = h.tries;
    *n = h.n;
    return LK_OK;
}
