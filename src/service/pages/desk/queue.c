/* The queue: which case next, by clock, harm, who is waiting; filters that can be kept. */
#include "base/err.h"
#include "cases/desk_filter.h"
#include "cases/desk_queue.h"
#include "service/context.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"
#include "service/pages/desk/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ON_A_PAGE = 50, MAX_OFFSET = 1000000 };

static const char *const sort_words[DESK_N_SORTS] = {"due", "waiting", "harm", "change"};

static const char *sort_name(unsigned sort)
{
    static const char *const names[DESK_N_SORTS] = {N_("next deadline"), N_("waiting for us"),
                                                    N_("harm"), N_("last change")};
    return names[sort];
}

static unsigned number_of(const char *text, unsigned high)
{
    char *end;
    unsigned long n = text == NULL ? 0 : strtoul(text, &end, 10);
    return text != NULL && *text != '\0' && *end == '\0' && n <= high ? (unsigned)n : 0;
}

static void read_query(const struct request *req, struct desk_query *out)
{
    const char *sort = form_get(&req->query, "sort");
    const char *lang = form_get(&req->query, "language");
    const char *who = form_get(&req->query, "who");
    *out = (struct desk_query){
        .sort = DESK_BY_DUE,
        .harm_from = number_of(form_get(&req->query, "harm"), 4),
        .staff = -1,
        .is_late = form_get(&req->query, "late") != NULL,
        .is_new = form_get(&req->query, "new") != NULL,
        .offset = number_of(form_get(&req->query, "from"), MAX_OFFSET),
        .limit = ON_A_PAGE,
    };
    for (unsigned i = 0; sort != NULL && i < DESK_N_SORTS; i++)
        if (strcmp(sort_words[i], sort) == 0)
            out->sort = (enum desk_sort)i;
    if (sort == NULL)
        out->sort = DESK_BY_CHANGE;
    if (lang != NULL && strlen(lang) < sizeof out->lang)
        memcpy(out->lang, lang, strlen(lang) + 1);
    if (who != NULL && strcmp(who, "me") == 0)
        out->staff = req->hand->staff;
    if (who != NULL && strcmp(who, "nobody") == 0)
        out->staff = 0;
}

/* The query as an address carries it, but for where the page begins. */
static const char *query_text(const struct page *page, const struct desk_query *q)
{
    struct buf out;
    buf_init(&out, &page->req->arena->alloc, 256);
    buf_fmt(&out, "sort=%s", sort_words[q->sort]);
    if (q->lang[0] != '\0' && strspn(q->lang, "abcdefghijklmnopqrstuvwxyz-") == strlen(q->lang))
        buf_fmt(&out, "&language=%s", q->lang);
    if (q->harm_from > 0)
        buf_fmt(&out, "&harm=%u", q->harm_from);
    if (q->staff >= 0)
        buf_fmt(&out, "&who=%s", q->staff == 0 ? "nobody" : "me");
    if (q->is_late)
        buf_str(&out, "&late=1");
    if (q->is_new)
        buf_str(&out, "&new=1");
    return buf_text(&out);
}

static const char *page_at(const struct page *page, const char *query, size_t offset)
{
    struct buf out;
    buf_init(&out, &page->req->arena->alloc, 320);
    buf_fmt(&out, "/desk?%s&from=%zu", query, offset);
    return buf_text(&out);
}

static void add_choices(const struct page *page, const struct desk_query *q)
{
    for (unsigned i = 0; i < DESK_N_SORTS; i++) {
        struct view *v = view_add(page->view, "sorts");
        view_text(v, "value", sort_words[i]);
        view_text(v, "name", page_text(page, sort_name(i)));
        view_flag(v, "is_chosen", i == q->sort);
    }
    for (unsigned i = 0; i <= 4; i++) {
        struct view *v = view_add(page->view, "harms");
        view_u64(v, "value", i);
        view_text(v, "name", page_text(page, i == 0 ? N_("any") : desk_harm_words(i)));
        view_flag(v, "is_chosen", i == q->harm_from);
    }
    view_text(page->view, "language_typed", q->lang);
    view_flag(page->view, "is_mine", q->staff > 0);
    view_flag(page->view, "is_nobodys", q->staff == 0);
    view_flag(page->view, "is_late_only", q->is_late);
    view_flag(page->view, "is_new_only", q->is_new);
}

