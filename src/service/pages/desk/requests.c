/* What takes two: asking for the letters of many cases, and deciding what a colleague asked for. */
#include "cases/desk_request.h"

#include "base/err.h"
#include "exchange/pack.h"
#include "service/context.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"
#include "service/pages/desk/packs.h"

#include <stdlib.h>
#include <string.h>

static const char *state_words(unsigned state)
{
    switch (state) {
    case REQUEST_DONE:
        return N_("allowed");
    case REQUEST_DECLINED:
        return N_("declined");
    default:
        return N_("waits for a second person");
    }
}

/* What is left for a person, case by case. */
static void add_left(const struct page *page, const struct desk_bulk *bulk)
{
    size_t n = bulk == NULL ? 0 : bulk->n_left;
    view_list(page->view, "left");
    for (size_t i = 0; i < n; i++) {
        const struct desk_left *left = &bulk->left[i];
        struct view *v = view_add(page->view, "left");
        view_text(v, "id", arena_copy(page->req->arena, left->case_id, DESK_CASE_CHARS));
        view_text(v, "short", desk_short(page, left->case_id));
        view_flag(v, "is_guessed", left->n_guessed > 0);
        view_u64(v, "n_guessed", left->n_guessed);
        view_flag(v, "is_missing", left->n_missing > 0);
        view_u64(v, "n_missing", left->n_missing);
    }
    view_flag(page->view, "is_left", n > 0);
}

static const char *whom_words(unsigned whom)
{
    return whom == PACK_POLICE      ? N_("for the police")
           : whom == PACK_REGULATOR ? N_("for a regulator")
                                    : N_("for the person");
}

/* What a pack is for, who can open it, and whether it waits for whoever looks. */
static void add_pack(const struct page *page, struct view *v, const struct desk_request *request,
                     const struct desk_pack *packs, size_t n_packs)
{
    char key[AGE_RECIPIENT_BYTES];
    view_flag(v, "is_pack", request->pack != NULL);
    view_flag(v, "is_letters", request->pack == NULL);
    view_text(v, "until", "");
    if (request->pack == NULL)
        return;
    age_recipient_text(&request->pack->recipient, key);
    view_text(v, "whom", page_text(page, whom_words(request->pack->whom)));
    view_text(v, "key", arena_copy(page->req->arena, key, strlen(key)));
    view_flag(v, "is_bare", request->pack->without_texts);
    view_flag(v, "has_liaison", request->pack->liaison != 0);
    for (size_t i = 0; i < n_packs; i++)
        if (packs[i].request == request->row)
            view_text(v, "until", page_time(page, packs[i].until_ms));
}

static enum lk_status show(struct service *service, const struct request *req, struct response *res,
                           const struct desk_bulk *bulk, const struct lk_error *problem,
                           struct lk_error *err)
{
    struct page page;
    struct desk_request *requests;
    struct desk_pack *packs = NULL;
    size_t n = 0, n_packs = 0;
    desk_begin(&page, service, req, res, N_("Second opinions"));
    TRY(desk_requests(service_registry(service), req->hand, req->arena, &requests, &n, err));
    TRY(desk_packs(service_registry(service), req->hand, req->arena, &packs, &n_packs, err));
    if (problem != NULL) {
        res->status = lk_status_http(problem->status);
        view_text(page.view, "problem",
                  arena_copy(req->arena, problem->text, strlen(problem->text)));
    }
    view_flag(page.view, "is_done", bulk != NULL && !bulk->is_pack);
    view_flag(page.view, "is_made", bulk != NULL && bulk->is_pack);
    view_u64(page.view, "n_sent", bulk == NULL ? 0 : bulk->n_sent);
    view_u64(page.view, "n_lacking", bulk == NULL ? 0 : bulk->n_lacking);
    add_left(&page, bulk);
    view_list(page.view, "requests");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page.view, "requests");
        view_u64(v, "request", (uint64_t)requests[i].row);
        view_text(v, "by", requests[i].staff);
        view_text(v, "asked", page_time(&page, requests[i].asked_ms));
        view_text(v, "state", page_text(&page, state_words(requests[i].state)));
        view_text(v, "decided_by", requests[i].decided_by);
        view_u64(v, "n_cases", requests[i].n_cases);
        view_flag(v, "may_allow", requests[i].state == REQUEST_ASKED && !requests[i].is_mine);
        view_flag(v, "may_decline", requests[i].state == REQUEST_ASKED);
        add_pack(&page, v, &requests[i], packs, n_packs);
        view_list(v, "cases");
        for (size_t k = 0; k < requests[i].n_cases; k++) {
            struct view *row = view_add(v, "cases");
            view_text(row, "id", requests[i].cases[k]);
            view_text(row, "short", desk_short(&page, requests[i].cases[k]));
        }
    }
    view_flag(page.view, "is_empty", n == 0);
    return page_send(&page, "desk_requests", err);
}

enum lk_status desk_requests_page(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    return show(service, req, res, NULL, NULL, err);
}

enum lk_status desk_ask(struct service *service, const struct request *req, struct response *res,
                        struct lk_error *err)
{
    const char *cases[FORM_MAX_FIELDS];
    struct lk_error why;
    size_t n = 0;
    for (size_t i = 0; i < req->form.n; i++)
        if (strcmp(req->form.fields[i].name, "case") == 0)
            cases[n++] = req->form.fields[i].value;
    enum lk_status status =
        desk_request_letters(service_registry(service), req->hand, cases, n, &why);
    if (status == LK_OK)
        return desk_go(req, res, err, "/desk/requests");
    return show(service, req, res, NULL, &why, err);
}

enum lk_status desk_decide(struct service *service, const struct request *req, struct response *res,
                           struct lk_error *err)
{
    struct desk_bulk bulk;
    struct lk_error why;
    const char *row = form_get(&req->form, "request");
    bool allow = form_get(&req->form, "allow") != NULL;
    enum lk_status status = desk_request_decide(service_registry(service), req->hand,
                                                row == NULL ? 0 : strtoll(row, NULL, 10), allow,
                                                packs_make, service, &bulk, &why);
    return show(service, req, res, status == LK_OK && allow ? &bulk : NULL,
                status == LK_OK ? NULL : &why, err);
}
