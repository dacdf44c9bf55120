#include "service/teller.h"

#include "base/err.h"
#include "exchange/webhook_text.h"
#include "sys/clock.h"
#include "sys/pulse.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    ARENA_BYTES = 256 << 10,
    BODY_BYTES = 4096,
    SIGNATURE_BYTES = 1024,
    DEADLINE_MS = 15000,
    ANSWER_BYTES = 65536,
    EVERY_MS = 1000,
    LINE_BYTES = SIGNATURE_BYTES + 40
};

struct teller {
    struct teller_config config;
    struct pulse *pulse;
};

static enum lk_status post(const struct teller_config *config, const struct webhook_out *message,
                           const struct webhook_signed *what, const char *signatures,
                           struct webhook_answer *out, struct lk_error *err)
{
    char id[LINE_BYTES], time[LINE_BYTES], signature[LINE_BYTES];
    const char *const headers[] = {"Content-Type: application/json", id, time, signature};
    const struct fetch_post body = {
        .bytes = what->body, .n = what->n, .headers = headers, .n_headers = 4};
    const struct fetch_request request = {.url = message->url,
                                          .post = &body,
                                          .only_https = true,
                                          .deadline_ms = DEADLINE_MS,
                                          .max_bytes = ANSWER_BYTES};
    struct fetch_result result;
    snprintf(id, sizeof id, "webhook-id: %s", message->id);
    snprintf(time, sizeof time, "webhook-timestamp: %lld", (long long)what->time_s);
    snprintf(signature, sizeof signature, "webhook-signature: %s", signatures);
    int64_t from_ns = clock_monotonic_ns();
    TRY(fetch(&config->fetch, &request, &result, err));
    *out = (struct webhook_answer){
        .status = result.status,
        .end = result.end,
        .duration_ms = (unsigned)((clock_monotonic_ns() - from_ns) / 1000000),
    };
    return LK_OK;
}

static enum lk_status send_message(const struct teller_config *config, struct arena *arena,
                                   const struct webhook_out *message, struct webhook_answer *answer,
                                   struct lk_error *err)
{
    struct buf body, signatures;
    buf_init(&body, &arena->alloc, BODY_BYTES);
    buf_init(&signatures, &arena->alloc, SIGNATURE_BYTES);
    webhook_text_body(&body, message);
    TRY(buf_status(&body, "the message", err));
    const struct webhook_signed what = {.id = message->id,
                                        .time_s = registry_now_ms(config->registry) / 1000,
                                        .body = body.p,
                                        .n = body.n};
    for (size_t i = 0; i < message->n_keys; i++)
        webhook_text_sign(&signatures, message->scheme,
                          (struct seal_part){message->keys[i], WEBHOOK_SECRET_BYTES}, &what);
    TRY(buf_status(&signatures, "the signatures", err));
    return post(config, message, &what, buf_text(&signatures), answer, err);
}

static void count(struct teller_counts *counts, const struct webhook_fate *fate)
{
    counts->n_delivered += fate->state == WEBHOOK_MESSAGE_DELIVERED;
    counts->n_failed += fate->state == WEBHOOK_MESSAGE_WAITING;
    counts->n_given_up += fate->state == WEBHOOK_MESSAGE_GIVEN_UP;
    counts->n_disabled += fate->is_disabled;
}

/* *more: there may be others. */
static enum lk_status tell_next(const struct teller_config *config, struct arena *arena,
                                struct teller_counts *counts, bool *more, struct lk_error *err)
{
    struct webhook_out message;
    struct webhook_answer answer = {.end = FETCH_FAILED};
    struct webhook_fate fate;
    enum lk_status status = webhook_out_next(config->registry, arena, &message, err);
    *more = status == LK_OK || status == LK_CORRUPT;
    if (!*more)
        return status == LK_NOT_FOUND ? LK_OK : status;
    if (status == LK_OK) {
        status = send_message(config, arena, &message, &answer, err);
        webhook_out_wipe(&message);
        TRY(status);
    }
    *more = answer.end != FETCH_STOPPED;
    if (!*more)
        return LK_OK; /* it waits for the next start */
    TRY(webhook_out_end(config->registry, message.row, &answer, &fate, err));
    count(counts, &fate);
    return LK_OK;
}

enum lk_status teller_round(const struct teller_config *config, struct teller_counts *out,
                            struct lk_error *err)
{
    enum lk_status status = webhook_out_tick(config->registry, err);
    *out = (struct teller_counts){0};
    for (bool more = true; more && status == LK_OK;) {
        struct arena arena;
        arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
        status = tell_next(config, &arena, out, &more, err);
        arena_fini(&arena);
        more = more && (config->fetch.stop == NULL || !atomic_load(config->fetch.stop));
    }
    return status;
}

static void tell_all(void *ctx, const atomic_bool *stop)
{
    struct teller *t = ctx;
    struct teller_counts n;
    struct lk_error err;
    const struct log *log = t->config.log;
    t->config.fetch.stop = stop;
    if (teller_round(&t->config, &n, &err) != LK_OK)
        LOG(log, LOG_LEVEL_ERROR, "webhooks", LOG_TEXT("error", err.text));
    if (n.n_delivered + n.n_failed + n.n_given_up > 0)
        LOG(log, n.n_disabled > 0 ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "webhooks",
            LOG_NUMBER("delivered", n.n_delivered), LOG_NUMBER("retry", n.n_failed),
            LOG_NUMBER("given_up", n.n_given_up), LOG_NUMBER("disabled", n.n_disabled));
}

enum lk_status teller_start(const struct teller_config *config, struct teller **out,
                            struct lk_error *err)
{
    struct teller *t = calloc(1, sizeof *t);
    if (t == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the sender of webhooks");
    t->config = *config;
    const struct pulse_config pulse = {
        .what = "the sender of webhooks", .every_ms = EVERY_MS, .round = tell_all, .ctx = t};
    enum lk_status status = pulse_start(&pulse, &t->pulse, err);
    if (status != LK_OK) {
        free(t);
        return status;
    }
    *out = t;
    return LK_OK;
}

void teller_stop(struct teller *t)
{
    if (t == NULL)
        return;
    pulse_stop(t->pulse);
    free(t);
}
