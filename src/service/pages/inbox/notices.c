/* What the desk demanded of a platform: the letters, each address with its clock, what the law
 * named in a letter expects, and the answer. */
#include "base/err.h"
#include "cases/notice_inbox.h"
#include "exchange/csv.h"
#include "law/facts.h"
#include "service/context.h"
#include "service/pages/inbox/frame.h"
#include "service/pages/inbox/inbox.h"
#include "service/pages/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_link(const char *address)
{
    return strncmp(address, "https://", 8) == 0;
}

/* What a platform reads of its own state: its answer, or what the desk did since. */
static const char *state_words(unsigned state)
{
    static const char *const words[NOTICE_N_STATES] = {
        [NOTICE_SENT] = N_("not answered yet"),
        [NOTICE_DELIVERED] = N_("not answered yet"),
        [NOTICE_READY] = N_("not answered yet"),
        [NOTICE_FAILED] = N_("not answered yet"),
        [NOTICE_IN_REVIEW] = N_("you are looking at it"),
        [NOTICE_REMOVED] = N_("removed, you said"),
        [NOTICE_LIMITED] = N_("seen by fewer, you said"),
        [NOTICE_REFUSED] = N_("it stays, you said"),
        [NOTICE_NOT_ACTIONABLE] = N_("you could not act"),
        [NOTICE_DISPUTED] = N_("in dispute"),
        [NOTICE_BACK] = N_("it is there again"),
        [NOTICE_ESCALATED] = N_("taken to an authority"),
        [NOTICE_ACCEPTED] = N_("it stays, and the desk agrees"),
        [NOTICE_CLOSED] = N_("closed by the desk"),
    };
    return words[state < NOTICE_N_STATES && words[state] != NULL ? state : NOTICE_SENT];
}

static void put_notice(const struct page *page, struct view *v, const struct inbox_notice *notice)
{
    view_text(v, "id", arena_copy(page->req->arena, notice->id, INBOX_ID_CHARS));
    view_text(v, "address", notice->address);
    view_flag(v, "is_link", is_link(notice->address));
    view_text(v, "state", page_text(page, state_words(notice->state)));
    view_text(v, "reason", page_text(page, reason_words(notice->reason)));
    view_text(v, "sent", page_time(page, notice->sent_ms));
    view_text(v, "due", page_time(page, notice->due_ms));
    view_text(v, "until", notice->due_ms == 0 ? "" : page_until(page, notice->due_ms));
    view_flag(v, "by_law", notice->by_law);
    view_flag(v, "is_late", notice->is_overdue);
    view_text(v, "tone", notice->is_overdue ? "late" : notice->due_ms > 0 ? "open" : "done");
    view_flag(v, "may_remove",
              notice->state != NOTICE_REMOVED && inbox_may_answer(notice->state, MATCH_REMOVED));
    view_flag(v, "may_look",
              notice->state != NOTICE_IN_REVIEW &&
                  inbox_may_answer(notice->state, MATCH_ACKNOWLEDGED));
}

static void put_letter(const struct page *page, struct view *v, const struct inbox_letter *letter)
{
    struct arena *arena = page->req->arena;
    view_text(v, "reference", arena_copy(arena, letter->reference, strlen(letter->reference)));
    view_text(v, "subject", letter->subject);
    view_text(v, "letter_lang", letter->lang);
    view_text(v, "body", letter->body);
    view_text(v, "made", page_time(page, letter->made_ms));
}

static uint64_t after_of(const struct request *req)
{
    const char *after = form_get(&req->query, "after");
    return after == NULL ? 0 : strtoull(after, NULL, 10);
}

enum lk_status inbox_letters_page(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct page page;
    struct inbox_letter *letters;
    size_t n;
    bool more;
    bool all = form_get(&req->query, "all") != NULL;
    const struct inbox_filter filter = {.after = after_of(req), .is_waiting = !all};
    TRY(inbox_list(service->registry, req->partner, req->arena, &filter, &letters, &n, &more, err));
    inbox_begin(&page, service, req, res, N_("Inbox"));
    view_list(page.view, "letters");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page.view, "letters");
        put_letter(&page, v, &letters[i]);
        view_list(v, "notices");
        for (size_t k = 0; k < letters[i].n_notices; k++)
            put_notice(&page, view_add(v, "notices"), &letters[i].notices[k]);
    }
    view_flag(page.view, "is_empty", n == 0);
    view_flag(page.view, "shows_all", all);
    view_flag(page.view, "has_more", more && n > 0);
    view_u64(page.view, "next", more && n > 0 ? letters[n - 1].seq : 0);
    return page_send(&page, "inbox", err);
}

