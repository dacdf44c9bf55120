#include "../cmocka_all.h"

#include "../store/invariants.h"
#include "../store/kit.h"
#include "cases/registry_inside.h"
#include "sys/file.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA = 4 << 20 };

static int setup(void **state)
{
    struct kit *kit = calloc(1, sizeof *kit);
    kit_init(kit);
    kit_add_partner(kit, "Example Video");
    *state = kit;
    return 0;
}

static int teardown(void **state)
{
    kit_fini(*state);
    free(*state);
    return 0;
}

/* Opens a case with items made from the seeds first .. first + n - 1. */
static enum lk_status open_case(struct kit *kit, uint64_t first, size_t n,
                                const struct idempotency *again, struct case_opened *out,
                                struct lk_error *err)
{
    static const struct case_typed texts[] = {
        {.kind = CASE_LOCATION, .text = "https://example.org/a/1", .n = 23},
        {.kind = CASE_LOCATION, .text = "@someone", .n = 8},
        {.kind = CASE_NOTE, .text = "please", .n = 6},
    };
    struct kit_item items[CASE_MAX_ITEMS];
    struct lk_sequence sequences[CASE_MAX_ITEMS];
    for (size_t i = 0; i < n; i++) {
        kit_item(&items[i], first + i);
        sequences[i] = items[i].sequence;
    }
    struct case_request request = {
        .sequences = sequences, .n_sequences = n, .texts = texts, .n_texts = 3};
    if (again != NULL)
        request.idempotency = *again;
    return case_open(kit->r, &request, out, err);
}

static struct case_access login(struct kit *kit, const char *code)
{
    struct case_access access;
    struct lk_error err;
    assert_int_equal(case_login(kit->r, code, strlen(code), &access, &err), LK_OK);
    return access;
}

/* The first match of a query for `seed`. */
static struct match match_of(struct kit *kit, const struct partner *partner, uint64_t seed,
                             const char *ref)
{
    struct lk_error err;
    struct arena arena;
    struct kit_item item;
    struct match_result *results = NULL;
    const struct match_ref refs[] = {{ref, ref == NULL ? 0 : strlen(ref)}};
    kit_item_near(&item, seed, 4);
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(match_query(kit->r, partner, &arena, &item.sequence, refs, 1, &results, &err),
                     LK_OK);
    assert_int_equal(results[0].n, 1);
    struct match match = results[0].matches[0];
    arena_fini(&arena);
    return match;
}

static enum lk_status answer(struct kit *kit, const char *id, unsigned outcome, unsigned reason,
                             const char *note, struct match *out, struct lk_error *err)
{
    const struct match_reply reply = {.outcome = outcome,
                                      .reason = reason,
                                      .note = note,
                                      .n_note = note == NULL ? 0 : strlen(note)};
    return match_answer(kit->r, &kit->partner, id, MATCH_ID_CHARS, &reply, out, err);
}

/* What the person sees of the walk below while the case is open. */
static void assert_open_view(struct kit *kit, const struct case_access *access,
                             const struct match *match)
{
    struct lk_error err;
    struct arena arena;
    struct case_view view;
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(case_view(kit->r, access, &arena, &view, &err), LK_OK);
    assert_int_equal(view.state, CASE_OPEN);
    assert_int_equal(view.opened_day_ms % CLOCK_DAY_MS, 0);
    assert_int_equal(view.n_items, 3);
    assert_int_equal(view.n_in_force, 3);
    assert_int_equal(view.items[1].n_copies, 1);
    assert_int_equal(view.n_copies, 1);
    assert_string_equal(view.copies[0].partner, "Example Video");
    assert_int_equal(view.copies[0].item, 2);
    assert_int_equal(view.copies[0].state, MATCH_REMOVED);
    assert_int_equal(view.copies[0].answered_ms, kit->now_ms);
    assert_string_equal(view.copies[0].note, "taken down, account closed");
    assert_string_equal(view.copies[0].id, match->id);
    assert_int_equal(view.n_texts, 3);
    assert_int_equal(view.texts[1].kind, CASE_LOCATION);
    assert_string_equal(view.texts[1].text, "@someone");
    assert_int_equal(view.texts[2].kind, CASE_NOTE);
    assert_string_equal(view.texts[2].text, "please");
    arena_fini(&arena);
}

