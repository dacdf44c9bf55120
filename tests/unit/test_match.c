#include "../cmocka_all.h"

#include <likeness/match.h>

static const struct lk_match_terms terms = {.n_items = 1};

static struct lk_record record(unsigned kind, unsigned quality, unsigned turn)
{
    return (struct lk_record){.frame = {128, 128, 255, (uint8_t)turn},
                              .kind = (uint8_t)kind,
                              .front_end = LK_FULLRES,
                              .quality = (uint8_t)quality};
}

static void the_table_of_what_may_follow_is_as_designed(void **state)
{
    (void)state;
    /* Rows exact, near, partial, review; columns self, checked, confirmed; as the table of the
     * design says it in words. */
    static const char *const plain[4][3] = {{"hold", "block", "block"},
                                            {"queue", "hold", "block"},
                                            {"queue", "hold", "hold"},
                                            {"queue", "queue", "queue"}};
    for (unsigned grade = LK_EXACT; grade <= LK_REVIEW; grade++)
        for (unsigned tier = LK_TIER_SELF; tier <= LK_TIER_CONFIRMED; tier++) {
            const char *want = plain[grade - 1][tier - 1];
            assert_string_equal(lk_action_name(lk_match_action(grade, tier, false)), want);
            bool raised = grade == LK_NEAR && tier == LK_TIER_CHECKED;
            assert_string_equal(lk_action_name(lk_match_action(grade, tier, true)),
                                raised ? "block" : want);
        }
}

static void what_is_unknown_has_no_effect_on_anybody(void **state)
{
    (void)state;
    for (unsigned grade = 0; grade < 300; grade++)
        for (unsigned tier = 0; tier < 300; tier++)
            if (grade == 0 || grade > LK_REVIEW || tier == 0 || tier > LK_TIER_CONFIRMED) {
                assert_int_equal(lk_match_action(grade, tier, false), LK_ACT_QUEUE);
                assert_int_equal(lk_match_action(grade, tier, true), LK_ACT_QUEUE);
            }
}

static unsigned want_grade(unsigned dist, unsigned query_quality, unsigned entry_quality)
{
    bool good = query_quality >= 50 && entry_quality >= 50;
    if (dist <= 10)
        return good ? LK_EXACT : LK_REVIEW;
    return dist <= 31 && good ? LK_NEAR : 0;
}

static void every_distance_and_quality_has_its_grade(void **state)
{
    (void)state;
    for (unsigned dist = 0; dist <= 256; dist++)
        for (unsigned q = 0; q <= 100; q++)
            for (unsigned e = 0; e <= 100; e += e == 48 || e == 49 ? 1 : 8) {
                struct lk_record query = record(LK_WHOLE, q, 0), entry = record(LK_WHOLE, e, 6);
                struct lk_evidence evidence = {&query, &entry, (uint16_t)dist};
                struct lk_verdict v = lk_match_judge(&evidence, 1, &terms);
                assert_int_equal(v.grade, want_grade(dist, q, e));
                assert_int_equal(v.dist_bits, v.grade ? dist : 0);
                assert_int_equal(v.turn, v.grade ? 6 : 0);
                assert_int_equal(v.n_votes, v.grade != 0);
                assert_int_equal(v.coverage_percent, v.grade ? 100 : 0);
                assert_false(v.two_prints_agree);
                assert_true(v.from_ms == 0 && v.to_ms == 0);
            }
}

static void no_evidence_or_of_other_kinds_is_no_match(void **state)
{
    (void)state;
    assert_int_equal(lk_match_judge(NULL, 0, &terms).grade, 0);
    struct lk_record whole = record(LK_WHOLE, 90, 0);
    for (unsigned kind = LK_ANCHOR; kind <= LK_SOUND; kind++) {
        struct lk_record other = record(kind, 90, 0);
        struct lk_evidence evidence[3] = {
            {&other, &other, 0}, {&whole, &other, 0}, {&other, &whole, 0}};
        assert_int_equal(lk_match_judge(evidence, 3, &terms).grade, 0);
    }
}

static void the_nearest_decides_and_a_sure_one_before_a_near_one(void **state)
{
    (void)state;
    struct lk_record plain = record(LK_WHOLE, 90, 0), poor = record(LK_WHOLE, 20, 0);
    struct lk_record turned[3] = {record(LK_WHOLE, 90, 1), record(LK_WHOLE, 90, 2),
                                  record(LK_WHOLE, 90, 3)};
    struct lk_evidence evidence[4] = {{&plain, &turned[0], 12},
                                      {&plain, &turned[1], 9},
                                      {&poor, &turned[2], 0},
                                      {&plain, &turned[2], 10}};
    for (int shift = 0; shift < 4; shift++) { /* whatever the order */
        struct lk_verdict v = lk_match_judge(evidence, 4, &terms);
        assert_int_equal(v.grade, LK_EXACT);
        assert_int_equal(v.dist_bits, 9);
        assert_int_equal(v.turn, 2);
        struct lk_evidence first = evidence[0];
        memmove(evidence, evidence + 1, sizeof evidence - sizeof first);
        evidence[3] = first;
    }
}

static void the_turn_is_told_from_the_query_as_it_came(void **state)
{
    (void)state;
    struct lk_record plain = record(LK_WHOLE, 90, 0), turned = record(LK_WHOLE, 90, 1);
    struct lk_record entry[2] = {record(LK_WHOLE, 90, 5), record(LK_WHOLE, 90, 0)};
    struct lk_evidence evidence[2] = {{&turned, &entry[0], 3}, {&plain, &entry[1], 3}};
    assert_int_equal(lk_match_judge(evidence, 2, &terms).turn, 0);
}

static void each_kind_is_judged_within_its_radius(void **state)
{
    (void)state;
    bool judged;
    static const unsigned radii[] = {0, 31, 40, 64, 64, 0, 0};
    for (unsigned kind = 0; kind < sizeof radii / sizeof *radii; kind++) {
        assert_int_equal(lk_match_radius(kind, &judged), radii[kind]);
        assert_int_equal(judged, radii[kind] > 0);
    }
    assert_int_equal(lk_match_same_file().grade, LK_EXACT);
    assert_int_equal(lk_match_same_file().dist_bits, 0);
}

static void names_are_stable(void **state)
{
    (void)state;
    assert_string_equal(lk_grade_name(LK_EXACT), "exact");
    assert_string_equal(lk_grade_name(LK_REVIEW), "review");
    assert_string_equal(lk_grade_name(5), "unknown");
    assert_string_equal(lk_action_name(0), "unknown");
    for (unsigned tier = 1; tier <= 3; tier++)
        assert_int_equal(lk_tier_from_name(lk_tier_name(tier), strlen(lk_tier_name(tier))), tier);
    assert_int_equal(lk_tier_from_name("check", 5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_what_may_follow_is_as_designed),
        cmocka_unit_test(what_is_unknown_has_no_effect_on_anybody),
        cmocka_unit_test(every_distance_and_quality_has_its_grade),
        cmocka_unit_test(no_evidence_or_of_other_kinds_is_no_match),
        cmocka_unit_test(the_nearest_decides_and_a_sure_one_before_a_near_one),
        cmocka_unit_test(the_turn_is_told_from_the_query_as_it_came),
        cmocka_unit_test(each_kind_is_judged_within_its_radius),
        cmocka_unit_test(names_are_stable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
