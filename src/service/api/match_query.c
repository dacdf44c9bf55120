/* POST /v1/match: which of these does the bank know? Queries come as JSON, in full or as bare
 * prints, or as a binary message; the answer is JSON or binary (exchange/match_write.h). */
#include "api.h"
#include "body.h"

#include "base/err.h"
#include "cases/match.h"
#include "exchange/match_write.h"
#include "exchange/query_read.h"
#include "service/context.h"

#include <string.h>

static enum lk_status ask(struct service *service, const struct request *req, struct response *res,
                          const struct queries *q, struct lk_error *err)
{
    struct match_result *results;
    if (q->n == 0)
        return FAIL(err, LK_INVALID, "there is nothing to search: the list is empty");
    TRY(match_query(service->registry, req->partner, req->arena, q->sequences, q->refs, q->n,
                    &results, err));
    const char *accept = req->headers[HEADER_ACCEPT];
    bool binary = accept != NULL && strstr(accept, MATCH_BINARY_TYPE) != NULL;
    res->content_type = binary ? MATCH_BINARY_TYPE : "application/json";
    if (binary)
        match_write_binary(&res->body, results, q->n);
    else
        match_write_json(&res->body, q->sequences, results, q->n);
    return LK_OK;
}

static enum lk_status ask_json(struct service *service, const struct request *req,
                               struct response *res, const struct json_tree *tree,
                               struct lk_error *err)
{
    struct queries q = {0};
    TRY(query_read_json(tree, req->arena, &q, err));
    return ask(service, req, res, &q, err);
}

enum lk_status api_match(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    if (req->body_kind == BODY_JSON)
        return body_json(service, req, res, ask_json, err);
    struct queries q = {0};
    TRY(query_read_message(req->body, req->n_body, req->arena, &q, err));
    return ask(service, req, res, &q, err);
}
