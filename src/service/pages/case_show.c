/* The page of a case, as detailed as the person wishes: a summary, the list of copies, or also the
 * addresses and texts. Each copy says who must act next and by when. */
#include "service/pages/case_show.h"

#include "base/err.h"
#include "cases/brake.h"
#include "cases/case_mail.h"
#include "service/assets.h"
#include "service/context.h"
#include "service/pages/words.h"

#include <string.h>

enum detail { DETAIL_SUMMARY, DETAIL_LIST, DETAIL_LINKS };

static enum detail detail_of(const struct request *req)
{
    const char *word = form_get(&req->form, "detail");
    if (word != NULL && strcmp(word, "summary") == 0)
        return DETAIL_SUMMARY;
    return word != NULL && strcmp(word, "links") == 0 ? DETAIL_LINKS : DETAIL_LIST;
}

static const char *const detail_words[] = {"summary", "list", "links"};

/* Who must act next on a copy, in words; "" when nobody must. */
static const char *next_words(const struct case_copy *copy)
{
    if (copy->is_overdue)
        return N_("Late: an answer was asked for by %due%. The helpline can follow it up.");
    if (match_is_waiting(copy->state))
        return N_("Next: the platform has to answer. We ask for it by %due%.");
    switch (copy->state) {
    case MATCH_REFUSED:
    case MATCH_NOT_ACTIONABLE:
    case MATCH_RESTORED:
        return N_("Next: you or a helpline can object, or go to an authority.");
    case MATCH_DISPUTED:
        return N_("Next: the platform has to decide.");
    default:
        return "";
    }
}

static void add_copy(const struct page *page, const struct case_copy *copy)
{
    const struct copy_words *words = copy_words(copy->state);
    struct view *v = view_add(page->view, "copies");
    const char *due = page_day(page, copy->due_ms);
    view_u64(v, "item", copy->item);
    view_text(v, "partner", copy->partner);
    view_text(v, "tone", words->tone);
    view_text(v, "state", page_text(page, words->state));
    view_text(v, "meaning", page_text(page, words->meaning));
    view_text(v, "reason", page_text(page, reason_words(copy->reason)));
    view_text(v, "remark", copy->note);
    view_text(v, "found", page_day(page, copy->found_ms));
    view_text(v, "answered", page_day(page, copy->answered_ms));
    view_flag(v, "is_again", copy->is_again);
    view_flag(v, "is_overdue", copy->is_overdue);
    view_text(v, "next", page_fill(page, page_text(page, next_words(copy)), "%due%", due));
    view_flag(v, "has_clock", due[0] != '\0');
    view_flag(v, "shares", copy->grade == LK_PARTIAL || copy->grade == LK_REVIEW);
    view_text(v, "likeness", page_text(page, grade_words(copy->grade)));
}

static void add_copies(const struct page *page, const struct case_view *view)
{
    uint64_t waiting = 0, late = 0, gone = 0;
    view_list(page->view, "copies");
    view_flag(page->view, "has_copies", view->n_copies > 0);
    view_u64(page->view, "n_copies", view->n_copies_total);
    for (size_t i = 0; i < view->n_copies; i++) {
        const struct case_copy *copy = &view->copies[i];
        add_copy(page, copy);
        late += copy->is_overdue;
        waiting += match_is_waiting(copy->state) && !copy->is_overdue;
        gone += copy->state == MATCH_REMOVED;
    }
    view_u64(page->view, "n_gone", gone);
    view_u64(page->view, "n_waiting", waiting);
    view_u64(page->view, "n_late", late);
    view_u64(page->view, "n_other", view->n_copies - gone - waiting - late);
}

static const char *medium_words(unsigned medium)
{
    switch (medium) {
    case LK_VIDEO:
        return N_("Video");
    case LK_AUDIO:
        return N_("Recording");
    default:
        return N_("Picture");
    }
}

static void add_brakes(const struct page *page, struct view *row, const struct case_view *view,
                       unsigned item)
{
    view_list(row, "brakes");
    for (size_t i = 0; i < view->n_brakes; i++) {
        const struct brake *brake = &view->brakes[i];
        if (brake->item != item || brake->lifted_ms != 0)
            continue;
        struct view *v = view_add(row, "brakes");
        view_text(v, "at", brake->partner);
        view_text(v, "brake_reason", page_text(page, reason_words(brake->reason)));
    }
}

static void add_items(const struct page *page, const struct case_view *view)
{
    view_list(page->view, "items");
    view_flag(page->view, "has_items", view->n_items > 0);
    view_u64(page->view, "n_items", view->n_items);
    for (size_t i = 0; i < view->n_items; i++) {
        const struct case_item *item = &view->items[i];
        struct view *v = view_add(page->view, "items");
        view_u64(v, "item", item->number);
        view_text(v, "medium", page_text(page, medium_words(item->medium)));
        view_flag(v, "is_in_force", item->in_force);
        view_u64(v, "n_seen", item->n_seen);
        view_u64(v, "n_partners", view->n_partners);
        add_brakes(page, v, view, item->number);
        view_flag(v, "is_blocked", item->n_blocked > 0);
        view_u64(v, "n_blocked", item->n_blocked);
        view_text(v, "blocked_since", page_day(page, item->blocked_ms));
    }
}

