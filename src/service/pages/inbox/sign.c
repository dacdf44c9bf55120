/* Signing in with the key, and out. */
#include "base/err.h"
#include "cases/partner_session.h"
#include "service/context.h"
#include "service/inbox_auth.h"
#include "service/limits.h"
#include "service/pages/inbox/frame.h"
#include "service/pages/inbox/inbox.h"
#include "service/session.h"

#include <string.h>

static enum lk_status ask(struct service *service, const struct request *req, struct response *res,
                          const char *problem, struct lk_error *err)
{
    struct page page;
    inbox_begin(&page, service, req, res, N_("Sign in"));
    view_text(page.view, "problem", problem == NULL ? "" : page_text(&page, problem));
    return page_send(&page, "inbox_sign_in", err);
}

enum lk_status inbox_sign_in(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    return ask(service, req, res, NULL, err);
}

/* Without the blanks and line ends that come along when a key is pasted. */
static const char *sent_key(const struct request *req, size_t *n)
{
    const char *key = form_get(&req->form, "key");
    if (key == NULL)
        key = "";
    key += strspn(key, " \t\r\n");
    *n = strcspn(key, " \t\r\n");
    return key;
}

enum lk_status inbox_signed_in(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    char token[PARTNER_TOKEN_CHARS + 1];
    struct lk_error why;
    size_t n;
    const char *key = sent_key(req, &n);
    if (session_is_from_elsewhere(req)) /* it must not sign anybody in */
        return FAIL(err, LK_DENIED, "the form comes from another site");
    enum lk_status status = limits_request(service, LIMIT_KEY_TRY, req, res, &why);
    if (status == LK_BUSY) {
        res->status = 429;
        return ask(service, req, res, N_("There were too many wrong tries. Please wait a while."),
                   err);
    }
    if (status == LK_OK)
        status = partner_sign_in(service->registry, key, n, token, &why);
    if (status == LK_DENIED) {
        res->status = 403;
        return ask(service, req, res,
                   N_("No platform has this key. It begins with lk_ and was shown once, when it "
                      "was made. Ask the operator for a new one."),
                   err);
    }
    if (status != LK_OK) {
        *err = why;
        return status;
    }
    limits_give_back(service, LIMIT_KEY_TRY, req);
    inbox_auth_cookie(req, res, token);
    response_redirect(res, "/inbox");
    return LK_OK;
}

enum lk_status inbox_sign_out(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    TRY(partner_sign_out(service->registry, req->session, err));
    inbox_auth_cookie(req, res, NULL);
    response_redirect(res, "/inbox/sign-in");
    return LK_OK;
}
