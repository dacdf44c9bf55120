/* What a partner was told, and what it answers. */
#include "api.h"
#include "body.h"
#include "reply.h"

#include "base/err.h"
#include "exchange/match_write.h"
#include "service/context.h"
#include "sys/clock.h"

#include <string.h>

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
    TRY(body_query_number(req, "after", INT64_MAX, &out->after, err));
    TRY(body_query_number(req, "limit", MATCH_MAX_LIST, &limit, err));
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

static enum lk_status answer(struct service *service, const struct request *req,
                             struct response *res, const struct json_tree *tree,
                             struct lk_error *err)
{
    struct match_reply reply = {0};
    struct match match;
    TRY(reply_read(req, tree, &reply, err));
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
