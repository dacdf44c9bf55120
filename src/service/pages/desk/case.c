/* A case: its addresses with what became of them, what was written, the facts, letters and notes.
 * Nothing of it is a picture, and no address is a link: opening one is a step of its own. */
#include "cases/desk_case.h"

#include "base/err.h"
#include "cases/desk_act.h"
#include "cases/desk_letter.h"
#include "cases/ladder.h"
#include "cases/match_state.h"
#include "cases/proposal.h"
#include "cases/recheck.h"
#include "law/platforms.h"
#include "service/context.h"
#include "service/pages/desk/case_view.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"
#include "service/pages/desk/packs.h"
#include "service/pages/desk/words.h"
#include "service/pages/words.h"

#include <stdlib.h>
#include <string.h>

struct looks {
    struct recheck_view *views;
    size_t n;
};

static void add_head(const struct page *page, const struct desk_view *view)
{
    struct view *v = page->view;
    view_text(v, "id", view->id);
    view_text(v, "short", desk_short(page, view->id));
    view_text(v, "opened", page_day(page, view->opened_day_ms));
    view_text(v, "expires", page_day(page, view->expires_ms));
    view_text(v, "harm", page_text(page, desk_harm_words(view->harm)));
    view_u64(v, "harm_level", view->harm);
    view_text(v, "who", view->staff);
    view_flag(v, "is_mine", view->staff_row != 0 && view->staff_row == page->req->hand->staff);
    view_flag(v, "is_waiting", view->is_waiting);
    view_flag(v, "has_secret", page->req->hand->has_secret);
    const struct law_answers *a = &view->facts.answers;
    view_flag(v, "is_adult", a->age_known && a->situation.ages == LAW_ADULT);
    view_flag(v, "is_from_desk", view->facts.is_from_desk);
}

static void add_step(const struct page *page, struct view *row, const struct desk_step *step)
{
    struct view *v = view_add(row, "steps");
    view_text(v, "at", page_time(page, step->at_ms));
    view_text(v, "step_state",
              page_text(page, step->alarm > 0 && step->actor == NOTICE_BY_CLOCK
                                  ? desk_alarm_words(step->alarm)
                                  : desk_notice_words(step->state)));
    view_text(v, "actor", page_text(page, desk_actor_words(step->actor)));
    view_text(v, "by", step->staff);
    view_text(v, "why", page_text(page, reason_words(step->reason)));
    view_text(v, "remark", step->note);
}

static const char *letter_id(const struct desk_view *view, int64_t row)
{
    for (size_t i = 0; i < view->n_letters; i++)
        if (view->letters[i].row == row)
            return view->letters[i].id;
    return "";
}

/* The states that the desk may set now, as a person hears of them. */
static void add_outcomes(const struct page *page, struct view *row, unsigned from)
{
    static const unsigned states[] = {
        NOTICE_IN_REVIEW, NOTICE_REMOVED, NOTICE_LIMITED,  NOTICE_REFUSED,   NOTICE_NOT_ACTIONABLE,
        NOTICE_DISPUTED,  NOTICE_BACK,    NOTICE_ACCEPTED, NOTICE_ESCALATED, NOTICE_CLOSED};
    view_list(row, "outcomes");
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (!notice_may_follow(from, states[i]))
            continue;
        struct view *v = view_add(row, "outcomes");
        view_text(v, "value", notice_state_name(states[i]));
        view_text(v, "name", page_text(page, desk_notice_words(states[i])));
    }
}

/* What the newest look at the address found; nobody has confirmed it. */
static const char *look_words(unsigned result)
{
    switch (result) {
    case RECHECK_UP:
        return N_("a look found it still there");
    case RECHECK_GONE:
        return N_("a look found it gone: somebody has to confirm it");
    case RECHECK_UNCLEAR:
        return N_("a look could not tell");
    default:
        return "";
    }
}

static void add_look(const struct page *page, struct view *v, const struct looks *looks,
                     int64_t notice)
{
    view_text(v, "look", "");
    view_text(v, "looked", "");
    for (size_t i = 0; i < looks->n; i++)
        if (looks->views[i].notice == notice) {
            view_text(v, "look", page_text(page, look_words(looks->views[i].result)));
            view_text(v, "looked", page_time(page, looks->views[i].at_ms));
        }
}

