/* The desk: facts asked once, letters, clocks, alarms, the queue and the trail. */
#include "../store/kit.h"
#include "cases/desk_act.h"
#include "cases/desk_case.h"
#include "cases/desk_letter.h"
#include "cases/desk_queue.h"
#include "cases/desk_request.h"
#include "cases/match_state.h"
#include "law/deadline.h"

#include "../cmocka_all.h"

#include <stdio.h>

#define HOUR_MS INT64_C(3600000)
enum { ARENA = 16 << 20, N_LINKS = 3 };

struct desk_kit {
    struct kit kit;
    struct staff_hand hand;
    char id[DESK_CASE_CHARS + 1];
    struct case_opened opened;
    struct arena arena;
};

static struct case_typed typed(unsigned kind, const char *text)
{
    return (struct case_typed){.kind = kind, .text = text, .n = strlen(text)};
}

static void reopen_with_sender(struct kit *kit)
{
    struct lk_error err = {0};
    registry_close(kit->r);
    struct registry_config config = kit_config(kit);
    config.sender = (struct law_sender){.organisation = "Example Helpline",
                                        .signer = "Sam Signer",
                                        .email = "n@helpline.example",
                                        .contact = "n@helpline.example"};
    if (registry_open(&config, &kit->r, &err) != LK_OK)
        fail_msg("%s", err.text);
}

/* A case with three links and the answers of an adult in the United States. */
static int setup(void **state)
{
    static struct desk_kit desk;
    const struct case_typed texts[] = {
        typed(CASE_LOCATION, "https://www.facebook.com/p/1"),
        typed(CASE_LOCATION, "https://www.facebook.com/p/2"),
        typed(CASE_LOCATION, "https://example.org/p/3"),
        typed(CASE_SITUATION, "what=intimate\norigin=made\nmedium=picture\nage=adult\ncountry=us"),
    };
    const struct case_request request = {.texts = texts, .n_texts = 4};
    struct desk_case *cases;
    size_t n = 0;
    kit_init(&desk.kit);
    reopen_with_sender(&desk.kit);
    arena_init(&desk.arena, lk_alloc_heap(), ARENA);
    staff_console(desk.kit.r, &desk.hand);
    assert_int_equal(case_open(desk.kit.r, &request, &desk.opened, NULL), LK_OK);
    assert_int_equal(desk_list(desk.kit.r, &desk.arena, &cases, &n, NULL), LK_OK);
    assert_int_equal(n, 1);
    memcpy(desk.id, cases[0].id, sizeof desk.id);
    *state = &desk;
    return 0;
}

static int teardown(void **state)
{
    struct desk_kit *desk = *state;
    arena_fini(&desk->arena);
    kit_fini(&desk->kit);
    return 0;
}

static void look(struct desk_kit *desk, struct desk_view *view)
{
    struct lk_error err = {0};
    if (desk_case_open(desk->kit.r, &desk->hand, desk->id, &desk->arena, view, &err) != LK_OK)
        fail_msg("%s", err.text);
}

/* What a caseworker ticks and types once. */
static void note_facts(struct desk_kit *desk)
{
    struct desk_view view;
    look(desk, &view);
    struct case_facts facts = view.facts;
    facts.lang = "en";
    facts.answers.facts = "She never agreed.\nShe wrote so on 20 November.";
    facts.answers.authority = "in writing, 2026-09-20";
    facts.answers.no_consent = facts.answers.good_faith = facts.answers.accurate = true;
    assert_int_equal(desk_case_note_facts(desk->kit.r, &desk->hand, desk->id, &facts, 3, NULL),
                     LK_OK);
}

static const unsigned both[] = {1, 2};

static struct desk_order order_to(struct desk_kit *desk, enum letter_channel channel)
{
    return (struct desk_order){
        .case_id = desk->id,
        .numbers = both,
        .n_numbers = 2,
        .target = LAW_TARGET_PLATFORM,
        .regime = "us-tida",
        .platform = "facebook",
        .recipient = "Facebook",
        .partner = channel == LETTER_INBOX ? "Facebook" : NULL,
        .address = channel == LETTER_MAIL ? "abuse@example.org" : NULL,
        .lang = "en",
        .channel = channel,
        .wants_preserved = true,
    };
}

