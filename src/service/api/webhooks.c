/* Where a partner wants to be told that something happened. */
#include "api.h"
#include "body.h"

#include "base/err.h"
#include "cases/webhook.h"
#include "exchange/webhook_text.h"
#include "service/context.h"

#include <string.h>

static void write_types(struct json *j, unsigned types)
{
    json_key(j, "types");
    json_array(j);
    for (unsigned i = WEBHOOK_PING + 1; i < WEBHOOK_N_TYPES; i++)
        if ((types & WEBHOOK_BIT(i)) != 0)
            json_text(j, webhook_type_name(i));
    json_end_array(j);
}

/* secret: NULL: not shown now. */
static void write_webhook(struct json *j, const struct webhook *w, const uint8_t *secret)
{
    char key[WEBHOOK_KEY_CHARS + 1];
    json_object(j);
    json_put_text(j, "id", w->id);
    json_put_text(j, "url", w->url);
    write_types(j, w->types);
    json_put_text(j, "signature", webhook_scheme_name(w->scheme));
    if (w->scheme == WEBHOOK_ED25519) {
        webhook_text_public(w->public_key, key);
        json_put_text(j, "public_key", key);
    } else if (secret != NULL) {
        webhook_text_secret(secret, key);
        json_put_text(j, "secret", key);
        seal_wipe(key, sizeof key);
    }
    json_put_text(j, "state", w->is_disabled ? "disabled" : "in_force");
    if (w->is_disabled)
        json_put_text(j, "reason", webhook_reason_name(w->reason));
    json_put_time(j, "added", w->added_ms);
    json_put_time(j, "disabled", w->disabled_ms);
    json_put_time(j, "failing_since", w->failing_ms);
    json_put_time(j, "old_secret_until", w->old_until_ms);
    json_end_object(j);
}

enum lk_status api_webhook_list(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    struct webhook *list;
    size_t n = 0;
    TRY(webhook_list(service->registry, req->partner, req->arena, &list, &n, err));
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    json_key(&j, "webhooks");
    json_array(&j);
    for (size_t i = 0; i < n; i++)
        write_webhook(&j, &list[i], NULL);
    json_end_array(&j);
    json_end_object(&j);
    return LK_OK;
}

static enum lk_status read_types(const struct json_tree *list, unsigned *out, struct lk_error *err)
{
    size_t n_types = json_array_length(list);
    if (json_is_null(list))
        return LK_OK;
    if (n_types == 0)
        return FAIL(err, LK_INVALID, "types is a list of types; leave it out for all");
    for (size_t i = 0; i < n_types; i++) {
        size_t n = 0;
        const char *name = json_as_text(json_at(list, i), &n);
        enum webhook_type type = name == NULL ? WEBHOOK_PING : webhook_type_of(name, n);
        if (type == WEBHOOK_PING)
            return FAIL(err, LK_INVALID, "type %zu is not a name that is known", i + 1);
        *out |= WEBHOOK_BIT(type);
    }
    return LK_OK;
}

static enum lk_status add(struct service *service, const struct request *req, struct response *res,
                          const struct json_tree *tree, struct lk_error *err)
{
    static const char *const members[] = {"url", "types", "signature"};
    struct webhook_order order = {.scheme = WEBHOOK_HMAC, .fetch = &service->config->webhooks};
    struct webhook webhook;
    uint8_t secret[WEBHOOK_SECRET_BYTES];
    struct json j;
    TRY(json_only(tree, "webhook", members, COUNT(members), err));
    order.url = json_get_text(tree, "url", NULL);
    if (order.url == NULL)
        return FAIL(err, LK_INVALID, "url is missing");
    TRY(read_types(json_get(tree, "types"), &order.types, err));
    if (json_get(tree, "signature") != NULL) {
        const char *scheme = json_get_text(tree, "signature", NULL);
        order.scheme = scheme == NULL ? 0 : webhook_scheme_of(scheme);
    }
    TRY(webhook_add(service->registry, req->partner, &order, req->arena, &webhook, secret, err));
    res->status = 201;
    body_answer(res, &j);
    write_webhook(&j, &webhook, secret);
    seal_wipe(secret, sizeof secret);
    return LK_OK;
}

enum lk_status api_webhook_add(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, add, err);
}

static enum lk_status say(struct response *res, const char *key, const char *value)
{
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    json_put_text(&j, key, value);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_webhook_remove(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    TRY(webhook_remove(service->registry, req->partner, req->params[0], err));
    return say(res, "id", req->params[0]);
}

enum lk_status api_webhook_enable(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    TRY(webhook_enable(service->registry, req->partner, req->params[0], err));
    return say(res, "id", req->params[0]);
}

enum lk_status api_webhook_test(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    char message[WEBHOOK_MESSAGE_CHARS + 1];
    TRY(webhook_test(service->registry, req->partner, req->params[0], message, err));
    res->status = 202;
    return say(res, "message", message);
}

enum lk_status api_webhook_rotate(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct webhook webhook;
    uint8_t secret[WEBHOOK_SECRET_BYTES];
    struct json j;
    TRY(webhook_rotate(service->registry, req->partner, req->params[0], req->arena, &webhook,
                       secret, err));
    body_answer(res, &j);
    write_webhook(&j, &webhook, secret);
    seal_wipe(secret, sizeof secret);
    return LK_OK;
}

static void write_try(struct json *j, const struct webhook_try *one)
{
    json_object(j);
    json_put_text(j, "message", one->message);
    json_put_text(j, "type", webhook_type_name(one->type));
    json_put_text(j, "state", webhook_message_state_name(one->state));
    json_put_u64(j, "attempt", one->number);
    json_put_time(j, "time", one->at_ms);
    if (one->status != 0)
        json_put_u64(j, "status", one->status);
    if (one->end != FETCH_DONE)
        json_put_text(j, "error", fetch_end_name(one->end));
    json_put_u64(j, "duration_ms", one->duration_ms);
    json_end_object(j);
}

enum lk_status api_webhook_log(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    struct webhook_try *tries;
    size_t n = 0;
    struct json j;
    TRY(webhook_log(service->registry, req->partner, req->params[0], req->arena, &tries, &n, err));
    body_answer(res, &j);
    json_object(&j);
    json_key(&j, "deliveries");
    json_array(&j);
    for (size_t i = 0; i < n; i++)
        write_try(&j, &tries[i]);
    json_end_array(&j);
    json_end_object(&j);
    return LK_OK;
}