static void add_notice(const struct page *page, struct view *link, const struct desk_view *view,
                       const struct desk_notice *notice, const struct looks *looks)
{
    struct view *v = view_add(link, "notices");
    view_u64(v, "notice", (uint64_t)notice->row);
    view_text(v, "recipient", notice->recipient);
    view_text(v, "target", page_text(page, desk_target_words(notice->target)));
    view_text(v, "regime", notice->regime);
    view_text(v, "state", page_text(page, desk_notice_words(notice->state)));
    view_text(v, "alarm", page_text(page, desk_alarm_words(notice->alarm)));
    view_text(v, "tone", desk_notice_tone(notice->state, notice->alarm));
    view_text(v, "reason", page_text(page, reason_words(notice->reason)));
    view_text(v, "sent", page_time(page, notice->sent_ms));
    view_text(v, "due", page_time(page, notice->due_ms));
    view_text(v, "until", notice->due_ms == 0 ? "" : page_until(page, notice->due_ms));
    view_text(v, "clock", page_text(page, desk_clock_words(notice->clock_kind)));
    view_text(v, "letter", letter_id(view, notice->letter));
    view_u64(v, "elsewhere", notice->n_elsewhere);
    view_flag(v, "is_elsewhere", notice->n_elsewhere > 0);
    add_look(page, v, looks, notice->row);
    view_list(v, "steps");
    for (size_t i = 0; i < notice->n_steps; i++)
        add_step(page, v, &notice->steps[i]);
    add_outcomes(page, v, notice->state);
}

static const char *const warned = N_("This step can harm the person. Read why first.");

/* What could be done next about one address; what is due is said first. */
static void add_ladder(const struct page *page, struct view *link, const struct desk_view *view,
                       unsigned number, const struct law_facts *facts, bool has_contact,
                       unsigned waiting)
{
    const struct law_answers *a = &view->facts.answers;
    struct ladder_notice notices[64];
    struct ladder ladder;
    struct ladder_question q = {
        .notices = notices,
        .platform_has_contact = has_contact,
        .is_tool = a->situation.kind == LAW_TOOL,
        .is_child = !a->age_known || a->situation.ages != LAW_ADULT,
        .waiting = waiting,
        .facts = facts,
        .now_ms = registry_now_ms(service_registry(page->service)),
    };
    for (size_t i = 0; i < view->n_notices && q.n_notices < 64; i++) {
        const struct desk_notice *n = &view->notices[i];
        if (n->number == number)
            notices[q.n_notices++] = (struct ladder_notice){
                .target = (enum law_target)(n->target == 0 ? LAW_TARGET_PLATFORM : n->target),
                .state = n->state,
                .sent_ms = n->sent_ms,
                .due_ms = n->due_ms,
                .is_public = n->by_law,
                .regime = n->regime,
            };
    }
    ladder_suggest(&q, &ladder);
    view_list(link, "steps_next");
    size_t n_due = 0;
    for (size_t i = 0; i < ladder.n; i++) {
        const struct ladder_step *step = &ladder.steps[i];
        if (!step->is_due_now || step->why == LADDER_FIRST || step->is_waiting)
            continue;
        struct view *v = view_add(link, "steps_next");
        n_due++;
        view_text(v, "rung", law_target_name(step->rung));
        view_text(v, "rung_name", page_text(page, desk_target_words(step->rung)));
        view_text(v, "why", page_text(page, ladder_why_text(step->why)));
        view_text(v, "authority", step->recipient);
        view_text(v, "step_regime", step->regime);
        view_text(v, "how", step->how);
        view_text(v, "warning", step->warning == NULL ? "" : page_text(page, warned));
        view_text(v, "warning_why", step->warning);
        view_flag(v, "is_letter", step->rung != LAW_TARGET_POLICE);
    }
    view_flag(link, "has_steps", n_due > 0);
}

