/* cases/webhook.h - addresses at which a partner is told that something happened.
 *
 * What is told is thin: a type, a time and the partner's own id of the thing, never an address, a
 * print or a text; the partner then asks for it with its key. What happens is written down in the
 * transaction in which it happens (store/webhook_rows.h) and sent by cases/webhook_out.h, signed
 * with a secret that the partner was shown once. docs/formats/webhooks.md is the specification.
 * Functions name an endpoint by its id as text; another partner's is not found. Threads: any. */
#ifndef CASES_WEBHOOK_H
#define CASES_WEBHOOK_H

#include "cases/partner.h"
#include "cases/registry.h"
#include "store/webhook_rows.h"
#include "sys/fetch.h"

#define WEBHOOK_ID_CHARS      (2 * STORE_ID_BYTES)
#define WEBHOOK_MESSAGE_CHARS (4 + 2 * STORE_ID_BYTES) /* "msg_" and digits: the webhook-id */
#define WEBHOOK_OLD_SECRET_MS CLOCK_DAY_MS             /* for which it signs too */
#define WEBHOOK_MAX_LOG       100
#define WEBHOOK_LOG_DAYS      30

enum webhook_scheme {
    WEBHOOK_HMAC = 1, /* HMAC-SHA256: both sides have the secret */
    WEBHOOK_ED25519   /* the partner has the public key alone */
};
const char *webhook_scheme_name(unsigned scheme); /* "hmac" "ed25519" */
unsigned webhook_scheme_of(const char *name);     /* 0: none of them */

/* "ping" "notice.created" "notice.due_soon" "notice.overdue" "notice.changed" "notice.withdrawn"
 * "match.answer_wanted" "feed.changed" */
const char *webhook_type_name(unsigned type);

/* One name of the list above but "ping". WEBHOOK_PING: none of them. */
enum webhook_type webhook_type_of(const char *name, size_t n);

enum webhook_reason {
    WEBHOOK_NO_REASON,
    WEBHOOK_GONE,   /* it answered 410 */
    WEBHOOK_FAILING /* nothing arrived for days */
};
const char *webhook_reason_name(unsigned reason); /* "none" "gone" "failing" */

const char *webhook_message_state_name(unsigned state); /* "waiting" "delivered" "given_up" */

struct webhook {
    char id[WEBHOOK_ID_CHARS + 1];
    const char *url;
    unsigned scheme, types; /* enum webhook_scheme; a bit each type */
    bool is_disabled;
    unsigned reason; /* enum webhook_reason, once disabled */
    int64_t added_ms, disabled_ms;
    int64_t failing_ms;   /* since when nothing arrives; 0: the last try did, or there was none */
    int64_t old_until_ms; /* until when the secret before signs too; 0: there is none */
    uint8_t public_key[SEAL_SIGN_KEY_BYTES]; /* of WEBHOOK_ED25519 */
};

struct webhook_order {
    const char *url;
    unsigned types; /* a bit each; 0: all */
    unsigned scheme;
    const struct fetch_config *fetch; /* what may be asked: sys/fetch.h */
};

/* Adds an endpoint; `secret` receives the key of WEBHOOK_HMAC, which is not shown again, and zeros
 * otherwise. Errors: LK_INVALID (url: https, a public host, port 443, at most
 * WEBHOOK_MAX_URL_BYTES, or what the operator allows; scheme; types), LK_LIMIT
 * (WEBHOOK_MAX_OF_PARTNER), LK_IO, LK_NOMEM.
 */
enum lk_status webhook_add(struct registry *r, const struct partner *partner,
                           const struct webhook_order *order, struct arena *arena,
                           struct webhook *out, uint8_t secret[WEBHOOK_SECRET_BYTES],
                           struct lk_error *err) LK_MUST_CHECK;

/* A partner's, the oldest first, in the arena. */
enum lk_status webhook_list(struct registry *r, const struct partner *partner, struct arena *arena,
                            struct webhook **out, size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* With what waits for it and its log. Errors: LK_NOT_FOUND, LK_IO. */
enum lk_status webhook_remove(struct registry *r, const struct partner *partner, const char *id,
                              struct lk_error *err) LK_MUST_CHECK;

/* A new secret, shown once as by webhook_add(). The one before signs too for WEBHOOK_OLD_SECRET_MS;
 * the one before that no longer. Errors: LK_NOT_FOUND, LK_IO, LK_NOMEM. */
enum lk_status webhook_rotate(struct registry *r, const struct partner *partner, const char *id,
                              struct arena *arena, struct webhook *out,
                              uint8_t secret[WEBHOOK_SECRET_BYTES],
                              struct lk_error *err) LK_MUST_CHECK;

/* In force again. What happened meanwhile is not told. Errors: LK_NOT_FOUND, LK_CONFLICT (it is in
 * force), LK_IO. */
enum lk_status webhook_enable(struct registry *r, const struct partner *partner, const char *id,
                              struct lk_error *err) LK_MUST_CHECK;

/* A "ping" is to be sent, once. Errors: LK_NOT_FOUND, LK_CONFLICT (disabled, or one is under way),
 * LK_IO. */
enum lk_status webhook_test(struct registry *r, const struct partner *partner, const char *id,
                            char message[WEBHOOK_MESSAGE_CHARS + 1],
                            struct lk_error *err) LK_MUST_CHECK;

struct webhook_try {
    char message[WEBHOOK_MESSAGE_CHARS + 1];
    unsigned type, state; /* enum webhook_type, webhook_message_state: as it is now */
    unsigned number;      /* of the try, from 1 */
    int64_t at_ms;        /* only the day, where the time would be that of a person's visit */
    unsigned status;      /* of HTTP; 0: there was no answer, and `end` says why */
    enum fetch_end end;
    unsigned duration_ms;
};

/* The newest tries of an endpoint, at most WEBHOOK_MAX_LOG, the newest first. Errors: LK_NOT_FOUND,
 * LK_IO, LK_NOMEM. */
enum lk_status webhook_log(struct registry *r, const struct partner *partner, const char *id,
                           struct arena *arena, struct webhook_try **out, size_t *n,
                           struct lk_error *err) LK_MUST_CHECK;

#endif
