/* Letters of the desk: the same answers in the words of each law. */
#include "law/letter.h"
#include "law/letter_texts.h"
#include "law/platforms.h"
#include "sys/file.h"

#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const urls[] = {"https://example.org/post/1", "https://example.org/post/2"};

static struct law_answers full_answers(void)
{
    return (struct law_answers){
        .situation = {.kind = LAW_INTIMATE,
                      .origin = LAW_MADE,
                      .medium = LAW_PICTURE,
                      .stage = LAW_STAGE_SHARED,
                      .ages = LAW_ADULT},
        .age_known = true,
        .country = "us",
        .shows = "A person on a sofa.",
        .facts = "The person never agreed, and wrote so to the account on 20 November.",
        .seen = "2026-11-24",
        .authority = "in writing, on 2026-11-23",
        .evidence = "Screenshots are held by the helpline.",
        .prior = "Reported in the app on 2026-11-22.",
        .no_consent = true,
        .good_faith = true,
        .accurate = true,
        .identity_checked = true,
        .is_maker = true,
        .person = "Alex Example",
        .person_contact = "alex@example.org",
    };
}

static const struct law_sender sender = {
    .organisation = "Example Helpline",
    .signer = "Sam Signer",
    .email = "notices@helpline.example",
    .contact = "notices@helpline.example, +00 000 000",
};

struct made {
    struct arena arena;
    struct law_answers answers;
    struct law_rule rule;
    struct law_letter_order order;
    struct law_letter letter;
};

static void begin(struct made *m, const char *regime, const char *lang)
{
    struct lk_error err = {0};
    static const char *const offences[] = {"Example Act s.1", "Example Code art. 2"};
    arena_init(&m->arena, lk_alloc_heap(), 8 << 20);
    m->answers = full_answers();
    m->letter = (struct law_letter){0};
    m->order = (struct law_letter_order){
        .lang = lang,
        .target = LAW_TARGET_PLATFORM,
        .recipient = "Examplegram",
        .reference = "LK-0123-4567-89ab",
        .day = "2026-11-24",
        .urls = urls,
        .n_urls = 2,
        .answers = &m->answers,
        .sender = &sender,
        .country_name = "Exampleland",
        .offences = offences,
        .n_offences = 2,
        .wants_preserved = true,
        .own_hours = 48,
    };
    if (regime == NULL)
        return;
    if (law_rule_of(&m->arena, regime, &m->answers.situation, &m->rule, NULL, &err) != LK_OK)
        fail_msg("%s: %s", regime, err.text);
    m->order.rule = &m->rule;
    if (m->rule.recipient == LAW_TO_REGULATOR)
        m->order.target = LAW_TARGET_REGULATOR;
}

static void make(struct made *m)
{
    struct lk_error err = {0};
    if (law_letter_make(&m->arena, &m->order, &m->letter, &err) != LK_OK)
        fail_msg("%s", err.text);
}