/* The letters about one address that go by themselves, each with the end of the clock it waits for
 * (none: it does not run yet). Returns the rungs they are to, as bits. */
static unsigned add_waiting(const struct page *page, struct view *link,
                            const struct desk_view *view, unsigned number)
{
    unsigned rungs = 0;
    view_list(link, "waiting");
    for (size_t i = 0; i < view->n_letters; i++) {
        const struct desk_letter *letter = &view->letters[i];
        if (letter->waits_about != number)
            continue;
        struct view *v = view_add(link, "waiting");
        rungs |= 1U << letter->target;
        view_text(v, "letter", letter->id);
        view_text(v, "recipient", letter->recipient);
        view_text(v, "rung_name", page_text(page, desk_target_words(letter->target)));
        view_text(v, "goes", "");
        for (size_t k = 0; k < view->n_notices; k++)
            if (view->notices[k].row == letter->waits_for)
                view_text(v, "goes", page_time(page, view->notices[k].due_ms));
    }
    view_flag(link, "has_waiting", rungs != 0);
    return rungs;
}

/* The laws of the person's country, and those of other countries that letters of the case went
 * under: they too have somebody to go to. */
static enum lk_status find_facts(const struct page *page, const struct desk_view *view,
                                 struct law_facts *out, struct lk_error *err)
{
    struct arena *arena = page->req->arena;
    const struct law_answers *a = &view->facts.answers;
    TRY(law_facts(arena, a->country, &a->situation, out, err));
    struct law_rule *rules = arena_zalloc(arena, out->n_rules + view->n_letters + 1, sizeof *rules);
    if (rules == NULL)
        return request_no_memory(err);
    if (out->n_rules > 0)
        memcpy(rules, out->rules, out->n_rules * sizeof *rules);
    for (size_t i = 0; i < view->n_letters; i++) {
        bool known = view->letters[i].regime == NULL;
        for (size_t k = 0; k < out->n_rules && !known; k++)
            known = strcmp(rules[k].id, view->letters[i].regime) == 0;
        if (!known)
            TRY(law_rule_of(arena, view->letters[i].regime, &a->situation, &rules[out->n_rules++],
                            NULL, err));
    }
    out->rules = rules;
    return LK_OK;
}

static enum lk_status add_links(const struct page *page, const struct desk_view *view,
                                struct lk_error *err)
{
    struct law_platform_list platforms;
    struct law_facts facts;
    struct looks looks = {0};
    size_t n_links = 0, n_unsent = 0;
    TRY(law_platforms(page->req->arena, &platforms, err));
    TRY(find_facts(page, view, &facts, err));
    TRY(recheck_of_case(service_registry(page->service), view->id, page->req->arena, &looks.views,
                        &looks.n, err));
    view_list(page->view, "links");
    for (size_t i = 0; i < view->n_texts; i++) {
        const struct case_written *text = &view->texts[i];
        if (text->kind != CASE_LOCATION)
            continue;
        struct view *v = view_add(page->view, "links");
        const struct law_platform *platform =
            text->text == NULL ? NULL : law_platform_of_url(&platforms, text->text);
        size_t n_notices = 0;
        view_u64(v, "number", text->number);
        view_text(v, "address", text->text);
        view_flag(v, "is_shut", text->text == NULL);
        view_text(v, "platform", platform == NULL ? "" : platform->name);
        view_list(v, "notices");
        for (size_t k = 0; k < view->n_notices; k++)
            if (view->notices[k].number == text->number) {
                add_notice(page, v, view, &view->notices[k], &looks);
                n_notices++;
            }
        view_flag(v, "is_unsent", n_notices == 0);
        add_ladder(page, v, view, text->number, &facts, platform != NULL,
                   add_waiting(page, v, view, text->number));
        n_unsent += n_notices == 0;
        n_links++;
    }
    view_flag(page->view, "has_links", n_links > 0);
    view_u64(page->view, "n_links", n_links);
    view_u64(page->view, "n_unsent", n_unsent);
    view_flag(page->view, "has_unsent", n_unsent > 0);
    return LK_OK;
}

