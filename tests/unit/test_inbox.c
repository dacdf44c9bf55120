/* The inbox of a platform: who sees which letters, and what an answer does. */
#include "../cmocka_all.h"
#include "../store/kit.h"
#include "../store/letter_kit.h"

#include "cases/match_state.h"
#include "cases/notice_inbox.h"

#include <stdio.h>

#define HOUR_MS INT64_C(3600000)
#define SPAN_MS (48 * HOUR_MS) /* of the law that the letters name */
enum { ARENA = 64 << 20 };

struct inbox_kit {
    struct kit kit;
    struct partner other, helpline;
    struct arena arena;
    struct case_opened opened;
    char id[DESK_CASE_CHARS + 1];
};

static const char *const urls[] = {"https://video.example/p/1", "https://video.example/p/2"};

static void send(struct inbox_kit *t, const char *partner, unsigned n)
{
    struct lk_error err = {0};
    if (letter_kit_send(t->kit.r, t->id, partner, n, NULL, &err) != LK_OK)
        fail_msg("%s", err.text);
}

/* A case with two addresses, of which nobody was told yet. */
static int setup(void **state)
{
    static struct inbox_kit t;
    char key[PARTNER_KEY_CHARS + 1];
    kit_init(&t.kit);
    registry_close(t.kit.r);
    struct registry_config config = kit_config(&t.kit);
    config.sender = letter_kit_sender();
    assert_int_equal(registry_open(&config, &t.kit.r, NULL), LK_OK);
    kit_add_partner(&t.kit, "Video");
    assert_int_equal(partner_add(t.kit.r, "Other", PARTNER_PLATFORM, key, &t.other, NULL), LK_OK);
    assert_int_equal(partner_add(t.kit.r, "Help", PARTNER_HELPLINE, key, &t.helpline, NULL), LK_OK);
    assert_int_equal(letter_kit_case(t.kit.r, urls, 2, &t.opened, t.id, NULL), LK_OK);
    arena_init(&t.arena, lk_alloc_heap(), ARENA);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    struct inbox_kit *t = *state;
    arena_fini(&t->arena);
    kit_fini(&t->kit);
    return 0;
}

static size_t list(struct inbox_kit *t, const struct partner *partner,
                   const struct inbox_filter *filter, struct inbox_letter **letters, bool *more)
{
    struct lk_error err = {0};
    size_t n = 0;
    if (inbox_list(t->kit.r, partner, &t->arena, filter, letters, &n, more, &err) != LK_OK)
        fail_msg("%s", err.text);
    return n;
}

static struct inbox_letter *only_letter(struct inbox_kit *t, const struct partner *partner)
{
    struct inbox_letter *letters;
    bool more = true;
    assert_int_equal(list(t, partner, &(struct inbox_filter){0}, &letters, &more), 1);
    assert_false(more);
    return letters;
}

static size_t n_waiting(struct inbox_kit *t, const struct partner *partner)
{
    struct inbox_letter *letters;
    bool more;
    return list(t, partner, &(struct inbox_filter){.is_waiting = true}, &letters, &more);
}

static enum lk_status answer_as(struct inbox_kit *t, const struct partner *partner, const char *id,
                                const struct match_reply *reply, struct inbox_notice *out)
{
    return inbox_answer(t->kit.r, partner, id, strlen(id), reply, &t->arena, out, NULL);
}

static enum lk_status answer(struct inbox_kit *t, const char *id, unsigned outcome, unsigned reason,
                             const char *note, struct inbox_notice *out)
{
    const struct match_reply reply = {.outcome = outcome,
                                      .reason = reason,
                                      .note = note,
                                      .n_note = note == NULL ? 0 : strlen(note)};
    return answer_as(t, &t->kit.partner, id, &reply, out);
}

static int64_t number_of(struct inbox_kit *t, const char *sql)
{
    return kit_sql(t->kit.store, sql);
}

static int64_t n_steps(struct inbox_kit *t)
{
    return number_of(t, "SELECT count(*) FROM notice_step");
}

