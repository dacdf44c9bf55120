/* What applies, who helps, what one can do. Every statement of the law shows where it was read and
 * when, and says so when nobody checked it. Texts of the law stay in English and are marked as
 * such; titles of rules and labels of notice elements are in the catalogues. */
#include "service/pages/applies.h"

#include "base/err.h"
#include "law/facts.h"
#include "service/context.h"
#include "service/pages/helpers.h"
#include "service/pages/pages.h"
#include "service/pages/steps.h"

#include <string.h>

static const char *status_words(enum law_status status)
{
    switch (status) {
    case LAW_IN_FORCE:
        return N_("in force");
    case LAW_PROPOSED:
        return N_("only proposed: it does not apply yet");
    default:
        return N_("passed, but not in force yet as far as we know");
    }
}

static const char *fakes_words(enum law_fakes fakes)
{
    switch (fakes) {
    case LAW_FAKES_EXPRESS:
        return N_("Fakes: yes, the law says so.");
    case LAW_FAKES_INTERPRETATION:
        return N_("Fakes: probably, as the law is commonly read.");
    case LAW_FAKES_NOT_COVERED:
        return N_("Fakes: no.");
    case LAW_FAKES_NO_MATTER:
        return "";
    default:
        return N_("Fakes: not clear.");
    }
}

static const char *miss_words(enum law_miss miss)
{
    switch (miss) {
    case LAW_MISS_REAL:
        return N_("It is only about what a computer made.");
    case LAW_MISS_SYNTHETIC:
        return N_("It does not reach what a computer made.");
    case LAW_MISS_MEDIUM:
        return N_("It does not reach this kind of file.");
    case LAW_MISS_AGE:
        return N_("It is for another age.");
    case LAW_MISS_STAGE:
        return N_("It needs more than has happened so far.");
    default:
        return "";
    }
}

static const char *kind_of_rule(const char *kind)
{
    static const struct {
        const char *kind, *words;
    } all[] = {
        {"platform_takedown", N_("The platform has to take it down when it is told.")},
        {"regulator_takedown", N_("An authority can order it taken down.")},
        {"court_order", N_("A court or an authority can order it taken down.")},
        {"platform_duty", N_("Platforms have to guard against it.")},
        {"civil_right", N_("You can go to court yourself.")},
        {"data_protection", N_("You can ask that data about you be erased.")},
        {"labelling", N_("What a computer made has to be marked.")},
        {"tool_ban", N_("Tools that make such pictures are not allowed.")},
        {"transparency", N_("Platforms have to report what they do.")},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].kind, kind) == 0)
            return all[i].words;
    return "";
}

static const char *sender_words(const char *sender)
{
    static const struct {
        const char *sender, *words;
    } all[] = {
        {"depicted_person", N_("the person shown")},
        {"authorised_representative", N_("someone you allow to act for you")},
        {"parent_or_guardian", N_("a parent or guardian")},
        {"any_person", N_("anyone")},
        {"designated_body", N_("a body named by the state")},
        {"heir", N_("an heir")},
        {"trusted_flagger", N_("a trusted flagger")},
        {"court", N_("a court")},
        {"regulator", N_("an authority")},
        {"police", N_("the police")},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].sender, sender) == 0)
            return all[i].words;
    return sender;
}

static void put_basis(struct view *v, const struct law_basis *basis)
{
    view_flag(v, "is_unchecked", !basis->is_checked);
    view_list(v, "refs");
    for (size_t i = 0; i < basis->n_sources; i++) {
        struct view *ref = view_add(v, "refs");
        view_u64(ref, "ref", basis->sources[i] + 1);
    }
}

static void put_deadline(struct view *v, const struct law_rule *rule)
{
    view_u64(v, "hours", rule->deadline_hours);
    view_flag(v, "has_hours", rule->deadline_hours > 0);
    view_flag(v, "to_platform", rule->recipient == LAW_TO_PLATFORM);
    view_flag(v, "to_regulator", rule->recipient == LAW_TO_REGULATOR);
    view_flag(v, "to_court", rule->recipient == LAW_TO_COURT);
    view_flag(v, "is_deadline_unchecked", rule->deadline_hours > 0 && !rule->deadline_checked);
    view_text(v, "deadline_text", rule->deadline_text);
    view_text(v, "clock_starts", rule->clock_starts);
}