/* Addresses that a list or a tool found: a person takes or declines them. */
static enum lk_status add_proposals(const struct page *page, const struct desk_view *view,
                                    struct lk_error *err)
{
    struct proposal *proposals;
    size_t n = 0;
    TRY(proposal_list(service_registry(page->service), view->id, page->req->arena, &proposals, &n,
                      err));
    view_list(page->view, "proposals");
    view_flag(page->view, "has_proposals", n > 0);
    view_u64(page->view, "n_proposals", n);
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page->view, "proposals");
        view_u64(v, "proposal", (uint64_t)proposals[i].row);
        view_text(v, "address", proposals[i].url);
        view_text(v, "remark", proposals[i].note);
        view_text(v, "found", page_time(page, proposals[i].found_ms));
        view_text(v, "grade", proposals[i].grade == 0 ? "" : lk_grade_name(proposals[i].grade));
    }
    return LK_OK;
}

static const char *kind_words(unsigned kind, bool is_by_desk)
{
    if (is_by_desk)
        return N_("The desk wrote");
    switch (kind) {
    case CASE_NOTE:
        return N_("Note for the desk");
    case CASE_CONTACT:
        return N_("How to reach the person");
    default:
        return N_("The person wrote");
    }
}

static void add_texts(const struct page *page, const struct desk_view *view)
{
    view_list(page->view, "texts");
    for (size_t i = 0; i < view->n_texts; i++) {
        const struct case_written *text = &view->texts[i];
        if (text->kind != CASE_NOTE && text->kind != CASE_CONTACT && text->kind != CASE_MESSAGE)
            continue;
        struct view *v = view_add(page->view, "texts");
        view_text(v, "heading", page_text(page, kind_words(text->kind, text->is_by_desk)));
        view_text(v, "day", page_day(page, text->day_ms));
        view_text(v, "text", text->text);
        view_flag(v, "is_shut", text->text == NULL);
        view_flag(v, "is_by_desk", text->is_by_desk);
    }
    view_list(page->view, "remarks");
    for (size_t i = 0; i < view->n_remarks; i++) {
        struct view *v = view_add(page->view, "remarks");
        view_text(v, "at", page_time(page, view->remarks[i].at_ms));
        view_text(v, "by", view->remarks[i].staff);
        view_text(v, "text", view->remarks[i].text);
    }
}

static void add_letters(const struct page *page, const struct desk_view *view)
{
    view_list(page->view, "letters");
    view_flag(page->view, "has_letters", view->n_letters > 0);
    for (size_t i = 0; i < view->n_letters; i++) {
        const struct desk_letter *letter = &view->letters[i];
        struct view *v = view_add(page->view, "letters");
        view_text(v, "letter", letter->id);
        view_text(v, "recipient", letter->recipient);
        view_text(v, "made", page_time(page, letter->made_ms));
        view_text(v, "target", page_text(page, desk_target_words(letter->target)));
        view_text(v, "regime", letter->regime);
        view_text(v, "channel", page_text(page, desk_channel_words(letter->channel)));
        view_text(v, "state", page_text(page, desk_letter_words(letter->state)));
        view_text(v, "by", letter->staff);
        view_text(v, "remark", letter->problem);
    }
}

static const char *medium_words(unsigned medium)
{
    return medium == LK_VIDEO ? N_("Video") : medium == LK_AUDIO ? N_("Recording") : N_("Picture");
}

static void add_brakes(const struct page *page, struct view *file, const struct desk_view *view,
                       unsigned item)
{
    view_list(file, "brakes");
    for (size_t i = 0; i < view->n_brakes; i++) {
        const struct brake *brake = &view->brakes[i];
        if (brake->item != item)
            continue;
        struct view *v = view_add(file, "brakes");
        view_u64(v, "brake", (uint64_t)brake->row);
        view_text(v, "at", brake->partner);
        view_text(v, "since", page_time(page, brake->since_ms));
        view_text(v, "brake_reason", page_text(page, reason_words(brake->reason)));
        view_flag(v, "holds", brake->lifted_ms == 0);
        view_text(v, "lifted", page_time(page, brake->lifted_ms));
        view_text(v, "lifted_why", brake->why);
    }
}

