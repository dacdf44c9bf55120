#include "service/session.h"

#include "base/err.h"
#include "sys/seal.h"

#include <string.h>

const char *session_cookie(const struct request *req, const char *name, size_t n)
{
    size_t n_name = strlen(name);
    const char *at = req->headers[HEADER_COOKIE];
    while (at != NULL && *at != '\0') {
        at += strspn(at, "; ");
        size_t n_all = strcspn(at, ";");
        if (n_all == n_name + 1 + n && strncmp(at, name, n_name) == 0 && at[n_name] == '=')
            return arena_copy(req->arena, at + n_name + 1, n);
        at += n_all;
    }
    return NULL;
}

void session_set_cookie(const struct request *req, struct response *res, const char *name,
                        const char *path, const char *token)
{
    struct buf cookie;
    const char *proto = req->headers[HEADER_FORWARDED_PROTO];
    buf_init(&cookie, &req->arena->alloc, 256);
    buf_fmt(&cookie, "%s=%s; Path=%s; HttpOnly; SameSite=Strict%s%s", name,
            token == NULL ? "" : token, path, token == NULL ? "; Max-Age=0" : "",
            proto != NULL && strcmp(proto, "https") == 0 ? "; Secure" : "");
    response_header(res, "Set-Cookie", buf_text(&cookie));
}

bool session_is_from_elsewhere(const struct request *req)
{
    const char *site = req->headers[HEADER_SEC_FETCH_SITE];
    return site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

enum lk_status session_check_form(const struct request *req, struct lk_error *err)
{
    const char *sent = form_get(&req->form, "form");
    if (strcmp(req->method, "POST") != 0)
        return LK_OK;
    size_t n = strlen(req->form_token);
    if (session_is_from_elsewhere(req) || sent == NULL || strlen(sent) != n ||
        !seal_equal(sent, req->form_token, n))
        return FAIL(err, LK_DENIED, "the form does not belong to this session");
    return LK_OK;
}
