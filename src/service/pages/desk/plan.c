/* The letters of a case: proposed by platform and law, shown as they will go out, and sent
 * together. */
#include "cases/desk_plan.h"

#include "base/err.h"
#include "service/context.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"
#include "service/pages/desk/later.h"
#include "service/pages/desk/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LETTERS = 10, MAX_NUMBERS = LETTER_MAX_URLS, FIELD_BYTES = 32 };

/* One letter as the form has it. */
struct ordered {
    struct desk_order order;
    unsigned *numbers;
    const char *numbers_text; /* "1,2,5" */
    bool is_wanted;
    struct desk_draft draft;
    bool has_draft, is_sent;
    struct lk_error problem; /* status LK_OK: none */
    struct later later;
};

struct planning {
    struct page page;
    struct service *service;
    const struct request *req;
    const char *case_id;
    struct desk_view view;
    struct ordered letters[MAX_LETTERS];
    size_t n;
    struct law_platform_list platforms;
};

static const char *field_at(const struct form *form, const char *name, size_t i)
{
    char key[FIELD_BYTES];
    snprintf(key, sizeof key, "%s%zu", name, i);
    return form_get(form, key);
}

/* "1,2,5" */
static enum lk_status read_numbers(struct arena *arena, const char *text, unsigned **out, size_t *n,
                                   struct lk_error *err)
{
    unsigned *numbers = arena_zalloc(arena, MAX_NUMBERS, sizeof *numbers);
    if (numbers == NULL)
        return request_no_memory(err);
    *n = 0;
    while (*text != '\0') {
        char *end;
        unsigned long number = strtoul(text, &end, 10);
        if (end == text || number == 0 || number > 100000 || *n == MAX_NUMBERS)
            return FAIL(err, LK_INVALID, "the addresses are given as numbers, like 1,2,5");
        numbers[(*n)++] = (unsigned)number;
        text = *end == ',' ? end + 1 : end;
        if (*end != ',' && *end != '\0')
            return FAIL(err, LK_INVALID, "the addresses are given as numbers, like 1,2,5");
    }
    *out = numbers;
    return LK_OK;
}

static const char *write_numbers(struct arena *arena, const unsigned *numbers, size_t n)
{
    struct buf text;
    buf_init(&text, &arena->alloc, 8 * MAX_NUMBERS);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&text, "%s%u", i > 0 ? "," : "", numbers[i]);
    return buf_text(&text);
}

static const char *set_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static unsigned channel_of(const char *name)
{
    for (unsigned i = LETTER_INBOX; i <= LETTER_BY_HAND; i++)
        if (name != NULL && strcmp(letter_channel_name(i), name) == 0)
            return i;
    return LETTER_BY_HAND;
}

static enum law_author author_of(const char *name)
{
    if (name != NULL && strcmp(name, "person") == 0)
        return LAW_BY_PERSON;
    return name != NULL && strcmp(name, "maker") == 0 ? LAW_BY_MAKER : LAW_BY_REPRESENTATIVE;
}

static const char *const author_words[] = {"desk", "person", "maker"};

/* What the form holds, letter by letter. */
static enum lk_status read_form(struct planning *p, const struct form *form, struct lk_error *err)
{
    while (p->n < MAX_LETTERS && field_at(form, "numbers", p->n) != NULL) {
        size_t i = p->n++;
        struct ordered *o = &p->letters[i];
        o->numbers_text = field_at(form, "numbers", i);
        o->is_wanted = field_at(form, "use", i) != NULL;
        TRY(read_numbers(p->req->arena, o->numbers_text, &o->numbers, &o->order.n_numbers, err));
        o->order.case_id = p->case_id;
        o->order.numbers = o->numbers;
        o->order.target = law_target_of(field_at(form, "target", i));
        o->order.author = author_of(field_at(form, "author", i));
        o->order.regime = set_or_null(field_at(form, "regime", i));
        o->order.platform = set_or_null(field_at(form, "platform", i));
        o->order.recipient = set_or_null(field_at(form, "recipient", i));
        o->order.partner = set_or_null(field_at(form, "partner", i));
        o->order.address = set_or_null(field_at(form, "address", i));
        o->order.lang = set_or_null(field_at(form, "lang", i));
        o->order.channel = (enum letter_channel)channel_of(field_at(form, "channel", i));
        o->order.wants_preserved = field_at(form, "preserve", i) != NULL;
        if (o->order.lang == NULL)
            o->order.lang = "en";
        later_read(form, i, &o->later);
    }
    return LK_OK;
}

