/* What the desk changes in a case. Each comes back to the case, with what was done or what was
 * wrong. */
#include "base/err.h"
#include "cases/desk_act.h"
#include "cases/desk_letter.h"
#include "cases/match_state.h"
#include "cases/proposal.h"
#include "service/context.h"
#include "service/pages/desk/case_view.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"

#include <stdlib.h>
#include <string.h>

static const char *field(const struct request *req, const char *name)
{
    const char *value = form_get(&req->form, name);
    return value == NULL ? "" : value;
}

/* The case again: with `done`, or with what went wrong, unless that is ours or the case is gone. */
static enum lk_status back(struct service *service, const struct request *req, struct response *res,
                           enum lk_status status, const struct lk_error *why, const char *done,
                           struct lk_error *err)
{
    if (status == LK_OK)
        return desk_show_case(service, req, res, done, NULL, err);
    if (status == LK_INVALID || status == LK_CONFLICT || status == LK_LIMIT)
        return desk_show_case(service, req, res, NULL, why, err);
    *err = *why;
    return status;
}

enum lk_status desk_take(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    struct lk_error why;
    bool gives_back = form_get(&req->form, "back") != NULL;
    enum lk_status status = desk_case_assign(service_registry(service), req->hand, req->params[0],
                                             gives_back ? 0 : req->hand->staff, &why);
    return back(service, req, res, status, &why,
                gives_back ? N_("The case is free for others.") : N_("The case is yours."), err);
}

enum lk_status desk_facts(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    struct lk_error why;
    struct case_facts facts = {0};
    unsigned harm = 0;
    desk_read_facts(&req->form, &facts, &harm);
    enum lk_status status = desk_case_note_facts(service_registry(service), req->hand,
                                                 req->params[0], &facts, harm, &why);
    if (status == LK_OK && form_get(&req->form, "then") != NULL)
        return desk_go(req, res, err, "/desk/case/%s/letters", req->params[0]);
    return back(service, req, res, status, &why, N_("The facts are kept."), err);
}

enum lk_status desk_links(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    struct lk_error why;
    size_t n = 0;
    enum lk_status status = desk_case_add_links(service_registry(service), req->hand,
                                                req->params[0], field(req, "links"), &n, &why);
    return back(service, req, res, status, &why, N_("The addresses are in the case."), err);
}

enum lk_status desk_proposal(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    struct lk_error why;
    struct registry *r = service_registry(service);
    const char *take = form_get(&req->form, "take");
    enum lk_status status =
        take != NULL ? proposal_take(r, req->hand, req->params[0], strtoll(take, NULL, 10), &why)
                     : proposal_decline(r, req->hand, req->params[0],
                                        strtoll(field(req, "decline"), NULL, 10), &why);
    return back(
        service, req, res, status, &why,
        take != NULL ? N_("The addresses are in the case.") : N_("It is not proposed again."), err);
}

enum lk_status desk_note(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    struct lk_error why;
    enum lk_status status = desk_case_remark(service_registry(service), req->hand, req->params[0],
                                             field(req, "note"), &why);
    return back(service, req, res, status, &why, N_("The note is kept for colleagues."), err);
}

enum lk_status desk_message(struct service *service, const struct request *req,
                            struct response *res, struct lk_error *err)
{
    struct lk_error why;
    const char *text = field(req, "message");
    enum lk_status status =
        desk_write(service_registry(service), req->hand, req->params[0], text, strlen(text), &why);
    return back(service, req, res, status, &why, N_("The person finds it in the case."), err);
}

enum lk_status desk_mark(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    struct lk_error why;
    struct registry *r = service_registry(service);
    const char *reason = field(req, "reason"), *item = field(req, "item");
    unsigned state = notice_state_of(field(req, "state"));
    int64_t notice = strtoll(field(req, "notice"), NULL, 10);
    enum lk_status status =
        state == NOTICE_ACCEPTED && item[0] != '\0'
            ? desk_notice_accept(r, req->hand, req->params[0], notice,
                                 (unsigned)strtoul(item, NULL, 10), field(req, "remark"), &why)
            : desk_notice_mark(r, req->hand, req->params[0], notice, state,
                               match_reason_from_name(reason, strlen(reason)), field(req, "remark"),
                               &why);
    return back(service, req, res, status, &why, N_("The answer is written down."), err);
}

enum lk_status desk_wait(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    struct lk_error why;
    bool goes = strcmp(field(req, "go"), "yes") == 0;
    enum lk_status status =
        desk_letter_wait_end(service_registry(service), req->hand, req->params[1], goes, &why);
    return back(service, req, res, status, &why,
                goes ? N_("The letter is on its way.") : N_("The letter does not go."), err);
}

enum lk_status desk_brake(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    struct lk_error why;
    struct registry *r = service_registry(service);
    const char *match = form_get(&req->form, "accept");
    enum lk_status status =
        match != NULL ? brake_accept_match(r, req->hand, req->params[0], match, &why)
                      : brake_lift(r, req->hand, req->params[0],
                                   strtoll(field(req, "lift"), NULL, 10), field(req, "why"), &why);
    return back(service, req, res, status, &why,
                match != NULL ? N_("The file is braked.") : N_("The brake is lifted."), err);
}

enum lk_status desk_open_link(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    struct page page;
    struct desk_opened_link link;
    unsigned number = (unsigned)strtoul(field(req, "number"), NULL, 10);
    TRY(desk_case_open_link(service_registry(service), req->hand, req->params[0], number,
                            req->arena, &link, err));
    desk_begin(&page, service, req, res, N_("Address"));
    view_text(page.view, "id", req->params[0]);
    view_text(page.view, "address", link.address);
    view_flag(page.view, "is_link",
              strncmp(link.address, "https://", 8) == 0 ||
                  strncmp(link.address, "http://", 7) == 0);
    view_u64(page.view, "today", link.n_today);
    return page_send(&page, "desk_link", err);
}
