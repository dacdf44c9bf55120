#include "cases/desk_plan.h"

#include "base/err.h"
#include "cases/ladder.h"
#include "cases/partner.h"
#include "cases/registry_inside.h"
#include "law/deadline.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_RULES = 24, MAX_PROPOSALS = 64, MAX_HOST = 256 };

struct planning {
    struct registry *r;
    const struct desk_view *view;
    struct arena *arena;
    struct law_platform_list platforms;
    struct partner *partners;
    size_t n_partners;
    struct desk_proposal *proposals;
    size_t n;
};

static enum lk_status no_room(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for the letters of a case");
}

/* ---- under which law ---- */

/* Lower is better: a clock that counts, then what is in force, then what will be. */
static unsigned rank(const struct desk_rule_choice *choice)
{
    if (choice->law_hours > 0)
        return choice->law_hours;
    return choice->rule->status == LAW_IN_FORCE ? 100000 : 200000;
}

static void keep_rule(struct desk_rule_choice *rules, size_t *n, struct desk_rule_choice choice)
{
    size_t at = *n;
    for (size_t i = 0; i < *n; i++)
        if (strcmp(rules[i].rule->id, choice.rule->id) == 0)
            return;
    if (*n == MAX_RULES)
        return;
    for (; at > 0 && rank(&rules[at - 1]) > rank(&choice); at--)
        rules[at] = rules[at - 1];
    rules[at] = choice;
    ++*n;
}

static enum lk_status add_rules(struct registry *r, const struct law_situation *situation,
                                const char *country, struct arena *arena,
                                struct desk_rule_choice *rules, size_t *n, struct lk_error *err)
{
    struct law_facts facts;
    int64_t now_ms = clock_now_ms(&r->clock);
    TRY(law_facts(arena, country, situation, &facts, err));
    for (size_t i = 0; i < facts.n_rules; i++) {
        const struct law_rule *rule = &facts.rules[i];
        struct law_deadline clock;
        if (!rule->has_notice || rule->recipient != LAW_TO_PLATFORM || rule->miss != LAW_FITS ||
            rule->status == LAW_PROPOSED || !law_may_represent(rule, &r->sender))
            continue;
        TRY(law_deadline(rule->id, LAW_NOTICE_RECEIVED, now_ms, NULL, &clock, err));
        struct desk_rule_choice choice = {.rule = rule};
        if (clock.runs && clock.counts_publicly)
            choice.law_hours = (unsigned)((clock.due_ms - now_ms) / (3600 * 1000));
        keep_rule(rules, n, choice);
    }
    return LK_OK;
}

enum lk_status desk_plan_rules(struct registry *r, const struct desk_view *view,
                               const struct law_platform *platform, struct arena *arena,
                               struct desk_proposal *out, struct lk_error *err)
{
    const struct law_answers *a = &view->facts.answers;
    struct desk_rule_choice *rules = arena_zalloc(arena, MAX_RULES + 1, sizeof *rules);
    const char *home = platform == NULL ? NULL : platform->country;
    size_t n = 0;
    if (rules == NULL)
        return no_room(err);
    TRY(add_rules(r, &a->situation, a->country, arena, rules, &n, err));
    if (home != NULL && (a->country == NULL || strcmp(home, a->country) != 0))
        TRY(add_rules(r, &a->situation, home, arena, rules, &n, err));
    out->rules = rules;
    out->n_rules = n;
    return LK_OK;
}

/* ---- to whom, and how ---- */

static bool is_open(const struct desk_view *view, unsigned number)
{
    for (size_t i = 0; i < view->n_notices; i++) {
        const struct desk_notice *notice = &view->notices[i];
        if (notice->number == number && notice->is_newest && notice->state != NOTICE_FAILED &&
            notice->state != NOTICE_CLOSED)
            return false;
    }
    return true;
}

static const char *partner_of(const struct planning *p, const char *name)
{
    for (size_t i = 0; i < p->n_partners; i++)
        if (p->partners[i].role == PARTNER_PLATFORM && p->partners[i].revoked_ms == 0 &&
            strcasecmp(p->partners[i].name, name) == 0)
            return p->partners[i].name;
    return NULL;
}

