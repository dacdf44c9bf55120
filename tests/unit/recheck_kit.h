/* tests/unit/recheck_kit.h - a case whose addresses were each told to their platform, by hand. */
#ifndef TESTS_UNIT_RECHECK_KIT_H
#define TESTS_UNIT_RECHECK_KIT_H

#include "../cmocka_all.h"
#include "../store/kit.h"

#include "cases/desk_case.h"
#include "cases/desk_letter.h"

enum { RECHECK_KIT_ARENA = 16 << 20, RECHECK_KIT_MAX_PLACES = 16 };

struct recheck_kit {
    struct kit kit;
    struct staff_hand hand;
    char id[DESK_CASE_CHARS + 1];
    struct arena arena;
};

static inline void recheck_kit_note_facts(struct recheck_kit *t)
{
    struct desk_view view;
    assert_int_equal(desk_case_open(t->kit.r, &t->hand, t->id, &t->arena, &view, NULL), LK_OK);
    struct case_facts facts = view.facts;
    facts.lang = "en";
    facts.answers.facts = "She never agreed.";
    facts.answers.authority = "in writing, 2026-09-20";
    facts.answers.no_consent = facts.answers.good_faith = facts.answers.accurate = true;
    assert_int_equal(desk_case_note_facts(t->kit.r, &t->hand, t->id, &facts, 3, NULL), LK_OK);
}

static inline void recheck_kit_send(struct recheck_kit *t, unsigned number, enum law_target target,
                                    const char *recipient)
{
    struct desk_draft draft;
    struct lk_error err = {0};
    const struct desk_order order = {
        .case_id = t->id,
        .numbers = &number,
        .n_numbers = 1,
        .target = target,
        .recipient = recipient,
        .lang = "en",
        .channel = LETTER_BY_HAND,
    };
    if (desk_letter_send(t->kit.r, &t->hand, &order, &t->arena, &draft, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static inline void recheck_kit_init(struct recheck_kit *t, const char *const *places, size_t n)
{
    static const char facts[] = "what=intimate\norigin=made\nmedium=picture\nage=adult\ncountry=us";
    struct case_typed texts[RECHECK_KIT_MAX_PLACES + 1];
    struct desk_case *cases;
    struct case_opened opened;
    size_t n_cases = 0;
    for (size_t i = 0; i < n; i++)
        texts[i] =
            (struct case_typed){.kind = CASE_LOCATION, .text = places[i], .n = strlen(places[i])};
    texts[n] = (struct case_typed){.kind = CASE_SITUATION, .text = facts, .n = strlen(facts)};
    const struct case_request request = {.texts = texts, .n_texts = n + 1};
    kit_init(&t->kit);
    registry_close(t->kit.r);
    struct registry_config config = kit_config(&t->kit);
    config.sender = (struct law_sender){.organisation = "Example Helpline",
                                        .signer = "Sam Signer",
                                        .email = "n@helpline.example",
                                        .contact = "n@helpline.example"};
    assert_int_equal(registry_open(&config, &t->kit.r, NULL), LK_OK);
    arena_init(&t->arena, lk_alloc_heap(), RECHECK_KIT_ARENA);
    staff_console(t->kit.r, &t->hand);
    assert_int_equal(case_open(t->kit.r, &request, &opened, NULL), LK_OK);
    assert_int_equal(desk_list(t->kit.r, &t->arena, &cases, &n_cases, NULL), LK_OK);
    memcpy(t->id, cases[0].id, sizeof t->id);
    recheck_kit_note_facts(t);
    for (unsigned number = 1; number <= n; number++)
        recheck_kit_send(t, number, LAW_TARGET_PLATFORM, "Example");
}

static inline void recheck_kit_fini(struct recheck_kit *t)
{
    arena_fini(&t->arena);
    kit_fini(&t->kit);
}

#endif