static void send(struct desk_kit *desk, const struct desk_order *order, struct desk_draft *out)
{
    struct lk_error err = {0};
    if (desk_letter_send(desk->kit.r, &desk->hand, order, &desk->arena, out, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static void what_was_asked_once_is_kept_sealed_and_read_back(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_view view;
    look(desk, &view);
    assert_false(view.facts.is_from_desk);
    assert_int_equal(view.facts.answers.situation.kind, LAW_INTIMATE);
    assert_true(view.facts.answers.age_known);
    note_facts(desk);
    look(desk, &view);
    assert_true(view.facts.is_from_desk);
    assert_string_equal(view.facts.answers.facts,
                        "She never agreed.\nShe wrote so on 20 November.");
    assert_string_equal(view.facts.answers.country, "us");
    assert_int_equal(view.facts.answers.situation.origin, LAW_MADE);
    assert_true(view.facts.answers.no_consent);
    assert_false(view.facts.answers.identity_checked);
    assert_int_equal(view.harm, 3);
    assert_string_equal(view.lang, "en");
    assert_int_equal(
        kit_sql(desk->kit.store, "SELECT count(*) FROM case_text WHERE instr(desk, 'never') > 0"),
        0);
}

static void without_the_desks_key_texts_stay_shut_and_no_letter_is_made(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_view view;
    struct desk_draft draft;
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    desk->hand.has_secret = false;
    look(desk, &view);
    assert_int_equal(view.n_texts, 4);
    for (size_t i = 0; i < view.n_texts; i++)
        assert_null(view.texts[i].text);
    assert_int_equal(
        desk_letter_draft(desk->kit.r, &desk->hand, &order, &desk->arena, &draft, NULL), LK_DENIED);
}

static void nothing_is_sent_while_something_is_missing(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct lk_error err = {0};
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    assert_int_equal(
        desk_letter_draft(desk->kit.r, &desk->hand, &order, &desk->arena, &draft, &err), LK_OK);
    assert_true(draft.letter.n_missing > 0);
    assert_int_equal(desk_letter_send(desk->kit.r, &desk->hand, &order, &desk->arena, &draft, &err),
                     LK_INVALID);
    assert_non_null(strstr(err.text, "Statement made in good faith"));
    assert_int_equal(kit_sql(desk->kit.store, "SELECT count(*) FROM letter"), 0);
    assert_int_equal(kit_sql(desk->kit.store, "SELECT count(*) FROM notice"), 0);
}

static void a_letter_by_hand_starts_the_laws_clock_of_each_address_at_once(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct desk_view view;
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    note_facts(desk);
    send(desk, &order, &draft);
    assert_int_equal(draft.law_hours, 48);
    look(desk, &view);
    assert_int_equal(view.n_letters, 1);
    assert_int_equal(view.letters[0].state, LETTER_GIVEN);
    assert_non_null(strstr(view.letters[0].body, "https://www.facebook.com/p/2"));
    assert_non_null(strstr(view.letters[0].body, draft.reference));
    assert_int_equal(view.n_notices, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(view.notices[i].state, NOTICE_SENT);
        assert_int_equal(view.notices[i].due_ms, desk->kit.now_ms + 48 * HOUR_MS);
        assert_int_equal(view.notices[i].clock_kind, LAW_CLOCK_PLATFORM);
        assert_true(view.notices[i].by_law);
        assert_int_equal(view.notices[i].n_steps, 1);
        assert_int_equal(view.notices[i].target, LAW_TARGET_PLATFORM);
    }
    assert_int_equal(kit_sql(desk->kit.store, "SELECT n_open FROM desk_case"), 2);
    assert_int_equal(
        kit_sql(desk->kit.store, "SELECT count(*) FROM letter WHERE instr(body, 'facebook') > 0"),
        0);
}

static void the_same_address_is_not_asked_twice_while_the_recipient_has_the_next_move(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct lk_error err = {0};
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    note_facts(desk);
    send(desk, &order, &draft);
    assert_int_equal(desk_letter_send(desk->kit.r, &desk->hand, &order, &desk->arena, &draft, &err),
                     LK_CONFLICT);
    order.recipient = "Somebody else";
    send(desk, &order, &draft);
}

static void a_letter_for_a_form_waits_until_a_person_handed_it_in(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct desk_view view;
    struct desk_order order = order_to(desk, LETTER_FORM);
    note_facts(desk);
    send(desk, &order, &draft);
    look(desk, &view);
    assert_int_equal(view.letters[0].state, LETTER_READY);
    assert_int_equal(view.notices[0].state, NOTICE_READY);
    assert_int_equal(view.notices[0].due_ms, 0);
    desk->kit.now_ms += 5 * HOUR_MS;
    assert_int_equal(desk_letter_settle(desk->kit.r, &desk->hand, view.letters[0].id, true, NULL),
                     LK_OK);
    assert_int_equal(desk_letter_settle(desk->kit.r, &desk->hand, view.letters[0].id, true, NULL),
                     LK_CONFLICT);
    look(desk, &view);
    assert_int_equal(view.letters[0].state, LETTER_GIVEN);
    assert_int_equal(view.notices[1].state, NOTICE_SENT);
    assert_int_equal(view.notices[1].due_ms, desk->kit.now_ms + 48 * HOUR_MS);
}

static void a_letter_to_a_search_engine_has_our_clock_not_the_laws(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct desk_view view;
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    order.target = LAW_TARGET_SEARCH;
    order.recipient = "Google Search";
    note_facts(desk);
    send(desk, &order, &draft);
    look(desk, &view);
    assert_false(view.notices[0].by_law);
    assert_int_equal(view.notices[0].clock_kind, LAW_CLOCK_OWN);
}

static void tick(struct desk_kit *desk, size_t expected)
{
    size_t n = 99;
    assert_int_equal(notice_tick(desk->kit.r, &n, NULL), LK_OK);
    assert_int_equal(n, expected);
}

static void alarms_come_once_and_a_deadline_never_moves_by_itself(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct desk_view view;
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    note_facts(desk);
    send(desk, &order, &draft);
    int64_t due_ms = desk->kit.now_ms + 48 * HOUR_MS;
    tick(desk, 0);
    desk->kit.now_ms = due_ms - 12 * HOUR_MS - 1;
    tick(desk, 0);
    desk->kit.now_ms += 1;
    tick(desk, 2);
    tick(desk, 0);
    look(desk, &view);
    assert_int_equal(view.notices[0].alarm, NOTICE_DUE_SOON);
    desk->kit.now_ms = due_ms;
    tick(desk, 2);
    tick(desk, 0);
    look(desk, &view);
    assert_int_equal(view.notices[0].alarm, NOTICE_OVERDUE);
    assert_int_equal(view.notices[0].due_ms, due_ms);
    assert_int_equal(view.notices[0].n_steps, 3);
    assert_int_equal(view.notices[0].steps[2].actor, NOTICE_BY_CLOCK);
    assert_int_equal(kit_sql(desk->kit.store, "SELECT n_late FROM desk_case"), 2);
    assert_int_equal(kit_sql(desk->kit.store, "SELECT count(*) FROM event WHERE type = 5"), 2);
    assert_int_equal(desk_notice_mark(desk->kit.r, &desk->hand, desk->id, view.notices[0].row,
                                      NOTICE_IN_REVIEW, 0, NULL, NULL),
                     LK_OK);
    look(desk, &view);
    assert_int_equal(view.notices[0].due_ms, due_ms); /* an acknowledgement moves nothing */
    assert_int_equal(view.notices[0].alarm, NOTICE_OVERDUE);
}

/* For years of deadlines, whatever follows what: a notice's time limit is set when it goes out, or
 * when the next move comes back to the recipient, and otherwise stays or is none. */
static void whatever_follows_what_only_the_stated_steps_set_a_deadline(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct desk_view view;
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    uint64_t seed = 7;
    note_facts(desk);
    send(desk, &order, &draft);
    look(desk, &view);
    int64_t row = view.notices[0].row;
    for (int i = 0; i < 400; i++) {
        struct arena arena;
        struct desk_view before, after;
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        unsigned to = 1 + (unsigned)(seed >> 33) % (NOTICE_N_STATES - 1);
        desk->kit.now_ms += (int64_t)(seed >> 40) % (20 * HOUR_MS);
        arena_init(&arena, lk_alloc_heap(), ARENA);
        assert_int_equal(desk_case_open(desk->kit.r, &desk->hand, desk->id, &arena, &before, NULL),
                         LK_OK);
        const struct desk_notice *was = &before.notices[0];
        enum lk_status status =
            desk_notice_mark(desk->kit.r, &desk->hand, desk->id, row, to, 0, NULL, NULL);
        assert_int_equal(status == LK_OK, notice_may_follow(was->state, to));
        assert_int_equal(desk_case_open(desk->kit.r, &desk->hand, desk->id, &arena, &after, NULL),
                         LK_OK);
        const struct desk_notice *is = &after.notices[0];
        if (status != LK_OK) {
            assert_int_equal(is->due_ms, was->due_ms);
            assert_int_equal(is->n_steps, was->n_steps);
        } else if (!notice_is_waiting(to)) {
            assert_int_equal(is->due_ms, 0);
        } else if (notice_is_waiting(was->state) && to != NOTICE_BACK) {
            assert_int_equal(is->due_ms, was->due_ms);
        } else {
            assert_int_equal(is->due_ms, desk->kit.now_ms + 48 * HOUR_MS);
        }
        assert_int_equal(is->span_ms, 48 * HOUR_MS);
        arena_fini(&arena);
    }
}

static void a_refusal_needs_a_reason_that_goes_with_it_and_the_person_sees_it(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct desk_view view;
    struct case_access access;
    struct case_view mine;
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    note_facts(desk);
    send(desk, &order, &draft);
    look(desk, &view);
    int64_t row = view.notices[0].row;
    assert_int_equal(desk_notice_mark(desk->kit.r, &desk->hand, desk->id, row, NOTICE_REFUSED,
                                      REASON_NO_ACCESS, NULL, NULL),
                     LK_INVALID);
    assert_int_equal(desk_notice_mark(desk->kit.r, &desk->hand, desk->id, row, NOTICE_REFUSED,
                                      REASON_SATIRE_OR_ART, "They call it a joke.", NULL),
                     LK_OK);
    look(desk, &view);
    assert_string_equal(view.notices[0].steps[1].note, "They call it a joke.");
    assert_int_equal(view.notices[0].steps[1].reason, REASON_SATIRE_OR_ART);
    assert_int_equal(
        case_login(desk->kit.r, desk->opened.code, strlen(desk->opened.code), &access, NULL),
        LK_OK);
    assert_int_equal(case_view(desk->kit.r, &access, &desk->arena, &mine, NULL), LK_OK);
    assert_int_equal(mine.texts[0].notice->reason, REASON_SATIRE_OR_ART);
    assert_int_equal(mine.texts[0].notice->state, NOTICE_REFUSED);
    case_logout(&access);
}

static void that_content_stays_takes_a_second_person(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct desk_view view;
    struct lk_error err = {0};
    struct staff_welcome welcome;
    struct staff_member *members;
    size_t n = 0;
    assert_int_equal(
        staff_add(desk->kit.r, &desk->hand, "one", STAFF_CASEWORKER, true, &welcome, NULL), LK_OK);
    assert_int_equal(
        staff_add(desk->kit.r, &desk->hand, "two", STAFF_CASEWORKER, true, &welcome, NULL), LK_OK);
    assert_int_equal(staff_list(desk->kit.r, &desk->arena, &members, &n, NULL), LK_OK);
    note_facts(desk);
    desk->hand.staff = members[0].id;
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    send(desk, &order, &draft);
    look(desk, &view);
    int64_t row = view.notices[0].row;
    struct staff_hand second = desk->hand;
    second.staff = members[1].id;
    assert_int_equal(desk_notice_mark(desk->kit.r, &desk->hand, desk->id, row, NOTICE_REFUSED,
                                      REASON_SATIRE_OR_ART, NULL, NULL),
                     LK_OK);
    assert_int_equal(
        desk_notice_mark(desk->kit.r, &desk->hand, desk->id, row, NOTICE_ACCEPTED, 0, NULL, &err),
        LK_CONFLICT);
    assert_non_null(strstr(err.text, "second person"));
    assert_int_equal(
        desk_notice_mark(desk->kit.r, &second, desk->id, row, NOTICE_ACCEPTED, 0, NULL, NULL),
        LK_OK);
    assert_int_equal(desk_notice_mark(desk->kit.r, &second, desk->id, row, NOTICE_DISPUTED, 0,
                                      "We see it differently.", NULL),
                     LK_OK);
}

static void letters_of_many_cases_take_two_and_are_sent_once(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_request *requests;
    struct desk_bulk bulk;
    struct staff_welcome welcome;
    struct lk_error err = {0};
    size_t n = 0;
    const char *const cases[] = {desk->id};
    const char *const wrong[] = {"no case"};
    assert_int_equal(
        staff_add(desk->kit.r, &desk->hand, "one", STAFF_CASEWORKER, true, &welcome, NULL), LK_OK);
    assert_int_equal(
        staff_add(desk->kit.r, &desk->hand, "two", STAFF_CASEWORKER, true, &welcome, NULL), LK_OK);
    struct staff_hand one, two, auditor = desk->hand;
    assert_int_equal(staff_by_proxy(desk->kit.r, "one", &one, NULL), LK_OK);
    assert_int_equal(staff_by_proxy(desk->kit.r, "two", &two, NULL), LK_OK);
    auditor.role = STAFF_AUDITOR;
    note_facts(desk);
    assert_int_equal(desk_request_letters(desk->kit.r, &one, wrong, 1, NULL), LK_NOT_FOUND);
    assert_int_equal(desk_request_letters(desk->kit.r, &one, cases, 0, NULL), LK_INVALID);
    assert_int_equal(desk_request_letters(desk->kit.r, &one, cases, 1, NULL), LK_OK);
    assert_int_equal(desk_requests(desk->kit.r, &one, &desk->arena, &requests, &n, NULL), LK_OK);
    assert_int_equal(n, 1);
    assert_true(requests[0].is_mine);
    assert_string_equal(requests[0].cases[0], desk->id);
    int64_t row = requests[0].row;
    assert_int_equal(desk_request_decide(desk->kit.r, &one, row, true, NULL, NULL, &bulk, &err),
                     LK_DENIED);
    assert_int_equal(desk_request_decide(desk->kit.r, &auditor, row, true, NULL, NULL, &bulk, &err),
                     LK_DENIED);
    assert_int_equal(kit_sql(desk->kit.store, "SELECT count(*) FROM letter"), 0);
    assert_int_equal(desk_request_decide(desk->kit.r, &two, row, true, NULL, NULL, &bulk, &err),
                     LK_OK);
    assert_int_equal(bulk.n_cases, 1);
    assert_int_equal(bulk.n_sent, 1);    /* the form of a known platform */
    assert_int_equal(bulk.n_lacking, 1); /* the mail address of the other site is a guess */
    assert_int_equal(bulk.n_left, 1);
    assert_string_equal(bulk.left[0].case_id, desk->id);
    assert_int_equal(bulk.left[0].n_guessed, 1);
    assert_int_equal(bulk.left[0].n_missing, 0);
    assert_int_equal(desk_request_decide(desk->kit.r, &two, row, true, NULL, NULL, &bulk, &err),
                     LK_CONFLICT);
    assert_int_equal(kit_sql(desk->kit.store, "SELECT count(*) FROM letter"), 1);
    assert_int_equal(kit_sql(desk->kit.store, "SELECT count(*) FROM desk_request"
                                              " WHERE instr(hex(detail), hex((SELECT public_id"
                                              " FROM case_file))) > 0"),
                     0);
}

static void the_queue_sorts_by_clock_harm_and_who_is_waiting(void **state)
{
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct desk_queue queue;
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    const struct case_typed link = typed(CASE_LOCATION, "https://example.org/other");
    const struct case_request request = {.texts = &link, .n_texts = 1};
    struct case_opened other;
    assert_int_equal(case_open(desk->kit.r, &request, &other, NULL), LK_OK);
    note_facts(desk);
    send(desk, &order, &draft);
    struct desk_query query = {.sort = DESK_BY_DUE, .staff = -1, .limit = 10};
    assert_int_equal(desk_queue(desk->kit.r, &desk->hand, &query, &desk->arena, &queue, NULL),
                     LK_OK);
    assert_int_equal(queue.n, 1);
    assert_string_equal(queue.cases[0].id, desk->id);
    assert_int_equal(queue.cases[0].n_open, 2);
    assert_int_equal(queue.counts.n_cases, 2);
    assert_int_equal(queue.counts.n_new, 1);
    query.sort = DESK_BY_HARM;
    assert_int_equal(desk_queue(desk->kit.r, &desk->hand, &query, &desk->arena, &queue, NULL),
                     LK_OK);
    assert_int_equal(queue.n, 2);
    assert_string_equal(queue.cases[0].id, desk->id);
    query.is_new = true;
    assert_int_equal(desk_queue(desk->kit.r, &desk->hand, &query, &desk->arena, &queue, NULL),
                     LK_OK);
    assert_int_equal(queue.n, 1);
    assert_string_not_equal(queue.cases[0].id, desk->id);
}

static void withdrawing_takes_everything_of_the_desk_but_the_trail(void **state)
{
    static const char *const tables[] = {"letter",    "notice",    "notice_step",
                                         "desk_case", "desk_note", "case_text"};
    struct desk_kit *desk = *state;
    struct desk_draft draft;
    struct case_access access;
    struct desk_order order = order_to(desk, LETTER_BY_HAND);
    char sql[64];
    note_facts(desk);
    send(desk, &order, &draft);
    assert_int_equal(
        desk_case_remark(desk->kit.r, &desk->hand, desk->id, "Call back on Monday.", NULL), LK_OK);
    assert_int_equal(
        case_login(desk->kit.r, desk->opened.code, strlen(desk->opened.code), &access, NULL),
        LK_OK);
    assert_int_equal(case_withdraw(desk->kit.r, &access, NULL, NULL), LK_OK);
    case_logout(&access);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
        if (kit_sql(desk->kit.store, sql) != 0)
            fail_msg("%s holds something yet", tables[i]);
    }
    struct desk_act_entry *acts;
    size_t n = 0;
    assert_int_equal(desk_acts(desk->kit.r, 0, 0, 100, &desk->arena, &acts, &n, NULL), LK_OK);
    assert_true(n >= 4);
    assert_int_equal(acts[0].act, ACT_WROTE_NOTE);
    assert_string_equal(acts[0].case_id, desk->id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define DESK(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        DESK(what_was_asked_once_is_kept_sealed_and_read_back),
        DESK(without_the_desks_key_texts_stay_shut_and_no_letter_is_made),
        DESK(nothing_is_sent_while_something_is_missing),
        DESK(a_letter_by_hand_starts_the_laws_clock_of_each_address_at_once),
        DESK(the_same_address_is_not_asked_twice_while_the_recipient_has_the_next_move),
        DESK(a_letter_for_a_form_waits_until_a_person_handed_it_in),
        DESK(a_letter_to_a_search_engine_has_our_clock_not_the_laws),
        DESK(alarms_come_once_and_a_deadline_never_moves_by_itself),
        DESK(whatever_follows_what_only_the_stated_steps_set_a_deadline),
        DESK(a_refusal_needs_a_reason_that_goes_with_it_and_the_person_sees_it),
        DESK(that_content_stays_takes_a_second_person),
        DESK(letters_of_many_cases_take_two_and_are_sent_once),
        DESK(the_queue_sorts_by_clock_harm_and_who_is_waiting),
        DESK(withdrawing_takes_everything_of_the_desk_but_the_trail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
