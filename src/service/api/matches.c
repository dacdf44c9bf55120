/* What a partner was told, and what it answers. */
#include "api.h"
#include "body.h"
#include "match_write.h"

#include "base/err.h"
#include "service/context.h"
#include "sys/clock.h"

#include <string.h>

/* A decimal number of the query; missing: 0. */
static enum lk_status query_number(const struct request *req, const char *name, uint64_t max,
                                   uint64_t *out, struct lk_error *err)
{
    const char *text = form_get(&req->query, name);
    *out = 0;
    if (text == NULL)
        return LK_OK;
    size_t n = strlen(text);
    bool good = n >= 1 && n <= 18 && strspn(text, "0123456789") == n;
    for (size_t i = 0; good && i < n; i++)
        *out = *out * 10 + (uint64_t)(text[i] - '0');
    if (!good || *out > max)
        return FAIL(err, LK_INVALID, "%s must be a whole number of at most %llu", name,
                    (unsigned long long)max);
    return LK_OK;
}

static enum lk_status read_filter(const struct request *req, struct match_filter *out,
                                  struct lk_error *err)
{
    uint64_t limit;
    const char *state = form_get(&req->query, "state");
    if (state != NULL) {
        out->state = match_state_from_name(state, strlen(state));
        if (out->state == 0)
            return FAIL(err, LK_INVALID, "state '%.20s' is not known", state);
    }
    TRY(query_number(req, "after", INT64_MAX, &out->after, err));
    TRY(query_number(req, "limit", MATCH_MAX_LIST, &limit, err));
    out->limit = (unsigned)limit;
    return LK_OK;
}

enum lk_status api_match_list(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    struct match_filter filter = {0};
    struct match *matches;
    size_t n;
    bool more;
    TRY(read_filter(req, &filter, err));
    TRY(match_list(service->registry, req->partner, req->arena, &filter, &matches, &n, &more, err));
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    json_key(&j, "matches");
    json_array(&j);
    for (size_t i = 0; i < n; i++)
        match_write(&j, &matches[i]);
    json_end_array(&j);
    json_key(&j, "next");
    if (more && n > 0)
        json_u64(&j, matches[n - 1].seq);
    else
        json_null(&j);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_match_get(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    struct match match;
    struct match_evidence evidence;
    TRY(match_get(service->registry, req->partner, req->params[0], strlen(req->params[0]), &match,
                  &evidence, err));
    struct json j;
    body_answer(res, &j);
    match_write(&j, &match);
    return LK_OK;
}

static enum lk_status read_reply(const struct request *req, const struct json_tree *tree,
                                 struct match_reply *out, struct lk_error *err)
{
    static const char *const members[] = {"outcome", "reason", "note"};
    TRY(json_only(tree, "answer", members, COUNT(members), err));
    size_t n = 0;
    const char *outcome = json_get_text(tree, "outcome", &n);
    out->outcome = outcome == NULL ? 0 : match_state_from_name(outcome, n);
    if (out->outcome == 0 || out->outcome == MATCH_FOUND)
        return FAIL(err, LK_INVALID, "outcome is missing or not a name that is known");
    const struct json_tree *reason = json_get(tree, "reason");
    const char *name = json_as_text(reason, &n);
    out->reason = name == NULL ? MATCH_REASON_NONE : match_reason_from_name(name, n);
    if (!json_is_null(reason) && out->reason == MATCH_REASON_NONE)
        return FAIL(err, LK_INVALID, "reason is not a name that is known");
    const struct json_tree *note = json_get(tree, "note");
    out->note = json_as_text(note, &out->n_note);
    if (!json_is_null(note) && out->note == NULL)
        return FAIL(err, LK_INVALID, "note must be a text");
    return body_idempotency(req, req->path, &out->idempotency, err);
}

static enum lk_status answer(struct service *service, const struct request *req,
                             struct response *res, const struct json_tree *tree,
                             struct lk_error *err)
{
    struct match_reply reply = {0};
    struct match match;
    TRY(read_reply(req, tree, &reply, err));
    TRY(match_answer(service->registry, req->partner, req->params[0], strlen(req->params[0]),
                     &reply, &match, err));
    struct json j;
    body_answer(res, &j);
    match_write(&j, &match);
    return LK_OK;
}

enum lk_status api_match_answer(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, answer, err);
}
