/* Opening a case with texts alone, without JavaScript: they are locked on arrival. */
#include "base/err.h"
#include "service/context.h"
#include "service/limits.h"
#include "service/pages/answers.h"
#include "service/pages/case_form.h"
#include "service/pages/pages.h"

#include <string.h>

static enum lk_status ask(struct service *service, const struct request *req, struct response *res,
                          const char *problem, struct lk_error *err)
{
    struct page page;
    const char *recovery = form_get(&req->form, "recovery");
    page_begin(&page, service, req, res, "/case/new", N_("New case"));
    view_text(page.view, "problem", problem == NULL ? "" : page_text(&page, problem));
    view_flag(page.view, "is_recovery", recovery != NULL);
    case_form_keep(&page);
    return page_send(&page, "new", err);
}

enum lk_status page_case_new(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    return ask(service, req, res, NULL, err);
}

static enum lk_status open_case(struct service *service, const struct request *req,
                                struct response *res, const struct case_request *request,
                                struct case_opened *opened, struct lk_error *err)
{
    TRY(limits_open_begin(service, req, res, err));
    enum lk_status status = case_open(service_registry(service), request, opened, err);
    limits_open_end(service);
    return status;
}

static enum lk_status show_code(struct service *service, const struct request *req,
                                struct response *res, const struct case_opened *opened,
                                struct lk_error *err)
{
    struct page page;
    page_begin(&page, service, req, res, "/case", N_("Code"));
    view_text(page.view, "code", arena_copy(req->arena, opened->code, strlen(opened->code)));
    view_text(page.view, "expires", page_day(&page, opened->expires_ms));
    return page_send(&page, "code", err);
}

enum lk_status page_case_open(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    const char *age = form_get(&req->form, "age");
    bool is_adult = age != NULL && strcmp(age, "adult") == 0;
    struct case_request request = {.wants_recovery = form_get(&req->form, "recovery") != NULL};
    struct case_opened opened;
    if (!is_adult && !service->config->is_authorised_under_18) {
        res->status = 400;
        return ask(service, req, res,
                   N_("Please say that everyone in it was 18 or older. If not, other helpers are "
                      "there for you."),
                   err);
    }
    enum lk_status status = case_form_texts(req, &request, err);
    if (status == LK_OK)
        status = open_case(service, req, res, &request, &opened, err);
    if (status == LK_INVALID || status == LK_LIMIT) {
        res->status = 400;
        return ask(service, req, res,
                   N_("There is nothing to send, or a line is too long. Please look at it again."),
                   err);
    }
    TRY(status);
    status = show_code(service, req, res, &opened, err);
    explicit_bzero(&opened, sizeof opened);
    return status;
}