/* The language of a law's country where letters are written in it, else English. */
static const char *lang_of(const struct desk_proposal *proposal)
{
    static const struct {
        const char *country, *lang;
    } langs[] = {{"br", "pt"}, {"kr", "ko"}, {"mx", "es"}, {"es", "es"},
                 {"ar", "es"}, {"fr", "fr"}, {"it", "it"}, {"de", "de"}};
    const char *regime = proposal->n_rules == 0 ? "" : proposal->rules[0].rule->id;
    for (size_t i = 0; proposal->platform == NULL && i < sizeof langs / sizeof langs[0]; i++)
        if (strncmp(regime, langs[i].country, 2) == 0 && regime[2] == '-')
            return langs[i].lang;
    return "en";
}

/* "abuse@example.org" for "www.example.org": a guess that a person confirms. */
static const char *abuse_address(struct arena *arena, const char *host)
{
    char text[MAX_HOST + 8];
    const char *name = strncmp(host, "www.", 4) == 0 ? host + 4 : host;
    snprintf(text, sizeof text, "abuse@%s", name);
    return arena_copy(arena, text, strlen(text));
}

static enum lk_status fill(struct planning *p, struct desk_proposal *out,
                           const struct law_platform *platform, const char *host,
                           struct lk_error *err)
{
    out->target = platform == NULL ? LAW_TARGET_PLATFORM : platform->target;
    out->platform = platform == NULL ? NULL : platform->id;
    out->recipient = platform == NULL ? host : platform->name;
    out->partner = partner_of(p, out->recipient);
    const struct law_route *form = platform == NULL ? NULL : law_platform_form(platform);
    if (out->partner != NULL) {
        out->channel = LETTER_INBOX;
    } else if (platform != NULL) {
        out->channel = LETTER_FORM;
        out->address = form == NULL ? NULL : form->url;
        out->notes = form == NULL ? NULL : form->label;
    } else {
        out->channel = LETTER_MAIL;
        out->address = abuse_address(p->arena, host);
    }
    TRY(desk_plan_rules(p->r, p->view, platform, p->arena, out, err));
    out->lang = lang_of(out);
    return LK_OK;
}

static struct desk_proposal *find_proposal(struct planning *p, const struct law_platform *platform,
                                           const char *host)
{
    for (size_t i = 0; i < p->n; i++) {
        struct desk_proposal *proposal = &p->proposals[i];
        bool same =
            platform == NULL
                ? proposal->platform == NULL && strcmp(proposal->recipient, host) == 0
                : proposal->platform != NULL && strcmp(proposal->platform, platform->id) == 0;
        if (same)
            return proposal;
    }
    return NULL;
}

static enum lk_status add_link(struct planning *p, const struct case_written *text,
                               struct lk_error *err)
{
    char host[MAX_HOST];
    const struct law_platform *platform = law_platform_of_url(&p->platforms, text->text);
    if (platform == NULL && !law_host_of_url(text->text, host, sizeof host))
        return LK_OK; /* the name of an account: a person knows where */
    struct desk_proposal *proposal = find_proposal(p, platform, host);
    if (proposal == NULL) {
        if (p->n == MAX_PROPOSALS)
            return LK_OK;
        proposal = &p->proposals[p->n++];
        proposal->numbers = arena_zalloc(p->arena, LETTER_MAX_URLS, sizeof *proposal->numbers);
        const char *name = platform == NULL ? arena_copy(p->arena, host, strlen(host)) : "";
        if (proposal->numbers == NULL || name == NULL)
            return no_room(err);
        TRY(fill(p, proposal, platform, name, err));
    }
    if (proposal->n_numbers < LETTER_MAX_URLS)
        proposal->numbers[proposal->n_numbers++] = text->number;
    return LK_OK;
}

static bool is_adult(const struct law_answers *a)
{
    return a->age_known && a->situation.ages == LAW_ADULT;
}