static void add_case(const struct page *page, const struct desk_queued *c)
{
    struct view *v = view_add(page->view, "cases");
    view_text(v, "id", c->id);
    view_text(v, "short", desk_short(page, c->id));
    view_text(v, "harm", page_text(page, desk_harm_words(c->harm)));
    view_u64(v, "harm_level", c->harm);
    view_text(v, "language", c->lang);
    view_text(v, "who", c->staff);
    view_flag(v, "is_waiting", c->is_waiting);
    view_u64(v, "links", c->n_links);
    view_u64(v, "open", c->n_open);
    view_u64(v, "late", c->n_late);
    view_flag(v, "is_late", c->n_late > 0);
    view_text(v, "due", page_time(page, c->due_ms));
    view_text(v, "until", c->due_ms == 0 ? "" : page_until(page, c->due_ms));
    view_text(v, "changed", page_time(page, c->changed_ms));
}

static enum lk_status add_filters(const struct page *page, const char *query, struct lk_error *err)
{
    struct desk_filter *filters;
    size_t n = 0;
    TRY(desk_filters_of(service_registry(page->service), page->req->hand, page->req->arena,
                        &filters, &n, err));
    view_list(page->view, "filters");
    view_flag(page->view, "has_filters", n > 0);
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page->view, "filters");
        view_text(v, "filter_name", filters[i].name);
        view_text(v, "filter_query", filters[i].query);
        view_flag(v, "is_current", strcmp(filters[i].query, query) == 0);
    }
    view_text(page->view, "query", query);
    return LK_OK;
}

enum lk_status desk_queue_page(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    struct page page;
    struct desk_query q;
    struct desk_queue queue;
    if (!staff_may(req->hand->role, STAFF_MAY_SEE_QUEUE))
        return desk_go(req, res, err,
                       staff_may(req->hand->role, STAFF_MAY_TAKE_PACKS) ? "/desk/packs"
                                                                        : "/desk/me");
    desk_begin(&page, service, req, res, N_("Queue"));
    read_query(req, &q);
    TRY(desk_queue(service_registry(service), req->hand, &q, req->arena, &queue, err));
    const char *query = query_text(&page, &q);
    add_choices(&page, &q);
    TRY(add_filters(&page, query, err));
    view_list(page.view, "cases");
    for (size_t i = 0; i < queue.n; i++)
        add_case(&page, &queue.cases[i]);
    view_flag(page.view, "is_empty", queue.n == 0);
    view_u64(page.view, "n_cases", queue.counts.n_cases);
    view_u64(page.view, "n_new", queue.counts.n_new);
    view_u64(page.view, "n_waiting", queue.counts.n_waiting);
    view_u64(page.view, "n_late", queue.counts.n_late);
    view_u64(page.view, "n_today", queue.counts.n_due_today);
    view_text(page.view, "next", queue.has_more ? page_at(&page, query, q.offset + ON_A_PAGE) : "");
    view_text(page.view, "previous",
              q.offset == 0
                  ? ""
                  : page_at(&page, query, q.offset < ON_A_PAGE ? 0 : q.offset - ON_A_PAGE));
    return page_send(&page, "desk_queue", err);
}

enum lk_status desk_filters(struct service *service, const struct request *req,
                            struct response *res, struct lk_error *err)
{
    const char *name = form_get(&req->form, "name");
    const char *query = form_get(&req->form, "query");
    const char *forget = form_get(&req->form, "forget");
    if (forget != NULL)
        TRY(desk_filter_forget(service_registry(service), req->hand, forget, err));
    else if (name != NULL && name[0] != '\0' && query != NULL)
        TRY(desk_filter_keep(service_registry(service), req->hand, name, query, err));
    return desk_go(req, res, err, "/desk?%s", query == NULL || strlen(query) > 200 ? "" : query);
}
