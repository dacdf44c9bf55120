#include "service/inbox_auth.h"

#include "base/err.h"
#include "cases/partner_session.h"
#include "service/context.h"
#include "service/session.h"

#define COOKIE "inbox"

void inbox_auth_cookie(const struct request *req, struct response *res, const char *token)
{
    session_set_cookie(req, res, COOKIE, "/inbox", token);
}

enum lk_status inbox_auth(struct service *service, struct request *req, struct response *res,
                          struct lk_error *err)
{
    char form_token[PARTNER_FORM_CHARS + 1];
    struct partner *partner = arena_zalloc(req->arena, 1, sizeof *partner);
    if (partner == NULL)
        return request_no_memory(err);
    req->session = session_cookie(req, COOKIE, PARTNER_TOKEN_CHARS);
    enum lk_status status = LK_DENIED;
    if (req->session != NULL)
        status = partner_session(service->registry, req->session, partner, err);
    if (status == LK_DENIED) {
        response_redirect(res, "/inbox/sign-in");
        return LK_OK;
    }
    TRY(status);
    partner_form_token(service->registry, req->session, form_token);
    req->form_token = arena_copy(req->arena, form_token, PARTNER_FORM_CHARS);
    if (req->form_token == NULL)
        return request_no_memory(err);
    TRY(session_check_form(req, err));
    req->partner = partner;
    return limits_request(service, LIMIT_API_CALL, req, res, err);
}
