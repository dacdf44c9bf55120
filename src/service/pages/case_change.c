/* Changing a case: adding to it, taking a part out, withdrawing it whole. */
#include "base/err.h"
#include "service/context.h"
#include "service/pages/case_show.h"
#include "service/pages/pages.h"

#include <stdlib.h>
#include <string.h>

/* What could not be taken is the person's matter when it is too long or nothing at all. */
static const char *problem_words(enum lk_status status)
{
    switch (status) {
    case LK_LIMIT:
        return N_("That is more than one case can hold. Please send less.");
    case LK_CONFLICT:
        return N_("This case takes no more texts. You can open a new one.");
    case LK_INVALID:
        return N_("There was nothing to send, or a line is too long. Please look at it again.");
    default:
        return NULL;
    }
}

enum lk_status page_case_add(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    struct case_access access;
    struct case_request request = {0};
    TRY(case_form_login(service, req, &access, err));
    enum lk_status status = case_form_texts(req, &request, err);
    if (status == LK_OK)
        status = case_add(service_registry(service), &access, &request, err);
    const char *problem = problem_words(status);
    if (status == LK_OK || problem != NULL) {
        if (problem != NULL)
            res->status = 400;
        status = case_show(service, req, res, &access, N_("We have it. It was locked and stored."),
                           problem, err);
    }
    case_logout(&access);
    return status;
}

static unsigned number_of(const struct form *form, const char *field)
{
    const char *text = form_get(form, field);
    unsigned long number = text == NULL ? 0 : strtoul(text, NULL, 10);
    return number <= UINT16_MAX ? (unsigned)number : 0;
}

static enum lk_status take_out(struct service *service, const struct request *req,
                               const struct case_access *access, struct lk_error *err)
{
    struct registry *r = service_registry(service);
    unsigned item = number_of(&req->form, "item"), text = number_of(&req->form, "text");
    if (item != 0)
        return case_withdraw_item(r, access, item, err);
    return case_withdraw_text(r, access, text, err);
}

enum lk_status page_case_part(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    struct case_access access;
    TRY(case_form_login(service, req, &access, err));
    enum lk_status status = take_out(service, req, &access, err);
    if (status == LK_OK)
        status = case_show(service, req, res, &access, N_("Taken out. It took effect at once."),
                           NULL, err);
    case_logout(&access);
    return status;
}

/* One action, at once, without being talked out of it. What cannot be known is said as well. */
static enum lk_status withdraw(struct service *service, const struct request *req,
                               struct response *res, const struct case_access *access,
                               struct lk_error *err)
{
    struct page page;
    char token[CASE_TOKEN_BYTES];
    size_t n_entries;
    TRY(case_withdraw(service_registry(service), access, &n_entries, err));
    page_begin(&page, service, req, res, "/case", N_("Status"));
    case_token(service_registry(service), access, token);
    page_carry(&page, "token", arena_copy(req->arena, token, strlen(token)));
    view_text(page.view, "token", arena_copy(req->arena, token, strlen(token)));
    view_u64(page.view, "n_items", n_entries);
    return page_send(&page, "withdrawn", err);
}

enum lk_status page_withdraw(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    struct case_access access;
    TRY(case_form_login(service, req, &access, err));
    enum lk_status status = withdraw(service, req, res, &access, err);
    case_logout(&access);
    return status;
}
