/* The inbox of a platform: letters of the desk, and what it answers about each address. */
#include "api.h"
#include "body.h"
#include "reply.h"

#include "base/err.h"
#include "cases/notice_inbox.h"
#include "service/context.h"

#include <string.h>

static void write_notice(struct json *j, const struct inbox_notice *notice)
{
    json_object(j);
    json_put_text(j, "id", notice->id);
    json_put_text(j, "address", notice->address);
    json_put_text(j, "state", notice_state_name(notice->state));
    if (notice->reason != MATCH_REASON_NONE)
        json_put_text(j, "reason", match_reason_name(notice->reason));
    json_put_time(j, "sent", notice->sent_ms);
    json_put_time(j, "changed", notice->changed_ms);
    json_put_time(j, "due", notice->due_ms);
    json_put_bool(j, "due_by_law", notice->by_law);
    if (notice->is_overdue)
        json_put_bool(j, "overdue", true);
    json_end_object(j);
}

static void write_letter(struct json *j, const struct inbox_letter *letter)
{
    json_object(j);
    json_put_text(j, "id", letter->id);
    json_put_text(j, "reference", letter->reference);
    if (letter->regime != NULL)
        json_put_text(j, "regime", letter->regime);
    json_put_text(j, "language", letter->lang);
    json_put_text(j, "subject", letter->subject);
    json_put_text(j, "body", letter->body);
    json_put_time(j, "made", letter->made_ms);
    json_key(j, "notices");
    json_array(j);
    for (size_t i = 0; i < letter->n_notices; i++)
        write_notice(j, &letter->notices[i]);
    json_end_array(j);
    json_end_object(j);
}

static enum lk_status read_filter(const struct request *req, struct inbox_filter *out,
                                  struct lk_error *err)
{
    uint64_t limit, waiting;
    TRY(body_query_number(req, "after", INT64_MAX, &out->after, err));
    TRY(body_query_number(req, "limit", INBOX_MAX_LIST, &limit, err));
    TRY(body_query_number(req, "waiting", 1, &waiting, err));
    out->limit = (unsigned)limit;
    out->is_waiting = waiting == 1;
    return LK_OK;
}

enum lk_status api_notice_list(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    struct inbox_filter filter = {0};
    struct inbox_letter *letters;
    size_t n;
    bool more;
    TRY(read_filter(req, &filter, err));
    TRY(inbox_list(service->registry, req->partner, req->arena, &filter, &letters, &n, &more, err));
    struct json j;
    body_answer(res, &j);
    json_object(&j);
    json_key(&j, "letters");
    json_array(&j);
    for (size_t i = 0; i < n; i++)
        write_letter(&j, &letters[i]);
    json_end_array(&j);
    json_key(&j, "next");
    if (more && n > 0)
        json_u64(&j, letters[n - 1].seq);
    else
        json_null(&j);
    json_end_object(&j);
    return LK_OK;
}

enum lk_status api_notice_get(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    struct inbox_letter letter;
    TRY(inbox_get(service->registry, req->partner, req->params[0], strlen(req->params[0]),
                  req->arena, &letter, err));
    struct json j;
    body_answer(res, &j);
    write_letter(&j, &letter);
    return LK_OK;
}

static enum lk_status answer(struct service *service, const struct request *req,
                             struct response *res, const struct json_tree *tree,
                             struct lk_error *err)
{
    struct match_reply reply = {0};
    struct inbox_notice notice;
    TRY(reply_read(req, tree, &reply, err));
    TRY(inbox_answer(service->registry, req->partner, req->params[0], strlen(req->params[0]),
                     &reply, req->arena, &notice, err));
    struct json j;
    body_answer(res, &j);
    write_notice(&j, &notice);
    return LK_OK;
}

enum lk_status api_notice_answer(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    return body_json(service, req, res, answer, err);
}
