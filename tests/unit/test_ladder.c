#include "../cmocka_all.h"

#include "cases/ladder.h"

#include <stdio.h>
#include <string.h>

#define HOUR INT64_C(3600000)
#define NOW  (1000 * HOUR)

/* A step in short: rung, reason and when, "host overdue", "network refused +24h". */
static void say_step(const struct ladder_step *step, char *text, size_t n)
{
    static const char *const names[LADDER_N_WHYS] = {
        "",         "first",      "overdue",        "refused", "limited",
        "given-up", "no-contact", "host-unknown",   "again",   "back",
        "parallel", "direct",     "persons-choice", "child",
    };
    int used = snprintf(text, n, "%s %s", law_target_name(step->rung), names[step->why]);
    if (step->from_ms > NOW)
        snprintf(text + used, n - (size_t)used, " +%lldh",
                 (long long)((step->from_ms - NOW) / HOUR));
    assert_int_equal(step->is_due_now, step->why != LADDER_PERSONS_CHOICE && step->from_ms <= NOW);
}

static void say(const struct ladder *ladder, char *text, size_t n)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < ladder->n; i++) {
        char step[64];
        say_step(&ladder->steps[i], step, sizeof step);
        used += (size_t)snprintf(text + used, n - used, "%s%s", i > 0 ? ", " : "", step);
    }
}

static struct ladder suggest(const struct ladder_question *q)
{
    struct ladder out;
    memset(&out, 0xa5, sizeof out);
    ladder_suggest(q, &out);
    for (size_t i = 1; i < out.n; i++)
        assert_true(out.steps[i - 1].rung <= out.steps[i].rung);
    return out;
}

#define NOTICE(whom, how, due)                                                                     \
    {                                                                                              \
        .target = LAW_TARGET_##whom, .state = NOTICE_##how, .sent_ms = NOW - 48 * HOUR,            \
        .due_ms = (due)                                                                            \
    }
#define LATER (NOW + 24 * HOUR)
#define OVER  (NOW - HOUR)

/* Notices, the oldest first; is a contact at the platform known, is the host; what is suggested. */
static const struct {
    struct ladder_notice notices[4];
    bool no_contact, no_host, is_tool;
    const char *expected;
} rows[] = {
    {.expected = "platform first, police persons-choice"},
    {.no_contact = true, .expected = "host no-contact, police persons-choice"},
    {.no_contact = true,
     .no_host = true,
     .expected = "network host-unknown, police persons-choice"},
    /* a draft: nothing runs yet, but search engines need not wait for it */
    {{NOTICE(PLATFORM, READY, 0)}, .expected = "search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, SENT, LATER)},
     .expected = "host overdue +24h, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, IN_REVIEW, LATER), NOTICE(SEARCH, SENT, LATER)},
     .expected = "host overdue +24h, police persons-choice"},
    {{NOTICE(PLATFORM, SENT, LATER)},
     .no_host = true,
     .expected = "network host-unknown +24h, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, DELIVERED, OVER)},
     .expected = "host overdue, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, SENT, NOW)},
     .expected = "host overdue, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, SENT, OVER)},
     .no_host = true,
     .expected = "network host-unknown, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, REFUSED, 0)},
     .expected = "host refused, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, LIMITED, 0)},
     .expected = "host limited, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, CLOSED, 0)},
     .expected = "host given-up, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, FAILED, 0)},
     .expected = "host no-contact, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, NOT_ACTIONABLE, 0)},
     .expected = "platform again, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, BACK, LATER)},
     .expected = "platform back, host overdue +24h, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, DISPUTED, 0)}, .expected = "search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, ESCALATED, 0)}, .expected = "search parallel, police persons-choice"},
    /* settled: removed by anyone who can, or accepted by the desk */
    {{NOTICE(PLATFORM, REMOVED, 0)}, .expected = "police persons-choice"},
    {{NOTICE(PLATFORM, ACCEPTED, 0)}, .expected = "police persons-choice"},
    {{NOTICE(PLATFORM, REFUSED, 0), NOTICE(HOST, REMOVED, 0)}, .expected = "police persons-choice"},
    {{NOTICE(PLATFORM, REFUSED, 0), NOTICE(SEARCH, REMOVED, 0)},
     .expected = "host refused, police persons-choice"},
    {{NOTICE(PLATFORM, REMOVED, 0), NOTICE(HOST, BACK, LATER)},
     .expected = "host back, search parallel, police persons-choice"},
    /* the newest of a target counts */
    {{NOTICE(PLATFORM, REFUSED, 0), NOTICE(PLATFORM, SENT, LATER)},
     .expected = "host overdue +24h, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, SENT, LATER), NOTICE(PLATFORM, REFUSED, 0)},
     .expected = "host refused, search parallel, police persons-choice"},
    /* further up */
    {{NOTICE(PLATFORM, REFUSED, 0), NOTICE(HOST, SENT, LATER)},
     .expected = "network overdue +24h, search parallel, police persons-choice"},
    {{NOTICE(PLATFORM, REFUSED, 0), NOTICE(HOST, SENT, OVER)},
     .expected = "network overdue, search parallel, advertising overdue, police persons-choice"},
    {{NOTICE(PLATFORM, REFUSED, 0), NOTICE(HOST, REFUSED, 0), NOTICE(NETWORK, REFUSED, 0),
      NOTICE(ADVERTISING, SENT, LATER)},
     .expected = "search parallel, registrar refused, police persons-choice"},
    {{NOTICE(PLATFORM, REFUSED, 0), NOTICE(HOST, REFUSED, 0), NOTICE(NETWORK, SENT, OVER),
      NOTICE(REGISTRAR, REFUSED, 0)},
     .expected = "search parallel, advertising refused, police persons-choice"},
    {{NOTICE(HOST, SENT, OVER)},
     .no_contact = true,
     .expected = "network overdue, search parallel, advertising overdue, police persons-choice"},
    {{NOTICE(PLATFORM, SENT, LATER), NOTICE(SEARCH, NOT_ACTIONABLE, 0)},
     .expected = "host overdue +24h, search again, police persons-choice"},
    /* a tool: where it is offered, too */
    {{NOTICE(PLATFORM, SENT, LATER)},
     .is_tool = true,
     .expected = "host overdue +24h, search parallel, app-store parallel, police persons-choice"},
};