static void take_proposal(struct planning *p, const struct desk_proposal *proposal)
{
    if (p->n == MAX_LETTERS)
        return;
    struct ordered *o = &p->letters[p->n++];
    *o = (struct ordered){
        .order =
            {
                .case_id = p->case_id,
                .numbers = proposal->numbers,
                .n_numbers = proposal->n_numbers,
                .target = proposal->target,
                .regime = proposal->n_rules > 0 ? proposal->rules[0].rule->id : NULL,
                .platform = proposal->platform,
                .recipient = proposal->recipient,
                .partner = proposal->partner,
                .address = proposal->address,
                .lang = proposal->lang,
                .channel = proposal->channel,
                .wants_preserved = true,
            },
        .numbers = proposal->numbers,
        .numbers_text = write_numbers(p->req->arena, proposal->numbers, proposal->n_numbers),
        .is_wanted = true,
    };
}

/* ---- the page ---- */

static void add_option(const struct page *page, struct view *row, const char *list,
                       const char *value, const char *name, bool is_chosen)
{
    struct view *v = view_add(row, list);
    (void)page;
    view_text(v, "value", value);
    view_text(v, "name", name);
    view_flag(v, "is_chosen", is_chosen);
}

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static const char *rule_name(const struct planning *p, const struct desk_rule_choice *choice)
{
    struct buf text;
    buf_init(&text, &p->req->arena->alloc, 512);
    buf_fmt(&text, "%s (%s)", page_text(&p->page, choice->rule->title), choice->rule->id);
    if (choice->law_hours > 0)
        buf_fmt(&text, ", %u h", choice->law_hours);
    else if (choice->rule->status != LAW_IN_FORCE)
        buf_fmt(&text, ", %s", page_text(&p->page, N_("not in force")));
    return buf_text(&text);
}

static enum lk_status add_rules(struct planning *p, struct view *row, const struct ordered *o,
                                struct lk_error *err)
{
    struct desk_proposal rules = {0};
    bool found = false;
    view_list(row, "rules");
    add_option(&p->page, row, "rules", "", page_text(&p->page, N_("their own rules")),
               o->order.regime == NULL);
    TRY(desk_plan_rules(service_registry(p->service), &p->view,
                        law_platform_find(&p->platforms, o->order.platform), p->req->arena, &rules,
                        err));
    for (size_t i = 0; i < rules.n_rules; i++) {
        const char *id = rules.rules[i].rule->id;
        found |= same(id, o->order.regime);
        add_option(&p->page, row, "rules", id, rule_name(p, &rules.rules[i]),
                   same(id, o->order.regime));
    }
    if (!found && o->order.regime != NULL)
        add_option(&p->page, row, "rules", o->order.regime, o->order.regime, true);
    return LK_OK;
}

static void add_choices(struct planning *p, struct view *row, const struct ordered *o)
{
    static const char *const author_names[] = {
        N_("the desk, for the person"), N_("the person"),
        N_("the person, as the maker: named, with an address")};
    view_list(row, "langs");
    for (size_t i = 0; law_letter_lang_at(i) != NULL; i++)
        add_option(&p->page, row, "langs", law_letter_lang_at(i), law_letter_lang_at(i),
                   same(law_letter_lang_at(i), o->order.lang));
    view_list(row, "channels");
    for (unsigned i = LETTER_INBOX; i <= LETTER_BY_HAND; i++)
        if (i != LETTER_INBOX || o->order.partner != NULL)
            add_option(&p->page, row, "channels", letter_channel_name(i),
                       page_text(&p->page, desk_channel_words(i)), i == o->order.channel);
    view_list(row, "targets");
    for (unsigned i = LAW_TARGET_PLATFORM; i < LAW_N_TARGETS; i++)
        if (i != LAW_TARGET_POLICE)
            add_option(&p->page, row, "targets", law_target_name(i),
                       page_text(&p->page, desk_target_words(i)), i == o->order.target);
    view_list(row, "authors");
    for (unsigned i = LAW_BY_REPRESENTATIVE; i <= LAW_BY_MAKER; i++)
        add_option(&p->page, row, "authors", author_words[i], page_text(&p->page, author_names[i]),
                   i == o->order.author);
}

static void add_draft(struct planning *p, struct view *row, const struct ordered *o)
{
    const struct law_letter *letter = &o->draft.letter;
    view_flag(row, "has_draft", o->has_draft && letter->body != NULL);
    view_flag(row, "is_missing", o->has_draft && letter->n_missing > 0);
    view_text(row, "subject", letter->subject);
    view_text(row, "body", letter->body);
    view_list(row, "missing");
    for (size_t i = 0; o->has_draft && i < letter->n_missing; i++) {
        struct view *v = view_add(row, "missing");
        view_text(v, "label", page_text(&p->page, letter->missing[i].label));
        view_text(v, "why", page_text(&p->page, law_lack_words(letter->missing[i].lack)));
    }
    view_text(row, "letter_problem",
              o->problem.status == LK_OK
                  ? ""
                  : arena_copy(p->req->arena, o->problem.text, strlen(o->problem.text)));
    view_flag(row, "is_sent", o->is_sent);
    view_flag(row, "has_clock", o->draft.law_hours > 0);
    view_u64(row, "law_hours", o->draft.law_hours);
}

