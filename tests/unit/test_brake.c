/* Brakes: what an accepted refusal does to further matches of a file, where, and how it is undone.
 */
#include "../cmocka_all.h"
#include "../store/kit.h"

#include "cases/brake.h"
#include "cases/desk_case.h"
#include "cases/desk_letter.h"
#include "cases/match_state.h"
#include "cases/registry_inside.h"
#include "store/brake_rows.h"

#include <stdio.h>
#include <string.h>

enum { ARENA = 32 << 20, MAX_FILES = 2 };

struct brake_kit {
    struct kit kit;
    struct partner other;
    struct staff_hand hand;
    struct arena arena;
    struct case_opened opened;
    char id[DESK_CASE_CHARS + 1];
};

static void begin(struct brake_kit *t, size_t n_files)
{
    char key[PARTNER_KEY_CHARS + 1];
    static const struct case_typed place = {
        .kind = CASE_LOCATION, .text = "https://video.example/1", .n = 23};
    struct kit_item items[MAX_FILES];
    struct lk_sequence sequences[MAX_FILES];
    struct desk_case *cases;
    size_t n = 0;
    for (size_t i = 0; i < n_files; i++) {
        kit_item(&items[i], 1 + i);
        sequences[i] = items[i].sequence;
    }
    const struct case_request request = {
        .sequences = sequences, .n_sequences = n_files, .texts = &place, .n_texts = 1};
    memset(t, 0, sizeof *t);
    kit_init(&t->kit);
    kit_add_partner(&t->kit, "Video");
    assert_int_equal(partner_add(t->kit.r, "Other", PARTNER_PLATFORM, key, &t->other, NULL), LK_OK);
    staff_console(t->kit.r, &t->hand);
    arena_init(&t->arena, lk_alloc_heap(), ARENA);
    assert_int_equal(case_open(t->kit.r, &request, &t->opened, NULL), LK_OK);
    assert_int_equal(desk_list(t->kit.r, &t->arena, &cases, &n, NULL), LK_OK);
    memcpy(t->id, cases[0].id, sizeof t->id);
}

static int set_up_with(void **state, size_t n_files)
{
    static struct brake_kit t;
    begin(&t, n_files);
    *state = &t;
    return 0;
}

static int one_file(void **state)
{
    return set_up_with(state, 1);
}

static int two_files(void **state)
{
    return set_up_with(state, 2);
}

static int teardown(void **state)
{
    struct brake_kit *t = *state;
    arena_fini(&t->arena);
    kit_fini(&t->kit);
    return 0;
}

/* What a partner hears of file `seed`: exact, so that a person's own registration lets it hold. */
static struct match ask(struct brake_kit *t, const struct partner *partner, uint64_t seed)
{
    struct lk_error err = {0};
    struct kit_item item;
    struct match_result *results;
    kit_item(&item, seed);
    if (match_query(t->kit.r, partner, &t->arena, &item.sequence, NULL, 1, &results, &err) != LK_OK)
        fail_msg("%s", err.text);
    assert_int_equal(results[0].n, 1);
    assert_int_equal(results[0].matches[0].grade, LK_EXACT);
    return results[0].matches[0];
}

static void assert_full(struct brake_kit *t, const struct partner *partner, uint64_t seed)
{
    struct match match = ask(t, partner, seed);
    assert_int_equal(match.action, LK_ACT_HOLD);
    assert_int_equal(match.brake, MATCH_REASON_NONE);
}

static void assert_braked(struct brake_kit *t, const struct partner *partner, uint64_t seed,
                          unsigned reason)
{
    struct match match = ask(t, partner, seed);
    assert_int_equal(match.action, LK_ACT_QUEUE);
    assert_int_equal(match.brake, reason);
}

static void look(struct brake_kit *t, struct desk_view *view)
{
    struct lk_error err = {0};
    if (desk_case_open(t->kit.r, &t->hand, t->id, &t->arena, view, &err) != LK_OK)
        fail_msg("%s", err.text);
}

/* A notice to that recipient, refused with that reason; its row. */
static int64_t refused(struct brake_kit *t, const char *recipient, unsigned reason)
{
    struct desk_view view;
    assert_int_equal(notice_send(t->kit.r, t->id, 1, recipient, NULL, NULL), LK_OK);
    look(t, &view);
    int64_t row = view.notices[view.n_notices - 1].row;
    assert_int_equal(
        desk_notice_mark(t->kit.r, &t->hand, t->id, row, NOTICE_REFUSED, reason, NULL, NULL),
        LK_OK);
    return row;
}