static int64_t n_events(struct inbox_kit *t)
{
    return number_of(t, "SELECT count(*) FROM event");
}

static void a_letter_is_in_the_inbox_with_its_text_and_its_addresses(void **state)
{
    struct inbox_kit *t = *state;
    char reference[LETTER_REFERENCE_BYTES];
    assert_int_equal(letter_kit_send(t->kit.r, t->id, "Video", 2, reference, NULL), LK_OK);
    const struct inbox_letter *letter = only_letter(t, &t->kit.partner);
    assert_string_equal(letter->reference, reference);
    assert_string_equal(letter->regime, "us-tida");
    assert_string_equal(letter->lang, "en");
    assert_non_null(strstr(letter->body, reference));
    assert_null(strstr(letter->body, t->id));
    assert_string_not_equal(letter->id, t->id);
    assert_int_equal(letter->made_ms, t->kit.now_ms);
    assert_int_equal(letter->n_notices, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct inbox_notice *notice = &letter->notices[i];
        assert_string_equal(notice->address, urls[i]);
        assert_non_null(strstr(letter->body, notice->address));
        assert_int_equal(notice->state, NOTICE_DELIVERED);
        assert_int_equal(notice->due_ms, t->kit.now_ms + SPAN_MS);
        assert_true(notice->by_law);
        assert_false(notice->is_overdue);
        assert_string_not_equal(notice->id, t->id);
    }
    t->kit.now_ms += SPAN_MS + 1;
    assert_true(only_letter(t, &t->kit.partner)->notices[1].is_overdue);
}

static void another_partner_neither_sees_nor_answers(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_letter *letters, one;
    struct inbox_notice notice;
    const struct match_reply removed = {.outcome = MATCH_REMOVED};
    bool more;
    send(t, "Video", 2);
    const char *id = only_letter(t, &t->kit.partner)->notices[0].id;
    assert_int_equal(list(t, &t->other, &(struct inbox_filter){0}, &letters, &more), 0);
    assert_int_equal(n_waiting(t, &t->other), 0);
    assert_int_equal(inbox_get(t->kit.r, &t->other, id, strlen(id), &t->arena, &one, NULL),
                     LK_NOT_FOUND);
    assert_int_equal(answer_as(t, &t->other, id, &removed, &notice), LK_NOT_FOUND);
    assert_int_equal(n_waiting(t, &t->kit.partner), 1);
    assert_int_equal(inbox_get(t->kit.r, &t->kit.partner, id, strlen(id), &t->arena, &one, NULL),
                     LK_OK);
    assert_int_equal(one.n_notices, 1);
    assert_string_equal(one.notices[0].id, id);
}

static void only_a_platform_has_an_inbox(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_letter *letters, one;
    struct inbox_notice notice;
    const struct match_reply removed = {.outcome = MATCH_REMOVED};
    size_t n;
    bool more;
    send(t, "Video", 1);
    const char *id = only_letter(t, &t->kit.partner)->notices[0].id;
    assert_int_equal(inbox_list(t->kit.r, &t->helpline, &t->arena, &(struct inbox_filter){0},
                                &letters, &n, &more, NULL),
                     LK_DENIED);
    assert_int_equal(inbox_get(t->kit.r, &t->helpline, id, strlen(id), &t->arena, &one, NULL),
                     LK_DENIED);
    assert_int_equal(answer_as(t, &t->helpline, id, &removed, &notice), LK_DENIED);
}

static void two_partners_have_different_names_for_the_same_address(void **state)
{
    struct inbox_kit *t = *state;
    send(t, "Video", 2);
    send(t, "Other", 2);
    const struct inbox_letter *mine = only_letter(t, &t->kit.partner);
    const struct inbox_letter *theirs = only_letter(t, &t->other);
    assert_string_not_equal(mine->id, theirs->id);
    assert_string_not_equal(mine->reference, theirs->reference);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(mine->notices[i].address, theirs->notices[i].address);
        assert_string_not_equal(mine->notices[i].id, theirs->notices[i].id);
    }
}

