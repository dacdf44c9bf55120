#include "../cmocka_all.h"
#include "law/facts.h"
#include "law/platforms.h"

#include <string.h>

struct fixture {
    struct arena arena;
    struct law_facts facts;
};

static int set_up(void **state)
{
    static struct fixture f;
    arena_init(&f.arena, lk_alloc_heap(), 64 << 20);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_fini(&((struct fixture *)*state)->arena);
    return 0;
}

static void ask(struct fixture *f, const char *country, const struct law_situation *s)
{
    struct lk_error err = {0};
    enum lk_status status = law_facts(&f->arena, country, s, &f->facts, &err);
    if (status != LK_OK)
        fail_msg("%s: %s", country, err.text);
}

static const struct law_rule *rule(const struct fixture *f, const char *id)
{
    for (size_t i = 0; i < f->facts.n_rules; i++)
        if (strcmp(f->facts.rules[i].id, id) == 0)
            return &f->facts.rules[i];
    return NULL;
}

static const struct law_offence *offence(const struct fixture *f, const char *citation)
{
    for (size_t i = 0; i < f->facts.n_offences; i++)
        if (strcmp(f->facts.offences[i].citation, citation) == 0)
            return &f->facts.offences[i];
    return NULL;
}

static void a_shared_intimate_fake_meets_the_rules_of_its_country(void **state)
{
    struct fixture *f = *state;
    const struct law_situation s = {LAW_INTIMATE, LAW_MADE, LAW_PICTURE, LAW_STAGE_SHARED,
                                    LAW_ADULT};
    ask(f, "us", &s);
    const struct law_rule *tida = rule(f, "us-tida");
    assert_non_null(tida);
    assert_int_equal(tida->miss, LAW_FITS);
    assert_int_equal(tida->status, LAW_IN_FORCE);
    assert_int_equal(tida->recipient, LAW_TO_PLATFORM);
    assert_int_equal(tida->deadline_hours, 48);
    assert_int_equal(tida->n_elements, 6);
    assert_string_equal(tida->elements[0].label, "Signature");
    assert_int_equal(tida->n_senders, 2);
    assert_true(tida->n_exclusions > 0 && tida->basis.is_checked && tida->basis.n_sources > 0);
    assert_non_null(f->facts.sources[tida->basis.sources[0]].title);
    assert_int_equal(tida->starts_at, LAW_NOTICE_RECEIVED);
    assert_int_equal(tida->n_escalations, 2);
    assert_string_equal(tida->escalations[0].to, "Federal Trade Commission");
    assert_true(tida->escalations[0].has_hours && tida->escalations[0].after_hours == 48);
    assert_null(f->facts.police.risk);
    assert_int_equal(rule(f, "us-15usc6851")->miss, LAW_MISS_SYNTHETIC);
    assert_null(rule(f, "eu-dsa16"));
}

static void a_member_of_a_union_has_the_rules_of_both(void **state)
{
    struct fixture *f = *state;
    const struct law_situation s = {.kind = LAW_INTIMATE, .ages = LAW_ADULT};
    ask(f, "de", &s);
    assert_non_null(rule(f, "de-kunsturhg"));
    const struct law_rule *dsa = rule(f, "eu-dsa16");
    assert_non_null(dsa);
    assert_int_equal(dsa->n_escalations, 3);
    assert_false(dsa->escalations[0].has_hours);
    assert_null(rule(f, "eu-tco"));
    assert_null(rule(f, "eu-csa"));
    assert_string_equal(f->facts.country, "Germany");
}

static void each_situation_has_its_own_offences(void **state)
{
    struct fixture *f = *state;
    static const char base[] = "Sexual Offences Act 2003 s.66B(1)";
    ask(f, "gb",
        &(struct law_situation){
            .kind = LAW_INTIMATE, .stage = LAW_STAGE_SHARED, .ages = LAW_ADULT});
    assert_non_null(offence(f, base));
    ask(f, "gb", &(struct law_situation){.kind = LAW_TERROR, .ages = LAW_ADULT});
    assert_null(offence(f, base));
    assert_true(f->facts.n_offences > 0);
}

static void what_does_not_fit_comes_last_and_says_why(void **state)
{
    struct fixture *f = *state;
    const struct law_situation s = {LAW_INTIMATE, LAW_REAL, LAW_VOICE, LAW_STAGE_THREAT, LAW_ADULT};
    ask(f, "gb", &s);
    bool missed = false;
    for (size_t i = 0; i < f->facts.n_rules; i++) {
        missed |= f->facts.rules[i].miss != LAW_FITS;
        assert_true(!missed || f->facts.rules[i].miss != LAW_FITS);
    }
    assert_true(missed);
    assert_int_equal(rule(f, "gb-hash")->miss, LAW_MISS_MEDIUM);
}

static void every_country_answers_every_situation(void **state)
{
    struct fixture *f = *state;
    struct law_country country;
    for (size_t i = 0; law_country_at(i, &country); i++) {
        for (unsigned kind = 0; kind < LAW_N_KINDS; kind++)
            for (unsigned ages = LAW_UNDER_18; ages <= LAW_ADULT; ages++)
                ask(f, country.code, &(struct law_situation){.kind = kind, .ages = ages});
        assert_non_null(f->facts.police.text);
        assert_non_null(f->facts.last_checked);
        arena_fini(&f->arena);
        arena_init(&f->arena, lk_alloc_heap(), 64 << 20);
    }
}

static void no_country_gives_no_law(void **state)
{
    struct fixture *f = *state;
    const struct law_situation s = {.kind = LAW_INTIMATE, .ages = LAW_ADULT};
    ask(f, NULL, &s);
    assert_int_equal(f->facts.n_rules, 0);
    ask(f, "platforms", &s);
    assert_null(f->facts.country);
}

static void words_and_answers_are_the_same_both_ways(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LAW_N_KINDS; i++)
        assert_int_equal(law_kind_of(law_kind_word(i)), i);
    for (unsigned i = 0; i < LAW_N_STAGES; i++)
        assert_int_equal(law_stage_of(law_stage_word(i)), i);
    for (unsigned i = 0; i < LAW_N_ORIGINS; i++)
        assert_int_equal(law_origin_of(law_origin_word(i)), i);
    for (unsigned i = 0; i < LAW_N_MEDIA; i++)
        assert_int_equal(law_medium_of(law_medium_word(i)), i);
    assert_int_equal(law_kind_of("<b>"), LAW_KIND_UNSAID);
    assert_int_equal(law_kind_of(NULL), LAW_KIND_UNSAID);
}

static void platforms_have_routes(void **state)
{
    struct fixture *f = *state;
    struct law_platform_list list;
    assert_int_equal(law_platforms(&f->arena, &list, NULL), LK_OK);
    assert_true(list.n > 25);
    const struct law_platform *p = law_platform_find(&list, "facebook");
    assert_non_null(p);
    assert_true(p->n_routes > 0 && p->in_stopncii);
    assert_null(law_platform_find(&list, "nowhere"));
    assert_null(law_platform_find(&list, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shared_intimate_fake_meets_the_rules_of_its_country),
        cmocka_unit_test(a_member_of_a_union_has_the_rules_of_both),
        cmocka_unit_test(each_situation_has_its_own_offences),
        cmocka_unit_test(what_does_not_fit_comes_last_and_says_why),
        cmocka_unit_test(every_country_answers_every_situation),
        cmocka_unit_test(no_country_gives_no_law),
        cmocka_unit_test(words_and_answers_are_the_same_both_ways),
        cmocka_unit_test(platforms_have_routes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
