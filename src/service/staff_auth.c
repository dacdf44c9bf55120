#include "service/staff_auth.h"

#include "base/err.h"
#include "cases/staff.h"
#include "service/context.h"
#include "sys/seal.h"

#include <string.h>

#define COOKIE "desk="

/* The value of our cookie among others; NULL: none of the right length. */
static const char *sent_token(const struct request *req)
{
    const char *at = req->headers[HEADER_COOKIE];
    while (at != NULL && *at != '\0') {
        at += strspn(at, "; ");
        size_t n = strcspn(at, ";");
        if (n == strlen(COOKIE) + STAFF_TOKEN_CHARS && strncmp(at, COOKIE, strlen(COOKIE)) == 0)
            return arena_copy(req->arena, at + strlen(COOKIE), STAFF_TOKEN_CHARS);
        at += n;
    }
    return NULL;
}

void staff_auth_cookie(const struct request *req, struct response *res, const char *token)
{
    struct buf cookie;
    const char *proto = req->headers[HEADER_FORWARDED_PROTO];
    buf_init(&cookie, &req->arena->alloc, 256);
    buf_fmt(&cookie, COOKIE "%s; Path=/desk; HttpOnly; SameSite=Strict%s%s",
            token == NULL ? "" : token, token == NULL ? "; Max-Age=0" : "",
            proto != NULL && strcmp(proto, "https") == 0 ? "; Secure" : "");
    response_header(res, "Set-Cookie", buf_text(&cookie));
}

/* A browser says where a request comes from; one that says nothing is an old one, and then the
 * form's token has to do. */
static bool is_from_elsewhere(const struct request *req)
{
    const char *site = req->headers[HEADER_SEC_FETCH_SITE];
    return site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

static enum lk_status check_form(const struct request *req, struct lk_error *err)
{
    const char *sent = form_get(&req->form, "form");
    if (strcmp(req->method, "POST") != 0)
        return LK_OK;
    if (is_from_elsewhere(req) || sent == NULL || strlen(sent) != STAFF_FORM_CHARS ||
        !seal_equal(sent, req->form_token, STAFF_FORM_CHARS))
        return FAIL(err, LK_DENIED, "the form does not belong to this session");
    return LK_OK;
}

static enum lk_status find_hand(struct service *service, struct request *req,
                                struct staff_hand *hand, struct lk_error *err)
{
    char form_token[STAFF_FORM_CHARS + 1];
    const char *named = req->headers[HEADER_STAFF];
    if (named != NULL) {
        TRY(staff_by_proxy(service_registry(service), named, hand, err));
    } else {
        req->session = sent_token(req);
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
    TRY(check_form(req, err));
    if (hand->must_choose && (req->route->flags & ROUTE_CHOOSE) == 0) {
        send_to(req, res, "/desk/password");
        return LK_OK;
    }
    if (!staff_may(hand->role, (enum staff_right)(req->route->flags >> 8)))
        return FAIL(err, LK_DENIED, "the account has not the right for this");
    return LK_OK;
}