static void withdraw(struct inbox_kit *t)
{
    struct case_access access;
    assert_int_equal(case_login(t->kit.r, t->opened.code, strlen(t->opened.code), &access, NULL),
                     LK_OK);
    assert_int_equal(case_withdraw(t->kit.r, &access, NULL, NULL), LK_OK);
    case_logout(&access);
}

static void a_withdrawn_case_is_gone_and_its_place_in_the_list_is_not_given_again(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_letter *letters;
    bool more;
    send(t, "Video", 2);
    const struct inbox_letter *letter = only_letter(t, &t->kit.partner);
    const struct inbox_filter after = {.after = letter->seq};
    const char *id = letter->notices[0].id;
    struct inbox_notice notice;
    withdraw(t);
    assert_int_equal(list(t, &t->kit.partner, &(struct inbox_filter){0}, &letters, &more), 0);
    assert_int_equal(n_waiting(t, &t->kit.partner), 0);
    assert_int_equal(answer(t, id, MATCH_REMOVED, 0, NULL, &notice), LK_NOT_FOUND);
    assert_int_equal(letter_kit_case(t->kit.r, urls, 1, &t->opened, t->id, NULL), LK_OK);
    send(t, "Video", 1);
    assert_int_equal(list(t, &t->kit.partner, &after, &letters, &more), 1);
}

static void pages_go_through_every_letter_once(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_filter filter = {.limit = 2};
    struct inbox_letter *letters;
    size_t n_all = 0;
    bool more = true;
    for (unsigned i = 0; i < 5; i++) {
        if (i > 0)
            assert_int_equal(letter_kit_case(t->kit.r, urls, 1, &t->opened, t->id, NULL), LK_OK);
        send(t, "Video", 1);
        send(t, "Other", 1);
    }
    while (more) {
        size_t n = list(t, &t->kit.partner, &filter, &letters, &more);
        assert_int_equal(n, more ? 2 : 1);
        for (size_t i = 0; i < n; i++) {
            assert_true(letters[i].seq > filter.after);
            filter.after = letters[i].seq;
        }
        n_all += n;
    }
    assert_int_equal(n_all, 5);
    filter = (struct inbox_filter){.limit = INBOX_MAX_LIST + 1};
    size_t n;
    assert_int_equal(
        inbox_list(t->kit.r, &t->kit.partner, &t->arena, &filter, &letters, &n, &more, NULL),
        LK_LIMIT);
}

static void who_asks_for_what_waits_sees_only_letters_with_an_address_to_answer(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_notice notice;
    send(t, "Video", 2);
    const struct inbox_letter *letter = only_letter(t, &t->kit.partner);
    assert_int_equal(answer(t, letter->notices[0].id, MATCH_REMOVED, 0, NULL, &notice), LK_OK);
    assert_int_equal(n_waiting(t, &t->kit.partner), 1);
    assert_int_equal(answer(t, letter->notices[1].id, MATCH_LIMITED, 0, NULL, &notice), LK_OK);
    assert_int_equal(n_waiting(t, &t->kit.partner), 0);
    assert_int_equal(answer(t, letter->notices[1].id, MATCH_RESTORED, 0, NULL, &notice), LK_OK);
    assert_int_equal(n_waiting(t, &t->kit.partner), 1);
    assert_int_equal(only_letter(t, &t->kit.partner)->n_notices, 2);
}