/* What stays of it: outcomes, and nothing that was typed. */
static void assert_closed_view(struct kit *kit, const char *code)
{
    struct lk_error err;
    struct arena arena;
    struct case_view view;
    struct case_access access = login(kit, code);
    assert_false(access.has_key);
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(case_view(kit->r, &access, &arena, &view, &err), LK_OK);
    assert_int_equal(view.state, CASE_WITHDRAWN);
    assert_int_equal(view.n_in_force, 0);
    assert_int_equal(view.n_texts, 0);
    assert_int_equal(view.copies[0].state, MATCH_REMOVED);
    assert_null(view.copies[0].note);
    arena_fini(&arena);
}

static void a_case_goes_from_opening_to_removal_to_withdrawal(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    assert_int_equal(kit_matches(kit, 100), 0);
    assert_int_equal(open_case(kit, 100, 3, NULL, &opened, &err), LK_OK);
    assert_int_equal(opened.n_items, 3);
    assert_int_equal(opened.expires_ms,
                     clock_day_start_ms(KIT_START_MS) + REGISTRY_RETENTION_DAYS * CLOCK_DAY_MS);

    kit->now_ms += 5000;
    struct match match = match_of(kit, &kit->partner, 101, "post/17");
    assert_int_equal(match.grade, LK_EXACT);
    assert_int_equal(match.tier, LK_TIER_SELF);
    assert_int_equal(match.action, LK_ACT_HOLD);
    assert_int_equal(match.dist_bits, 4);
    assert_int_equal(match.found_ms, kit->now_ms);
    assert_int_equal(match.state, MATCH_FOUND);
    kit->now_ms += 60000;
    assert_int_equal(
        answer(kit, match.id, MATCH_REMOVED, 0, "taken down, account closed", NULL, &err), LK_OK);

    struct case_access access = login(kit, opened.code);
    assert_open_view(kit, &access, &match);
    size_t n = 0;
    assert_int_equal(case_withdraw(kit->r, &access, &n, &err), LK_OK);
    assert_int_equal(n, 3);
    assert_int_equal(registry_stats(kit->r).n_entries, 0);
    assert_int_equal(kit_matches(kit, 101), 0);
    assert_int_equal(case_withdraw(kit->r, &access, &n, &err), LK_OK);
    assert_int_equal(n, 0);
    assert_closed_view(kit, opened.code);

    struct match after;
    assert_int_equal(match_get(kit->r, &kit->partner, match.id, MATCH_ID_CHARS, &after, NULL, &err),
                     LK_OK);
    assert_true(after.withdrawn);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM event"), 3);
    assert_int_equal(kit_sql(kit->store, "SELECT max(seq) FROM event"), 3);
    assert_int_equal(kit_sql(kit->store, "SELECT max(seq) = count(*) FROM change"), 1);
    assert_null(invariants_broken(kit));
}

/* A partner may still answer for a case that was withdrawn; what it writes is not kept. */
static void an_answer_after_withdrawal_counts_and_its_note_is_not_kept(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    assert_int_equal(open_case(kit, 150, 1, NULL, &opened, &err), LK_OK);
    struct match match = match_of(kit, &kit->partner, 150, NULL);
    struct case_access access = login(kit, opened.code);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, &err), LK_OK);
    assert_int_equal(answer(kit, match.id, MATCH_REMOVED, 0, "too late", &match, &err), LK_OK);
    assert_int_equal(match.state, MATCH_REMOVED);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM case_match WHERE note IS NOT NULL"),
                     0);
    assert_closed_view(kit, opened.code);
}

static void what_was_opened_is_there_after_a_restart(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened kept, gone;
    assert_int_equal(open_case(kit, 200, 2, NULL, &kept, &err), LK_OK);
    assert_int_equal(open_case(kit, 210, 2, NULL, &gone, &err), LK_OK);
    struct case_access access = login(kit, gone.code);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, &err), LK_OK);
    assert_int_equal(kit_reopen(kit, &err), LK_OK);
    assert_int_equal(registry_stats(kit->r).n_entries, 2);
    assert_int_equal(kit_matches(kit, 201), 1);
    assert_int_equal(kit_matches(kit, 211), 0);
}

