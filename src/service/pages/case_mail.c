/* Asking for the neutral mail, and ending it. */
#include "cases/case_mail.h"

#include "base/err.h"
#include "service/context.h"
#include "service/pages/case_show.h"
#include "service/pages/pages.h"

#include <string.h>

static enum lk_status change(struct service *service, const struct request *req,
                             const struct case_access *access, struct lk_error *err)
{
    const char *address = form_get(&req->form, "mail");
    struct page page;
    if (form_get(&req->form, "stop") != NULL)
        return case_mail_stop(service_registry(service), access, err);
    if (service->config->mail.url == NULL)
        return FAIL(err, LK_INVALID, "this service sends no mail");
    page_begin(&page, service, req, &(struct response){0}, "/case", N_("Status"));
    return case_mail_set(service_registry(service), access, address == NULL ? "" : address,
                         page.locale->code, err);
}

enum lk_status page_case_mail(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    struct case_access access;
    TRY(case_form_login(service, req, &access, err));
    enum lk_status status = change(service, req, &access, err);
    const char *problem = NULL, *done = N_("We will not write to you.");
    if (status == LK_INVALID) {
        res->status = 400;
        problem = N_("This is not a mail address. Please look at it again.");
        status = LK_OK;
    } else if (form_get(&req->form, "stop") == NULL) {
        done = N_("We will write when there is news, at most once a day.");
    }
    if (status == LK_OK)
        status = case_show(service, req, res, &access, done, problem, err);
    case_logout(&access);
    return status;
}