static void the_clock_goes_on_stops_and_begins_anew(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_notice notice;
    send(t, "Video", 1);
    const char *id = only_letter(t, &t->kit.partner)->notices[0].id;
    int64_t due_ms = t->kit.now_ms + SPAN_MS;
    t->kit.now_ms += HOUR_MS;
    assert_int_equal(answer(t, id, MATCH_ACKNOWLEDGED, 0, NULL, &notice), LK_OK);
    assert_int_equal(notice.due_ms, due_ms); /* seen is not done */
    t->kit.now_ms += HOUR_MS;
    assert_int_equal(answer(t, id, MATCH_REMOVED, 0, NULL, &notice), LK_OK);
    assert_int_equal(notice.due_ms, 0);
    t->kit.now_ms += 100 * HOUR_MS;
    assert_int_equal(answer(t, id, MATCH_RESTORED, REASON_UPLOADER_CONSENT, NULL, &notice), LK_OK);
    assert_int_equal(notice.state, NOTICE_BACK);
    assert_int_equal(notice.reason, REASON_UPLOADER_CONSENT);
    assert_int_equal(notice.due_ms, t->kit.now_ms + SPAN_MS);
    assert_true(notice.by_law);
    int64_t again_ms = notice.due_ms;
    t->kit.now_ms += HOUR_MS;
    assert_int_equal(answer(t, id, MATCH_RESTORED, REASON_CONSENT_SHOWN, NULL, &notice), LK_OK);
    assert_int_equal(notice.due_ms, again_ms); /* a correction moves nothing */
}

static void an_answer_is_a_step_and_an_event_of_the_partner_even_when_it_is_late(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_notice notice;
    char sql[120];
    size_t n;
    send(t, "Video", 1);
    const char *id = only_letter(t, &t->kit.partner)->notices[0].id;
    t->kit.now_ms += SPAN_MS;
    assert_int_equal(notice_tick(t->kit.r, &n, NULL), LK_OK);
    assert_int_equal(number_of(t, "SELECT count(*) FROM event WHERE type = 5"), 1);
    int64_t steps = n_steps(t), events = n_events(t);
    assert_int_equal(answer(t, id, MATCH_ACKNOWLEDGED, 0, "We look at it.", &notice), LK_OK);
    assert_int_equal(n_steps(t), steps + 1);
    assert_int_equal(n_events(t), events + 1);
    assert_int_equal(number_of(t, "SELECT actor FROM notice_step ORDER BY id DESC LIMIT 1"),
                     NOTICE_BY_PARTNER);
    assert_int_equal(number_of(t, "SELECT count(*) FROM event WHERE type = 5"), 1);
    snprintf(sql, sizeof sql, "SELECT partner_id = %lld AND type = 4 FROM event ORDER BY seq DESC",
             (long long)t->kit.partner.id);
    assert_int_equal(number_of(t, sql), 1);
    assert_int_equal(number_of(t, "SELECT count(*) FROM notice_step WHERE instr(note, 'look') > 0"),
                     0);
}

static void the_desk_reads_the_note_and_the_person_the_reason(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_notice notice;
    struct staff_hand hand;
    struct desk_view desk;
    struct case_view mine;
    struct case_access access;
    send(t, "Video", 1);
    const char *id = only_letter(t, &t->kit.partner)->notices[0].id;
    assert_int_equal(answer(t, id, MATCH_REFUSED, REASON_SATIRE_OR_ART, "A joke.", &notice), LK_OK);
    staff_console(t->kit.r, &hand);
    assert_int_equal(desk_case_open(t->kit.r, &hand, t->id, &t->arena, &desk, NULL), LK_OK);
    assert_string_equal(desk.notices[0].steps[1].note, "A joke.");
    assert_int_equal(desk.notices[0].steps[1].actor, NOTICE_BY_PARTNER);
    assert_int_equal(case_login(t->kit.r, t->opened.code, strlen(t->opened.code), &access, NULL),
                     LK_OK);
    assert_int_equal(case_view(t->kit.r, &access, &t->arena, &mine, NULL), LK_OK);
    assert_int_equal(mine.texts[0].notice->state, NOTICE_REFUSED);
    assert_int_equal(mine.texts[0].notice->reason, REASON_SATIRE_OR_ART);
    case_logout(&access);
}