/* "regime lang form?": what the golden files hold. */
static const struct {
    const char *name, *regime, *lang;
    bool by_form;
    enum law_author author;
    const char *country;
    unsigned hours;
} golden[] = {
    {"us-tida", "us-tida", "en", false, LAW_BY_REPRESENTATIVE, "us", 48},
    {"us-tida", "us-tida", "es", false, LAW_BY_REPRESENTATIVE, "us", 48},
    {"eu-dsa16", "eu-dsa16", "en", false, LAW_BY_REPRESENTATIVE, "ie", 0},
    {"eu-dsa16", "eu-dsa16", "fr", false, LAW_BY_REPRESENTATIVE, "fr", 0},
    {"eu-dsa16", "eu-dsa16", "de", false, LAW_BY_REPRESENTATIVE, "de", 0},
    {"gb-48h", "gb-48h", "en", false, LAW_BY_REPRESENTATIVE, "gb", 0},
    {"in-32b", "in-32b", "en", false, LAW_BY_REPRESENTATIVE, "in", 2},
    {"in-32b", "in-32b", "hi", false, LAW_BY_REPRESENTATIVE, "in", 2},
    {"kr-tba", "kr-tba", "ko", true, LAW_BY_REPRESENTATIVE, "kr", 0},
    {"kr-tba", "kr-tba", "en", true, LAW_BY_REPRESENTATIVE, "kr", 0},
    {"au-osa-iba", "au-osa-iba", "en", false, LAW_BY_REPRESENTATIVE, "au", 0},
    {"br-decree-2026", "br-decree-2026", "pt", false, LAW_BY_REPRESENTATIVE, "br", 2},
    {"it-144bis", "it-144bis", "it", false, LAW_BY_PERSON, "it", 0},
    {"none", NULL, "en", false, LAW_BY_REPRESENTATIVE, "ke", 0},
    {"none", NULL, "ar", false, LAW_BY_REPRESENTATIVE, "ae", 0},
    {"copyright", NULL, "en", false, LAW_BY_MAKER, "us", 0},
};

static void compare(const char *name, const char *lang, const struct law_letter *letter)
{
    char path[256];
    struct buf wanted, got;
    struct lk_error err;
    snprintf(path, sizeof path, "%s/tests/golden/letters/%s.%s.txt", getenv("SOURCE_ROOT"), name,
             lang);
    buf_init(&wanted, lk_alloc_heap(), 1 << 20);
    buf_init(&got, lk_alloc_heap(), 1 << 20);
    buf_fmt(&got, "%s\n\n%s", letter->subject, letter->body);
    if (getenv("LETTERS_WRITE") != NULL) {
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fwrite(got.p, 1, got.n, f);
        fclose(f);
    }
    if (file_read_all(path, &wanted, &err) != LK_OK)
        fail_msg("%s", err.text);
    if (strcmp(buf_text(&wanted), buf_text(&got)) != 0)
        fail_msg("%s differs; it is now:\n%s", path, buf_text(&got));
    buf_fini(&wanted);
    buf_fini(&got);
}

static void each_regime_has_its_letter(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        struct made m;
        begin(&m, golden[i].regime, golden[i].lang);
        m.answers.country = golden[i].country;
        m.order.author = golden[i].author;
        m.order.by_form = golden[i].by_form;
        m.order.law_hours = golden[i].hours;
        make(&m);
        if (m.letter.n_missing > 0)
            fail_msg("%s lacks %s", golden[i].name, m.letter.missing[0].element);
        compare(golden[i].name, golden[i].lang, &m.letter);
        arena_fini(&m.arena);
    }
}

/* Takes away what `element` rests on, and returns how its lack must be told. */
static bool take_away(struct made *m, const char *element, enum law_lack *lack)
{
    static struct law_sender nobody;
    struct law_answers *a = &m->answers;
    static const char *const of_sender[] = {"signature", "name", "contact", "email"};
    *lack = LAW_LACK_ANSWER;
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(element, of_sender[i]) == 0) {
            m->order.sender = &nobody;
            *lack = LAW_LACK_SENDER;
            return true;
        }
    }
    if (strcmp(element, "locate_content") == 0)
        m->order.n_urls = 0;
    else if (strcmp(element, "identify_content") == 0 || strcmp(element, "reason_illegal") == 0)
        a->situation.kind = LAW_KIND_UNSAID;
    else if (strcmp(element, "supporting_info") == 0)
        a->facts = "";
    else if (strcmp(element, "declaration_present") == 0)
        a->seen = NULL;
    else if (strcmp(element, "declaration_subject") == 0 ||
             strcmp(element, "authority_to_act") == 0)
        a->authority = NULL;
    else if (strcmp(element, "residence_nexus") == 0) {
        a->country = "jp";
        *lack = LAW_LACK_SAME;
    } else if (strcmp(element, "official_form") == 0) {
        m->order.by_form = false;
        *lack = LAW_LACK_FORM;
    } else if (strncmp(element, "statement_", 10) == 0) {
        a->no_consent = a->good_faith = a->accurate = false;
        *lack = LAW_LACK_CONFIRMED;
    } else if (strcmp(element, "identity_proof") == 0) {
        a->identity_checked = false;
        *lack = LAW_LACK_CONFIRMED;
    } else if (strcmp(element, "evidence") == 0)
        a->evidence = NULL;
    else
        return false;
    return true;
}

