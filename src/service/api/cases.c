/* Opening a case, looking at it, withdrawing it. The code is a secret: it travels in bodies, never
 * in an address, and is wiped from the stack. */
#include "api.h"
#include "body.h"
#include "case_texts.h"

#include "base/err.h"
#include "cases/case.h"
#include "cases/partner.h"
#include "exchange/sequence_json.h"
#include "exchange/sequence_list.h"
#include "service/case_json.h"
#include "service/context.h"

#include <string.h>

/* ---- opening ---- */

static enum lk_status check_age(const struct service *service, const struct json_tree *tree,
                                struct response *res, struct lk_error *err)
{
    const struct json_tree *age = json_get(tree, "age");
    const char *text = json_as_text(age, NULL);
    if (age == NULL)
        return FAIL(err, LK_INVALID, "age is missing: it must be \"adult\"");
    if (text != NULL && (strcmp(text, "adult") == 0 || service->config->is_authorised_under_18))
        return LK_OK;
    res->status = 403;
    res->problem_code = "under_18_route";
    return FAIL(err, LK_DENIED,
                "for pictures of someone under 18, or when unsure, the child hotlines are the way: "
                "see /under-18; nothing was stored");
}

/* What stands behind the first line of a body in two parts. */
static const char *second_part(const struct request *req, size_t *n)
{
    const char *end = memchr(req->body, '\n', req->n_body);
    *n = end == NULL ? 0 : req->n_body - (size_t)(end + 1 - req->body);
    return end == NULL ? NULL : end + 1;
}

static enum lk_status read_sequences(const struct request *req, const struct json_tree *tree,
                                     struct case_request *out, struct lk_error *err)
{
    struct lk_sequence *sequences = NULL;
    const struct json_tree *items = json_get(tree, "items");
    size_t n = 0;
    if (req->body_kind == BODY_CASE) {
        const char *bytes = second_part(req, &n);
        if (items != NULL)
            return FAIL(err, LK_INVALID, "items stand behind the first line, not in it");
        if (n > 0)
            TRY(sequence_list_read((const uint8_t *)bytes, n, CASE_MAX_ITEMS, req->arena,
                                   &sequences, &out->n_sequences, err));
    } else if (items != NULL) {
        TRY(sequence_json_read_list(items, CASE_MAX_ITEMS, req->arena, &sequences,
                                    &out->n_sequences, err));
    }
    out->sequences = sequences;
    return LK_OK;
}

static enum lk_status read_case(const struct request *req, const struct json_tree *tree,
                                struct case_request *out, struct lk_error *err)
{
    static const char *const members[] = {"age", "items", "texts", "own_key", "recovery"};
    TRY(json_only(tree, "case", members, COUNT(members), err));
    TRY(read_sequences(req, tree, out, err));
    TRY(case_texts_read(json_get(tree, "texts"), req->arena, out, err));
    size_t n_key = 0;
    if (json_get(tree, "own_key") != NULL &&
        (!body_bytes(tree, "own_key", req->arena, &out->own_secret, &n_key) ||
         n_key != CASE_OWN_KEY_BYTES))
        return FAIL(err, LK_INVALID, "own_key must be %d bytes in base64url", CASE_OWN_KEY_BYTES);
    (void)json_as_bool(json_get(tree, "recovery"), &out->wants_recovery);
    return body_idempotency(req, "open", &out->idempotency, err);
}

static enum lk_status open_case(struct service *service, const struct request *req,
                                struct response *res, const struct json_tree *tree,
                                struct lk_error *err)
{
    struct case_request request = {0};
    struct case_opened opened;
    if (!json_is_object(tree))
        return FAIL(err, LK_INVALID, "case: a JSON object is expected");
    TRY(check_age(service, tree, res, err));
    TRY(read_case(req, tree, &request, err));
    TRY(limits_open_begin(service, req, res, err));
    enum lk_status status = case_open(service->registry, &request, &opened, err);
    limits_open_end(service);
    TRY(status);
    struct json j;
    res->status = 201;
    body_answer(res, &j);
    json_object(&j);
    json_put_text(&j, "code", opened.code);
    json_put_u64(&j, "items", opened.n_items);
    json_put_day(&j, "expires", opened.expires_ms);
    json_end_object(&j);
    explicit_bzero(&opened, sizeof opened);
    return LK_OK;
}

/* A body of JSON, or of a line of JSON and the sequences. */
static enum lk_status case_body(struct service *service, const struct request *req,
                                struct response *res, json_handler *fn, struct lk_error *err)
{
    size_t n;
    if (req->body_kind == BODY_JSON)
        return body_json(service, req, res, fn, err);
    if (second_part(req, &n) == NULL)
        return FAIL(err, LK_INVALID, "case: a line of JSON is expected, then the sequences");
    return body_json_text(service, req, res, req->body, req->n_body - n, fn, err);
}

enum lk_status api_case_open(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    return case_body(service, req, res, open_case, err);
}

/* ---- looking ---- */

static const char *const code_only[] = {"code"};

static enum lk_status login(struct service *service, const struct request *req,
                            struct response *res, const struct json_tree *tree,
                            const char *const members[], size_t n_members,
                            struct case_access *access, struct lk_error *err)
{
    TRY(json_only(tree, "request", members, n_members, err));
    size_t n = 0;
    const char *code = json_get_text(tree, "code", &n);
    if (code == NULL)
        return FAIL(err, LK_INVALID, "code is missing or not a text");
    TRY(limits_code_begin(service, req, res, code, err));
    enum lk_status status = case_login(service->registry, code, n, access, err);
    limits_code_end(service, req, code, status);
    return status;
}