static enum lk_status accept(struct brake_kit *t, int64_t notice, struct lk_error *err)
{
    return desk_notice_mark(t->kit.r, &t->hand, t->id, notice, NOTICE_ACCEPTED, 0, NULL, err);
}

static void how_far_a_brake_reaches_follows_from_the_reason(void **state)
{
    static const struct {
        unsigned reason;
        bool here, elsewhere;
    } rows[] = {
        {REASON_SATIRE_OR_ART, true, true},  {REASON_PUBLIC_INTEREST, true, true},
        {REASON_CONSENT_SHOWN, true, false}, {REASON_NOT_INTIMATE, true, false},
        {REASON_NOT_THE_SAME, false, false}, {REASON_LEGAL_HOLD, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct brake_kit t;
        begin(&t, 1);
        int64_t notice = refused(&t, "video", rows[i].reason); /* case of letters aside */
        assert_full(&t, &t.kit.partner, 1);
        assert_int_equal(accept(&t, notice, NULL), LK_OK);
        if (rows[i].here)
            assert_braked(&t, &t.kit.partner, 1, rows[i].reason);
        else
            assert_full(&t, &t.kit.partner, 1);
        if (rows[i].elsewhere)
            assert_braked(&t, &t.other, 1, rows[i].reason);
        else
            assert_full(&t, &t.other, 1);
        arena_fini(&t.arena);
        kit_fini(&t.kit);
    }
}

static void a_match_known_before_and_one_that_is_new_are_braked_alike(void **state)
{
    struct brake_kit *t = *state;
    struct match before = ask(t, &t->kit.partner, 1), after;
    struct match *list;
    size_t n = 0;
    bool more;
    assert_int_equal(before.action, LK_ACT_HOLD);
    assert_int_equal(accept(t, refused(t, "Video", REASON_SATIRE_OR_ART), NULL), LK_OK);
    assert_int_equal(
        match_get(t->kit.r, &t->kit.partner, before.id, MATCH_ID_CHARS, &after, NULL, NULL), LK_OK);
    assert_int_equal(after.action, LK_ACT_QUEUE);
    assert_int_equal(match_list(t->kit.r, &t->kit.partner, &t->arena, &(struct match_filter){0},
                                &list, &n, &more, NULL),
                     LK_OK);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].brake, REASON_SATIRE_OR_ART);
    assert_braked(t, &t->other, 1, REASON_SATIRE_OR_ART); /* asks for the first time */
}

static void of_several_files_the_desk_says_which(void **state)
{
    struct brake_kit *t = *state;
    struct lk_error err;
    int64_t notice = refused(t, "Video", REASON_SATIRE_OR_ART);
    assert_int_equal(accept(t, notice, &err), LK_INVALID);
    assert_non_null(strstr(err.text, "which one"));
    struct desk_view view;
    look(t, &view);
    assert_int_equal(view.notices[0].state, NOTICE_REFUSED); /* neither half */
    assert_int_equal(desk_notice_accept(t->kit.r, &t->hand, t->id, notice, 3, NULL, NULL),
                     LK_INVALID);
    assert_int_equal(desk_notice_accept(t->kit.r, &t->hand, t->id, notice, 2, NULL, NULL), LK_OK);
    assert_full(t, &t->kit.partner, 1);
    assert_braked(t, &t->kit.partner, 2, REASON_SATIRE_OR_ART);
}

static void that_it_is_about_no_file_can_be_said_too(void **state)
{
    struct brake_kit *t = *state;
    int64_t notice = refused(t, "Video", REASON_SATIRE_OR_ART);
    assert_int_equal(desk_notice_accept(t->kit.r, &t->hand, t->id, notice, 0, NULL, NULL), LK_OK);
    assert_full(t, &t->kit.partner, 1);
    assert_full(t, &t->kit.partner, 2);
}

static void consent_at_a_platform_without_a_key_brakes_nothing_here(void **state)
{
    struct brake_kit *t = *state;
    assert_int_equal(accept(t, refused(t, "Elsewhere", REASON_CONSENT_SHOWN), NULL), LK_OK);
    assert_full(t, &t->kit.partner, 1);
}