static void a_wrong_code_and_an_unknown_one_are_denied_alike(void **state)
{
    struct kit *kit = *state;
    struct lk_error wrong_err, unknown_err;
    struct case_opened opened;
    struct case_access access;
    assert_int_equal(open_case(kit, 300, 1, NULL, &opened, &wrong_err), LK_OK);
    struct code code, other;
    assert_int_equal(code_parse(opened.code, strlen(opened.code), &code, &wrong_err), LK_OK);
    char text[CODE_TEXT_BYTES];
    other = code;
    other.digits[CODE_DIGITS - 1] = code.digits[CODE_DIGITS - 1] == '0' ? '1' : '0';
    code_format(&other, text);
    assert_int_equal(case_login(kit->r, text, strlen(text), &access, &wrong_err), LK_DENIED);
    other = code;
    other.digits[0] = code.digits[0] == '0' ? '1' : '0';
    code_format(&other, text);
    assert_int_equal(case_login(kit->r, text, strlen(text), &access, &unknown_err), LK_DENIED);
    assert_string_equal(wrong_err.text, unknown_err.text);
    size_t argon_bytes = kit->r->argon_bytes;
    kit->r->argon_bytes = SIZE_MAX; /* an unknown code's run of Argon2 is not left out: it fails */
    assert_int_equal(case_login(kit->r, text, strlen(text), &access, &unknown_err), LK_NOMEM);
    kit->r->argon_bytes = argon_bytes;
    text[0] = text[0] == '9' ? '8' : '9';
    assert_int_equal(case_login(kit->r, text, strlen(text), &access, &wrong_err), LK_INVALID);
}

static void a_token_stands_for_the_code_for_half_an_hour(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    char token[CASE_TOKEN_BYTES];
    assert_int_equal(open_case(kit, 310, 1, NULL, &opened, &err), LK_OK);
    struct case_access access = login(kit, opened.code), again;
    case_token(kit->r, &access, token);
    kit->now_ms += CASE_TOKEN_LIFE_MS - 1;
    assert_int_equal(case_token_login(kit->r, token, strlen(token), &again, &err), LK_OK);
    assert_memory_equal(access.key, again.key, sizeof access.key);
    char forged[CASE_TOKEN_BYTES];
    memcpy(forged, token, sizeof forged);
    forged[40] = forged[40] == 'A' ? 'B' : 'A';
    assert_int_equal(case_token_login(kit->r, forged, strlen(forged), &again, &err), LK_DENIED);
    kit->now_ms += 2;
    assert_int_equal(case_token_login(kit->r, token, strlen(token), &again, &err), LK_DENIED);
}

static void the_same_idempotency_key_gives_the_same_code(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened first, second;
    struct idempotency again = {.key = "abc", .n_key = 3, .request_hash = {7}};
    assert_int_equal(open_case(kit, 400, 1, &again, &first, &err), LK_OK);
    assert_false(first.repeated);
    assert_int_equal(open_case(kit, 400, 1, &again, &second, &err), LK_OK);
    assert_true(second.repeated);
    assert_string_equal(first.code, second.code);
    assert_int_equal(second.expires_ms, first.expires_ms);
    assert_int_equal(registry_stats(kit->r).n_entries, 1);
    again.request_hash[0] = 8;
    assert_int_equal(open_case(kit, 401, 1, &again, &second, &err), LK_CONFLICT);
    again.request_hash[0] = 7;
    kit->now_ms += 2 * CLOCK_DAY_MS;
    assert_int_equal(open_case(kit, 400, 1, &again, &second, &err), LK_OK);
    assert_string_not_equal(first.code, second.code);
    assert_null(invariants_broken(kit));
}

static void the_same_content_is_one_match_and_another_reference_another(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    assert_int_equal(open_case(kit, 500, 1, NULL, &opened, &err), LK_OK);
    struct match a = match_of(kit, &kit->partner, 500, "post/1");
    uint64_t n_commits = registry_stats(kit->r).n_commits;
    struct match b = match_of(kit, &kit->partner, 500, "post/1");
    assert_string_equal(a.id, b.id);
    assert_int_equal(registry_stats(kit->r).n_commits, n_commits);
    struct match c = match_of(kit, &kit->partner, 500, "post/2");
    assert_string_not_equal(a.id, c.id);
    assert_string_equal(a.entry, c.entry);
    struct match d = match_of(kit, &kit->partner, 500, NULL);
    struct match e = match_of(kit, &kit->partner, 500, NULL);
    assert_string_equal(d.id, e.id);
    assert_int_equal(registry_stats(kit->r).n_matches, 3);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM event WHERE type = 1"), 3);
}