static void each_state_of_the_notices_leads_to_its_next_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t n = 0;
        char text[512];
        while (n < 4 && rows[i].notices[n].target != LAW_TARGET_NONE)
            n++;
        struct ladder out = suggest(&(struct ladder_question){
            .notices = rows[i].notices,
            .n_notices = n,
            .platform_has_contact = !rows[i].no_contact,
            .host_is_known = !rows[i].no_host,
            .is_tool = rows[i].is_tool,
            .now_ms = NOW,
        });
        say(&out, text, sizeof text);
        if (strcmp(text, rows[i].expected) != 0)
            fail_msg("row %zu: %s\n   and not: %s", i, text, rows[i].expected);
    }
}

static void a_child_goes_to_the_hotline_and_nowhere_else(void **state)
{
    (void)state;
    static const struct ladder_notice notices[] = {NOTICE(PLATFORM, SENT, OVER)};
    struct ladder out = suggest(&(struct ladder_question){.notices = notices,
                                                          .n_notices = 1,
                                                          .is_child = true,
                                                          .host_is_known = true,
                                                          .now_ms = NOW});
    assert_int_equal(out.n, 1);
    assert_int_equal(out.steps[0].rung, LAW_TARGET_HOTLINE);
    assert_false(ladder_may_go_alone(LADDER_AUTO_UP_TO_REGISTRAR, &out.steps[0]));
}

/* ---- authorities ---- */

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

static struct ladder suggest_in(struct fixture *f, const char *country,
                                const struct ladder_notice *notices, size_t n)
{
    const struct law_situation s = {LAW_INTIMATE, LAW_MADE, LAW_PICTURE, LAW_STAGE_SHARED,
                                    LAW_ADULT};
    struct lk_error err;
    assert_int_equal(law_facts(&f->arena, country, &s, &f->facts, &err), LK_OK);
    return suggest(&(struct ladder_question){
        .notices = notices,
        .n_notices = n,
        .platform_has_contact = true,
        .host_is_known = true,
        .facts = &f->facts,
        .now_ms = NOW,
    });
}

static const struct ladder_step *step_under(const struct ladder *ladder, const char *regime)
{
    for (size_t i = 0; i < ladder->n; i++)
        if (ladder->steps[i].regime != NULL && strcmp(ladder->steps[i].regime, regime) == 0)
            return &ladder->steps[i];
    return NULL;
}

static void an_authority_is_next_when_the_time_of_its_law_is_over(void **state)
{
    struct ladder_notice notice = NOTICE(PLATFORM, SENT, LATER);
    notice.regime = "us-tida";
    notice.sent_ms = NOW - 24 * HOUR;
    struct ladder out = suggest_in(*state, "us", &notice, 1);
    const struct ladder_step *step = step_under(&out, "us-tida");
    assert_non_null(step);
    assert_int_equal(step->rung, LAW_TARGET_REGULATOR);
    assert_string_equal(step->recipient, "Federal Trade Commission");
    assert_int_equal(step->from_ms, LATER);
    assert_false(step->is_due_now);
    assert_non_null(strstr(step->how, "Complaint"));
    notice.due_ms = OVER;
    notice.sent_ms = OVER - 48 * HOUR;
    out = suggest_in(*state, "us", &notice, 1);
    assert_true(step_under(&out, "us-tida")->is_due_now);
    notice.state = NOTICE_REFUSED;
    out = suggest_in(*state, "us", &notice, 1);
    assert_int_equal(step_under(&out, "us-tida")->why, LADDER_REFUSED);
    notice.regime = NULL;
    out = suggest_in(*state, "us", &notice, 1);
    assert_null(step_under(&out, "us-tida"));
}