static enum lk_status add_letter(struct planning *p, size_t i, struct lk_error *err)
{
    const struct ordered *o = &p->letters[i];
    struct view *v = view_add(p->page.view, "letters");
    view_u64(v, "i", i);
    view_u64(v, "shown", i + 1);
    view_flag(v, "is_wanted", o->is_wanted);
    view_text(v, "numbers", o->numbers_text);
    view_u64(v, "n_numbers", o->order.n_numbers);
    view_text(v, "recipient", o->order.recipient);
    view_text(v, "platform", o->order.platform);
    view_text(v, "partner", o->order.partner);
    view_text(v, "address", o->order.address);
    view_flag(v, "preserve", o->order.wants_preserved);
    add_choices(p, v, o);
    add_draft(p, v, o);
    later_show(&p->page, v, i, &o->later);
    return add_rules(p, v, o, err);
}

static enum lk_status show(struct planning *p, struct response *res, struct lk_error *err)
{
    size_t n_sent = 0, n_ready = 0;
    desk_begin(&p->page, p->service, p->req, res, N_("Letters"));
    view_text(p->page.view, "id", p->case_id);
    view_text(p->page.view, "short", desk_short(&p->page, p->case_id));
    view_list(p->page.view, "letters");
    for (size_t i = 0; i < p->n; i++) {
        TRY(add_letter(p, i, err));
        n_sent += p->letters[i].is_sent;
        n_ready += p->letters[i].has_draft && p->letters[i].draft.letter.body != NULL &&
                   !p->letters[i].is_sent;
    }
    view_text(
        p->page.view, "escalate",
        page_text(&p->page, desk_escalate_words(registry_escalate(service_registry(p->service)))));
    view_flag(p->page.view, "is_empty", p->n == 0);
    view_u64(p->page.view, "n_sent", n_sent);
    view_flag(p->page.view, "has_sent", n_sent > 0);
    view_flag(p->page.view, "can_send", n_ready > 0 || n_sent < p->n);
    return page_send(&p->page, "desk_letters", err);
}

static enum lk_status begin(struct planning *p, struct service *service, const struct request *req,
                            const char *case_id, struct lk_error *err)
{
    *p = (struct planning){.service = service, .req = req, .case_id = case_id};
    TRY(law_platforms(req->arena, &p->platforms, err));
    return desk_case_open(service_registry(service), req->hand, case_id, req->arena, &p->view, err);
}

/* After a letter to a platform whose time a law gives, what could go by itself. */
static enum lk_status offer_later(struct planning *p, struct ordered *o, struct lk_error *err)
{
    if (o->order.target != LAW_TARGET_PLATFORM || o->draft.law_hours == 0) {
        o->later.n = 0;
        return LK_OK;
    }
    if (o->later.n > 0)
        return LK_OK;
    return later_offer(service_registry(p->service), &p->view, p->req->arena, &o->later, err);
}

/* The text of each letter, or what it lacks. */
static enum lk_status draft_all(struct planning *p, struct lk_error *err)
{
    for (size_t i = 0; i < p->n; i++) {
        struct ordered *o = &p->letters[i];
        if (!o->is_wanted || o->order.recipient == NULL)
            continue;
        o->has_draft = desk_letter_draft(service_registry(p->service), p->req->hand, &o->order,
                                         p->req->arena, &o->draft, &o->problem) == LK_OK;
        if (o->has_draft)
            o->problem.status = LK_OK;
        TRY(offer_later(p, o, err));
    }
    return LK_OK;
}

static void send_all(struct planning *p)
{
    for (size_t i = 0; i < p->n; i++) {
        struct ordered *o = &p->letters[i];
        if (!o->is_wanted)
            continue;
        o->is_sent = desk_letter_send(service_registry(p->service), p->req->hand, &o->order,
                                      p->req->arena, &o->draft, &o->problem) == LK_OK;
        o->has_draft = true;
        if (!o->is_sent)
            continue;
        o->problem.status = LK_OK;
        later_prepare(service_registry(p->service), p->req, &o->order, o->draft.letter_row,
                      &o->later);
    }
}

enum lk_status desk_plan(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    struct planning *p = arena_zalloc(req->arena, 1, sizeof *p);
    struct desk_proposal *proposals;
    size_t n = 0;
    if (p == NULL)
        return request_no_memory(err);
    TRY(begin(p, service, req, req->params[0], err));
    TRY(desk_plan_letters(service_registry(service), &p->view, req->arena, &proposals, &n, err));
    for (size_t i = 0; i < n; i++)
        take_proposal(p, &proposals[i]);
    TRY(draft_all(p, err));
    return show(p, res, err);
}

