/* cases/webhook_out.h - messages to partners on their way out.
 *
 * At least once: a message waits in the store until an answer says that it arrived, under one id at
 * every try, so whatever stops us in the middle leaves it waiting and the receiver knows it again.
 * Tried at once and then WEBHOOK_OUT_MAX_TRIES - 1 times more over three days; a ping once. Between
 * two tries of an endpoint that fails there is a rest, so that one that is dead does not hold up
 * the others. An endpoint that answers 410, or at which nothing arrived for
 * WEBHOOK_OUT_FAILING_DAYS, is disabled. Threads: one sends; the rest any. */
#ifndef CASES_WEBHOOK_OUT_H
#define CASES_WEBHOOK_OUT_H

#include "cases/webhook.h"

#define WEBHOOK_OUT_MAX_TRIES    10
#define WEBHOOK_OUT_FAILING_DAYS 5
#define WEBHOOK_OUT_FEED_MS      60000 /* feed.changed at most as often */

struct webhook_out {
    int64_t row; /* of the message */
    char id[WEBHOOK_MESSAGE_CHARS + 1];
    unsigned type;                        /* enum webhook_type */
    char subject[2 * STORE_ID_BYTES + 1]; /* "": none */
    int64_t event_ms;
    const char *url;
    unsigned scheme;                       /* enum webhook_scheme */
    uint8_t keys[2][WEBHOOK_SECRET_BYTES]; /* the newest first; webhook_out_wipe() */
    size_t n_keys;
};

/* One that is due, opened, in the arena. Errors: LK_NOT_FOUND (none is due), LK_CORRUPT (*out holds
 * its row alone: it does not open), LK_IO, LK_NOMEM. */
enum lk_status webhook_out_next(struct registry *r, struct arena *arena, struct webhook_out *out,
                                struct lk_error *err) LK_MUST_CHECK;
void webhook_out_wipe(struct webhook_out *out);

struct webhook_answer {
    unsigned status; /* of HTTP; 0: there was none */
    enum fetch_end end;
    unsigned duration_ms;
};

struct webhook_fate {
    unsigned state;   /* enum webhook_message_state; 0: it was removed meanwhile */
    bool is_disabled; /* its endpoint is, by this */
};

/* What came of a try: arrived (2xx), or tried again later, or given up. Errors: LK_IO. */
enum lk_status webhook_out_end(struct registry *r, int64_t row, const struct webhook_answer *answer,
                               struct webhook_fate *fate, struct lk_error *err) LK_MUST_CHECK;

/* Writes down what became due by time alone: that the bank changed, once however often it did, and
 * that a match waits for its answer when three quarters of the time for it are over. */
enum lk_status webhook_out_tick(struct registry *r, struct lk_error *err) LK_MUST_CHECK;

/* Forgets messages and log after WEBHOOK_LOG_DAYS. */
enum lk_status webhook_out_forget(struct registry *r, struct lk_error *err) LK_MUST_CHECK;

/* How long to wait after so many tries, from 1. Pure. */
int64_t webhook_out_pause_ms(unsigned n_tries);

#endif
