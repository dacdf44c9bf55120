#include "service/staff_auth.h"

#include "base/err.h"
#include "cases/staff.h"
#include "service/context.h"
#include "service/session.h"

#define COOKIE "desk"

void staff_auth_cookie(const struct request *req, struct response *res, const char *token)
{
    session_set_cookie(req, res, COOKIE, "/desk", token);
}

static enum lk_status find_hand(struct service *service, struct request *req,
                                struct staff_hand *hand, struct lk_error *err)
{
    char form_token[STAFF_FORM_CHARS + 1];
    const char *named = req->headers[HEADER_STAFF];
    if (named != NULL) {
        TRY(staff_by_proxy(service_registry(service), named, hand, err));
    } else {
        req->session = session_cookie(req, COOKIE, STAFF_TOKEN_CHARS);
        if (req->session == NULL)
            return FAIL(err, LK_DENIED, "nobody is signed in");
        TRY(staff_session(service_registry(service), req->session, hand, err));
    }
    staff_form_token(service_registry(service), named != NULL ? named : req->session, form_token);
    req->form_token = arena_copy(req->arena, form_token, STAFF_FORM_CHARS);
    req->hand = hand;
    return req->form_token == NULL ? request_no_memory(err) : LK_OK;
}

static void send_to(struct request *req, struct response *res, const char *path)
{
    response_redirect(res, path);
    if (req->hand != NULL)
        staff_hand_wipe(req->hand);
    req->hand = NULL;
}

enum lk_status staff_auth(struct service *service, struct request *req, struct response *res,
                          struct lk_error *err)
{
    struct staff_hand *hand = arena_zalloc(req->arena, 1, sizeof *hand);
    if (hand == NULL)
        return request_no_memory(err);
    enum lk_status status = find_hand(service, req, hand, err);
    if (status == LK_DENIED) {
        send_to(req, res, "/desk/sign-in");
        return LK_OK;
    }
    TRY(status);
    TRY(session_check_form(req, err));
    if (hand->must_choose && (req->route->flags & ROUTE_CHOOSE) == 0) {
        send_to(req, res, "/desk/password");
        return LK_OK;
    }
    if (!staff_may(hand->role, (enum staff_right)(req->route->flags >> 8)))
        return FAIL(err, LK_DENIED, "the account has not the right for this");
    return LK_OK;
}
