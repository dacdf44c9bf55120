/* Answers that handlers share: headers, redirects, and errors as application/problem+json (RFC
 * 9457) or as a page. */
#include "base/err.h"
#include "base/json.h"
#include "http/request.h"

#include <string.h>

enum { BODY_BYTES_MAX = 64 * 1024 * 1024 };

enum lk_status request_no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "the service is out of memory for requests");
}

void response_init(struct response *res, const struct request *req)
{
    *res = (struct response){.status = 200};
    buf_init(&res->body, &req->arena->alloc, BODY_BYTES_MAX);
}

void response_header(struct response *res, const char *name, const char *value)
{
    if (res->n_headers < RESPONSE_MAX_HEADERS)
        res->headers[res->n_headers++] = (struct response_header){name, value};
}

void response_redirect(struct response *res, const char *location)
{
    res->status = 303;
    response_header(res, "Location", location);
}

void response_retry_after(struct response *res, const struct request *req, unsigned seconds)
{
    struct buf text;
    buf_init(&text, &req->arena->alloc, 16);
    buf_fmt(&text, "%u", seconds);
    response_header(res, "Retry-After", buf_text(&text));
}

static const char *status_title(int status)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        {400, "Bad Request"},       {401, "Unauthorized"},           {403, "Forbidden"},
        {404, "Not Found"},         {405, "Method Not Allowed"},     {409, "Conflict"},
        {413, "Content Too Large"}, {415, "Unsupported Media Type"}, {422, "Unprocessable Content"},
        {429, "Too Many Requests"}, {503, "Service Unavailable"},    {504, "Gateway Timeout"},
    };
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Internal Server Error";
}

void response_problem(const struct request *req, struct response *res, const struct lk_error *err)
{
    const char *code = res->problem_code != NULL ? res->problem_code : lk_status_name(err->status);
    struct buf type;
    buf_init(&type, &req->arena->alloc, 128);
    buf_fmt(&type, "urn:likeness:problem:%s", code);
    struct json j;
    json_init(&j, &res->body);
    json_object(&j);
    json_put_text(&j, "type", buf_text(&type));
    json_put_text(&j, "title", status_title(res->status));
    json_put_i64(&j, "status", res->status);
    json_put_text(&j, "detail", err->text);
    json_put_text(&j, "code", code);
    json_put_text(&j, "request_id", req->id);
    json_end_object(&j);
    res->content_type = "application/problem+json";
}
