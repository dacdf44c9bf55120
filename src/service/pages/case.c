/* A case by its code. Both the code and the sealed token that stands for it afterwards come in the
 * body of a form: nothing of a case is ever in an address, so nothing of it stays in the list of
 * visits. */
#include "cases/case.h"

#include "base/err.h"
#include "service/context.h"
#include "service/limits.h"
#include "service/pages/page.h"
#include "service/pages/pages.h"
#include "service/pages/words.h"

#include <string.h>

static enum lk_status ask_code(struct service *service, const struct request *req,
                               struct response *res, const char *problem, struct lk_error *err)
{
    struct page page;
    page_begin(&page, service, req, res, "/case", N_("Code"));
    view_text(page.view, "problem", problem == NULL ? "" : page_text(&page, problem));
    return page_send(&page, "case", err);
}

enum lk_status page_case(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    return ask_code(service, req, res, NULL, err);
}

static void add_copies(const struct page *page, const struct case_view *view)
{
    view_list(page->view, "copies");
    view_flag(page->view, "has_copies", view->n_copies > 0);
    view_u64(page->view, "n_copies", view->n_copies_total);
    for (size_t i = 0; i < view->n_copies; i++) {
        const struct case_copy *copy = &view->copies[i];
        const struct copy_words *words = copy_words(copy->state);
        struct view *v = view_add(page->view, "copies");
        view_u64(v, "item", copy->item);
        view_text(v, "partner", copy->partner);
        view_text(v, "tone", words->tone);
        view_text(v, "state", page_text(page, words->state));
        view_text(v, "meaning", page_text(page, words->meaning));
        view_text(v, "reason", page_text(page, reason_words(copy->reason)));
        view_text(v, "remark", copy->note);
        view_text(v, "found", page_day(page, copy->found_ms));
        view_text(v, "answered", page_day(page, copy->answered_ms));
        view_flag(v, "shares", copy->grade == LK_PARTIAL || copy->grade == LK_REVIEW);
        view_text(v, "likeness", page_text(page, grade_words(copy->grade)));
    }
}

static void add_locations(const struct page *page, const struct case_view *view)
{
    view_list(page->view, "locations");
    view_flag(page->view, "has_locations", view->n_locations > 0);
    for (size_t i = 0; i < view->n_locations; i++) {
        const struct case_text *t = &view->locations[i];
        struct view *v = view_add(page->view, "locations");
        view_text(v, "location", arena_copy(page->req->arena, t->text, t->n));
    }
}

static enum lk_status show(struct service *service, const struct request *req, struct response *res,
                           const struct case_access *access, struct lk_error *err)
{
    struct page page;
    struct case_view view;
    char token[CASE_TOKEN_BYTES];
    TRY(case_view(service_registry(service), access, req->arena, &view, err));
    page_begin(&page, service, req, res, "/case", N_("Status"));
    case_token(service_registry(service), access, token);
    view_text(page.view, "token", token);
    view_flag(page.view, "is_open", view.state == CASE_OPEN);
    view_u64(page.view, "n_items", view.n_items);
    view_text(page.view, "opened", page_day(&page, view.opened_day_ms));
    view_text(page.view, "expires", page_day(&page, view.expires_ms));
    add_copies(&page, &view);
    add_locations(&page, &view);
    return page_send(&page, "status", err);
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
    TRY(limits_code_begin(service, req, res, err));
    enum lk_status status = case_login(service_registry(service), code, strlen(code), access, err);
    limits_code_end(service, req, status);
    return status;
}

enum lk_status page_case_show(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    const char *token = form_get(&req->form, "token");
    const char *code = form_get(&req->form, "code");
    struct case_access access;
    enum lk_status status =
        token != NULL
            ? case_token_login(service_registry(service), token, strlen(token), &access, err)
            : login_by_code(service, req, res, code == NULL ? "" : code, &access, err);
    if (token == NULL && (status == LK_INVALID || status == LK_DENIED)) {
        res->status = 400;
        return ask_code(service, req, res, problem_words(status), err);
    }
    TRY(status);
    status = show(service, req, res, &access, err);
    case_logout(&access);
    return status;
}
