/* store/webhook_rows.h - the endpoints at which partners are told that something happened, and what
 * is to be told: an outbox, with the tries as its log. */
#ifndef STORE_WEBHOOK_ROWS_H
#define STORE_WEBHOOK_ROWS_H

#include "store/change_rows.h"
#include "sys/seal.h"

#include <stdbool.h>

#define WEBHOOK_MAX_OF_PARTNER 5
#define WEBHOOK_MAX_URL_BYTES  1000
#define WEBHOOK_SECRET_BYTES   32

enum webhook_type {
    WEBHOOK_PING = 0, /* asked for, whatever an endpoint listens to */
    WEBHOOK_NOTICE_CREATED,
    WEBHOOK_NOTICE_DUE_SOON,
    WEBHOOK_NOTICE_OVERDUE,
    WEBHOOK_NOTICE_CHANGED,   /* by the desk or by a look at the address */
    WEBHOOK_NOTICE_WITHDRAWN, /* its case is closed: it is gone */
    WEBHOOK_MATCH_WAITING,    /* a match without an answer */
    WEBHOOK_FEED_CHANGED,     /* entries came or went */
    WEBHOOK_N_TYPES
};
#define WEBHOOK_BIT(type) (1U << (type))
#define WEBHOOK_ALL_TYPES ((1U << WEBHOOK_N_TYPES) - 1 - WEBHOOK_BIT(WEBHOOK_PING))

enum webhook_row_state { WEBHOOK_ROW_IN_FORCE = 1, WEBHOOK_ROW_DISABLED = 2 };

struct webhook_row {
    int64_t row, partner;
    uint8_t public_id[STORE_ID_BYTES];
    unsigned scheme;                                          /* enum webhook_scheme */
    unsigned types;                                           /* a bit each */
    uint8_t url[WEBHOOK_MAX_URL_BYTES + SEAL_OVERHEAD_BYTES]; /* sealed */
    size_t n_url;
    uint8_t secret[WEBHOOK_SECRET_BYTES + SEAL_OVERHEAD_BYTES];     /* sealed */
    uint8_t old_secret[WEBHOOK_SECRET_BYTES + SEAL_OVERHEAD_BYTES]; /* sealed */
    int64_t old_until_ms;                                           /* 0: there is none */
    int64_t added_ms, disabled_ms, failing_ms, tried_ms, rest_ms;
    unsigned state, reason; /* enum webhook_row_state, webhook_reason */
    unsigned n_failed;
    uint64_t feed_seq;
    int64_t feed_ms, match_row;
};

/* Inserts; webhook->row receives its number. What it is told begins with now. */
enum lk_status webhook_row_add(struct store_tx *tx, struct webhook_row *webhook,
                               struct lk_error *err) LK_MUST_CHECK;