static void two_partners_see_different_ids_and_not_each_others_matches(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    struct partner first = kit->partner;
    kit_add_partner(kit, "Example Chat");
    assert_int_equal(open_case(kit, 600, 1, NULL, &opened, &err), LK_OK);
    struct match a = match_of(kit, &first, 600, NULL);
    struct match b = match_of(kit, &kit->partner, 600, NULL);
    assert_string_not_equal(a.entry, b.entry);
    assert_string_not_equal(a.id, b.id);
    struct match out;
    assert_int_equal(match_get(kit->r, &kit->partner, a.id, MATCH_ID_CHARS, &out, NULL, &err),
                     LK_NOT_FOUND);
    assert_int_equal(answer(kit, a.id, MATCH_REMOVED, 0, NULL, NULL, &err), LK_NOT_FOUND);
    assert_int_equal(answer(kit, "xyz", MATCH_REMOVED, 0, NULL, NULL, &err), LK_NOT_FOUND);
}

static void matches_are_listed_in_pages(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    assert_int_equal(open_case(kit, 700, 5, NULL, &opened, &err), LK_OK);
    struct match found[5];
    for (unsigned i = 0; i < 5; i++)
        found[i] = match_of(kit, &kit->partner, 700 + i, NULL);
    assert_int_equal(answer(kit, found[3].id, MATCH_REMOVED, 0, NULL, NULL, &err), LK_OK);
    struct arena arena;
    struct match *list = NULL;
    size_t n = 0;
    bool more = false;
    struct match_filter filter = {.state = MATCH_FOUND, .limit = 3};
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(match_list(kit->r, &kit->partner, &arena, &filter, &list, &n, &more, &err),
                     LK_OK);
    assert_int_equal(n, 3);
    assert_true(more);
    assert_string_equal(list[2].id, found[2].id);
    filter.after = list[2].seq;
    assert_int_equal(match_list(kit->r, &kit->partner, &arena, &filter, &list, &n, &more, &err),
                     LK_OK);
    assert_int_equal(n, 1);
    assert_false(more);
    assert_string_equal(list[0].id, found[4].id);
    arena_fini(&arena);
}

static void answers_follow_the_table_and_nothing_else(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    assert_int_equal(open_case(kit, 800, 1, NULL, &opened, &err), LK_OK);
    struct match m = match_of(kit, &kit->partner, 800, NULL);
    assert_int_equal(answer(kit, m.id, MATCH_RESTORED, 0, NULL, NULL, &err), LK_CONFLICT);
    assert_int_equal(answer(kit, m.id, MATCH_FOUND, 0, NULL, NULL, &err), LK_INVALID);
    assert_int_equal(answer(kit, m.id, MATCH_REFUSED, 0, NULL, NULL, &err), LK_INVALID);
    assert_int_equal(answer(kit, m.id, MATCH_REFUSED, REASON_NO_ACCESS, NULL, NULL, &err),
                     LK_INVALID);
    assert_int_equal(answer(kit, m.id, MATCH_REMOVED, REASON_NO_ACCESS, NULL, NULL, &err),
                     LK_INVALID);
    assert_int_equal(answer(kit, m.id, MATCH_REFUSED, REASON_SATIRE_OR_ART, "a play", &m, &err),
                     LK_OK);
    assert_int_equal(m.state, MATCH_REFUSED);
    assert_int_equal(m.reason, REASON_SATIRE_OR_ART);
    uint64_t n = registry_stats(kit->r).n_answers;
    assert_int_equal(answer(kit, m.id, MATCH_REFUSED, REASON_SATIRE_OR_ART, "a play", &m, &err),
                     LK_OK);
    assert_int_equal(registry_stats(kit->r).n_answers, n);
    assert_int_equal(answer(kit, m.id, MATCH_REFUSED, REASON_SATIRE_OR_ART, "a film", &m, &err),
                     LK_OK);
    assert_int_equal(registry_stats(kit->r).n_answers, n + 1);
    assert_int_equal(answer(kit, m.id, MATCH_RESTORED, 0, NULL, NULL, &err), LK_CONFLICT);
    assert_int_equal(answer(kit, m.id, MATCH_REMOVED, 0, NULL, NULL, &err), LK_OK);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM event WHERE type = 3"), 3);
}