static void disputing_it_after_all_lifts_the_brake(void **state)
{
    struct brake_kit *t = *state;
    int64_t notice = refused(t, "Video", REASON_PUBLIC_INTEREST);
    assert_int_equal(accept(t, notice, NULL), LK_OK);
    assert_braked(t, &t->other, 1, REASON_PUBLIC_INTEREST);
    assert_int_equal(
        desk_notice_mark(t->kit.r, &t->hand, t->id, notice, NOTICE_DISPUTED, 0, NULL, NULL), LK_OK);
    assert_full(t, &t->other, 1);
}

static void the_desk_lifts_it_with_a_reason_that_stays_sealed(void **state)
{
    struct brake_kit *t = *state;
    struct desk_view view;
    assert_int_equal(accept(t, refused(t, "Video", REASON_SATIRE_OR_ART), NULL), LK_OK);
    look(t, &view);
    assert_int_equal(view.n_brakes, 1);
    assert_int_equal(view.brakes[0].item, 1);
    assert_null(view.brakes[0].partner);
    int64_t row = view.brakes[0].row;
    assert_int_equal(brake_lift(t->kit.r, &t->hand, t->id, row, "", NULL), LK_INVALID);
    assert_int_equal(brake_lift(t->kit.r, &t->hand, t->id, row + 1, "why", NULL), LK_NOT_FOUND);
    assert_int_equal(brake_lift(t->kit.r, &t->hand, t->id, row, "It was no joke.", NULL), LK_OK);
    assert_int_equal(brake_lift(t->kit.r, &t->hand, t->id, row, "again", NULL), LK_CONFLICT);
    assert_full(t, &t->kit.partner, 1);
    look(t, &view);
    assert_string_equal(view.brakes[0].why, "It was no joke.");
    assert_int_equal(view.brakes[0].lifted_ms, t->kit.now_ms);
    assert_int_equal(
        kit_sql(t->kit.store, "SELECT count(*) FROM entry_brake WHERE instr(why, 'joke') > 0"), 0);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM desk_act WHERE act = 28"), 1);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM desk_act WHERE act = 29"), 1);
}

static void the_person_sees_what_holds_and_where(void **state)
{
    struct brake_kit *t = *state;
    struct case_access access;
    struct case_view view;
    assert_int_equal(accept(t, refused(t, "Video", REASON_CONSENT_SHOWN), NULL), LK_OK);
    assert_int_equal(case_login(t->kit.r, t->opened.code, strlen(t->opened.code), &access, NULL),
                     LK_OK);
    assert_int_equal(case_view(t->kit.r, &access, &t->arena, &view, NULL), LK_OK);
    assert_int_equal(view.n_brakes, 1);
    assert_string_equal(view.brakes[0].partner, "Video");
    assert_int_equal(view.brakes[0].reason, REASON_CONSENT_SHOWN);
    assert_true(view.items[0].in_force); /* it is still looked for */
    assert_int_equal(case_withdraw(t->kit.r, &access, NULL, NULL), LK_OK);
    case_logout(&access);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM entry_brake"), 0);
}

static enum lk_status answer(struct brake_kit *t, const struct match *match, unsigned outcome,
                             unsigned reason)
{
    const struct match_reply reply = {.outcome = outcome, .reason = reason};
    return match_answer(t->kit.r, &t->kit.partner, match->id, MATCH_ID_CHARS, &reply, NULL, NULL);
}

static void what_a_platform_refused_of_a_match_is_accepted_by_a_second_person(void **state)
{
    struct brake_kit *t = *state;
    struct staff_welcome welcome;
    struct staff_member *members;
    size_t n;
    struct match match = ask(t, &t->kit.partner, 1);
    assert_int_equal(staff_add(t->kit.r, &t->hand, "one", STAFF_CASEWORKER, true, &welcome, NULL),
                     LK_OK);
    assert_int_equal(staff_list(t->kit.r, &t->arena, &members, &n, NULL), LK_OK);
    struct staff_hand one = t->hand;
    one.staff = members[0].id;
    assert_int_equal(brake_accept_match(t->kit.r, &one, t->id, match.id, NULL), LK_CONFLICT);
    assert_int_equal(answer(t, &match, MATCH_REFUSED, REASON_CONSENT_SHOWN), LK_OK);
    assert_int_equal(desk_case_assign(t->kit.r, &one, t->id, one.staff, NULL), LK_OK);
    assert_int_equal(brake_accept_match(t->kit.r, &one, t->id, match.id, NULL), LK_CONFLICT);
    assert_full(t, &t->kit.partner, 1);
    assert_int_equal(brake_accept_match(t->kit.r, &t->hand, t->id, match.id, NULL), LK_OK);
    assert_braked(t, &t->kit.partner, 1, REASON_CONSENT_SHOWN);
    assert_full(t, &t->other, 1);
    assert_int_equal(brake_accept_match(t->kit.r, &t->hand, t->id, match.id, NULL), LK_CONFLICT);
}