static enum lk_status show_case(struct service *service, const struct request *req,
                                struct response *res, const struct json_tree *tree,
                                struct lk_error *err)
{
    struct case_access access;
    struct case_view view;
    TRY(login(service, req, res, tree, code_only, COUNT(code_only), &access, err));
    enum lk_status status = case_view(service->registry, &access, req->arena, &view, err);
    case_logout(&access);
    TRY(status);
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    case_json_members(&j, &view);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_case_status(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, show_case, err);
}

/* ---- adding ---- */

/* With the code, or with the token that a page has for it. */
static enum lk_status login_or_token(struct service *service, const struct request *req,
                                     struct response *res, const struct json_tree *tree,
                                     struct case_access *access, struct lk_error *err)
{
    static const char *const members[] = {"code", "token", "items", "texts"};
    size_t n = 0;
    const char *token = json_get_text(tree, "token", &n);
    if (token == NULL)
        return login(service, req, res, tree, members, COUNT(members), access, err);
    TRY(json_only(tree, "request", members, COUNT(members), err));
    return case_token_login(service->registry, token, n, access, err);
}

static enum lk_status add_to_case(struct service *service, const struct request *req,
                                  struct response *res, const struct json_tree *tree,
                                  struct lk_error *err)
{
    struct case_access access;
    struct case_request request = {0};
    if (!json_is_object(tree))
        return FAIL(err, LK_INVALID, "request: a JSON object is expected");
    TRY(read_sequences(req, tree, &request, err));
    TRY(case_texts_read(json_get(tree, "texts"), req->arena, &request, err));
    TRY(login_or_token(service, req, res, tree, &access, err));
    enum lk_status status = case_add(service->registry, &access, &request, err);
    case_logout(&access);
    TRY(status);
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    json_put_u64(&j, "items_added", request.n_sequences);
    json_put_u64(&j, "texts_added", request.n_texts);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_case_add(struct service *service, const struct request *req,
                            struct response *res, struct lk_error *err)
{
    return case_body(service, req, res, add_to_case, err);
}

/* ---- withdrawing ---- */

/* Numbers of items or texts; nothing else is in the list. */
static enum lk_status withdraw_listed(struct service *service, const struct case_access *access,
                                      const struct json_tree *list,
                                      enum lk_status (*withdraw)(struct registry *,
                                                                 const struct case_access *,
                                                                 unsigned, struct lk_error *),
                                      struct lk_error *err)
{
    for (size_t i = 0; i < json_array_length(list); i++) {
        int64_t number = 0;
        if (!json_as_int(json_at(list, i), 0, UINT16_MAX, &number))
            return FAIL(err, LK_INVALID, "items and texts are named by their numbers");
        TRY(withdraw(service->registry, access, (unsigned)number, err));
    }
    return LK_OK;
}

static enum lk_status withdraw(struct service *service, const struct json_tree *tree,
                               const struct case_access *access, size_t *n_entries,
                               struct lk_error *err)
{
    const struct json_tree *items = json_get(tree, "items"), *texts = json_get(tree, "texts");
    if (items == NULL && texts == NULL)
        return case_withdraw(service->registry, access, n_entries, err);
    TRY(withdraw_listed(service, access, items, case_withdraw_item, err));
    *n_entries = json_array_length(items);
    return withdraw_listed(service, access, texts, case_withdraw_text, err);
}

static enum lk_status withdraw_case(struct service *service, const struct request *req,
                                    struct response *res, const struct json_tree *tree,
                                    struct lk_error *err)
{
    static const char *const members[] = {"code", "items", "texts"};
    struct case_access access;
    size_t n_entries = 0;
    TRY(login(service, req, res, tree, members, COUNT(members), &access, err));
    enum lk_status status = withdraw(service, tree, &access, &n_entries, err);
    case_logout(&access);
    TRY(status);
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    json_put_u64(&j, "withdrawn", n_entries);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_case_withdraw(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, withdraw_case, err);
}

/* ---- opening for others ---- */

enum { MAX_OPENED_AT_ONCE = 100 };

/* A caseworker for a caller, an organisation for people who asked for it: empty cases, each with a
 * code of its own, to be handed over and filled by whoever holds the code. */
static enum lk_status open_many(struct service *service, const struct request *req,
                                struct response *res, const struct json_tree *tree,
                                struct lk_error *err)
{
    static const char *const members[] = {"count"};
    const struct case_request request = {.may_be_empty = true};
    int64_t count = 0;
    TRY(json_only(tree, "request", members, COUNT(members), err));
    if (req->partner->role != PARTNER_HELPLINE)
        return FAIL(err, LK_DENIED, "only helplines and organisations open cases for others");
    if (!json_as_int(json_get(tree, "count"), 1, MAX_OPENED_AT_ONCE, &count))
        return FAIL(err, LK_INVALID, "count must be 1 to %d", MAX_OPENED_AT_ONCE);
    struct json j;
    res->status = 201;
    body_answer(res, &j);
    json_object(&j);
    json_key(&j, "codes");
    json_array(&j);
    for (int64_t i = 0; i < count; i++) {
        struct case_opened opened;
        TRY(limits_open_begin(service, req, res, err));
        enum lk_status status = case_open(service->registry, &request, &opened, err);
        limits_open_end(service);
        TRY(status);
        json_text(&j, opened.code);
        explicit_bzero(&opened, sizeof opened);
    }
    json_end_array(&j);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_case_open_many(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, open_many, err);
}