static void an_authority_that_was_asked_is_not_suggested_again(void **state)
{
    struct ladder_notice notices[] = {NOTICE(PLATFORM, REFUSED, 0), NOTICE(REGULATOR, SENT, LATER)};
    notices[0].regime = notices[1].regime = "us-tida";
    struct ladder out = suggest_in(*state, "us", notices, 2);
    assert_null(step_under(&out, "us-tida"));
}

static void an_authority_that_takes_reports_directly_is_suggested_from_the_start(void **state)
{
    static const struct {
        const char *country, *regime, *recipient;
    } direct[] = {
        {"au", "au-osa-iba", "eSafety Commissioner"},
        {"it", "it-144bis", "Garante per la protezione dei dati personali"},
        {"ca", "ca-bc-iipa", "Civil Resolution Tribunal"},
        {"mx", "mx-lgamvlv", "Ministerio Publico or judge"},
    };
    for (size_t i = 0; i < sizeof direct / sizeof direct[0]; i++) {
        struct ladder out = suggest_in(*state, direct[i].country, NULL, 0);
        const struct ladder_step *step = step_under(&out, direct[i].regime);
        assert_non_null(step);
        assert_int_equal(step->why, LADDER_DIRECT);
        assert_string_equal(step->recipient, direct[i].recipient);
        assert_true(step->is_due_now);
    }
}

static void singapore_takes_a_report_a_day_after_the_platform_had_one(void **state)
{
    struct ladder_notice notice = NOTICE(PLATFORM, SENT, LATER);
    struct ladder out = suggest_in(*state, "sg", NULL, 0);
    assert_null(step_under(&out, "sg-osraa"));
    notice.sent_ms = NOW - 23 * HOUR;
    out = suggest_in(*state, "sg", &notice, 1);
    assert_int_equal(step_under(&out, "sg-osraa")->from_ms, NOW + HOUR);
    notice.sent_ms = NOW - 24 * HOUR;
    out = suggest_in(*state, "sg", &notice, 1);
    assert_true(step_under(&out, "sg-osraa")->is_due_now);
}

static void a_law_that_is_not_in_force_leads_to_nobody(void **state)
{
    struct ladder_notice notice = NOTICE(PLATFORM, REFUSED, 0);
    notice.regime = "gb-48h";
    struct ladder out = suggest_in(*state, "gb", &notice, 1);
    assert_null(step_under(&out, "gb-48h"));
}

static void going_to_the_police_carries_a_warning_where_it_can_harm(void **state)
{
    static const struct {
        const char *country;
        bool warns;
    } places[] = {{"ae", true}, {"pk", true}, {"bd", true}, {"gb", false}, {"us", false}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct ladder out = suggest_in(*state, places[i].country, NULL, 0);
        const struct ladder_step *police = &out.steps[out.n - 1];
        assert_int_equal(police->rung, LAW_TARGET_POLICE);
        assert_false(police->is_due_now);
        assert_int_equal(police->warning != NULL, places[i].warns);
        assert_non_null(police->how);
    }
}

static void no_country_overflows_the_list(void **state)
{
    struct law_country country;
    for (size_t i = 0; law_country_at(i, &country); i++) {
        struct fixture *f = *state;
        (void)suggest_in(f, country.code, NULL, 0);
        for (size_t k = 0; k < f->facts.n_rules; k++) {
            struct ladder_notice notice = NOTICE(PLATFORM, REFUSED, 0);
            char regime[64];
            snprintf(regime, sizeof regime, "%s", f->facts.rules[k].id);
            notice.regime = regime;
            struct ladder out = suggest_in(f, country.code, &notice, 1);
            assert_in_range(out.n, 3, LADDER_MAX_STEPS - 1);
            assert_int_equal(out.steps[out.n - 1].rung, LAW_TARGET_POLICE);
            arena_fini(&f->arena);
            arena_init(&f->arena, lk_alloc_heap(), 64 << 20);
            (void)suggest_in(f, country.code, NULL, 0);
        }
    }
}

/* ---- what may go out by itself ---- */