static void an_answer_sent_twice_under_one_key_counts_once(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    assert_int_equal(open_case(kit, 810, 2, NULL, &opened, &err), LK_OK);
    struct match m = match_of(kit, &kit->partner, 810, NULL), out;
    struct match other = match_of(kit, &kit->partner, 811, NULL);
    struct match_reply reply = {.outcome = MATCH_LIMITED, .idempotency = {.key = "k1", .n_key = 2}};
    assert_int_equal(match_answer(kit->r, &kit->partner, m.id, 32, &reply, &out, &err), LK_OK);
    assert_int_equal(answer(kit, m.id, MATCH_REMOVED, 0, NULL, NULL, &err), LK_OK);
    assert_int_equal(match_answer(kit->r, &kit->partner, m.id, 32, &reply, &out, &err), LK_OK);
    assert_int_equal(out.state, MATCH_REMOVED);
    assert_int_equal(match_answer(kit->r, &kit->partner, other.id, 32, &reply, &out, &err),
                     LK_CONFLICT);
    assert_int_equal(registry_stats(kit->r).n_answers, 2);
}

static void a_case_ends_on_its_day(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    size_t n = 9;
    assert_int_equal(open_case(kit, 900, 2, NULL, &opened, &err), LK_OK);
    kit->now_ms = opened.expires_ms - 1;
    assert_int_equal(registry_expire(kit->r, &n, &err), LK_OK);
    assert_int_equal(n, 0);
    assert_int_equal(kit_matches(kit, 900), 1);
    kit->now_ms = opened.expires_ms;
    assert_int_equal(registry_expire(kit->r, &n, &err), LK_OK);
    assert_int_equal(n, 1);
    assert_int_equal(kit_matches(kit, 900), 0);
    struct case_access access = login(kit, opened.code);
    struct arena arena;
    struct case_view view;
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(case_view(kit->r, &access, &arena, &view, &err), LK_OK);
    assert_int_equal(view.state, CASE_EXPIRED);
    arena_fini(&arena);
}

static void a_revoked_key_opens_nothing(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct partner out;
    assert_int_equal(strlen(kit->partner_key), PARTNER_KEY_CHARS);
    assert_int_equal(partner_login(kit->r, kit->partner_key, PARTNER_KEY_CHARS, &out, &err), LK_OK);
    assert_string_equal(out.name, "Example Video");
    assert_int_equal(partner_login(kit->r, "lk_short", 8, &out, &err), LK_DENIED);
    char key[PARTNER_KEY_CHARS + 1];
    assert_int_equal(partner_add(kit->r, "Example Video", PARTNER_PEER, key, &out, &err),
                     LK_CONFLICT);
    assert_int_equal(partner_add(kit->r, "a\nb", PARTNER_PEER, key, &out, &err), LK_INVALID);
    assert_int_equal(partner_revoke(kit->r, "Example Video", &err), LK_OK);
    assert_int_equal(partner_revoke(kit->r, "Example Video", &err), LK_CONFLICT);
    assert_int_equal(partner_revoke(kit->r, "nobody", &err), LK_NOT_FOUND);
    assert_int_equal(partner_login(kit->r, kit->partner_key, PARTNER_KEY_CHARS, &out, &err),
                     LK_DENIED);
    struct arena arena;
    struct partner *list = NULL;
    size_t n = 0;
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(partner_list(kit->r, &arena, &list, &n, &err), LK_OK);
    assert_int_equal(n, 1);
    assert_true(list[0].revoked_ms > 0);
    arena_fini(&arena);
}