static void the_same_answer_again_writes_nothing_and_another_one_corrects_it(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_notice notice;
    send(t, "Video", 1);
    const char *id = only_letter(t, &t->kit.partner)->notices[0].id;
    assert_int_equal(answer(t, id, MATCH_REFUSED, REASON_NOT_INTIMATE, "No.", &notice), LK_OK);
    int64_t steps = n_steps(t), events = n_events(t);
    t->kit.now_ms += HOUR_MS;
    assert_int_equal(answer(t, id, MATCH_REFUSED, REASON_NOT_INTIMATE, "No.", &notice), LK_OK);
    assert_int_equal(n_steps(t), steps);
    assert_int_equal(n_events(t), events);
    assert_int_equal(notice.changed_ms, t->kit.now_ms - HOUR_MS);
    assert_int_equal(answer(t, id, MATCH_REFUSED, REASON_NOT_INTIMATE, "No!", &notice), LK_OK);
    assert_int_equal(answer(t, id, MATCH_REFUSED, REASON_LEGAL_HOLD, "No!", &notice), LK_OK);
    assert_int_equal(notice.reason, REASON_LEGAL_HOLD);
    assert_int_equal(n_steps(t), steps + 2);
    assert_int_equal(n_events(t), events + 2);
    assert_int_equal(notice.changed_ms, t->kit.now_ms);
}

static void a_key_answers_once_and_only_for_its_notice(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_notice notice;
    const struct match_reply reply = {.outcome = MATCH_REMOVED,
                                      .idempotency = {.key = "k", .n_key = 1}};
    send(t, "Video", 2);
    const struct inbox_letter *letter = only_letter(t, &t->kit.partner);
    assert_int_equal(answer_as(t, &t->kit.partner, letter->notices[0].id, &reply, &notice), LK_OK);
    assert_int_equal(answer(t, letter->notices[0].id, MATCH_RESTORED, 0, NULL, &notice), LK_OK);
    assert_int_equal(answer_as(t, &t->kit.partner, letter->notices[0].id, &reply, &notice), LK_OK);
    assert_int_equal(notice.state, NOTICE_BACK); /* said before, not again */
    assert_int_equal(answer_as(t, &t->kit.partner, letter->notices[1].id, &reply, &notice),
                     LK_CONFLICT);
}

static void outcomes_have_the_reasons_they_need_and_no_others(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_notice notice;
    send(t, "Video", 1);
    const char *id = only_letter(t, &t->kit.partner)->notices[0].id;
    for (unsigned outcome = 0; outcome <= MATCH_N_STATES; outcome++)
        for (unsigned reason = 0; reason < MATCH_N_REASONS; reason++) {
            unsigned of = match_reason_outcome(reason);
            bool fits = reason == 0 ? !match_needs_reason(outcome) : of == outcome;
            fits |= outcome == MATCH_RESTORED && (of == MATCH_REFUSED || of == MATCH_DISPUTED);
            fits &= outcome > MATCH_FOUND && outcome < MATCH_N_STATES;
            if (!fits)
                assert_int_equal(answer(t, id, outcome, reason, NULL, &notice), LK_INVALID);
        }
    assert_int_equal(n_steps(t), 1);
    assert_int_equal(answer(t, id, MATCH_RESTORED, REASON_CONSENT_SHOWN, NULL, &notice),
                     LK_CONFLICT); /* it was never away */
    assert_int_equal(answer(t, id, MATCH_REMOVED, 0, "a\001b", &notice), LK_INVALID);
}

static void the_steps_of_a_notice_cannot_be_filled_up(void **state)
{
    struct inbox_kit *t = *state;
    struct inbox_notice notice;
    send(t, "Video", 1);
    const char *id = only_letter(t, &t->kit.partner)->notices[0].id;
    for (unsigned i = 0; i < INBOX_MAX_ANSWERS; i++)
        assert_int_equal(
            answer(t, id, MATCH_ACKNOWLEDGED, 0, i % 2 == 0 ? "Now." : "Soon.", &notice), LK_OK);
    assert_int_equal(answer(t, id, MATCH_ACKNOWLEDGED, 0, "Now.", &notice), LK_LIMIT);
    assert_int_equal(answer(t, id, MATCH_ACKNOWLEDGED, 0, "Soon.", &notice), LK_OK); /* the same */
    assert_int_equal(n_steps(t), 1 + INBOX_MAX_ANSWERS);
}

