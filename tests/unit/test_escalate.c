/* Letters that go by themselves when a clock ran out: which may wait, what stops them, and that
 * each goes once, with the alarm or not at all. */
#include "../cmocka_all.h"
#include "../store/fault_vfs.h"
#include "../store/kit.h"
#include "../store/letter_kit.h"

#include "cases/match_state.h"
#include "cases/notice_inbox.h"
#include "sys/fault.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define SPAN_MS (48 * HOUR_MS) /* of the law that the letters name */
enum { ARENA = 64 << 20 };

struct wait_kit {
    struct kit kit;
    struct staff_hand hand;
    struct partner search;
    struct arena arena;
    struct case_opened opened;
    char id[DESK_CASE_CHARS + 1];
    int64_t letter; /* row of the one to the platform */
};

static const char *const urls[] = {"https://video.example/p/1", "https://video.example/p/2"};
static const unsigned numbers[] = {1, 2};

static void open_with_rule(struct wait_kit *t, enum ladder_auto rule)
{
    struct lk_error err = {0};
    registry_close(t->kit.r);
    struct registry_config config = kit_config(&t->kit);
    config.sender = letter_kit_sender();
    config.escalate = rule;
    if (registry_open(&config, &t->kit.r, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static struct desk_order order_to(const struct wait_kit *t, const char *recipient,
                                  enum law_target target, enum letter_channel channel)
{
    return (struct desk_order){
        .case_id = t->id,
        .numbers = numbers,
        .n_numbers = 2,
        .target = target,
        .recipient = recipient,
        .partner = channel == LETTER_INBOX ? recipient : NULL,
        .address = channel == LETTER_MAIL ? "abuse@host.example" : NULL,
        .lang = "en",
        .channel = channel,
    };
}

static void send_platform(struct wait_kit *t, const char *regime, enum letter_channel channel)
{
    struct lk_error err = {0};
    struct desk_draft draft;
    struct desk_order order = order_to(t, "Video", LAW_TARGET_PLATFORM, channel);
    order.regime = regime;
    if (desk_letter_send(t->kit.r, &t->hand, &order, &t->arena, &draft, &err) != LK_OK)
        fail_msg("%s", err.text);
    t->letter = draft.letter_row;
}

static enum lk_status prepare(struct wait_kit *t, const struct desk_order *order,
                              struct lk_error *err)
{
    return desk_letter_prepare(t->kit.r, &t->hand, order, t->letter, &t->arena, err);
}

static void prepare_ok(struct wait_kit *t, const char *recipient, enum law_target target,
                       enum letter_channel channel)
{
    struct lk_error err = {0};
    const struct desk_order order = order_to(t, recipient, target, channel);
    if (prepare(t, &order, &err) != LK_OK)
        fail_msg("%s", err.text);
}

/* A case with two addresses, and a platform and a search engine with inboxes. */
static void begin(struct wait_kit *t)
{
    char key[PARTNER_KEY_CHARS + 1];
    memset(t, 0, sizeof *t);
    kit_init(&t->kit);
    open_with_rule(t, LADDER_AUTO_UP_TO_REGISTRAR);
    staff_console(t->kit.r, &t->hand);
    kit_add_partner(&t->kit, "Video");
    assert_int_equal(partner_add(t->kit.r, "Finder", PARTNER_PLATFORM, key, &t->search, NULL),
                     LK_OK);
    assert_int_equal(letter_kit_case(t->kit.r, urls, 2, &t->opened, t->id, NULL), LK_OK);
    arena_init(&t->arena, lk_alloc_heap(), ARENA);
}

/* The platform was told; a host and a search engine are next, about both addresses. */
static void begin_waiting(struct wait_kit *t)
{
    begin(t);
    send_platform(t, "us-tida", LETTER_INBOX);
    prepare_ok(t, "Finder", LAW_TARGET_SEARCH, LETTER_INBOX);
    prepare_ok(t, "Host", LAW_TARGET_HOST, LETTER_MAIL);
}

static int setup_bare(void **state)
{
    static struct wait_kit t;
    begin(&t);
    *state = &t;
    return 0;
}

static int setup(void **state)
{
    static struct wait_kit t;
    begin_waiting(&t);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    struct wait_kit *t = *state;
    arena_fini(&t->arena);
    kit_fini(&t->kit);
    return 0;
}

static int64_t number_of(struct wait_kit *t, const char *sql)
{
    return kit_sql(t->kit.store, sql);
}

#define COUNT(t, of) number_of(t, "SELECT count(*) FROM " of)
#define N_WAITING(t) COUNT(t, "letter_wait")
#define N_STOPPED(t) COUNT(t, "letter WHERE state = 10")

static void tick(struct wait_kit *t)
{
    struct lk_error err = {0};
    size_t n;
    if (notice_tick(t->kit.r, &n, &err) != LK_OK)
        fail_msg("%s", err.text);
}

static void look(struct wait_kit *t, struct desk_view *view)
{
    struct lk_error err = {0};
    if (desk_case_open(t->kit.r, &t->hand, t->id, &t->arena, view, &err) != LK_OK)
        fail_msg("%s", err.text);
}

/* The notice to the platform about address `number`. */
static const struct desk_notice *asked(struct desk_view *view, unsigned number)
{
    for (size_t i = 0; i < view->n_notices; i++)
        if (view->notices[i].number == number && strcmp(view->notices[i].recipient, "Video") == 0)
            return &view->notices[i];
    fail_msg("no notice");
    return NULL;
}

static void mark(struct wait_kit *t, unsigned number, unsigned state)
{
    struct lk_error err = {0};
    struct desk_view view;
    look(t, &view);
    if (desk_notice_mark(t->kit.r, &t->hand, t->id, asked(&view, number)->row, state, 0, NULL,
                         &err) != LK_OK)
        fail_msg("%s", err.text);
}

static void a_prepared_letter_waits_sealed_and_nobody_else_sees_it(void **state)
{
    struct wait_kit *t = *state;
    struct desk_view view;
    struct inbox_letter *letters;
    size_t n;
    bool more;
    assert_int_equal(N_WAITING(t), 4); /* two recipients, two addresses */
    look(t, &view);
    assert_int_equal(view.n_notices, 2);
    assert_int_equal(view.n_letters, 5);
    assert_int_equal(view.letters[1].state, LETTER_WAITING);
    assert_int_equal(view.letters[1].waits_about, 1);
    assert_int_equal(view.letters[1].waits_for, asked(&view, 1)->row);
    assert_non_null(strstr(view.letters[1].body, urls[0]));
    assert_null(strstr(view.letters[1].body, urls[1]));
    assert_int_equal(COUNT(t, "letter WHERE instr(body, 'video.example') > 0"), 0);
    assert_int_equal(COUNT(t, "letter WHERE next_ms > 0"), 0);
    assert_int_equal(inbox_list(t->kit.r, &t->search, &t->arena, &(struct inbox_filter){0},
                                &letters, &n, &more, NULL),
                     LK_OK);
    assert_int_equal(n, 0);
}

static void each_goes_once_when_the_laws_clock_is_over(void **state)
{
    struct wait_kit *t = *state;
    struct desk_view view;
    struct inbox_letter *letters;
    size_t n;
    bool more;
    t->kit.now_ms += SPAN_MS - 1;
    tick(t);
    assert_int_equal(N_WAITING(t), 4);
    t->kit.now_ms += 1;
    tick(t);
    tick(t);
    t->kit.now_ms += SPAN_MS;
    tick(t);
    assert_int_equal(N_WAITING(t), 0);
    look(t, &view);
    assert_int_equal(view.n_letters, 5);
    assert_int_equal(view.n_notices, 6);
    assert_int_equal(COUNT(t, "letter WHERE state = 1 AND channel = 2 AND next_ms > 0"), 2);
    assert_int_equal(COUNT(t, "letter WHERE state = 8 AND target = 4"), 2);
    for (size_t i = 2; i < 6; i++) {
        bool by_mail = strcmp(view.notices[i].recipient, "Host") == 0;
        assert_int_equal(view.notices[i].state, by_mail ? NOTICE_READY : NOTICE_DELIVERED);
        assert_int_equal(view.notices[i].steps[0].actor, NOTICE_BY_RULE);
        assert_false(view.notices[i].by_law);
    }
    assert_int_equal(COUNT(t, "desk_act WHERE act = 25 AND staff_id IS NULL"), 4);
    assert_int_equal(COUNT(t, "event WHERE type = 5"), 4); /* the alarms: again for the inbox */
    assert_int_equal(inbox_list(t->kit.r, &t->search, &t->arena, &(struct inbox_filter){0},
                                &letters, &n, &more, NULL),
                     LK_OK);
    assert_int_equal(n, 2);
    assert_non_null(strstr(letters[0].body, urls[0]));
    assert_string_equal(letters[0].notices[0].address, urls[0]);
}

static void a_partner_that_read_up_to_here_finds_what_goes_later(void **state)
{
    struct wait_kit *t = *state;
    struct inbox_letter *letters;
    struct desk_draft draft;
    size_t n;
    bool more;
    const struct desk_order order =
        order_to(t, "Finder", LAW_TARGET_ADVERTISING, LETTER_INBOX); /* of something else */
    struct desk_order one = order;
    one.recipient = "Finder, advertising";
    one.partner = "Finder";
    assert_int_equal(desk_letter_send(t->kit.r, &t->hand, &one, &t->arena, &draft, NULL), LK_OK);
    t->kit.now_ms += SPAN_MS;
    tick(t);
    const struct inbox_filter filter = {.after = (uint64_t)draft.letter_row};
    assert_int_equal(
        inbox_list(t->kit.r, &t->search, &t->arena, &filter, &letters, &n, &more, NULL), LK_OK);
    assert_int_equal(n, 2);
}

static void every_answer_stops_what_waits_about_that_address_alone(void **state)
{
    static const unsigned answers[] = {NOTICE_REMOVED,        NOTICE_REFUSED,  NOTICE_LIMITED,
                                       NOTICE_NOT_ACTIONABLE, NOTICE_DISPUTED, NOTICE_CLOSED,
                                       NOTICE_ESCALATED};
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct wait_kit t;
        struct desk_view view;
        begin_waiting(&t);
        mark(&t, 1, answers[i]);
        assert_int_equal(N_WAITING(&t), 2);
        assert_int_equal(N_STOPPED(&t), 2);
        t.kit.now_ms += SPAN_MS;
        tick(&t);
        look(&t, &view);
        assert_int_equal(view.n_notices, 4); /* about the second address two went */
        assert_int_equal(view.letters[1].state, LETTER_STOPPED);
        assert_non_null(strstr(view.letters[1].problem, "answered"));
        assert_int_equal(COUNT(&t, "desk_act WHERE act = 26"), 2);
        arena_fini(&t.arena);
        kit_fini(&t.kit);
    }
}

static void an_acknowledgement_moves_no_clock_and_stops_nothing(void **state)
{
    struct wait_kit *t = *state;
    mark(t, 1, NOTICE_IN_REVIEW);
    assert_int_equal(N_WAITING(t), 4);
    t->kit.now_ms += SPAN_MS;
    tick(t);
    assert_int_equal(COUNT(t, "notice"), 6);
}

static void a_deadline_that_a_person_moved_is_waited_for(void **state)
{
    struct wait_kit *t = *state;
    assert_true(kit_try_sql(t->kit.store, "UPDATE notice SET due_ms = due_ms + 3600000"));
    t->kit.now_ms += SPAN_MS;
    tick(t);
    assert_int_equal(N_WAITING(t), 4);
    t->kit.now_ms += HOUR_MS;
    tick(t);
    assert_int_equal(N_WAITING(t), 0);
}

static void by_mail_the_clock_that_is_waited_for_begins_with_the_mail(void **state)
{
    struct wait_kit *t = *state;
    struct desk_view view;
    send_platform(t, "us-tida", LETTER_FORM);
    prepare_ok(t, "Finder", LAW_TARGET_SEARCH, LETTER_INBOX);
    t->kit.now_ms += 2 * SPAN_MS;
    tick(t);
    assert_int_equal(N_WAITING(t), 2);
    look(t, &view);
    assert_int_equal(desk_letter_settle(t->kit.r, &t->hand, view.letters[0].id, true, NULL), LK_OK);
    t->kit.now_ms += SPAN_MS - 1;
    tick(t);
    assert_int_equal(N_WAITING(t), 2);
    t->kit.now_ms += 1;
    tick(t);
    assert_int_equal(N_WAITING(t), 0);
    assert_int_equal(COUNT(t, "notice"), 4);
}

static void nothing_waits_for_a_clock_that_is_no_laws(void **state)
{
    struct wait_kit *t = *state;
    struct lk_error err;
    const struct desk_order order = order_to(t, "Finder", LAW_TARGET_SEARCH, LETTER_INBOX);
    send_platform(t, NULL, LETTER_INBOX);
    assert_int_equal(prepare(t, &order, &err), LK_CONFLICT);
    assert_non_null(strstr(err.text, "no law's"));
    assert_int_equal(N_WAITING(t), 0);
}

static void only_the_next_steps_that_the_rule_allows_may_wait(void **state)
{
    static const struct {
        enum ladder_auto rule;
        enum law_target target;
        bool may;
    } rows[] = {
        {LADDER_SUGGEST, LAW_TARGET_SEARCH, false},
        {LADDER_SUGGEST, LAW_TARGET_HOST, false},
        {LADDER_AUTO_SEARCH, LAW_TARGET_SEARCH, true},
        {LADDER_AUTO_SEARCH, LAW_TARGET_HOST, false},
        {LADDER_AUTO_UP_TO_REGISTRAR, LAW_TARGET_SEARCH, true},
        {LADDER_AUTO_UP_TO_REGISTRAR, LAW_TARGET_HOST, true},
        {LADDER_AUTO_UP_TO_REGISTRAR, LAW_TARGET_REGISTRAR, false}, /* the host is before it */
        {LADDER_AUTO_UP_TO_REGISTRAR, LAW_TARGET_PLATFORM, false},
        {LADDER_AUTO_UP_TO_REGISTRAR, LAW_TARGET_REGULATOR, false},
        {LADDER_AUTO_UP_TO_REGISTRAR, LAW_TARGET_POLICE, false},
        {LADDER_AUTO_UP_TO_REGISTRAR, LAW_TARGET_HOTLINE, false},
    };
    struct wait_kit *t = *state;
    send_platform(t, "us-tida", LETTER_INBOX);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[32];
        struct lk_error err = {0};
        snprintf(name, sizeof name, "Recipient %zu", i);
        struct desk_order order = order_to(t, name, rows[i].target, LETTER_MAIL);
        open_with_rule(t, rows[i].rule);
        enum lk_status status = prepare(t, &order, &err);
        if ((status == LK_OK) != rows[i].may)
            fail_msg("row %zu: %s", i, err.text);
    }
}

static void a_letter_for_a_form_or_without_an_address_cannot_wait(void **state)
{
    struct wait_kit *t = *state;
    struct desk_order order = order_to(t, "Seeker", LAW_TARGET_SEARCH, LETTER_FORM);
    assert_int_equal(prepare(t, &order, NULL), LK_INVALID);
    order.channel = LETTER_MAIL;
    assert_int_equal(prepare(t, &order, NULL), LK_INVALID);
    order.channel = LETTER_BY_HAND;
    assert_int_equal(prepare(t, &order, NULL), LK_INVALID);
    assert_int_equal(N_WAITING(t), 4);
}

static void the_same_recipient_is_never_told_twice_about_an_address(void **state)
{
    struct wait_kit *t = *state;
    struct desk_draft draft;
    const struct desk_order host = order_to(t, "Host", LAW_TARGET_HOST, LETTER_MAIL);
    struct desk_order finder = order_to(t, "Finder", LAW_TARGET_SEARCH, LETTER_INBOX);
    assert_int_equal(prepare(t, &host, NULL), LK_CONFLICT);
    finder.n_numbers = 1; /* a person does not wait, about the first address */
    assert_int_equal(desk_letter_send(t->kit.r, &t->hand, &finder, &t->arena, &draft, NULL), LK_OK);
    assert_int_equal(N_WAITING(t), 3);
    assert_int_equal(notice_send(t->kit.r, t->id, 2, "Finder", NULL, NULL), LK_OK);
    assert_int_equal(N_WAITING(t), 1); /* who was told by hand counts as the platform, asked anew */
    t->kit.now_ms += SPAN_MS;
    tick(t);
    assert_int_equal(COUNT(t, "letter WHERE target = 4 AND state = 8"), 1);
}

static void what_the_host_took_down_goes_to_no_search_engine_by_itself(void **state)
{
    struct wait_kit *t = *state;
    struct desk_view view;
    look(t, &view);
    assert_int_equal(view.letters[3].target, LAW_TARGET_HOST);
    assert_int_equal(desk_letter_wait_end(t->kit.r, &t->hand, view.letters[3].id, true, NULL),
                     LK_OK);
    look(t, &view);
    const struct desk_notice *host = &view.notices[view.n_notices - 1];
    assert_string_equal(host->recipient, "Host");
    assert_int_equal(host->steps[0].actor, NOTICE_BY_DESK);
    assert_int_equal(N_WAITING(t), 3);
    assert_int_equal(
        desk_notice_mark(t->kit.r, &t->hand, t->id, host->row, NOTICE_SENT, 0, NULL, NULL), LK_OK);
    assert_int_equal(
        desk_notice_mark(t->kit.r, &t->hand, t->id, host->row, NOTICE_REMOVED, 0, NULL, NULL),
        LK_OK);
    assert_int_equal(N_WAITING(t), 2); /* about the other address */
}

static void a_person_stops_one_and_it_stays_stopped(void **state)
{
    struct wait_kit *t = *state;
    struct desk_view view;
    look(t, &view);
    const char *id = view.letters[1].id;
    assert_int_equal(desk_letter_wait_end(t->kit.r, &t->hand, id, false, NULL), LK_OK);
    assert_int_equal(desk_letter_wait_end(t->kit.r, &t->hand, id, true, NULL), LK_CONFLICT);
    assert_int_equal(desk_letter_settle(t->kit.r, &t->hand, id, true, NULL), LK_CONFLICT);
    t->kit.now_ms += SPAN_MS;
    tick(t);
    look(t, &view);
    assert_int_equal(view.letters[1].state, LETTER_STOPPED);
    assert_int_equal(view.n_notices, 5);
}

static void when_the_rule_was_narrowed_meanwhile_a_person_sends(void **state)
{
    struct wait_kit *t = *state;
    open_with_rule(t, LADDER_AUTO_SEARCH);
    t->kit.now_ms += SPAN_MS;
    tick(t);
    assert_int_equal(N_WAITING(t), 0);
    assert_int_equal(N_STOPPED(t), 2); /* those to the host */
    assert_int_equal(COUNT(t, "notice"), 4);
}

static void under_18_nothing_goes_by_itself_any_more(void **state)
{
    struct wait_kit *t = *state;
    struct desk_view view;
    look(t, &view);
    struct case_facts facts = view.facts;
    facts.answers.age_known = false;
    assert_int_equal(desk_case_note_facts(t->kit.r, &t->hand, t->id, &facts, 0, NULL), LK_OK);
    assert_int_equal(N_WAITING(t), 0);
    assert_int_equal(N_STOPPED(t), 4);
    t->kit.now_ms += SPAN_MS;
    tick(t);
    assert_int_equal(COUNT(t, "notice"), 2);
}

static void what_the_person_takes_back_goes_nowhere(void **state)
{
    struct wait_kit *t = *state;
    struct case_access access;
    assert_int_equal(case_login(t->kit.r, t->opened.code, strlen(t->opened.code), &access, NULL),
                     LK_OK);
    assert_int_equal(case_withdraw_text(t->kit.r, &access, 1, NULL), LK_OK);
    assert_int_equal(N_WAITING(t), 2);
    assert_int_equal(case_withdraw(t->kit.r, &access, NULL, NULL), LK_OK);
    case_logout(&access);
    assert_int_equal(N_WAITING(t), 0);
    assert_int_equal(COUNT(t, "letter"), 0);
    assert_int_equal(COUNT(t, "desk_act WHERE act = 26"), 4); /* not sent: the trail knows */
    t->kit.now_ms += SPAN_MS;
    tick(t);
    assert_int_equal(COUNT(t, "letter"), 0);
}

static void an_inbox_that_was_closed_gets_nothing_and_the_others_go(void **state)
{
    struct wait_kit *t = *state;
    assert_int_equal(partner_revoke(t->kit.r, "Finder", NULL), LK_OK);
    t->kit.now_ms += SPAN_MS;
    tick(t);
    assert_int_equal(N_STOPPED(t), 2);
    assert_int_equal(COUNT(t, "letter WHERE state = 1"), 2);
}

static void when_a_letter_cannot_be_written_the_alarm_is_not_either(void **state)
{
    struct wait_kit *t = *state;
    size_t n;
    assert_true(kit_try_sql(t->kit.store, "CREATE TRIGGER broken BEFORE INSERT ON notice"
                                          " BEGIN SELECT RAISE(ABORT, 'broken'); END"));
    t->kit.now_ms += SPAN_MS;
    assert_int_not_equal(notice_tick(t->kit.r, &n, NULL), LK_OK);
    assert_int_equal(COUNT(t, "notice WHERE alarm > 0"), 0);
    assert_int_equal(N_WAITING(t), 4);
    assert_true(kit_try_sql(t->kit.store, "DROP TRIGGER broken"));
    tick(t);
    assert_int_equal(COUNT(t, "notice WHERE alarm = 2"), 2);
    assert_int_equal(N_WAITING(t), 0);
}

/* The disk fails at the nth write: after the next start alarm and letters are both there, or both
 * are not; and in the end each went once. */
static void whatever_write_fails_alarm_and_letter_come_together_and_once(void **state)
{
    (void)state;
    enum lk_status status = LK_INTERNAL;
    for (uint64_t nth = 1; status != LK_OK && nth < 100; nth++) {
        struct wait_kit t;
        size_t n;
        begin_waiting(&t);
        t.kit.now_ms += SPAN_MS;
        fault_arm(FAULT_WRITE, nth, EIO, true, true);
        status = notice_tick(t.kit.r, &n, NULL);
        fault_disarm();
        open_with_rule(&t, LADDER_AUTO_UP_TO_REGISTRAR);
        bool was_raised = COUNT(&t, "notice WHERE alarm = 2") == 2;
        assert_int_equal(N_WAITING(&t), was_raised ? 0 : 4);
        assert_int_equal(COUNT(&t, "notice"), was_raised ? 6 : 2);
        assert_true(was_raised || status != LK_OK);
        tick(&t);
        assert_int_equal(COUNT(&t, "notice"), 6);
        assert_int_equal(COUNT(&t, "letter"), 5);
        arena_fini(&t.arena);
        kit_fini(&t.kit);
    }
    assert_int_equal(status, LK_OK);
}

#define WAIT(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define BARE(name) cmocka_unit_test_setup_teardown(name, setup_bare, teardown)

int main(void)
{
    fault_vfs_install();
    const struct CMUnitTest tests[] = {
        WAIT(a_prepared_letter_waits_sealed_and_nobody_else_sees_it),
        WAIT(each_goes_once_when_the_laws_clock_is_over),
        WAIT(a_partner_that_read_up_to_here_finds_what_goes_later),
        cmocka_unit_test(every_answer_stops_what_waits_about_that_address_alone),
        WAIT(an_acknowledgement_moves_no_clock_and_stops_nothing),
        WAIT(a_deadline_that_a_person_moved_is_waited_for),
        BARE(by_mail_the_clock_that_is_waited_for_begins_with_the_mail),
        BARE(nothing_waits_for_a_clock_that_is_no_laws),
        BARE(only_the_next_steps_that_the_rule_allows_may_wait),
        WAIT(a_letter_for_a_form_or_without_an_address_cannot_wait),
        WAIT(the_same_recipient_is_never_told_twice_about_an_address),
        WAIT(what_the_host_took_down_goes_to_no_search_engine_by_itself),
        WAIT(a_person_stops_one_and_it_stays_stopped),
        WAIT(when_the_rule_was_narrowed_meanwhile_a_person_sends),
        WAIT(under_18_nothing_goes_by_itself_any_more),
        WAIT(what_the_person_takes_back_goes_nowhere),
        WAIT(an_inbox_that_was_closed_gets_nothing_and_the_others_go),
        WAIT(when_a_letter_cannot_be_written_the_alarm_is_not_either),
        cmocka_unit_test(whatever_write_fails_alarm_and_letter_come_together_and_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
