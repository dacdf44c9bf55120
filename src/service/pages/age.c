/* The one question that decides where a person goes. The answer is not stored: it is only the
 * next address. */
#include "service/pages/page.h"
#include "service/pages/pages.h"

#include <string.h>

static enum lk_status ask(struct service *service, const struct request *req, struct response *res,
                          bool is_missing, struct lk_error *err)
{
    struct page page;
    page_begin(&page, service, req, res, "/age", N_("Question"));
    view_flag(page.view, "is_missing", is_missing);
    return page_send(&page, "age", err);
}

enum lk_status page_age(struct service *service, const struct request *req, struct response *res,
                        struct lk_error *err)
{
    return ask(service, req, res, false, err);
}

enum lk_status page_age_answer(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    const char *age = form_get(&req->form, "age");
    struct page page;
    page_begin(&page, service, req, res, "/age", N_("Question"));
    if (age != NULL && strcmp(age, "adult") == 0)
        response_redirect(res, page_link(&page, "/fingerprint"));
    else if (age != NULL && (strcmp(age, "minor") == 0 || strcmp(age, "unsure") == 0))
        response_redirect(res, page_link(&page, "/under-18"));
    else {
        res->status = 400;
        return ask(service, req, res, true, err);
    }
    return LK_OK;
}
