/* The questions, one a page: what happened, not where. Every one can be skipped but the one about
 * age, which decides who may help at all. Answers travel in hidden fields; nothing is stored. */
#include "base/err.h"
#include "service/pages/answers.h"
#include "service/pages/applies.h"
#include "service/pages/helpers.h"
#include "service/pages/pages.h"

#include <string.h>

enum { MAX_CHOICES = 12 };

struct choice {
    const char *value, *label, *hint; /* hint: NULL for none */
};

struct question {
    const char *field;
    const char *title, *hint; /* hint: NULL for none */
    const char *why;          /* why it must be answered; NULL: it can be skipped */
    const char *kinds;        /* what happened (law_kind_word), when it is asked; NULL: always */
    struct choice choices[MAX_CHOICES];
};

static const struct question questions[] = {
    {
        .field = "safe",
        .title = N_("Are you safe right now?"),
        .hint = N_("If someone may hurt you, or you think of hurting yourself, that comes first."),
        .choices =
            {
                {"yes", N_("Yes"), NULL},
                {"no", N_("No, or I am not sure"), NULL},
            },
    },
    {
        .field = "what",
        .title = N_("What happened?"),
        .hint = N_("Choose what fits best. It need not fit exactly."),
        .choices =
            {
                {"intimate", N_("A private or intimate picture, video or recording of me"),
                 N_("Someone has it, made it, shares it or says they will.")},
                {"extortion", N_("Someone blackmails me"),
                 N_("They want money, more pictures or something else, or they will share it.")},
                {"deception", N_("My face or voice, or that of someone I know, is used to cheat"),
                 N_("For example a false call, a false advert, or asking for money.")},
                {"false", N_("A false message that is meant to hurt someone"),
                 N_("For example a fake video of something I never said or did.")},
                {"fake-account", N_("An account that pretends to be me"), NULL},
                {"harass", N_("Someone does not leave me alone"),
                 N_("Again and again: messages, pictures, following, threats.")},
                {"hate", N_("It stirs up hatred or violence against a group"), NULL},
                {"terror", N_("It supports terrorism"), NULL},
                {"tool", N_("An app or website that makes such pictures"), NULL},
            },
    },
    {
        .field = "age",
        .title = N_("Was anyone in it under 18?"),
        .hint = N_("Think of when it was made, not of today. If a computer made it: does it show "
                   "someone who is under 18, or looks like it?"),
        .why = N_("We have to ask this one. Where someone was under 18, other helpers and other "
                  "laws apply, and we may not hold anything."),
        .choices =
            {
                {"adult", N_("No. Everyone in it was 18 or older"), NULL},
                {"minor", N_("Yes, someone was under 18"), NULL},
                {"unsure", N_("I am not sure"), NULL},
            },
    },
    {
        .field = "origin",
        .title = N_("Is it real, or was it made?"),
        .kinds = "intimate extortion deception false fake-account",
        .choices =
            {
                {"real", N_("It is real"), NULL},
                {"edited", N_("It is real, but was changed"),
                 N_("For example another face was put in.")},
                {"made", N_("A computer made it"), N_("Also called a deepfake.")},
                {"unsure", N_("I do not know"), NULL},
            },
    },
    {
        .field = "medium",
        .title = N_("What kind of thing is it?"),
        .kinds = "intimate extortion deception false fake-account",
        .choices =
            {
                {"picture", N_("A picture"), NULL},
                {"video", N_("A video"), NULL},
                {"voice", N_("A voice or a recording"), NULL},
                {"other", N_("Something else, or more than one"), NULL},
            },
    },
    {
        .field = "stage",
        .title = N_("How far has it gone?"),
        .kinds = "intimate extortion",
        .choices =
            {
                {"shared", N_("It was shared with others"), NULL},
                {"threat", N_("Someone says they will share it"), NULL},
                {"shown", N_("It was shown only to me"), NULL},
                {"made", N_("It was made, but not shared as far as I know"), NULL},
                {"recorded", N_("It was taken without my knowing"), NULL},
            },
    },
    {
        .field = "country",
        .title = N_("Where do you live?"),
        .hint = N_("Laws differ from country to country. We do not look at where your device is."),
    },
    {
        .field = "platform",
        .title = N_("Where is it?"),
        .hint = N_("If it is in several places, choose the one that matters most to you."),
        .kinds = "intimate extortion deception false fake-account harass hate terror tool",
    },
    {
        .field = "have",
        .title = N_("What do you have of it?"),
        .hint = N_("Never look for it just for this. You need not see it again."),
        .kinds = "intimate extortion deception false fake-account",
        .choices =
            {
                {"file", N_("The file, on this device"), NULL},
                {"link", N_("Only a web address, or the name of an account"), NULL},
                {"both", N_("Both"), NULL},
                {"none", N_("Neither"), NULL},
            },
    },
};
enum { N_QUESTIONS = sizeof questions / sizeof questions[0] };

static const struct question *find(const char *field)
{
    for (size_t i = 0; field != NULL && i < N_QUESTIONS; i++)
        if (strcmp(questions[i].field, field) == 0)
            return &questions[i];
    return NULL;
}

static bool is_asked(const struct question *q, const struct answers *a)
{
    if (answers_under_18(a)) /* fewer questions: only what changes who helps */
        return q->kinds == NULL;
    const char *kind = law_kind_word(a->situation.kind);
    return q->kinds == NULL || kind[0] == '\0' || strstr(q->kinds, kind) != NULL;
}

