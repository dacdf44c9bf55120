/* One action, at once, without being talked out of it. What cannot be known is said as well. */
#include "base/err.h"
#include "cases/case.h"
#include "service/context.h"
#include "service/pages/page.h"
#include "service/pages/pages.h"

#include <string.h>

static enum lk_status withdraw(struct service *service, const struct request *req,
                               struct response *res, const struct case_access *access,
                               struct lk_error *err)
{
    struct page page;
    size_t n_entries;
    TRY(case_withdraw(service_registry(service), access, &n_entries, err));
    page_begin(&page, service, req, res, "/case", N_("Status"));
    view_u64(page.view, "n_items", n_entries);
    return page_send(&page, "withdrawn", err);
}

enum lk_status page_withdraw(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    const char *token = form_get(&req->form, "token");
    struct case_access access;
    if (token == NULL)
        return FAIL(err, LK_DENIED, "the form has no token: enter the code again");
    TRY(case_token_login(service_registry(service), token, strlen(token), &access, err));
    enum lk_status status = withdraw(service, req, res, &access, err);
    case_logout(&access);
    return status;
}