/* All addresses to the first service that helps children there. */
static enum lk_status plan_hotline(struct planning *p, struct lk_error *err)
{
    struct law_help_list help;
    struct desk_proposal *out = &p->proposals[0];
    TRY(law_help(p->arena, p->view->facts.answers.country, LAW_UNDER_18, &help, err));
    out->numbers = arena_zalloc(p->arena, LETTER_MAX_URLS, sizeof *out->numbers);
    if (out->numbers == NULL)
        return no_room(err);
    for (size_t i = 0; i < p->view->n_texts && out->n_numbers < LETTER_MAX_URLS; i++)
        if (p->view->texts[i].kind == CASE_LOCATION && is_open(p->view, p->view->texts[i].number))
            out->numbers[out->n_numbers++] = p->view->texts[i].number;
    p->n = out->n_numbers > 0;
    out->target = LAW_TARGET_HOTLINE;
    out->recipient = help.n > 0 ? help.entries[0].name : "";
    out->address = help.n > 0 ? help.entries[0].url : NULL;
    out->channel = LETTER_FORM;
    out->lang = "en";
    return LK_OK;
}

enum lk_status desk_plan_letters(struct registry *r, const struct desk_view *view,
                                 struct arena *arena, struct desk_proposal **out, size_t *n,
                                 struct lk_error *err)
{
    struct planning p = {.r = r, .view = view, .arena = arena};
    p.proposals = arena_zalloc(arena, MAX_PROPOSALS, sizeof *p.proposals);
    if (p.proposals == NULL)
        return no_room(err);
    TRY(law_platforms(arena, &p.platforms, err));
    TRY(partner_list(r, arena, &p.partners, &p.n_partners, err));
    if (!is_adult(&view->facts.answers))
        TRY(plan_hotline(&p, err));
    else
        for (size_t i = 0; i < view->n_texts; i++) {
            const struct case_written *text = &view->texts[i];
            if (text->kind == CASE_LOCATION && text->text != NULL && is_open(view, text->number))
                TRY(add_link(&p, text, err));
        }
    *out = p.proposals;
    *n = p.n;
    return LK_OK;
}

/* ---- what goes by itself later ---- */

static const char *mail_of(const struct law_platform *platform)
{
    for (size_t i = 0; i < platform->n_routes; i++)
        if (platform->routes[i].url != NULL && strncmp(platform->routes[i].url, "mailto:", 7) == 0)
            return platform->routes[i].url + 7;
    return NULL;
}

static void add_later(struct planning *p, enum law_target rung)
{
    bool is_known = false;
    for (size_t i = 0; i < p->platforms.n && p->n < MAX_PROPOSALS; i++) {
        const struct law_platform *platform = &p->platforms.platforms[i];
        if (platform->target != rung)
            continue;
        is_known = true;
        p->proposals[p->n++] = (struct desk_proposal){
            .target = rung,
            .platform = platform->id,
            .recipient = platform->name,
            .partner = partner_of(p, platform->name),
            .address = mail_of(platform),
        };
    }
    if (!is_known && p->n < MAX_PROPOSALS)
        p->proposals[p->n++] = (struct desk_proposal){.target = rung, .recipient = ""};
}

/* The ladder, as it will stand when the platform has let its time run out. */
static void climb(const struct registry *r, const struct desk_view *view, struct ladder *out)
{
    const struct ladder_notice asked = {.target = LAW_TARGET_PLATFORM,
                                        .state = NOTICE_SENT,
                                        .sent_ms = 1,
                                        .due_ms = clock_now_ms(&r->clock),
                                        .is_public = true};
    const struct ladder_question q = {
        .notices = &asked,
        .n_notices = 1,
        .platform_has_contact = true,
        .host_is_known = true,
        .is_tool = view->facts.answers.situation.kind == LAW_TOOL,
        .is_child = !is_adult(&view->facts.answers),
        .now_ms = asked.due_ms,
    };
    ladder_suggest(&q, out);
}

enum lk_status desk_plan_later(struct registry *r, const struct desk_view *view,
                               struct arena *arena, struct desk_proposal **out, size_t *n,
                               struct lk_error *err)
{
    struct planning p = {.r = r, .view = view, .arena = arena};
    struct ladder ladder;
    p.proposals = arena_zalloc(arena, MAX_PROPOSALS, sizeof *p.proposals);
    if (p.proposals == NULL)
        return no_room(err);
    TRY(law_platforms(arena, &p.platforms, err));
    TRY(partner_list(r, arena, &p.partners, &p.n_partners, err));
    climb(r, view, &ladder);
    for (size_t i = 0; i < ladder.n; i++)
        if (ladder_may_go_alone(r->escalate, &ladder.steps[i]))
            add_later(&p, ladder.steps[i].rung);
    *out = p.proposals;
    *n = p.n;
    return LK_OK;
}