static const struct {
    unsigned outcome, reason, state;
} answers[] = {
    {MATCH_ACKNOWLEDGED, 0, NOTICE_IN_REVIEW},
    {MATCH_REMOVED, 0, NOTICE_REMOVED},
    {MATCH_LIMITED, 0, NOTICE_LIMITED},
    {MATCH_REFUSED, REASON_NOT_THE_SAME, NOTICE_REFUSED},
    {MATCH_NOT_ACTIONABLE, REASON_NO_ACCESS, NOTICE_NOT_ACTIONABLE},
    {MATCH_DISPUTED, REASON_UPLOADER_SELF, NOTICE_DISPUTED},
    {MATCH_RESTORED, 0, NOTICE_BACK},
};
enum { N_ANSWERS = sizeof answers / sizeof answers[0], N_RUNS = 20, N_TURNS = 40 };

/* Whatever is answered in whatever order: it is taken when it may follow or repeats what is, each
 * change is one step and one event, and the clock runs only while the partner has the next move. */
static void random_answers_do_what_may_follow_and_nothing_else(void **state)
{
    struct inbox_kit *t = *state;
    uint64_t seed = 11;
    for (int run = 0; run < N_RUNS; run++) {
        assert_int_equal(letter_kit_case(t->kit.r, urls, 1, &t->opened, t->id, NULL), LK_OK);
        send(t, "Video", 1);
        struct inbox_letter *letters;
        bool more;
        size_t n = list(t, &t->kit.partner, &(struct inbox_filter){.limit = 100}, &letters, &more);
        struct inbox_notice was = letters[n - 1].notices[0];
        for (int turn = 0; turn < N_TURNS; turn++) {
            struct inbox_notice is = was;
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            size_t i = (size_t)(seed >> 33) % N_ANSWERS;
            t->kit.now_ms += (int64_t)(seed >> 40) % HOUR_MS;
            int64_t steps = n_steps(t), events = n_events(t);
            bool moves = notice_may_follow(was.state, answers[i].state);
            bool good = moves || was.state == answers[i].state;
            enum lk_status status =
                answer(t, was.id, answers[i].outcome, answers[i].reason, NULL, &is);
            assert_int_equal(status, good ? LK_OK : LK_CONFLICT);
            assert_int_equal(is.state, good ? answers[i].state : was.state);
            assert_int_equal(n_steps(t), steps + (moves ? 1 : 0));
            assert_int_equal(n_events(t), events + (moves ? 1 : 0));
            assert_int_equal(is.due_ms > 0, notice_is_waiting(is.state));
            was = is;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define INBOX(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        INBOX(a_letter_is_in_the_inbox_with_its_text_and_its_addresses),
        INBOX(another_partner_neither_sees_nor_answers),
        INBOX(only_a_platform_has_an_inbox),
        INBOX(two_partners_have_different_names_for_the_same_address),
        INBOX(a_withdrawn_case_is_gone_and_its_place_in_the_list_is_not_given_again),
        INBOX(pages_go_through_every_letter_once),
        INBOX(who_asks_for_what_waits_sees_only_letters_with_an_address_to_answer),
        INBOX(the_clock_goes_on_stops_and_begins_anew),
        INBOX(an_answer_is_a_step_and_an_event_of_the_partner_even_when_it_is_late),
        INBOX(the_desk_reads_the_note_and_the_person_the_reason),
        INBOX(the_same_answer_again_writes_nothing_and_another_one_corrects_it),
        INBOX(a_key_answers_once_and_only_for_its_notice),
        INBOX(outcomes_have_the_reasons_they_need_and_no_others),
        INBOX(the_steps_of_a_notice_cannot_be_filled_up),
        INBOX(random_answers_do_what_may_follow_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