/* A partner's, the oldest first. */
enum lk_status webhook_rows_of(struct store_tx *tx, int64_t partner,
                               struct webhook_row out[WEBHOOK_MAX_OF_PARTNER], size_t *n,
                               struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND (no such, or another partner's). */
enum lk_status webhook_row_find(struct store_tx *tx, int64_t partner,
                                const uint8_t public_id[STORE_ID_BYTES], struct webhook_row *out,
                                struct lk_error *err) LK_MUST_CHECK;
enum lk_status webhook_row_get(struct store_tx *tx, int64_t row, struct webhook_row *out,
                               struct lk_error *err) LK_MUST_CHECK;

/* The next one in force of a partner whose key is, after a row, that listens to a type. Errors:
 * LK_NOT_FOUND. */
enum lk_status webhook_row_next(struct store_tx *tx, int64_t after, enum webhook_type type,
                                struct webhook_row *out, struct lk_error *err) LK_MUST_CHECK;

/* Writes all but who and where it is: secrets, state, failures, what it was told. */
enum lk_status webhook_row_change(struct store_tx *tx, const struct webhook_row *webhook,
                                  struct lk_error *err) LK_MUST_CHECK;

/* With its messages and their log. */
enum lk_status webhook_row_delete(struct store_tx *tx, int64_t row,
                                  struct lk_error *err) LK_MUST_CHECK;

/* ---- the outbox ---- */

enum webhook_message_state {
    WEBHOOK_MESSAGE_WAITING = 1,
    WEBHOOK_MESSAGE_DELIVERED,
    WEBHOOK_MESSAGE_GIVEN_UP
};

struct webhook_message {
    int64_t row, webhook;
    uint8_t public_id[STORE_ID_BYTES];
    unsigned type; /* enum webhook_type */
    bool has_subject;
    uint8_t subject[STORE_ID_BYTES];
    int64_t event_ms;
    unsigned state, n_tries;
    int64_t next_ms;
};

/* Tells every endpoint of a partner (0: of none) that is in force and listens to that type.
 * subject: the partner's own id of what it is about. Part of the transaction in which it happened.
 */
enum lk_status webhook_tell(struct store_tx *tx, int64_t partner, enum webhook_type type,
                            const uint8_t subject[STORE_ID_BYTES], int64_t now_ms,
                            struct lk_error *err) LK_MUST_CHECK;

/* Tells the partners in whose inboxes a case's notices are that these are gone. Only the day is
 * kept: the time would be that of a person's visit. */
enum lk_status webhook_tell_case_closed(struct store_tx *tx, int64_t case_row, int64_t day_ms,
                                        struct lk_error *err) LK_MUST_CHECK;

/* Tells one endpoint; the id is drawn here. subject: NULL: none. */
enum lk_status webhook_message_add(struct store_tx *tx, int64_t webhook, enum webhook_type type,
                                   const uint8_t *subject, int64_t now_ms,
                                   uint8_t public_id[STORE_ID_BYTES],
                                   struct lk_error *err) LK_MUST_CHECK;

/* One that is due, of the endpoint that was tried the longest ago. Errors: LK_NOT_FOUND. */
enum lk_status webhook_message_due(struct store_tx *tx, int64_t now_ms, struct webhook_message *out,
                                   struct lk_error *err) LK_MUST_CHECK;

enum lk_status webhook_message_get(struct store_tx *tx, int64_t row, struct webhook_message *out,
                                   struct lk_error *err) LK_MUST_CHECK;

/* Writes state, n_tries and next_ms. */
enum lk_status webhook_message_set(struct store_tx *tx, const struct webhook_message *message,
                                   struct lk_error *err) LK_MUST_CHECK;

/* Does one of that type wait? */
enum lk_status webhook_message_waits(struct store_tx *tx, int64_t webhook, enum webhook_type type,
                                     bool *waits, struct lk_error *err) LK_MUST_CHECK;

/* All that wait for an endpoint are given up. */
enum lk_status webhook_messages_drop(struct store_tx *tx, int64_t webhook,
                                     struct lk_error *err) LK_MUST_CHECK;

/* ---- its log ---- */

struct webhook_try_row {
    int64_t message, webhook;
    unsigned number;
    int64_t at_ms;
    unsigned status, fetch_end, duration_ms;
    uint8_t message_id[STORE_ID_BYTES]; /* read only, as what follows */
    unsigned type, state;
};

enum lk_status webhook_try_add(struct store_tx *tx, const struct webhook_try_row *one,
                               struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status webhook_try_show(void *ctx, const struct webhook_try_row *one,
                                        struct lk_error *err);

/* The newest first. */
enum lk_status webhook_tries_of(struct store_tx *tx, int64_t webhook, size_t limit,
                                webhook_try_show *show, void *ctx,
                                struct lk_error *err) LK_MUST_CHECK;

/* Messages of events before before_ms are gone, with their log. */
enum lk_status webhook_rows_forget(struct store_tx *tx, int64_t before_ms,
                                   struct lk_error *err) LK_MUST_CHECK;

#endif
