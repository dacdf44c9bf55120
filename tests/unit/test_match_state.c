#include "../cmocka_all.h"

#include "cases/match_state.h"

static unsigned named(const char *name)
{
    return match_state_from_name(name, strlen(name));
}

/* The table of the documentation, written a second time. */
static const struct {
    const char *from, *to;
} allowed[] = {
    {"found", "acknowledged removed limited refused not_actionable disputed"},
    {"acknowledged", "acknowledged removed limited refused not_actionable disputed"},
    {"removed", "removed disputed restored"},
    {"limited", "removed limited refused disputed restored"},
    {"refused", "acknowledged removed limited refused"},
    {"not_actionable", "acknowledged removed limited refused not_actionable disputed"},
    {"disputed", "removed limited refused disputed restored"},
    {"restored", "acknowledged removed limited restored"},
};

static bool listed(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = list; (p = strstr(p, name)) != NULL; p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == 0))
            return true;
    return false;
}

static void exactly_the_documented_answers_may_follow(void **state)
{
    (void)state;
    assert_int_equal(sizeof allowed / sizeof allowed[0], MATCH_N_STATES - 1);
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        for (unsigned to = 0; to < MATCH_N_STATES + 2; to++) {
            bool want = to != 0 && to < MATCH_N_STATES && to != MATCH_FOUND &&
                        listed(allowed[i].to, match_state_name(to));
            assert_int_equal(match_may_follow(named(allowed[i].from), to), want);
        }
    assert_false(match_may_follow(MATCH_N_STATES, MATCH_REMOVED));
}

static void names_of_states_and_reasons_go_both_ways(void **state)
{
    (void)state;
    for (unsigned s = MATCH_FOUND; s < MATCH_N_STATES; s++)
        assert_int_equal(named(match_state_name(s)), s);
    for (unsigned r = REASON_NOT_THE_SAME; r < MATCH_N_REASONS; r++) {
        const char *name = match_reason_name(r);
        assert_int_equal(match_reason_from_name(name, strlen(name)), r);
        unsigned of = match_reason_outcome(r);
        assert_true(match_needs_reason(of) || of == MATCH_LIMITED);
    }
    assert_int_equal(named("gone"), 0);
    assert_int_equal(match_state_from_name("removed", 3), 0);
    assert_string_equal(match_state_name(0), "unknown");
    assert_string_equal(match_state_name(99), "unknown");
    assert_string_equal(match_reason_name(99), "unknown");
    assert_int_equal(match_reason_outcome(99), 0);
}

static void only_outcomes_that_leave_content_up_need_a_reason(void **state)
{
    (void)state;
    for (unsigned s = MATCH_FOUND; s < MATCH_N_STATES; s++)
        assert_int_equal(match_needs_reason(s),
                         s == MATCH_REFUSED || s == MATCH_NOT_ACTIONABLE || s == MATCH_DISPUTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_documented_answers_may_follow),
        cmocka_unit_test(names_of_states_and_reasons_go_both_ways),
        cmocka_unit_test(only_outcomes_that_leave_content_up_need_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
