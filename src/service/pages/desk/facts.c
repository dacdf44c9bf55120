/* The facts of a case as a form: each asked once, for all letters. */
#include "base/err.h"
#include "service/locale.h"
#include "service/pages/desk/case_view.h"
#include "service/pages/desk/words.h"

#include <string.h>

struct choice {
    const char *value, *name;
};

static void add_choices(const struct page *page, const char *list, const struct choice *choices,
                        size_t n, const char *chosen)
{
    view_list(page->view, list);
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page->view, list);
        view_text(v, "value", choices[i].value);
        view_text(v, "name", page_text(page, choices[i].name));
        view_flag(v, "is_chosen", chosen != NULL && strcmp(choices[i].value, chosen) == 0);
    }
}
#define ADD(page, list, choices, chosen)                                                           \
    add_choices(page, list, choices, sizeof(choices) / sizeof *(choices), chosen)

static const struct choice kinds[] = {
    {"", N_("not known")},
    {"intimate", N_("intimate content")},
    {"extortion", N_("extortion")},
    {"deception", N_("voice or likeness used to deceive")},
    {"false", N_("false message meant to harm")},
    {"hate", N_("hatred or violence")},
    {"terror", N_("terrorism")},
    {"harass", N_("harassment")},
    {"fake-account", N_("account that pretends to be the person")},
    {"tool", N_("tool or app that makes such pictures")},
};
static const struct choice origins[] = {
    {"", N_("not known")},
    {"real", N_("real")},
    {"edited", N_("altered")},
    {"made", N_("made by a computer")},
    {"unsure", N_("the person is not sure")},
};
static const struct choice media[] = {
    {"", N_("not known")},  {"picture", N_("picture")},      {"video", N_("video")},
    {"voice", N_("voice")}, {"other", N_("something else")},
};
static const struct choice stages[] = {
    {"", N_("not known")},
    {"shared", N_("already shared")},
    {"threat", N_("threatened to be shared")},
    {"shown", N_("shown to the person")},
    {"made", N_("made, not shown")},
    {"recorded", N_("taken without the person knowing")},
};
static const struct choice ages[] = {
    {"", N_("not known: as under 18")},
    {"adult", N_("18 or older")},
    {"minor", N_("under 18")},
};
static const struct choice harms[] = {
    {"0", N_("not looked at yet")},
    {"1", N_("low")},
    {"2", N_("middle")},
    {"3", N_("high")},
    {"4", N_("now")},
};

static void add_countries(const struct page *page, const char *chosen)
{
    struct law_country country;
    view_list(page->view, "countries");
    for (size_t i = 0; law_country_at(i, &country); i++) {
        struct view *v = view_add(page->view, "countries");
        view_text(v, "value", country.code);
        view_text(v, "name", page_text(page, country.name));
        view_flag(v, "is_chosen", chosen != NULL && strcmp(country.code, chosen) == 0);
    }
}

enum lk_status desk_add_facts(const struct page *page, const struct desk_view *view,
                              struct lk_error *err)
{
    const struct case_facts *facts = &view->facts;
    const struct law_answers *a = &facts->answers;
    char harm[2] = {(char)('0' + (view->harm <= 4 ? view->harm : 0)), '\0'};
    const char *age = !a->age_known ? "" : a->situation.ages == LAW_ADULT ? "adult" : "minor";
    struct view *v = page->view;
    (void)err;
    ADD(page, "kinds", kinds, law_kind_word(a->situation.kind));
    ADD(page, "origins", origins, law_origin_word(a->situation.origin));
    ADD(page, "media", media, law_medium_word(a->situation.medium));
    ADD(page, "stages", stages, law_stage_word(a->situation.stage));
    ADD(page, "ages", ages, age);
    ADD(page, "harms", harms, harm);
    add_countries(page, a->country);
    view_text(v, "language", facts->lang != NULL ? facts->lang : view->lang);
    view_text(v, "shows", a->shows);
    view_text(v, "facts", a->facts);
    view_text(v, "seen", a->seen);
    view_text(v, "authority", a->authority);
    view_text(v, "evidence", a->evidence);
    view_text(v, "prior", a->prior);
    view_text(v, "person", a->person);
    view_text(v, "person_contact", a->person_contact);
    view_flag(v, "no_consent", a->no_consent);
    view_flag(v, "good_faith", a->good_faith);
    view_flag(v, "accurate", a->accurate);
    view_flag(v, "identity", a->identity_checked);
    view_flag(v, "maker", a->is_maker);
    return LK_OK;
}

static const char *typed(const struct form *form, const char *name)
{
    const char *text = form_get(form, name);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

void desk_read_facts(const struct form *form, struct case_facts *facts, unsigned *harm)
{
    struct law_answers *a = &facts->answers;
    struct law_country country;
    const char *age = form_get(form, "age");
    const char *level = form_get(form, "harm");
    *a = (struct law_answers){
        .situation = {.kind = law_kind_of(form_get(form, "what")),
                      .origin = law_origin_of(form_get(form, "origin")),
                      .medium = law_medium_of(form_get(form, "medium")),
                      .stage = law_stage_of(form_get(form, "stage")),
                      .ages = age != NULL && strcmp(age, "adult") == 0 ? LAW_ADULT : LAW_UNDER_18},
        .age_known = age != NULL && age[0] != '\0',
        .country = law_country_find(form_get(form, "country"), &country) ? country.code : NULL,
        .shows = typed(form, "shows"),
        .facts = typed(form, "facts"),
        .seen = typed(form, "seen"),
        .authority = typed(form, "authority"),
        .evidence = typed(form, "evidence"),
        .prior = typed(form, "prior"),
        .person = typed(form, "person"),
        .person_contact = typed(form, "person_contact"),
        .no_consent = form_get(form, "no_consent") != NULL,
        .good_faith = form_get(form, "good_faith") != NULL,
        .accurate = form_get(form, "accurate") != NULL,
        .identity_checked = form_get(form, "identity") != NULL,
        .is_maker = form_get(form, "maker") != NULL,
    };
    facts->lang = typed(form, "language");
    *harm = level != NULL && level[0] >= '0' && level[0] <= '4' ? (unsigned)(level[0] - '0') : 0;
}