/* Refused by the platform for a reason that would brake the file, which it does not yet. */
static bool can_accept(const struct desk_view *view, const struct case_copy *copy)
{
    if ((copy->state != MATCH_REFUSED && copy->state != MATCH_DISPUTED) ||
        brake_scope_of(copy->reason) == BRAKE_NOWHERE)
        return false;
    for (size_t i = 0; i < view->n_brakes; i++) {
        const struct brake *brake = &view->brakes[i];
        if (brake->item == copy->item && brake->lifted_ms == 0 &&
            (brake->partner == NULL || strcmp(brake->partner, copy->partner) == 0))
            return false;
    }
    return true;
}

static void add_files(const struct page *page, const struct desk_view *view)
{
    size_t n_in_force = 0;
    view_list(page->view, "files");
    view_list(page->view, "copies");
    view_flag(page->view, "has_files", view->n_items > 0);
    for (size_t i = 0; i < view->n_items; i++) {
        struct view *v = view_add(page->view, "files");
        view_u64(v, "item", view->items[i].number);
        view_text(v, "medium", page_text(page, medium_words(view->items[i].medium)));
        view_flag(v, "is_in_force", view->items[i].in_force);
        view_u64(v, "n_copies", view->items[i].n_copies);
        n_in_force += view->items[i].in_force;
        add_brakes(page, v, view, view->items[i].number);
    }
    view_flag(page->view, "has_many_files", n_in_force > 1);
    view_flag(page->view, "has_copies", view->n_copies > 0);
    for (size_t i = 0; i < view->n_copies; i++) {
        const struct case_copy *copy = &view->copies[i];
        struct view *v = view_add(page->view, "copies");
        view_u64(v, "item", copy->item);
        view_text(v, "partner", copy->partner);
        view_text(v, "grade", lk_grade_name(copy->grade));
        view_text(v, "state", page_text(page, copy_words(copy->state)->state));
        view_text(v, "reason", page_text(page, reason_words(copy->reason)));
        view_text(v, "found", page_time(page, copy->found_ms));
        view_text(v, "drawing", view->drawings[i]);
        view_flag(v, "is_late", copy->is_overdue);
        view_text(v, "match", copy->id);
        view_flag(v, "can_accept", can_accept(view, copy));
    }
}

static void add_reasons(const struct page *page)
{
    view_list(page->view, "reasons");
    for (unsigned reason = MATCH_REASON_NONE + 1; reason < MATCH_N_REASONS; reason++) {
        struct view *v = view_add(page->view, "reasons");
        view_text(v, "value", match_reason_name(reason));
        view_text(v, "name", page_text(page, reason_words(reason)));
    }
}

enum lk_status desk_show_case(struct service *service, const struct request *req,
                              struct response *res, const char *done,
                              const struct lk_error *problem, struct lk_error *err)
{
    struct page page;
    struct desk_view view;
    TRY(desk_case_open(service_registry(service), req->hand, req->params[0], req->arena, &view,
                       err));
    desk_begin(&page, service, req, res, N_("Case"));
    if (problem != NULL)
        res->status = lk_status_http(problem->status);
    view_text(page.view, "problem",
              problem == NULL ? "" : arena_copy(req->arena, problem->text, strlen(problem->text)));
    view_text(page.view, "done", done == NULL ? "" : page_text(&page, done));
    add_head(&page, &view);
    TRY(add_links(&page, &view, err));
    TRY(add_proposals(&page, &view, err));
    TRY(desk_add_facts(&page, &view, err));
    add_texts(&page, &view);
    add_letters(&page, &view);
    add_files(&page, &view);
    add_reasons(&page);
    TRY(packs_add_liaisons(&page, err));
    return page_send(&page, "desk_case", err);
}

enum lk_status desk_case_page(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    struct lk_error why;
    enum lk_status status = desk_show_case(service, req, res, NULL, NULL, &why);
    if (status == LK_CONFLICT) {
        struct page page;
        desk_begin(&page, service, req, res, N_("Case"));
        return desk_show_problem(&page, &why, err);
    }
    if (status != LK_OK)
        *err = why;
    return status;
}