static void put_rule(const struct page *page, const char *list, const struct law_rule *rule)
{
    struct view *v = view_add(page->view, list);
    view_text(v, "rule", page_text(page, rule->title));
    view_text(v, "citation", rule->citation);
    view_text(v, "status", page_text(page, status_words(rule->status)));
    view_text(v, "tone", rule->status == LAW_IN_FORCE ? "done" : "calm");
    view_text(v, "since", rule->in_force_from);
    view_text(v, "kind", page_text(page, kind_of_rule(rule->kind)));
    view_text(v, "fakes", page_text(page, fakes_words(rule->fakes)));
    view_text(v, "miss", page_text(page, miss_words(rule->miss)));
    view_text(v, "regulator", rule->regulator);
    view_text(v, "regulator_url", rule->regulator_url);
    view_text(v, "form", rule->official_form);
    view_text(v, "notes", rule->notes);
    put_deadline(v, rule);
    view_list(v, "senders");
    view_flag(v, "has_senders", rule->n_senders > 0);
    for (size_t i = 0; i < rule->n_senders; i++) {
        struct view *sender = view_add(v, "senders");
        view_text(sender, "sender", page_text(page, sender_words(rule->senders[i])));
        view_flag(sender, "comma", i > 0);
    }
    view_list(v, "elements");
    view_flag(v, "has_elements", rule->n_elements > 0);
    view_flag(v, "is_list_unchecked", rule->n_elements > 0 && !rule->elements_checked);
    for (size_t i = 0; i < rule->n_elements; i++) {
        struct view *e = view_add(v, "elements");
        view_text(e, "element", page_text(page, rule->elements[i].label));
        view_flag(e, "is_optional", !rule->elements[i].is_required);
    }
    view_list(v, "exclusions");
    view_flag(v, "has_exclusions", rule->n_exclusions > 0);
    for (size_t i = 0; i < rule->n_exclusions; i++) {
        struct view *exclusion = view_add(v, "exclusions");
        view_text(exclusion, "exclusion", rule->exclusions[i]);
    }
    put_basis(v, &rule->basis);
}

static void put_offence(const struct page *page, const struct law_offence *offence)
{
    struct view *v = view_add(page->view, "offences");
    view_text(v, "offence", offence->title);
    view_text(v, "citation", offence->citation);
    view_text(v, "status",
              offence->status == LAW_IN_FORCE ? ""
                                              : page_text(page, status_words(offence->status)));
    view_text(v, "fakes", page_text(page, fakes_words(offence->fakes)));
    view_text(v, "elements_note", offence->elements);
    view_text(v, "notes", offence->notes);
    view_list(v, "defences");
    view_flag(v, "has_defences", offence->n_defences > 0);
    for (size_t i = 0; i < offence->n_defences; i++) {
        struct view *defence = view_add(v, "defences");
        view_text(defence, "defence", offence->defences[i]);
    }
    put_basis(v, &offence->basis);
}

static void put_sources(const struct page *page, const struct law_facts *facts)
{
    view_list(page->view, "sources");
    view_flag(page->view, "has_sources", facts->n_sources > 0);
    for (size_t i = 0; i < facts->n_sources; i++) {
        const struct law_source *source = &facts->sources[i];
        struct view *v = view_add(page->view, "sources");
        view_u64(v, "ref", i + 1);
        view_text(v, "source", source->title);
        view_text(v, "source_url", source->url);
        view_text(v, "as_of", source->as_of);
        view_text(v, "seen", source->seen);
    }
}

static void put_police(const struct page *page, const struct law_police *police)
{
    /* the text of an unchecked route names telephone numbers, which nobody has called */
    bool has_number = police->text != NULL && strpbrk(police->text, "0123456789") != NULL;
    bool is_shown = police->text != NULL && (police->phone != NULL || !has_number);
    view_flag(page->view, "has_police", police->text != NULL);
    view_text(page->view, "police", is_shown ? police->text : "");
    view_text(page->view, "police_url", police->url);
    view_text(page->view, "police_phone", police->phone);
    view_text(page->view, "police_dial", helpers_dial(page->req->arena, police->phone));
    view_flag(page->view, "is_police_unchecked", !police->basis.is_checked);
}

