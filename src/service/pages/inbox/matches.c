/* What the matcher found at a platform, and the platform's answers. */
#include "base/err.h"
#include "cases/match.h"
#include "exchange/csv.h"
#include "service/context.h"
#include "service/pages/inbox/frame.h"
#include "service/pages/inbox/inbox.h"
#include "service/pages/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ON_A_PAGE = 50 };

static void put_match(const struct page *page, struct view *v, const struct match *match)
{
    struct arena *arena = page->req->arena;
    view_text(v, "id", arena_copy(arena, match->id, MATCH_ID_CHARS));
    view_text(v, "link", arena_copy(arena, match->link, strlen(match->link)));
    view_text(v, "found", page_time(page, match->found_ms));
    view_text(v, "grade", lk_grade_name(match->grade));
    view_text(v, "says", page_text(page, grade_says(match->grade, match->medium)));
    view_text(v, "action", page_text(page, action_words(match->action)));
    view_text(v, "state", page_text(page, inbox_outcome_words(match->state)));
    view_text(v, "reason", page_text(page, reason_words(match->reason)));
    view_flag(v, "is_withdrawn", match->withdrawn);
    view_flag(v, "is_waiting", match_is_waiting(match->state) && !match->withdrawn);
    view_flag(v, "may_remove",
              match->state != MATCH_REMOVED && match_may_follow(match->state, MATCH_REMOVED));
}

static void put_states(const struct page *page, unsigned chosen)
{
    view_list(page->view, "states");
    for (unsigned state = MATCH_FOUND; state < MATCH_N_STATES; state++) {
        struct view *v = view_add(page->view, "states");
        view_text(v, "value", match_state_name(state));
        view_text(v, "name", page_text(page, inbox_outcome_words(state)));
        view_flag(v, "is_chosen", state == chosen);
    }
}

enum lk_status inbox_matches_page(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct page page;
    struct match *matches;
    size_t n;
    bool more;
    const char *state = form_get(&req->query, "state"), *after = form_get(&req->query, "after");
    const struct match_filter filter = {
        .state = state == NULL ? MATCH_FOUND : match_state_from_name(state, strlen(state)),
        .after = after == NULL ? 0 : strtoull(after, NULL, 10),
        .limit = ON_A_PAGE,
    };
    TRY(match_list(service->registry, req->partner, req->arena, &filter, &matches, &n, &more, err));
    inbox_begin(&page, service, req, res, N_("Matches"));
    view_list(page.view, "matches");
    for (size_t i = 0; i < n; i++)
        put_match(&page, view_add(page.view, "matches"), &matches[i]);
    put_states(&page, filter.state);
    view_flag(page.view, "is_empty", n == 0);
    view_flag(page.view, "has_more", more && n > 0);
    view_u64(page.view, "next", more && n > 0 ? matches[n - 1].seq : 0);
    view_text(page.view, "chosen", filter.state == 0 ? "" : match_state_name(filter.state));
    return page_send(&page, "inbox_matches", err);
}

static enum lk_status show(struct service *service, const struct request *req, struct response *res,
                           const struct lk_error *problem, struct lk_error *err)
{
    struct page page;
    struct match match;
    TRY(match_get(service->registry, req->partner, req->params[0], strlen(req->params[0]), &match,
                  NULL, err));
    inbox_begin(&page, service, req, res, N_("Match"));
    if (problem != NULL)
        inbox_put_problem(&page, problem);
    put_match(&page, page.view, &match);
    inbox_put_choices(&page, page.view, match.state, match_may_follow);
    view_text(page.view, "note", form_get(&req->form, "note"));
    return page_send(&page, "inbox_match", err);
}

enum lk_status inbox_match_page(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    return show(service, req, res, NULL, err);
}

enum lk_status inbox_match_reply(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    struct match_reply reply;
    struct lk_error why;
    enum lk_status status = inbox_read_answer(req, &reply, &why);
    if (status == LK_OK)
        status = match_answer(service->registry, req->partner, req->params[0],
                              strlen(req->params[0]), &reply, NULL, &why);
    if (inbox_may_tell(status))
        return show(service, req, res, &why, err);
    if (status != LK_OK) {
        *err = why;
        return status;
    }
    response_redirect(res, "/inbox/matches?done=1");
    return LK_OK;
}

static void put_row(struct buf *out, const struct page *page, const struct match *match)
{
    csv_put(out, match->id, ',');
    csv_put(out, match->entry, ',');
    csv_put(out, lk_medium_name(match->medium), ',');
    csv_put(out, lk_grade_name(match->grade), ',');
    csv_put(out, match_state_name(match->state), ',');
    csv_put(out, match->reason == 0 ? "" : match_reason_name(match->reason), ',');
    csv_put(out, page_time(page, match->found_ms), ',');
    csv_put(out, page_time(page, match->answered_ms), ',');
    csv_put(out, match->withdrawn ? "yes" : "no", '\n');
}

enum lk_status inbox_matches_csv(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    const struct page page = {.service = service, .req = req, .res = res};
    struct match_filter filter = {.limit = MATCH_MAX_LIST};
    struct match *matches;
    size_t n;
    bool more = true;
    inbox_begin_file(res, "attachment; filename=\"matches.csv\"");
    buf_str(&res->body, "match,entry,medium,grade,state,reason,found,answered,withdrawn\r\n");
    while (more) {
        TRY(match_list(service->registry, req->partner, req->arena, &filter, &matches, &n, &more,
                       err));
        for (size_t i = 0; i < n; i++)
            put_row(&res->body, &page, &matches[i]);
        filter.after = n == 0 ? filter.after : matches[n - 1].seq;
    }
    return buf_status(&res->body, "the list of matches", err);
}