static void nothing_is_written_with_a_required_element_missing(void **state)
{
    (void)state;
    static const char *const regimes[] = {"us-tida", "eu-dsa16",   "gb-48h",        "in-32b",
                                          "kr-tba",  "au-osa-iba", "br-decree-2026"};
    size_t n_checked = 0;
    for (size_t i = 0; i < sizeof regimes / sizeof regimes[0]; i++) {
        struct made probe;
        begin(&probe, regimes[i], "en");
        for (size_t k = 0; k < probe.rule.n_elements; k++) {
            struct made m;
            enum law_lack lack;
            const char *element = probe.rule.elements[k].id;
            if (!probe.rule.elements[k].is_required)
                continue;
            begin(&m, regimes[i], "en");
            m.answers.country = strncmp(regimes[i], "au", 2) == 0 ? "au" : "us";
            m.order.by_form = true;
            if (!take_away(&m, element, &lack))
                continue;
            make(&m);
            assert_null(m.letter.body);
            bool told = false;
            for (size_t j = 0; j < m.letter.n_missing; j++)
                told |= strcmp(m.letter.missing[j].element, element) == 0 &&
                        m.letter.missing[j].lack == lack &&
                        law_lack_words(m.letter.missing[j].lack)[0] != '\0';
            if (!told)
                fail_msg("%s: the lack of %s was not told", regimes[i], element);
            n_checked++;
            arena_fini(&m.arena);
        }
        arena_fini(&probe.arena);
    }
    assert_true(n_checked >= 25);
}

static void a_case_under_18_has_no_letter_but_to_the_hotline(void **state)
{
    (void)state;
    for (unsigned target = LAW_TARGET_PLATFORM; target < LAW_N_TARGETS; target++) {
        for (unsigned how = 0; how < 2; how++) {
            struct made m;
            struct lk_error err = {0};
            begin(&m, NULL, "en");
            m.order.target = (enum law_target)target;
            if (how == 0)
                m.answers.situation.ages = LAW_UNDER_18;
            else
                m.answers.age_known = false;
            enum lk_status status = law_letter_make(&m.arena, &m.order, &m.letter, &err);
            if (target == LAW_TARGET_HOTLINE) {
                assert_int_equal(status, LK_OK);
                assert_non_null(strstr(m.letter.body, urls[1]));
                assert_null(strstr(m.letter.body, "sofa"));
            } else {
                assert_int_equal(status, LK_DENIED);
            }
            arena_fini(&m.arena);
        }
    }
}

static void a_law_that_hears_the_person_alone_is_left_to_the_person(void **state)
{
    (void)state;
    struct made m;
    struct lk_error err = {0};
    begin(&m, "it-144bis", "it");
    m.answers.country = "it";
    assert_int_equal(law_letter_make(&m.arena, &m.order, &m.letter, &err), LK_UNSUPPORTED);
    arena_fini(&m.arena);
}

static void the_desk_is_named_and_the_person_is_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        struct made m;
        begin(&m, golden[i].regime, golden[i].lang);
        m.answers.country = golden[i].country;
        m.order.author = golden[i].author;
        m.order.by_form = golden[i].by_form;
        make(&m);
        bool named = strstr(m.letter.body, "Alex Example") != NULL ||
                     strstr(m.letter.body, "alex@example.org") != NULL;
        assert_int_equal(named, golden[i].author != LAW_BY_REPRESENTATIVE);
        assert_null(strchr(m.letter.body, '{'));
        assert_null(strstr(m.letter.body, "  "));
        arena_fini(&m.arena);
    }
}

