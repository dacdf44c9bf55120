/* Signing in and out, and choosing a password. */
#include "base/err.h"
#include "service/context.h"
#include "service/limits.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"
#include "service/session.h"
#include "service/staff_auth.h"

#include <string.h>

static enum lk_status ask(struct service *service, const struct request *req, struct response *res,
                          const char *problem, struct lk_error *err)
{
    struct page page;
    desk_begin(&page, service, req, res, N_("Sign in"));
    view_text(page.view, "problem", problem == NULL ? "" : page_text(&page, problem));
    view_text(page.view, "typed_name", form_get(&req->form, "name"));
    view_flag(page.view, "by_proxy", service->config->http.staff_header != NULL);
    return page_send(&page, "desk_sign_in", err);
}

enum lk_status desk_sign_in(struct service *service, const struct request *req,
                            struct response *res, struct lk_error *err)
{
    return ask(service, req, res, NULL, err);
}

static const char *field(const struct request *req, const char *name)
{
    const char *value = form_get(&req->form, name);
    return value == NULL ? "" : value;
}

enum lk_status desk_signed_in(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    char token[STAFF_TOKEN_CHARS + 1];
    struct lk_error why;
    if (session_is_from_elsewhere(req)) /* it must not sign anybody in */
        return FAIL(err, LK_DENIED, "the form comes from another site");
    TRY(limits_staff_begin(service, req, res, err));
    enum lk_status status =
        staff_sign_in(service_registry(service), field(req, "name"), field(req, "password"),
                      field(req, "digits"), token, &why);
    limits_staff_end(service, req, status);
    if (status == LK_OK) {
        staff_auth_cookie(req, res, token);
        return desk_go(req, res, err, "/desk");
    }
    if (status != LK_DENIED && status != LK_BUSY) {
        *err = why;
        return status;
    }
    res->status = status == LK_BUSY ? 429 : 403;
    return ask(service, req, res,
               status == LK_BUSY
                   ? N_("There were too many wrong tries. Please wait a while.")
                   : N_("The name, the password or the six digits are wrong. Each set of digits "
                        "works once."),
               err);
}

enum lk_status desk_sign_out(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    if (req->session != NULL)
        TRY(staff_sign_out(service_registry(service), req->hand, req->session, err));
    staff_auth_cookie(req, res, NULL);
    return desk_go(req, res, err, "/desk/sign-in");
}

static enum lk_status ask_password(struct service *service, const struct request *req,
                                   struct response *res, const struct lk_error *problem,
                                   struct lk_error *err)
{
    struct page page;
    desk_begin(&page, service, req, res, N_("Password"));
    view_text(page.view, "problem",
              problem == NULL ? "" : arena_copy(req->arena, problem->text, strlen(problem->text)));
    view_flag(page.view, "must_choose", req->hand->must_choose);
    view_u64(page.view, "least", STAFF_MIN_PASSWORD_CHARS);
    return page_send(&page, "desk_password", err);
}

enum lk_status desk_password(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    if (req->session == NULL)
        return desk_go(req, res, err, "/desk");
    return ask_password(service, req, res, NULL, err);
}

enum lk_status desk_choose(struct service *service, const struct request *req, struct response *res,
                           struct lk_error *err)
{
    struct lk_error why;
    if (req->session == NULL)
        return desk_go(req, res, err, "/desk");
    enum lk_status status = LK_OK;
    if (strcmp(field(req, "chosen"), field(req, "again")) != 0)
        status = FAIL(&why, LK_INVALID, "%s", N_("the two new passwords are not the same"));
    if (status == LK_OK)
        status = staff_choose(service_registry(service), req->hand, req->session,
                              field(req, "present"), field(req, "chosen"), &why);
    if (status == LK_OK)
        return desk_go(req, res, err, "/desk");
    res->status = status == LK_DENIED ? 403 : lk_status_http(status);
    return ask_password(service, req, res, &why, err);
}