static void flat_pictures_and_too_much_are_refused_and_nothing_is_stored(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened out;
    struct kit_item items[2];
    kit_item(&items[0], 1);
    kit_item(&items[1], 2);
    memset(&items[1].record.print, 0, sizeof items[1].record.print);
    struct lk_sequence sequences[CASE_MAX_ITEMS + 1] = {items[0].sequence, items[1].sequence};
    struct case_request request = {.sequences = sequences, .n_sequences = 2};
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_INVALID);
    assert_non_null(strstr(err.text, "item 2"));
    kit_item(&items[1], 2);
    items[1].record.print.w[0] = items[1].record.print.w[1] = 0; /* as one grey gives */
    items[1].record.quality = 0;
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_INVALID);
    request.n_sequences = 0;
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_INVALID);
    request.n_sequences = CASE_MAX_ITEMS + 1;
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_LIMIT);
    request.n_sequences = 1;
    static char text[CASE_TEXT_MAX_BYTES + 1];
    memset(text, 'x', sizeof text);
    static struct case_typed texts[CASE_MAX_TEXTS + 1];
    for (size_t i = 0; i <= CASE_MAX_TEXTS; i++)
        texts[i] =
            (struct case_typed){.kind = CASE_LOCATION, .text = text, .n = CASE_TEXT_MAX_BYTES};
    request.texts = texts;
    request.n_texts = CASE_MAX_TEXTS + 1;
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_LIMIT);
    request.n_texts = 1;
    texts[0].n = sizeof text;
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_LIMIT);
    texts[0] = (struct case_typed){.kind = CASE_LOCATION, .text = "a\xc2\x9b", .n = 3};
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_INVALID);
    assert_non_null(strstr(err.text, "control character at byte 2"));
    texts[0] = (struct case_typed){.kind = CASE_LOCATION, .text = "a\x01", .n = 2};
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_INVALID);
    texts[0] = (struct case_typed){.kind = CASE_LOCATION, .text = "\xff", .n = 1};
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_INVALID);
    texts[0] = (struct case_typed){.kind = CASE_N_TEXT_KINDS, .text = "a", .n = 1};
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_INVALID);
    const uint8_t box[SEAL_BOX_OVERHEAD_BYTES] = {0};
    texts[0] = (struct case_typed){
        .kind = CASE_NOTE, .own = box, .n_own = sizeof box, .desk = box, .n_desk = sizeof box};
    assert_int_equal(case_open(kit->r, &request, &out, &err), LK_INVALID);
    assert_non_null(strstr(err.text, "text 1"));
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM case_file"), 0);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM entry"), 0);

    struct arena arena;
    struct match_result *results = NULL;
    struct lk_sequence query = items[1].sequence; /* flat */
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(match_query(kit->r, &kit->partner, &arena, &query, NULL, 1, &results, &err),
                     LK_OK);
    assert_true(results[0].refused);
    assert_int_equal(registry_refusal(&query, &err), LK_INVALID);
    arena_fini(&arena);
}

static void wrong_queries_are_named_and_limits_are_told(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct arena arena;
    struct kit_item items[2];
    struct match_result *results = NULL;
    kit_item(&items[0], 1);
    kit_item(&items[1], 2);
    struct lk_sequence queries[2] = {items[0].sequence, items[1].sequence};
    static char text[MATCH_MAX_REF_BYTES + 1];
    struct match_ref refs[2] = {{text, 1}, {text, sizeof text}};
    arena_init(&arena, lk_alloc_heap(), ARENA);
    assert_int_equal(match_query(kit->r, &kit->partner, &arena, queries, refs, 2, &results, &err),
                     LK_INVALID);
    assert_non_null(strstr(err.text, "query 2"));
    items[1].record.kind = LK_SOUND;
    assert_int_equal(match_query(kit->r, &kit->partner, &arena, queries, NULL, 2, &results, &err),
                     LK_INVALID);
    assert_non_null(strstr(err.text, "query 2"));
    queries[1].n_records = 0;
    assert_int_equal(match_query(kit->r, &kit->partner, &arena, queries, NULL, 2, &results, &err),
                     LK_INVALID);
    assert_int_equal(match_query(kit->r, &kit->partner, &arena, queries, NULL,
                                 MATCH_MAX_QUERIES + 1, &results, &err),
                     LK_LIMIT);
    assert_int_equal(match_query(kit->r, &kit->partner, &arena, queries, NULL, 0, &results, &err),
                     LK_OK);
    arena_fini(&arena);
    arena_init(&arena, lk_alloc_heap(), 64);
    assert_int_equal(match_query(kit->r, &kit->partner, &arena, queries, NULL, 1, &results, &err),
                     LK_NOMEM);
    arena_fini(&arena);
}

static void at_most_so_many_entries_are_reported_for_one_query(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    enum { N = MATCH_MAX_HITS + 10 };
    struct kit_item items[N];
    struct lk_sequence sequences[N];
    size_t n = 0;
    for (unsigned i = 0; i < N; i++) {
        kit_item_near(&items[i], 42, i % 9);
        sequences[i] = items[i].sequence;
    }
    assert_int_equal(registry_import(kit->r, sequences, N, &n, &err), LK_OK);
    assert_int_equal(kit_matches(kit, 42), MATCH_MAX_HITS);
    assert_int_equal(kit_sql(kit->store, "SELECT max(dist_bits) FROM case_match"), 7);
}