static const char *text_words(unsigned kind)
{
    switch (kind) {
    case CASE_NOTE:
        return N_("Your note");
    case CASE_CONTACT:
        return N_("How to reach you");
    case CASE_SITUATION:
        return N_("Your answers to the questions");
    default:
        return N_("You wrote");
    }
}

static void add_notice(const struct page *page, struct view *v, const struct case_notice *notice)
{
    view_flag(v, "has_notice", notice != NULL);
    if (notice == NULL)
        return;
    const struct copy_words *words = notice_words(notice->state);
    const char *meaning =
        page_fill(page, page_text(page, words->meaning), "%to%", notice->recipient);
    const char *due = page_day(page, notice->due_ms);
    view_text(v, "notice_state", page_text(page, words->state));
    view_text(v, "changed", page_day(page, notice->changed_ms));
    view_text(v, "notice_meaning",
              page_fill(page, meaning, "%sent%", page_day(page, notice->sent_ms)));
    view_text(v, "notice_reason", page_text(page, reason_words(notice->reason)));
    view_text(v, "due", due);
    view_flag(v, "is_late", notice->is_overdue);
    view_flag(v, "is_waiting", due[0] != '\0' && !notice->is_overdue);
    view_flag(v, "by_law", due[0] != '\0' && notice->by_law);
    view_flag(v, "by_us", due[0] != '\0' && !notice->by_law);
}

static void add_texts(const struct page *page, const struct case_view *view)
{
    size_t n_locations = 0, n_letters = 0;
    view_list(page->view, "locations");
    view_list(page->view, "letters");
    for (size_t i = 0; i < view->n_texts; i++) {
        const struct case_written *text = &view->texts[i];
        if (text->kind == CASE_FACTS)
            continue; /* words for letters, not for reading; they are in the download */
        bool place = text->kind == CASE_LOCATION;
        struct view *v = view_add(page->view, place ? "locations" : "letters");
        n_locations += place;
        n_letters += !place;
        view_u64(v, "number", text->number);
        view_text(v, "text", text->text);
        view_flag(v, "is_lost", text->text == NULL);
        view_text(v, "day", page_day(page, text->day_ms));
        add_notice(page, v, text->notice);
        view_flag(v, "is_by_desk", text->is_by_desk);
        view_text(
            v, "heading",
            page_text(page, text->is_by_desk ? N_("The helpline wrote") : text_words(text->kind)));
    }
    view_flag(page->view, "has_locations", n_locations > 0);
    view_u64(page->view, "n_locations", n_locations);
    view_flag(page->view, "has_letters", n_letters > 0);
}

static void add_details(const struct page *page, enum detail detail)
{
    const char *const names[] = {N_("Summary"), N_("List"), N_("List and addresses")};
    for (unsigned i = 0; i < 3; i++) {
        struct view *v = view_add(page->view, "details");
        view_text(v, "detail", detail_words[i]);
        view_text(v, "name", page_text(page, names[i]));
        view_flag(v, "is_current", i == detail);
    }
    view_text(page->view, "current_detail", detail_words[detail]);
    view_flag(page->view, "is_list", detail >= DETAIL_LIST);
    view_flag(page->view, "is_links", detail == DETAIL_LINKS);
}

enum lk_status case_show(struct service *service, const struct request *req, struct response *res,
                         const struct case_access *access, const char *done, const char *problem,
                         struct lk_error *err)
{
    struct page page;
    struct case_view view;
    char token[CASE_TOKEN_BYTES];
    TRY(case_view(service_registry(service), access, req->arena, &view, err));
    page_begin(&page, service, req, res, "/case", N_("Status"));
    case_token(service_registry(service), access, token);
    page_carry(&page, "token", arena_copy(req->arena, token, strlen(token)));
    page_carry(&page, "detail", detail_words[detail_of(req)]);
    struct view *v = page.view;
    view_text(v, "token", arena_copy(req->arena, token, strlen(token)));
    view_text(v, "case_js", asset_url("case.js"));
    view_text(v, "done", done == NULL ? "" : page_text(&page, done));
    view_text(v, "problem", problem == NULL ? "" : page_text(&page, problem));
    view_text(v, "problem_field", form_get(&req->form, "mail") != NULL ? "mail" : "links");
    view_flag(v, "is_open", view.state == CASE_OPEN);
    view_flag(v, "has_recovery", view.has_recovery);
    view_text(v, "opened", page_day(&page, view.opened_day_ms));
    view_text(v, "expires", page_day(&page, view.expires_ms));
    struct case_mail mail;
    TRY(case_mail_get(service_registry(service), access, &mail, err));
    view_flag(v, "has_mail", service->config->mail.url != NULL || mail.address[0] != '\0');
    view_text(v, "mail", arena_copy(req->arena, mail.address, strlen(mail.address)));
    case_form_keys(&page, access);
    view_text(v, "typed_mail", problem == NULL ? "" : form_get(&req->form, "mail"));
    view_text(v, "typed_links", "");
    view_text(v, "typed_message", "");
    if (problem != NULL)
        case_form_keep(&page);
    add_details(&page, detail_of(req));
    add_copies(&page, &view);
    add_items(&page, &view);
    add_texts(&page, &view);
    return page_send(&page, "status", err);
}