static void a_refusal_that_says_nothing_of_the_file_brakes_nothing(void **state)
{
    struct brake_kit *t = *state;
    struct match match = ask(t, &t->kit.partner, 1);
    assert_int_equal(answer(t, &match, MATCH_REFUSED, REASON_NOT_THE_SAME), LK_OK);
    assert_int_equal(brake_accept_match(t->kit.r, &t->hand, t->id, match.id, NULL), LK_CONFLICT);
    assert_full(t, &t->kit.partner, 1);
}

static void when_the_brake_cannot_be_written_the_refusal_is_not_accepted(void **state)
{
    struct brake_kit *t = *state;
    struct desk_view view;
    int64_t notice = refused(t, "Video", REASON_SATIRE_OR_ART);
    assert_true(kit_try_sql(t->kit.store, "CREATE TRIGGER broken BEFORE INSERT ON entry_brake"
                                          " BEGIN SELECT RAISE(ABORT, 'broken'); END"));
    assert_int_not_equal(accept(t, notice, NULL), LK_OK);
    look(t, &view);
    assert_int_equal(view.notices[0].state, NOTICE_REFUSED);
    assert_int_equal(view.n_brakes, 0);
    assert_full(t, &t->kit.partner, 1);
}

struct asking {
    int64_t partner;
    unsigned reason;
};

static enum lk_status read_reason(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct asking *a = ctx;
    return brake_reason(tx, 1, a->partner, &a->reason, err);
}

static unsigned reason_at(struct brake_kit *t, int64_t partner)
{
    struct asking a = {.partner = partner, .reason = 99};
    assert_int_equal(store_read(t->kit.r->store, read_reason, &a, NULL), LK_OK);
    return a.reason;
}

static void whoever_hands_entries_out_reads_it_and_sees_the_change(void **state)
{
    struct brake_kit *t = *state;
    int64_t before = kit_sql(t->kit.store, "SELECT max(seq) FROM change");
    assert_int_equal(reason_at(t, t->kit.partner.id), 0);
    assert_int_equal(accept(t, refused(t, "Video", REASON_CONSENT_SHOWN), NULL), LK_OK);
    assert_int_equal(reason_at(t, t->kit.partner.id), REASON_CONSENT_SHOWN);
    assert_int_equal(reason_at(t, t->other.id), 0);
    assert_int_equal(reason_at(t, 0), 0);
    assert_int_equal(kit_sql(t->kit.store, "SELECT max(seq) FROM change"), before + 1);
    assert_int_equal(kit_sql(t->kit.store, "SELECT op FROM change ORDER BY seq DESC LIMIT 1"),
                     CHANGE_TIER);
    assert_int_equal(accept(t, refused(t, "Other", REASON_PUBLIC_INTEREST), NULL), LK_OK);
    assert_int_equal(reason_at(t, 0), REASON_PUBLIC_INTEREST);
    assert_int_equal(reason_at(t, t->other.id), REASON_PUBLIC_INTEREST);
    struct lk_error err = {0};
    if (kit_reopen(&t->kit, &err) != LK_OK)
        fail_msg("%s", err.text);
    assert_braked(t, &t->kit.partner, 1, REASON_CONSENT_SHOWN); /* a new bank plays the log */
}

#define ONE(name) cmocka_unit_test_setup_teardown(name, one_file, teardown)
#define TWO(name) cmocka_unit_test_setup_teardown(name, two_files, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_far_a_brake_reaches_follows_from_the_reason),
        ONE(a_match_known_before_and_one_that_is_new_are_braked_alike),
        TWO(of_several_files_the_desk_says_which),
        TWO(that_it_is_about_no_file_can_be_said_too),
        ONE(consent_at_a_platform_without_a_key_brakes_nothing_here),
        ONE(disputing_it_after_all_lifts_the_brake),
        ONE(the_desk_lifts_it_with_a_reason_that_stays_sealed),
        ONE(the_person_sees_what_holds_and_where),
        ONE(what_a_platform_refused_of_a_match_is_accepted_by_a_second_person),
        ONE(a_refusal_that_says_nothing_of_the_file_brakes_nothing),
        ONE(when_the_brake_cannot_be_written_the_refusal_is_not_accepted),
        ONE(whoever_hands_entries_out_reads_it_and_sees_the_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
