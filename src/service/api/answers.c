/* Many answers in one request, about matches and notices alike. Each stands for itself: one that
 * cannot be recorded keeps no other from it, and to send all of them again changes nothing. */
#include "api.h"
#include "body.h"
#include "reply.h"

#include "base/err.h"
#include "cases/notice_inbox.h"
#include "service/context.h"

enum { MAX_ANSWERS = 200 };

static enum lk_status record(struct service *service, const struct request *req,
                             const struct json_tree *item, const char **state, struct lk_error *err)
{
    static const char *const members[] = {"match", "notice", "outcome", "reason", "note"};
    struct match_reply reply = {0};
    struct inbox_notice notice;
    struct match match;
    size_t n_match = 0, n_notice = 0;
    TRY(json_only(item, "answer", members, COUNT(members), err));
    const char *match_id = json_get_text(item, "match", &n_match);
    const char *notice_id = json_get_text(item, "notice", &n_notice);
    if ((match_id == NULL) == (notice_id == NULL))
        return FAIL(err, LK_INVALID, "an answer is about a match or about a notice");
    TRY(reply_read_said(item, &reply, err));
    if (match_id != NULL) {
        TRY(match_answer(service->registry, req->partner, match_id, n_match, &reply, &match, err));
        *state = match_state_name(match.state);
        return LK_OK;
    }
    TRY(inbox_answer(service->registry, req->partner, notice_id, n_notice, &reply, req->arena,
                     &notice, err));
    *state = notice_state_name(notice.state);
    return LK_OK;
}

static void write_result(struct json *j, size_t index, enum lk_status status, const char *state,
                         const struct lk_error *why)
{
    json_object(j);
    json_key(j, "index");
    json_u64(j, index);
    json_key(j, "status");
    json_u64(j, status == LK_OK ? 200 : (uint64_t)lk_status_http(status));
    if (status == LK_OK)
        json_put_text(j, "state", state);
    else
        json_put_text(j, "detail", why->text);
    json_end_object(j);
}

/* What is the service's own fault ends the request: it will be sent again. */
static bool is_of_one(enum lk_status status)
{
    return status == LK_INVALID || status == LK_NOT_FOUND || status == LK_CONFLICT ||
           status == LK_LIMIT;
}

static enum lk_status answers(struct service *service, const struct request *req,
                              struct response *res, const struct json_tree *tree,
                              struct lk_error *err)
{
    static const char *const members[] = {"answers"};
    uint64_t n_recorded = 0;
    struct json j;
    TRY(json_only(tree, "the request", members, COUNT(members), err));
    const struct json_tree *list = json_get(tree, "answers");
    size_t n = json_array_length(list);
    if (n == 0)
        return FAIL(err, LK_INVALID, "answers must be a list with at least one answer");
    if (n > MAX_ANSWERS)
        return FAIL(err, LK_LIMIT, "%zu answers are more than the %d of one request", n,
                    MAX_ANSWERS);
    body_answer(res, &j);
    json_object(&j);
    json_key(&j, "answers");
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        const char *state = NULL;
        struct lk_error why = {.text = ""};
        enum lk_status status = record(service, req, json_at(list, i), &state, &why);
        if (status != LK_OK && !is_of_one(status))
            return FAIL(err, status, "%s", why.text);
        write_result(&j, i, status, state, &why);
        n_recorded += status == LK_OK;
    }
    json_end_array(&j);
    json_key(&j, "recorded");
    json_u64(&j, n_recorded);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_answers(struct service *service, const struct request *req, struct response *res,
                           struct lk_error *err)
{
    return body_json(service, req, res, answers, err);
}