/* The next question in that direction (1 or -1) that is asked; NULL past the ends. */
static const struct question *step(const struct question *q, int direction, const struct answers *a)
{
    for (q += direction; q >= questions && q < questions + N_QUESTIONS; q += direction)
        if (is_asked(q, a))
            return q;
    return NULL;
}

static void add_choices(const struct page *page, const struct question *q, const char *chosen)
{
    view_list(page->view, "choices");
    for (size_t i = 0; i < MAX_CHOICES && q->choices[i].value != NULL; i++) {
        const struct choice *choice = &q->choices[i];
        struct view *v = view_add(page->view, "choices");
        view_u64(v, "number", i + 1);
        view_text(v, "value", choice->value);
        view_text(v, "label", page_text(page, choice->label));
        view_text(v, "more", choice->hint == NULL ? "" : page_text(page, choice->hint));
        view_flag(v, "is_chosen", chosen != NULL && strcmp(chosen, choice->value) == 0);
    }
}

static enum lk_status add_platforms(const struct page *page, const char *chosen,
                                    struct lk_error *err)
{
    struct law_platform_list list;
    TRY(law_platforms(page->req->arena, &list, err));
    for (size_t i = 0; i < list.n; i++) {
        struct view *v = view_add(page->view, "platforms");
        view_text(v, "platform", list.platforms[i].id);
        view_text(v, "platform_name", list.platforms[i].name);
        view_flag(v, "is_chosen", chosen != NULL && strcmp(chosen, list.platforms[i].id) == 0);
    }
    return LK_OK;
}

static enum lk_status ask(struct service *service, const struct request *req, struct response *res,
                          const struct question *q, const struct answers *a, bool is_missing,
                          struct lk_error *err)
{
    struct page page;
    page_begin(&page, service, req, res, "/start", N_("Question"));
    struct view *v = page.view;
    page_carry(&page, "q", q->field);
    page_carry(&page, "go", "stay");
    answers_carry(a, v, q->field);
    view_text(v, "field", q->field);
    view_text(v, "question", page_text(&page, q->title));
    view_text(v, "hint", q->hint == NULL ? "" : page_text(&page, q->hint));
    view_text(v, "why", q->why == NULL ? "" : page_text(&page, q->why));
    view_flag(v, "is_missing", is_missing);
    view_flag(v, "is_first", step(q, -1, a) == NULL);
    view_flag(v, "is_country", strcmp(q->field, "country") == 0);
    view_flag(v, "is_platform", strcmp(q->field, "platform") == 0);
    view_flag(v, "in_danger", a->in_danger);
    view_list(v, "countries");
    view_list(v, "sites");
    view_list(v, "platforms");
    add_choices(&page, q, form_get(&req->form, q->field));
    if (strcmp(q->field, "country") == 0) {
        helpers_put_countries(&page, "countries", a->country);
        helpers_put_countries(&page, "sites", a->site_country);
    }
    if (strcmp(q->field, "platform") == 0)
        TRY(add_platforms(&page, a->platform, err));
    return page_send(&page, "question", err);
}

/* a NULL: not in the middle of the questions. */
static enum lk_status show_danger(struct service *service, const struct request *req,
                                  struct response *res, const struct answers *a,
                                  struct lk_error *err)
{
    struct page page;
    page_begin(&page, service, req, res, a == NULL ? "/now" : "/start", N_("Help"));
    view_flag(page.view, "is_question", a != NULL);
    if (a != NULL) {
        page_carry(&page, "q", "safe");
        answers_carry(a, page.view, NULL);
    }
    helpers_put_countries(&page, "countries", NULL);
    return page_send(&page, "danger", err);
}

enum lk_status page_danger(struct service *service, const struct request *req, struct response *res,
                           struct lk_error *err)
{
    return show_danger(service, req, res, NULL, err);
}

enum lk_status page_question(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    const struct answers none = {.situation.ages = LAW_ADULT};
    return ask(service, req, res, &questions[0], &none, false, err);
}

static bool is_missing(const struct question *q, const struct form *form)
{
    const char *answer = form_get(form, q->field);
    if (q->why == NULL)
        return false;
    for (size_t i = 0; answer != NULL && i < MAX_CHOICES && q->choices[i].value != NULL; i++)
        if (strcmp(q->choices[i].value, answer) == 0)
            return false;
    return true;
}

enum lk_status page_answer(struct service *service, const struct request *req, struct response *res,
                           struct lk_error *err)
{
    const struct question *q = find(form_get(&req->form, "q"));
    const char *go = form_get(&req->form, "go");
    struct answers a;
    answers_read(&req->form, &a);
    if (q == NULL)
        q = questions;
    if (go != NULL && strcmp(go, "stay") == 0)
        return ask(service, req, res, q, &a, false, err);
    if (go != NULL && strcmp(go, "back") == 0) {
        const struct question *before = step(q, -1, &a);
        return ask(service, req, res, before == NULL ? q : before, &a, false, err);
    }
    if (is_missing(q, &req->form)) {
        res->status = 400;
        return ask(service, req, res, q, &a, true, err);
    }
    if (go == NULL && a.in_danger && strcmp(q->field, "safe") == 0)
        return show_danger(service, req, res, &a, err);
    const struct question *next = step(q, 1, &a);
    return next != NULL ? ask(service, req, res, next, &a, false, err)
                        : applies_show(service, req, res, &a, err);
}