/* What the law named in a letter expects, with where it was read; and that it is no advice. */
static enum lk_status put_law(const struct page *page, const char *regime, struct lk_error *err)
{
    static const struct law_situation any;
    struct view *v = page->view;
    struct law_rule rule = {.status = LAW_IN_FORCE};
    const char *checked = NULL;
    view_flag(v, "has_law", regime != NULL);
    if (regime != NULL)
        TRY(law_rule_of(page->req->arena, regime, &any, &rule, &checked, err));
    view_text(v, "law", page_text(page, rule.title == NULL ? "" : rule.title));
    view_text(v, "citation", rule.citation);
    view_flag(v, "is_in_force", rule.status == LAW_IN_FORCE);
    view_flag(v, "has_hours", rule.deadline_hours > 0 && rule.recipient == LAW_TO_PLATFORM);
    view_u64(v, "hours", rule.deadline_hours);
    view_flag(v, "is_deadline_unchecked", rule.deadline_hours > 0 && !rule.deadline_checked);
    view_text(v, "deadline_text", rule.deadline_text);
    view_text(v, "regulator", rule.regulator);
    view_text(v, "regulator_url", rule.regulator_url);
    view_text(v, "appeal", rule.appeal);
    view_text(v, "checked", checked);
    view_flag(v, "is_unchecked", !rule.basis.is_checked);
    view_flag(v, "has_exclusions", rule.n_exclusions > 0);
    view_list(v, "exclusions");
    for (size_t i = 0; i < rule.n_exclusions; i++)
        view_text(view_add(v, "exclusions"), "exclusion", rule.exclusions[i]);
    return LK_OK;
}

static enum lk_status show(struct service *service, const struct request *req, struct response *res,
                           const struct lk_error *problem, struct lk_error *err)
{
    struct page page;
    struct inbox_letter letter;
    TRY(inbox_get(service->registry, req->partner, req->params[0], strlen(req->params[0]),
                  req->arena, &letter, err));
    inbox_begin(&page, service, req, res, N_("Notice"));
    if (problem != NULL)
        inbox_put_problem(&page, problem);
    put_letter(&page, page.view, &letter);
    put_notice(&page, page.view, &letter.notices[0]);
    TRY(put_law(&page, letter.regime, err));
    inbox_put_choices(&page, page.view, letter.notices[0].state, inbox_may_answer);
    view_text(page.view, "note", form_get(&req->form, "note"));
    return page_send(&page, "inbox_notice", err);
}

enum lk_status inbox_notice_page(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    return show(service, req, res, NULL, err);
}

enum lk_status inbox_notice_reply(struct service *service, const struct request *req,
                                  struct response *res, struct lk_error *err)
{
    struct match_reply reply;
    struct inbox_notice notice;
    struct lk_error why;
    enum lk_status status = inbox_read_answer(req, &reply, &why);
    if (status == LK_OK)
        status = inbox_answer(service->registry, req->partner, req->params[0],
                              strlen(req->params[0]), &reply, req->arena, &notice, &why);
    if (inbox_may_tell(status))
        return show(service, req, res, &why, err);
    if (status != LK_OK) {
        *err = why;
        return status;
    }
    response_redirect(res, form_get(&req->form, "all") != NULL ? "/inbox?all=1&done=1"
                                                               : "/inbox?done=1");
    return LK_OK;
}

static void put_row(struct buf *out, const struct page *page, const struct inbox_letter *letter,
                    const struct inbox_notice *notice)
{
    csv_put(out, notice->id, ',');
    csv_put(out, letter->reference, ',');
    csv_put(out, notice->address, ',');
    csv_put(out, letter->regime == NULL ? "" : letter->regime, ',');
    csv_put(out, notice_state_name(notice->state), ',');
    csv_put(out, notice->reason == 0 ? "" : match_reason_name(notice->reason), ',');
    csv_put(out, page_time(page, notice->sent_ms), ',');
    csv_put(out, page_time(page, notice->changed_ms), ',');
    csv_put(out, page_time(page, notice->due_ms), ',');
    csv_put(out, notice->due_ms == 0 ? "" : notice->by_law ? "law" : "desk", ',');
    csv_put(out, notice->is_overdue ? "yes" : "no", '\n');
}

/* Letters are read a page at a time, each into memory of its own. */
static enum lk_status put_rows(struct service *service, const struct request *req, struct buf *out,
                               const struct page *page, struct inbox_filter *filter, bool *more,
                               struct lk_error *err)
{
    enum { PAGE_MAX_BYTES = 32 << 20 };
    struct arena arena;
    struct inbox_letter *letters;
    size_t n = 0;
    arena_init(&arena, lk_alloc_heap(), PAGE_MAX_BYTES);
    enum lk_status status =
        inbox_list(service->registry, req->partner, &arena, filter, &letters, &n, more, err);
    for (size_t i = 0; status == LK_OK && i < n; i++) {
        for (size_t k = 0; k < letters[i].n_notices; k++)
            put_row(out, page, &letters[i], &letters[i].notices[k]);
        filter->after = letters[i].seq;
    }
    arena_fini(&arena);
    return status;
}

enum lk_status inbox_notices_csv(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    const struct page page = {.service = service, .req = req, .res = res};
    struct inbox_filter filter = {.limit = INBOX_MAX_LIST};
    bool more = true;
    inbox_begin_file(res, "attachment; filename=\"notices.csv\"");
    buf_str(&res->body, "notice,reference,address,law,state,reason,sent,changed,due,due_by,overdue"
                        "\r\n");
    while (more)
        TRY(put_rows(service, req, &res->body, &page, &filter, &more, err));
    return buf_status(&res->body, "the list of notices", err);
}