static void only_a_public_clock_that_ran_out_lets_a_step_go_alone(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 8; bits++) {
        for (unsigned rung = 0; rung < LAW_N_TARGETS; rung++) {
            for (unsigned why = LADDER_FIRST; why < LADDER_N_WHYS; why++) {
                struct ladder_step step = {.rung = (enum law_target)rung,
                                           .why = (enum ladder_why)why,
                                           .is_due_now = (bits & 1) != 0,
                                           .after_public = (bits & 2) != 0};
                bool ran_out = (bits & 3) == 3 && (why == LADDER_OVERDUE || why == LADDER_PARALLEL);
                bool up = rung >= LAW_TARGET_HOST && rung <= LAW_TARGET_REGISTRAR;
                assert_false(ladder_may_go_alone(LADDER_SUGGEST, &step));
                assert_int_equal(ladder_may_go_alone(LADDER_AUTO_SEARCH, &step),
                                 ran_out && rung == LAW_TARGET_SEARCH);
                assert_int_equal(ladder_may_go_alone(LADDER_AUTO_UP_TO_REGISTRAR, &step),
                                 ran_out && up);
            }
        }
    }
}

static void a_rung_with_a_letter_that_waits_says_so_and_no_other_does(void **state)
{
    const struct ladder_notice asked = NOTICE(PLATFORM, SENT, OVER);
    const struct ladder_question q = {.notices = &asked,
                                      .n_notices = 1,
                                      .host_is_known = true,
                                      .waiting = 1U << LAW_TARGET_SEARCH,
                                      .now_ms = NOW};
    struct ladder out = suggest(&q);
    (void)state;
    assert_int_equal(out.n, 3);
    for (size_t i = 0; i < out.n; i++)
        assert_int_equal(out.steps[i].is_waiting, out.steps[i].rung == LAW_TARGET_SEARCH);
}

static void a_reminder_that_ran_out_moves_nothing_by_itself(void **state)
{
    (void)state;
    struct ladder_notice notices[] = {NOTICE(PLATFORM, SENT, OVER), NOTICE(HOST, SENT, OVER)};
    struct ladder_question q = {.notices = notices,
                                .n_notices = 1,
                                .platform_has_contact = true,
                                .host_is_known = true,
                                .now_ms = NOW};
    for (int is_public = 0; is_public < 2; is_public++) {
        notices[0].is_public = is_public;
        q.n_notices = 1;
        struct ladder out = suggest(&q);
        assert_int_equal(out.steps[0].rung, LAW_TARGET_HOST);
        assert_int_equal(ladder_may_go_alone(LADDER_AUTO_UP_TO_REGISTRAR, &out.steps[0]),
                         is_public);
        assert_int_equal(out.steps[1].rung, LAW_TARGET_SEARCH);
        assert_int_equal(ladder_may_go_alone(LADDER_AUTO_SEARCH, &out.steps[1]), is_public);
        /* the host's clock is our own: what follows from it waits for a person */
        q.n_notices = 2;
        out = suggest(&q);
        assert_int_equal(out.steps[0].rung, LAW_TARGET_NETWORK);
        assert_false(ladder_may_go_alone(LADDER_AUTO_UP_TO_REGISTRAR, &out.steps[0]));
    }
    notices[0].due_ms = LATER;
    q.n_notices = 1;
    struct ladder out = suggest(&q);
    for (size_t i = 0; i < out.n; i++)
        assert_false(ladder_may_go_alone(LADDER_AUTO_UP_TO_REGISTRAR, &out.steps[i]));
}

static void every_reason_has_its_words(void **state)
{
    (void)state;
    for (unsigned why = LADDER_FIRST; why < LADDER_N_WHYS; why++)
        assert_true(strlen(ladder_why_text(why)) > 10);
    assert_string_equal(ladder_why_text(0), "");
    assert_string_equal(ladder_why_text(LADDER_N_WHYS), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_of_the_notices_leads_to_its_next_steps),
        cmocka_unit_test(a_child_goes_to_the_hotline_and_nowhere_else),
        cmocka_unit_test(an_authority_is_next_when_the_time_of_its_law_is_over),
        cmocka_unit_test(an_authority_that_was_asked_is_not_suggested_again),
        cmocka_unit_test(an_authority_that_takes_reports_directly_is_suggested_from_the_start),
        cmocka_unit_test(singapore_takes_a_report_a_day_after_the_platform_had_one),
        cmocka_unit_test(a_law_that_is_not_in_force_leads_to_nobody),
        cmocka_unit_test(going_to_the_police_carries_a_warning_where_it_can_harm),
        cmocka_unit_test(no_country_overflows_the_list),
        cmocka_unit_test(only_a_public_clock_that_ran_out_lets_a_step_go_alone),
        cmocka_unit_test(a_rung_with_a_letter_that_waits_says_so_and_no_other_does),
        cmocka_unit_test(a_reminder_that_ran_out_moves_nothing_by_itself),
        cmocka_unit_test(every_reason_has_its_words),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
