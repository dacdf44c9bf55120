#include "letter_kit.h"

#include "base/err.h"

#include <string.h>

enum { ARENA = 16 << 20, MAX_URLS = 8 };

struct law_sender letter_kit_sender(void)
{
    return (struct law_sender){.organisation = "Example Helpline",
                               .signer = "Sam Signer",
                               .email = "n@helpline.example",
                               .contact = "n@helpline.example"};
}

static bool is_among(const struct desk_case *cases, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(cases[i].id, id) == 0)
            return true;
    return false;
}

static enum lk_status open_one(struct registry *r, const struct case_request *request,
                               struct arena *arena, struct case_opened *opened,
                               char id[DESK_CASE_CHARS + 1], struct lk_error *err)
{
    struct desk_case *before, *after;
    size_t n_before, n_after;
    TRY(desk_list(r, arena, &before, &n_before, err));
    TRY(case_open(r, request, opened, err));
    TRY(desk_list(r, arena, &after, &n_after, err));
    for (size_t i = 0; i < n_after; i++)
        if (!is_among(before, n_before, after[i].id))
            memcpy(id, after[i].id, DESK_CASE_CHARS + 1);
    return LK_OK;
}

static enum lk_status note_facts(struct registry *r, const char *id, struct arena *arena,
                                 struct lk_error *err)
{
    struct staff_hand hand;
    struct desk_view view;
    staff_console(r, &hand);
    TRY(desk_case_open(r, &hand, id, arena, &view, err));
    struct case_facts facts = view.facts;
    facts.lang = "en";
    facts.answers.facts = "She never agreed.";
    facts.answers.authority = "in writing, 2026-09-20";
    facts.answers.no_consent = facts.answers.good_faith = facts.answers.accurate = true;
    return desk_case_note_facts(r, &hand, id, &facts, 3, err);
}

enum lk_status letter_kit_case(struct registry *r, const char *const *urls, size_t n,
                               struct case_opened *opened, char id[DESK_CASE_CHARS + 1],
                               struct lk_error *err)
{
    static const char facts[] = "what=intimate\norigin=made\nmedium=picture\nage=adult\ncountry=us";
    struct case_typed texts[MAX_URLS + 1];
    struct arena arena;
    for (size_t i = 0; i < n; i++)
        texts[i] =
            (struct case_typed){.kind = CASE_LOCATION, .text = urls[i], .n = strlen(urls[i])};
    texts[n] = (struct case_typed){.kind = CASE_SITUATION, .text = facts, .n = strlen(facts)};
    const struct case_request request = {.texts = texts, .n_texts = n + 1};
    arena_init(&arena, lk_alloc_heap(), ARENA);
    enum lk_status status = open_one(r, &request, &arena, opened, id, err);
    if (status == LK_OK)
        status = note_facts(r, id, &arena, err);
    arena_fini(&arena);
    return status;
}

enum lk_status letter_kit_send(struct registry *r, const char *id, const char *partner, unsigned n,
                               char reference[LETTER_REFERENCE_BYTES], struct lk_error *err)
{
    static const unsigned numbers[MAX_URLS] = {1, 2, 3, 4, 5, 6, 7, 8};
    const struct desk_order order = {
        .case_id = id,
        .numbers = numbers,
        .n_numbers = n,
        .target = LAW_TARGET_PLATFORM,
        .regime = "us-tida",
        .recipient = partner,
        .partner = partner,
        .lang = "en",
        .channel = LETTER_INBOX,
    };
    struct staff_hand hand;
    struct desk_draft draft;
    struct arena arena;
    staff_console(r, &hand);
    arena_init(&arena, lk_alloc_heap(), ARENA);
    enum lk_status status = desk_letter_send(r, &hand, &order, &arena, &draft, err);
    if (status == LK_OK && reference != NULL)
        memcpy(reference, draft.reference, LETTER_REFERENCE_BYTES);
    arena_fini(&arena);
    return status;
}