enum lk_status desk_send(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    const char *action = form_get(&req->form, "action");
    struct planning *p = arena_zalloc(req->arena, 1, sizeof *p);
    if (p == NULL)
        return request_no_memory(err);
    TRY(begin(p, service, req, req->params[0], err));
    TRY(read_form(p, &req->form, err));
    if (action != NULL && strcmp(action, "send") == 0)
        send_all(p);
    else
        TRY(draft_all(p, err));
    size_t n_left = 0;
    for (size_t i = 0; i < p->n; i++)
        n_left += p->letters[i].is_wanted &&
                  (!p->letters[i].is_sent || later_n_left(&p->letters[i].later) > 0);
    if (action != NULL && strcmp(action, "send") == 0 && n_left == 0 && p->n > 0)
        return desk_go(req, res, err, "/desk/case/%s", p->case_id);
    return show(p, res, err);
}

/* One letter to whom the address says: the next rung, a search engine, a regulator. */
enum lk_status desk_compose(struct service *service, const struct request *req,
                            struct response *res, struct lk_error *err)
{
    struct planning *p = arena_zalloc(req->arena, 1, sizeof *p);
    if (p == NULL)
        return request_no_memory(err);
    TRY(begin(p, service, req, req->params[0], err));
    struct ordered *o = &p->letters[p->n++];
    const char *numbers = form_get(&req->query, "numbers");
    const char *platform = form_get(&req->query, "platform");
    const struct law_platform *known = law_platform_find(&p->platforms, platform);
    const struct law_route *form = known == NULL ? NULL : law_platform_form(known);
    o->numbers_text = numbers == NULL ? "" : numbers;
    o->is_wanted = true;
    TRY(read_numbers(req->arena, o->numbers_text, &o->numbers, &o->order.n_numbers, err));
    o->order = (struct desk_order){
        .case_id = p->case_id,
        .numbers = o->numbers,
        .n_numbers = o->order.n_numbers,
        .target = law_target_of(form_get(&req->query, "target")),
        .author = author_of(form_get(&req->query, "author")),
        .regime = set_or_null(form_get(&req->query, "regime")),
        .platform = known == NULL ? NULL : known->id,
        .recipient = known != NULL ? known->name : set_or_null(form_get(&req->query, "recipient")),
        .address = form == NULL ? NULL : form->url,
        .lang = "en",
        .channel = form != NULL ? LETTER_FORM : LETTER_MAIL,
        .wants_preserved = true,
    };
    if (o->order.target == LAW_TARGET_NONE)
        o->order.target = LAW_TARGET_HOST;
    if (o->order.target == LAW_TARGET_REGULATOR)
        o->order.channel = LETTER_FORM;
    TRY(draft_all(p, err));
    return show(p, res, err);
}

/* Many cases at once: each has its own page of letters, one after the other. */
enum lk_status desk_plan_many(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    struct page page;
    size_t n = 0;
    desk_begin(&page, service, req, res, N_("Letters"));
    view_list(page.view, "cases");
    for (size_t i = 0; i < req->form.n; i++) {
        const char *id = req->form.fields[i].value;
        if (strcmp(req->form.fields[i].name, "case") != 0)
            continue;
        struct planning *p = arena_zalloc(req->arena, 1, sizeof *p);
        struct desk_proposal *proposals;
        size_t n_proposals = 0;
        struct lk_error why;
        if (p == NULL)
            return request_no_memory(err);
        struct view *v = view_add(page.view, "cases");
        view_text(v, "id", id);
        view_text(v, "short", desk_short(&page, id));
        view_list(v, "proposals");
        n++;
        enum lk_status status = begin(p, service, req, id, &why);
        if (status == LK_OK)
            status = desk_plan_letters(service_registry(service), &p->view, req->arena, &proposals,
                                       &n_proposals, &why);
        view_text(v, "case_problem",
                  status == LK_OK ? "" : arena_copy(req->arena, why.text, strlen(why.text)));
        for (size_t k = 0; k < n_proposals; k++) {
            struct view *row = view_add(v, "proposals");
            view_text(row, "recipient", proposals[k].recipient);
            view_text(row, "regime",
                      proposals[k].n_rules > 0 ? proposals[k].rules[0].rule->id : "");
            view_text(row, "channel", page_text(&page, desk_channel_words(proposals[k].channel)));
            view_u64(row, "n_numbers", proposals[k].n_numbers);
        }
        view_flag(v, "has_proposals", n_proposals > 0);
    }
    view_flag(page.view, "is_empty", n == 0);
    return page_send(&page, "desk_many", err);
}