static enum lk_status put_facts(const struct page *page, const struct answers *a,
                                struct lk_error *err)
{
    struct law_facts facts;
    TRY(law_facts(page->req->arena, a->country, &a->situation, &facts, err));
    view_text(page->view, "law_country",
              facts.country == NULL ? "" : page_text(page, facts.country));
    view_text(page->view, "last_checked", facts.last_checked);
    view_list(page->view, "rules");
    view_list(page->view, "missed");
    view_list(page->view, "offences");
    view_list(page->view, "gaps");
    bool missed = false;
    for (size_t i = 0; i < facts.n_rules; i++) {
        put_rule(page, facts.rules[i].miss == LAW_FITS ? "rules" : "missed", &facts.rules[i]);
        missed |= facts.rules[i].miss != LAW_FITS;
    }
    for (size_t i = 0; i < facts.n_offences; i++)
        put_offence(page, &facts.offences[i]);
    for (size_t i = 0; i < facts.n_gaps; i++) {
        struct view *v = view_add(page->view, "gaps");
        view_text(v, "gap", facts.gaps[i].note);
        put_basis(v, &facts.gaps[i].basis);
    }
    view_flag(page->view, "has_rules", facts.n_rules > 0);
    view_flag(page->view, "has_missed", missed);
    view_flag(page->view, "has_offences", facts.n_offences > 0);
    view_flag(page->view, "has_limits", facts.n_gaps > 0 || limits_of(&a->situation)[0] != '\0');
    put_sources(page, &facts);
    put_police(page, &facts.police);
    return LK_OK;
}

static enum lk_status put_platform(const struct page *page, const struct answers *a,
                                   struct lk_error *err)
{
    struct law_platform_list list;
    TRY(law_platforms(page->req->arena, &list, err));
    const struct law_platform *p = law_platform_find(&list, a->platform);
    view_text(page->view, "platform", p == NULL ? "" : p->name);
    view_flag(page->view, "is_stopncii", p != NULL && p->in_stopncii);
    view_list(page->view, "routes");
    for (size_t i = 0; p != NULL && i < p->n_routes; i++) {
        const struct law_route *route = &p->routes[i];
        struct view *v = view_add(page->view, "routes");
        view_text(v, "route", route->label);
        view_text(v, "route_url", route->url);
        view_text(v, "route_who", route->who);
        view_flag(v, "needs_login", route->needs_login);
        view_flag(v, "is_unchecked", !route->is_checked);
    }
    return LK_OK;
}

enum lk_status applies_show(struct service *service, const struct request *req,
                            struct response *res, const struct answers *a, struct lk_error *err)
{
    struct page page;
    struct law_help_list helpers;
    page_begin(&page, service, req, res, "/start", N_("What you can do"));
    struct view *v = page.view;
    page_carry(&page, "q", "have");
    TRY(law_help(req->arena, a->country, a->situation.ages, &helpers, err));
    helpers_put(&page, a->country, &helpers);
    TRY(put_facts(&page, a, err));
    TRY(put_platform(&page, a, err));
    answers_carry(a, v, NULL);
    bool minor = answers_under_18(a);
    bool may_hold = !minor || service->config->is_authorised_under_18;
    view_flag(v, "is_minor", minor);
    view_flag(v, "may_hold", may_hold);
    view_flag(v, "in_danger", a->in_danger);
    view_flag(v, "is_print", form_get(&req->form, "print") != NULL);
    view_text(v, "kind_name", page_text(&page, kind_words(a->situation.kind)));
    view_text(v, "limits", page_text(&page, limits_of(&a->situation)));
    view_list(v, "steps");
    for (const char *const *step = steps_of(&a->situation); *step != NULL; step++) {
        struct view *item = view_add(v, "steps");
        view_text(item, "step", page_text(&page, *step));
    }
    return page_send(&page, "applies", err);
}