static void a_complaint_lists_what_was_sent(void **state)
{
    (void)state;
    struct made m;
    const struct law_past past = {.url = urls[0],
                                  .recipient = "Examplegram",
                                  .sent = "2026-11-20",
                                  .due = "2026-11-22",
                                  .state = "waiting"};
    begin(&m, "us-tida", "en");
    m.order.target = LAW_TARGET_REGULATOR;
    m.order.past = &past;
    m.order.n_past = 1;
    m.order.recipient = "Federal Trade Commission";
    make(&m);
    assert_non_null(strstr(m.letter.subject, "Complaint"));
    assert_non_null(strstr(m.letter.body,
                           "https://example.org/post/1: notice of 2026-11-20 to Examplegram; "
                           "time limit 2026-11-22; now: no answer"));
    arena_fini(&m.arena);
}

/* Every letter that any regime, target, kind and author can give, in every language. */
static void no_language_lacks_a_text_or_fills_it_wrongly(void **state)
{
    (void)state;
    for (size_t i = 0; law_letter_lang_at(i) != NULL; i++)
        for (unsigned kind = LAW_INTIMATE; kind < LAW_N_KINDS; kind++)
            for (unsigned target = LAW_TARGET_PLATFORM; target < LAW_N_TARGETS; target++) {
                struct made m;
                if (target == LAW_TARGET_POLICE)
                    continue;
                begin(&m, NULL, law_letter_lang_at(i));
                m.answers.situation.kind = (enum law_kind)kind;
                m.order.target = (enum law_target)target;
                make(&m);
                assert_int_equal(m.letter.n_missing, 0);
                assert_non_null(strstr(m.letter.body, urls[0]));
                assert_non_null(strstr(m.letter.subject, "LK-0123-4567-89ab"));
                assert_null(strchr(m.letter.body, '{'));
                arena_fini(&m.arena);
            }
}

static void assert_place(const struct law_platform_list *list, const char *url, const char *id)
{
    const struct law_platform *platform = law_platform_of_url(list, url);
    if (id == NULL)
        assert_null(platform);
    else if (platform == NULL)
        fail_msg("%s is nowhere", url);
    else
        assert_string_equal(platform->id, id);
}

static void a_link_tells_its_platform_by_the_end_of_its_host(void **state)
{
    (void)state;
    struct arena arena;
    struct law_platform_list list;
    arena_init(&arena, lk_alloc_heap(), 4 << 20);
    assert_int_equal(law_platforms(&arena, &list, NULL), LK_OK);
    assert_place(&list, "https://m.facebook.com/x?y", "facebook");
    assert_place(&list, "FACEBOOK.COM", "facebook");
    assert_place(&list, "https://user@www.x.com:443/a", "x");
    assert_place(&list, "https://play.google.com/store/apps", "google_play");
    assert_place(&list, "https://www.google.com/search?q=1", "google_search");
    assert_place(&list, "https://notfacebook.com/", NULL);
    assert_place(&list, "https://facebook.com.evil.example/", NULL);
    assert_place(&list, "https://evil.example/@facebook.com", NULL);
    assert_place(&list, "@name", NULL);
    assert_place(&list, "", NULL);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_regime_has_its_letter),
        cmocka_unit_test(nothing_is_written_with_a_required_element_missing),
        cmocka_unit_test(a_case_under_18_has_no_letter_but_to_the_hotline),
        cmocka_unit_test(a_law_that_hears_the_person_alone_is_left_to_the_person),
        cmocka_unit_test(the_desk_is_named_and_the_person_is_not),
        cmocka_unit_test(a_complaint_lists_what_was_sent),
        cmocka_unit_test(no_language_lacks_a_text_or_fills_it_wrongly),
        cmocka_unit_test(a_link_tells_its_platform_by_the_end_of_its_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
