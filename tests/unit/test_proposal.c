/* Addresses that were found or handed in, and what becomes of them. */
#include "recheck_kit.h"

#include "cases/desk_act.h"
#include "cases/proposal.h"

static const char known[] = "https://one.example/p/1";

static int setup(void **state)
{
    static struct recheck_kit t;
    static const char *const places[] = {known};
    recheck_kit_init(&t, places, 1);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    recheck_kit_fini(*state);
    return 0;
}

static enum proposal_fate propose(struct recheck_kit *t, const char *url, bool dry)
{
    const struct proposal_found found = {.url = url, .note = "seen", .found_ms = t->kit.now_ms};
    enum proposal_fate fate = PROPOSAL_NEW;
    struct lk_error err = {0};
    if (proposal_add(t->kit.r, t->id, &found, dry, &fate, &err) != LK_OK)
        fail_msg("%s", err.text);
    return fate;
}

static size_t waiting(struct recheck_kit *t, struct proposal **list)
{
    size_t n = 0;
    assert_int_equal(proposal_list(t->kit.r, t->id, &t->arena, list, &n, NULL), LK_OK);
    return n;
}

static void an_address_is_proposed_once_in_whatever_spelling(void **state)
{
    struct recheck_kit *t = *state;
    struct proposal *list;
    assert_int_equal(propose(t, "https://two.example/a", false), PROPOSAL_NEW);
    assert_int_equal(propose(t, "HTTPS://Two.example:443/%61?utm_source=x#y", false),
                     PROPOSAL_KNOWN);
    assert_int_equal(propose(t, "https://two.example/b", false), PROPOSAL_NEW);
    assert_int_equal(waiting(t, &list), 2);
    assert_string_equal(list[0].url, "https://two.example/a");
    assert_string_equal(list[1].note, "seen");
}

static void what_a_notice_was_sent_about_is_not_proposed(void **state)
{
    struct recheck_kit *t = *state;
    struct proposal *list;
    assert_int_equal(propose(t, "https://ONE.example/p/1#top", false), PROPOSAL_NOTICED);
    assert_int_equal(waiting(t, &list), 0);
}

static void a_dry_run_says_the_same_and_writes_nothing(void **state)
{
    struct recheck_kit *t = *state;
    struct proposal *list;
    assert_int_equal(propose(t, "https://two.example/a", true), PROPOSAL_NEW);
    assert_int_equal(propose(t, known, true), PROPOSAL_NOTICED);
    assert_int_equal(waiting(t, &list), 0);
}

static void the_store_alone_shows_no_address(void **state)
{
    struct recheck_kit *t = *state;
    (void)propose(t, "https://two.example/a", false);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM proposal"), 1);
    assert_int_equal(kit_sql(t->kit.store, "SELECT count(*) FROM proposal WHERE"
                                           " instr(place, 'two') > 0 OR instr(note, 'seen') > 0"),
                     0);
}

static void what_is_taken_becomes_an_address_of_the_case(void **state)
{
    struct recheck_kit *t = *state;
    struct proposal *list;
    struct desk_view view;
    (void)propose(t, "https://two.example/a", false);
    assert_int_equal(waiting(t, &list), 1);
    assert_int_equal(proposal_take(t->kit.r, &t->hand, t->id, list[0].row, NULL), LK_OK);
    assert_int_equal(proposal_take(t->kit.r, &t->hand, t->id, list[0].row, NULL), LK_NOT_FOUND);
    assert_int_equal(desk_case_open(t->kit.r, &t->hand, t->id, &t->arena, &view, NULL), LK_OK);
    const struct case_written *last = &view.texts[view.n_texts - 1];
    assert_int_equal(last->kind, CASE_LOCATION);
    assert_string_equal(last->text, "https://two.example/a");
    assert_int_equal(waiting(t, &list), 0);
}

static void what_is_declined_is_not_proposed_again(void **state)
{
    struct recheck_kit *t = *state;
    struct proposal *list;
    (void)propose(t, "https://two.example/a", false);
    assert_int_equal(waiting(t, &list), 1);
    int64_t row = list[0].row;
    assert_int_equal(proposal_decline(t->kit.r, &t->hand, t->id, row, NULL), LK_OK);
    assert_int_equal(proposal_decline(t->kit.r, &t->hand, t->id, row, NULL), LK_NOT_FOUND);
    assert_int_equal(waiting(t, &list), 0);
    struct desk_act_entry *acts;
    size_t n = 0;
    assert_int_equal(desk_acts(t->kit.r, 0, 0, 1, &t->arena, &acts, &n, NULL), LK_OK);
    assert_int_equal(n, 1);
    assert_int_equal(acts[0].act, ACT_DECLINED_LINK);
    assert_int_equal(acts[0].subject, row);
    assert_string_equal(acts[0].case_id, t->id);
    assert_int_equal(propose(t, "https://two.example/a", false), PROPOSAL_KNOWN);
}

static void what_is_no_address_or_no_case_is_refused(void **state)
{
    static const char *const urls[] = {"", "@account", "ftp://one.example/",
                                       "https://one.example/\x01"};
    struct recheck_kit *t = *state;
    enum proposal_fate fate;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        const struct proposal_found found = {.url = urls[i]};
        assert_int_equal(proposal_add(t->kit.r, t->id, &found, false, &fate, NULL), LK_INVALID);
    }
    const struct proposal_found found = {.url = "https://one.example/x"};
    assert_int_equal(
        proposal_add(t->kit.r, "00000000000000000000000000000000", &found, false, &fate, NULL),
        LK_NOT_FOUND);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        POINT(an_address_is_proposed_once_in_whatever_spelling),
        POINT(what_a_notice_was_sent_about_is_not_proposed),
        POINT(a_dry_run_says_the_same_and_writes_nothing),
        POINT(the_store_alone_shows_no_address),
        POINT(what_is_taken_becomes_an_address_of_the_case),
        POINT(what_is_declined_is_not_proposed_again),
        POINT(what_is_no_address_or_no_case_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
