/* A case by its code, and everything about it to take away. */
#include "base/err.h"
#include "cases/case_mail.h"
#include "service/api/body.h"
#include "service/case_json.h"
#include "service/context.h"
#include "service/limits.h"
#include "service/pages/case_show.h"
#include "service/pages/pages.h"

#include <string.h>

static enum lk_status ask_code(struct service *service, const struct request *req,
                               struct response *res, const char *problem, struct lk_error *err)
{
    struct page page;
    page_begin(&page, service, req, res, "/case", N_("Code"));
    view_text(page.view, "problem", problem == NULL ? "" : page_text(&page, problem));
    view_text(page.view, "typed_code", form_get(&req->form, "code"));
    return page_send(&page, "case", err);
}

enum lk_status page_case(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    return ask_code(service, req, res, NULL, err);
}

/* Why a code did not open a case, in words for the form. */
static const char *problem_words(enum lk_status status)
{
    return status == LK_INVALID
               ? N_("This is not a code of ours: a digit is missing or mistyped. Please compare it "
                    "with your note.")
               : N_("We know no case with this code. Please compare it with your note.");
}

static enum lk_status login_by_code(struct service *service, const struct request *req,
                                    struct response *res, const char *code,
                                    struct case_access *access, struct lk_error *err)
{
    TRY(limits_code_begin(service, req, res, code, err));
    enum lk_status status = case_login(service_registry(service), code, strlen(code), access, err);
    limits_code_end(service, req, code, status);
    return status;
}

enum lk_status page_case_show(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    const char *token = form_get(&req->form, "token");
    const char *code = form_get(&req->form, "code");
    struct case_access access;
    enum lk_status status =
        token != NULL ? case_form_login(service, req, &access, err)
                      : login_by_code(service, req, res, code == NULL ? "" : code, &access, err);
    if (token == NULL && (status == LK_INVALID || status == LK_DENIED)) {
        res->status = 400;
        return ask_code(service, req, res, problem_words(status), err);
    }
    TRY(status);
    status = case_show(service, req, res, &access, NULL, NULL, err);
    case_logout(&access);
    return status;
}

enum lk_status page_case_download(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct case_access access;
    struct case_view view;
    struct case_prints prints;
    struct case_mail mail;
    TRY(case_form_login(service, req, &access, err));
    enum lk_status status = case_view(service_registry(service), &access, req->arena, &view, err);
    if (status == LK_OK)
        status = case_prints(service_registry(service), &access, req->arena, &prints, err);
    if (status == LK_OK)
        status = case_mail_get(service_registry(service), &access, &mail, err);
    case_logout(&access);
    TRY(status);
    struct json j;
    body_answer(res, &j);
    response_header(res, "Content-Disposition", "attachment; filename=\"notes.json\"");
    json_object(&j);
    case_json_members(&j, &view);
    if (mail.address[0] != '\0')
        json_put_text(&j, "mail", mail.address);
    case_json_prints(&j, &prints);
    json_end_object(&j);
    return LK_OK;
}