static void another_process_is_followed(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct kit other = *kit;
    struct registry_config config = kit_config(&other);
    struct case_opened opened;
    assert_int_equal(registry_open(&config, &other.r, &err), LK_OK);
    assert_int_equal(open_case(kit, 1000, 1, NULL, &opened, &err), LK_OK);
    assert_int_equal(registry_follow(other.r, &err), LK_OK);
    assert_int_equal(kit_matches(&other, 1000), 1);
    struct case_access access = login(&other, opened.code);
    assert_int_equal(case_withdraw(other.r, &access, NULL, &err), LK_OK);
    /* not followed yet, but the writer looks whether the entry is in force */
    assert_int_equal(kit_matches(kit, 1000), 0);
    assert_int_equal(registry_ready(kit->r, &err), LK_OK);
    assert_int_equal(registry_stats(kit->r).n_entries, 0);
    registry_close(other.r);
}

/* Opens the kit's store with a bank kept in `path`. */
static void reopen_with_bank(struct kit *kit, const char *path, enum registry_bank want)
{
    struct lk_error err = {.text = ""};
    struct registry_config config = kit_config(kit);
    registry_close(kit->r);
    kit->r = NULL;
    config.bank_path = path;
    if (registry_open(&config, &kit->r, &err) != LK_OK)
        fail_msg("cannot open: %s", err.text);
    assert_int_equal(registry_stats(kit->r).bank_state, want);
}

static void a_kept_bank_spares_the_start_what_it_holds(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    char path[128];
    struct case_opened opened[3];
    snprintf(path, sizeof path, "%s/bank", kit->dir);
    assert_int_equal(open_case(kit, 1000, 1, NULL, &opened[0], &err), LK_OK);
    reopen_with_bank(kit, path, REGISTRY_BANK_REBUILT);
    assert_int_equal(kit_matches(kit, 1000), 1);
    assert_int_equal(open_case(kit, 2000, 1, NULL, &opened[1], &err), LK_OK);
    assert_int_equal(open_case(kit, 3000, 1, NULL, &opened[2], &err), LK_OK);
    struct case_access access = login(kit, opened[1].code);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, &err), LK_OK);
    reopen_with_bank(kit, path, REGISTRY_BANK_KEPT);
    assert_int_equal(kit_matches(kit, 1000), 1);
    assert_int_equal(kit_matches(kit, 2000), 0);
    assert_int_equal(kit_matches(kit, 3000), 1);
    /* What another process did meanwhile is caught up with. */
    reopen_with_bank(kit, NULL, REGISTRY_BANK_IN_MEMORY);
    access = login(kit, opened[0].code);
    assert_int_equal(case_withdraw(kit->r, &access, NULL, &err), LK_OK);
    reopen_with_bank(kit, path, REGISTRY_BANK_KEPT);
    assert_int_equal(kit_matches(kit, 1000), 0);
    assert_int_equal(kit_matches(kit, 3000), 1);
    /* While one process has it, another keeps its own in memory. */
    struct kit other = *kit;
    other.r = NULL;
    reopen_with_bank(&other, path, REGISTRY_BANK_IN_MEMORY);
    assert_int_equal(kit_matches(&other, 3000), 1);
    registry_close(other.r);
}

static void a_bank_that_does_not_belong_to_the_store_is_made_anew(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    char path[128], manifest[140];
    snprintf(path, sizeof path, "%s/bank", kit->dir);
    snprintf(manifest, sizeof manifest, "%s/manifest", path);
    assert_int_equal(open_case(kit, 1000, 1, NULL, &opened, &err), LK_OK);
    assert_int_equal(bank_create(path, NULL, &err), LK_OK); /* not sealed with this store's key */
    reopen_with_bank(kit, path, REGISTRY_BANK_REBUILT);
    assert_int_equal(kit_matches(kit, 1000), 1);
    reopen_with_bank(kit, path, REGISTRY_BANK_KEPT);
    registry_close(kit->r);
    kit->r = NULL;
    assert_int_equal(file_replace(manifest, "damaged", 7, 0600, &err), LK_OK);
    reopen_with_bank(kit, path, REGISTRY_BANK_REBUILT);
    assert_int_equal(kit_matches(kit, 1000), 1);
    kit_sql(kit->store, "UPDATE meta SET value = zeroblob(16) WHERE name = 'bank'");
    reopen_with_bank(kit, path, REGISTRY_BANK_REBUILT);
    assert_string_equal(registry_stats(kit->r).bank_why, "it is of another store");
    assert_int_equal(kit_matches(kit, 1000), 1);
}

