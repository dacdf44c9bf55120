/* Letters of the desk, written into a store as a caseworker would, for a service to send.
 *
 * usage: letters DIR N [host]    N letters by mail about two addresses each, of one case */
#include "../store/kit.h"
#include "cases/case.h"
#include "cases/desk_case.h"
#include "cases/desk_letter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA = 16 << 20, N_LINKS = 2 };

static struct arena arena;

static int fail(const struct lk_error *err)
{
    fprintf(stderr, "letters: %s\n", err->text);
    return 1;
}

static enum lk_status open_case(struct registry *r, struct staff_hand *hand, char id[],
                                struct lk_error *err)
{
    static const char links[N_LINKS][40] = {"https://cdn.example.net/p/1",
                                            "https://cdn.example.net/p/2"};
    static const char answers[] =
        "what=intimate\norigin=made\nmedium=picture\nage=adult\ncountry=us";
    struct case_typed texts[N_LINKS + 1];
    for (unsigned i = 0; i < N_LINKS; i++)
        texts[i] =
            (struct case_typed){.kind = CASE_LOCATION, .text = links[i], .n = strlen(links[i])};
    texts[N_LINKS] =
        (struct case_typed){.kind = CASE_SITUATION, .text = answers, .n = strlen(answers)};
    const struct case_request request = {.texts = texts, .n_texts = N_LINKS + 1};
    struct case_opened opened;
    struct desk_case *cases;
    struct desk_view view;
    size_t n = 0;
    enum lk_status status = case_open(r, &request, &opened, err);
    if (status == LK_OK)
        status = desk_list(r, &arena, &cases, &n, err);
    if (status != LK_OK || n == 0)
        return status;
    memcpy(id, cases[0].id, DESK_CASE_CHARS + 1);
    status = desk_case_open(r, hand, id, &arena, &view, err);
    if (status != LK_OK)
        return status;
    struct case_facts facts = view.facts;
    facts.lang = "en";
    facts.answers.facts = "She never agreed. Zażółć gęślą jaźń.";
    facts.answers.authority = "in writing, 2026-09-20";
    facts.answers.no_consent = facts.answers.good_faith = facts.answers.accurate = true;
    return desk_case_note_facts(r, hand, id, &facts, 3, err);
}

static enum lk_status write_letter(struct registry *r, struct staff_hand *hand, const char *id,
                                   unsigned i, bool to_host, struct lk_error *err)
{
    static const unsigned both[N_LINKS] = {1, 2};
    char recipient[32], address[48];
    struct desk_draft draft;
    snprintf(recipient, sizeof recipient, "Recipient %u", i);
    snprintf(address, sizeof address, "abuse%u@example.net", i);
    const struct desk_order order = {
        .case_id = id,
        .numbers = both,
        .n_numbers = N_LINKS,
        .target = to_host ? LAW_TARGET_HOST : LAW_TARGET_PLATFORM,
        .recipient = recipient,
        .address = address,
        .lang = "en",
        .channel = LETTER_MAIL,
    };
    return desk_letter_send(r, hand, &order, &arena, &draft, err);
}

int main(int argc, char **argv)
{
    char store[512], key[512], id[DESK_CASE_CHARS + 1];
    struct lk_error err = {0};
    struct registry *r;
    struct staff_hand hand;
    if (argc < 3)
        return 2;
    snprintf(store, sizeof store, "%s/likeness.db", argv[1]);
    snprintf(key, sizeof key, "%s/master.key", argv[1]);
    const struct registry_config config = {
        .store_url = store,
        .key_path = key,
        .key_create = true,
        .argon_ops = 1,
        .argon_bytes = 8 << 20,
        .sender = {.organisation = "Example Helpline",
                   .signer = "Sam Signer",
                   .email = "desk@helpline.example",
                   .contact = "desk@helpline.example"},
    };
    if (registry_open(&config, &r, &err) != LK_OK)
        return fail(&err);
    arena_init(&arena, lk_alloc_heap(), ARENA);
    staff_console(r, &hand);
    enum lk_status status = open_case(r, &hand, id, &err);
    for (unsigned i = 0; status == LK_OK && i < (unsigned)strtoul(argv[2], NULL, 10); i++)
        status = write_letter(r, &hand, id, i, argc > 3, &err);
    staff_hand_wipe(&hand);
    arena_fini(&arena);
    registry_close(r);
    return status == LK_OK ? 0 : fail(&err);
}
