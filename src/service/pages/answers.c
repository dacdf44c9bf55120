#include "service/pages/answers.h"

#include <string.h>

static const char *const age_words[] = {
    [AGE_UNSAID] = "", [AGE_ADULT] = "adult", [AGE_MINOR] = "minor", [AGE_UNSURE] = "unsure"};

static enum answer_age age_of(const char *word)
{
    for (unsigned i = AGE_ADULT; word != NULL && i <= AGE_UNSURE; i++)
        if (strcmp(age_words[i], word) == 0)
            return (enum answer_age)i;
    return AGE_UNSAID;
}

/* A code of the data, not what was sent. */
static const char *country_of(const char *code)
{
    struct law_country country;
    return law_country_find(code, &country) ? country.code : NULL;
}

static const char *have_of(const char *word)
{
    static const char *const words[] = {"file", "link", "both", "none"};
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0)
            return words[i];
    return NULL;
}

/* An id: it is looked up where it is used. */
static const char *platform_of(const char *id)
{
    bool plain = id != NULL && id[0] != '\0' && strlen(id) < 40 &&
                 id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
    return plain ? id : NULL;
}

void answers_read(const struct form *form, struct answers *out)
{
    const char *safe = form_get(form, "safe");
    *out = (struct answers){
        .in_danger = safe != NULL && strcmp(safe, "no") == 0,
        .situation =
            {
                .kind = law_kind_of(form_get(form, "what")),
                .origin = law_origin_of(form_get(form, "origin")),
                .medium = law_medium_of(form_get(form, "medium")),
                .stage = law_stage_of(form_get(form, "stage")),
            },
        .age = age_of(form_get(form, "age")),
        .country = country_of(form_get(form, "country")),
        .site_country = country_of(form_get(form, "site")),
        .platform = platform_of(form_get(form, "platform")),
        .have = have_of(form_get(form, "have")),
    };
    out->situation.ages = answers_under_18(out) ? LAW_UNDER_18 : LAW_ADULT;
}

bool answers_under_18(const struct answers *a)
{
    return a->age == AGE_MINOR || a->age == AGE_UNSURE;
}

void answers_carry(const struct answers *a, struct view *view, const char *but)
{
    const struct {
        const char *field, *value;
    } all[] = {
        {"safe", a->in_danger ? "no" : ""},
        {"what", law_kind_word(a->situation.kind)},
        {"age", age_words[a->age]},
        {"origin", law_origin_word(a->situation.origin)},
        {"medium", law_medium_word(a->situation.medium)},
        {"stage", law_stage_word(a->situation.stage)},
        {"country", a->country},
        {"site", a->site_country},
        {"platform", a->platform},
        {"have", a->have},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].value == NULL || all[i].value[0] == '\0')
            continue;
        if (but != NULL && strcmp(but, all[i].field) == 0)
            continue;
        struct view *v = view_add(view, "carried");
        view_text(v, "field", all[i].field);
        view_text(v, "value", all[i].value);
    }
}