static void another_master_key_is_refused(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct registry *r = NULL;
    struct registry_config config = kit_config(kit);
    char path[128];
    snprintf(path, sizeof path, "%s-copy", kit->store);
    config.key_path = path;
    assert_int_equal(registry_open(&config, &r, &err), LK_NOT_FOUND); /* none is made any more */
    setenv("LIKENESS_MASTER_KEY", "00", 1);
    assert_int_equal(registry_open(&config, &r, &err), LK_INVALID);
    setenv("LIKENESS_MASTER_KEY",
           "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 1);
    assert_int_equal(registry_open(&config, &r, &err), LK_DENIED);
    unsetenv("LIKENESS_MASTER_KEY");
}

struct asking {
    struct kit *kit;
    uint64_t seed;
    char id[MATCH_ID_CHARS + 1];
};

static void *ask(void *ctx)
{
    struct asking *a = ctx;
    struct lk_error err;
    struct arena arena;
    struct kit_item item;
    struct match_result *results = NULL;
    kit_item(&item, a->seed);
    arena_init(&arena, lk_alloc_heap(), ARENA);
    if (match_query(a->kit->r, &a->kit->partner, &arena, &item.sequence, NULL, 1, &results, &err) ==
            LK_OK &&
        results[0].n == 1)
        memcpy(a->id, results[0].matches[0].id, sizeof a->id);
    arena_fini(&arena);
    return NULL;
}

static void many_asking_at_once_get_one_match(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    struct case_opened opened;
    enum { N = 8 };
    assert_int_equal(open_case(kit, 1100, 1, NULL, &opened, &err), LK_OK);
    struct asking asking[N] = {0};
    pthread_t threads[N];
    for (int i = 0; i < N; i++) {
        asking[i] = (struct asking){.kit = kit, .seed = 1100};
        assert_int_equal(pthread_create(&threads[i], NULL, ask, &asking[i]), 0);
    }
    for (int i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < N; i++) {
        assert_int_equal(strlen(asking[i].id), MATCH_ID_CHARS);
        assert_string_equal(asking[i].id, asking[0].id);
    }
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM case_match"), 1);
    assert_int_equal(kit_sql(kit->store, "SELECT count(*) FROM event"), 1);
}

static void a_bulk_import_is_in_the_bank(void **state)
{
    struct kit *kit = *state;
    struct lk_error err;
    enum { N = 12000 };
    struct kit_item *items = calloc(N, sizeof *items);
    struct lk_sequence *sequences = calloc(N, sizeof *sequences);
    size_t n = 0;
    for (size_t i = 0; i < N; i++) {
        kit_item(&items[i], 5000 + i);
        sequences[i] = items[i].sequence;
    }
    assert_int_equal(registry_import(kit->r, sequences, N, &n, &err), LK_OK);
    assert_int_equal(n, N);
    assert_int_equal(registry_stats(kit->r).n_entries, N);
    assert_int_equal(kit_matches(kit, 5000 + N - 1), 1);
    free(items);
    free(sequences);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_case_goes_from_opening_to_removal_to_withdrawal),
        CASE(an_answer_after_withdrawal_counts_and_its_note_is_not_kept),
        CASE(what_was_opened_is_there_after_a_restart),
        CASE(a_wrong_code_and_an_unknown_one_are_denied_alike),
        CASE(a_token_stands_for_the_code_for_half_an_hour),
        CASE(the_same_idempotency_key_gives_the_same_code),
        CASE(the_same_content_is_one_match_and_another_reference_another),
        CASE(two_partners_see_different_ids_and_not_each_others_matches),
        CASE(matches_are_listed_in_pages),
        CASE(answers_follow_the_table_and_nothing_else),
        CASE(an_answer_sent_twice_under_one_key_counts_once),
        CASE(a_case_ends_on_its_day),
        CASE(a_revoked_key_opens_nothing),
        CASE(flat_pictures_and_too_much_are_refused_and_nothing_is_stored),
        CASE(wrong_queries_are_named_and_limits_are_told),
        CASE(at_most_so_many_entries_are_reported_for_one_query),
        CASE(another_process_is_followed),
        CASE(a_kept_bank_spares_the_start_what_it_holds),
        CASE(a_bank_that_does_not_belong_to_the_store_is_made_anew),
        CASE(another_master_key_is_refused),
        CASE(many_asking_at_once_get_one_match),
        CASE(a_bulk_import_is_in_the_bank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
