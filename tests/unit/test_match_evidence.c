/* What agreed, as it is kept with a match. */
#include "../cmocka_all.h"
#include "cases/match_evidence.h"

#include <string.h>

static struct match_evidence sample(void)
{
    struct match_evidence e = {
        .query_whole = {128, 96, 255, 0},
        .entry_whole = {72, 128, 255, 0},
        .verdict = {.query_percent = 37,
                    .shares_content = true,
                    .two_prints_agree = true,
                    .place = {.a = -0.5F, .b = 0.25F, .dx = 200, .dy = -3.5F, .mirrored = true},
                    .by_sound = true,
                    .speed_percent = 104,
                    .query_from_ms = 1500,
                    .query_to_ms = 0x81828384,
                    .lasts_ms = 77000,
                    .query_lasts_ms = UINT32_MAX,
                    .n_shown = LK_MAX_SHOWN_VOTES},
    };
    for (uint8_t i = 0; i < LK_MAX_SHOWN_VOTES; i++)
        e.verdict.shown[i] =
            (struct lk_vote){{i, 2, 3, 0}, {4, i, 6, 8}, (uint16_t)(i == 0 ? 256 : i)};
    return e;
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    const struct match_evidence e = sample();
    struct match_evidence back;
    uint8_t bytes[MATCH_EVIDENCE_BYTES];
    size_t n = match_evidence_write(&e, bytes);
    assert_int_equal(n, MATCH_EVIDENCE_BYTES);
    assert_int_equal(match_evidence_read(bytes, n, &back, NULL), LK_OK);
    assert_memory_equal(&back.query_whole, &e.query_whole, sizeof e.query_whole);
    assert_memory_equal(&back.entry_whole, &e.entry_whole, sizeof e.entry_whole);
    assert_int_equal(back.verdict.query_percent, 37);
    assert_true(back.verdict.shares_content && back.verdict.two_prints_agree);
    assert_true(back.verdict.place.mirrored);
    assert_true(back.verdict.place.a == e.verdict.place.a && back.verdict.place.b == 0.25F);
    assert_true(back.verdict.place.dx == 200 && back.verdict.place.dy == -3.5F);
    assert_true(back.verdict.by_sound && !back.verdict.by_picture);
    assert_int_equal(back.verdict.speed_percent, 104);
    assert_int_equal(back.verdict.query_from_ms, 1500);
    assert_int_equal(back.verdict.query_to_ms, 0x81828384);
    assert_int_equal(back.verdict.lasts_ms, 77000);
    assert_int_equal(back.verdict.query_lasts_ms, UINT32_MAX);
    assert_int_equal(back.verdict.n_shown, LK_MAX_SHOWN_VOTES);
    for (size_t i = 0; i < LK_MAX_SHOWN_VOTES; i++) {
        assert_memory_equal(&back.verdict.shown[i].query, &e.verdict.shown[i].query, 4);
        assert_memory_equal(&back.verdict.shown[i].entry, &e.verdict.shown[i].entry, 4);
        assert_int_equal(back.verdict.shown[i].dist_bits, e.verdict.shown[i].dist_bits);
    }
}

static void whatever_was_not_written_is_refused(void **state)
{
    (void)state;
    const struct match_evidence e = sample();
    struct match_evidence back;
    uint8_t bytes[MATCH_EVIDENCE_BYTES];
    size_t n = match_evidence_write(&e, bytes);
    for (size_t cut = 0; cut < n; cut++)
        assert_int_equal(match_evidence_read(bytes, cut, &back, NULL), LK_CORRUPT);
    bytes[0] = 3;
    assert_int_equal(match_evidence_read(bytes, n, &back, NULL), LK_UNSUPPORTED);
    bytes[0] = 2;
    bytes[32] = 4; /* by neither picture nor sound */
    assert_int_equal(match_evidence_read(bytes, n, &back, NULL), LK_CORRUPT);
    bytes[32] = 2;
    bytes[1] = 101; /* percent */
    assert_int_equal(match_evidence_read(bytes, n, &back, NULL), LK_CORRUPT);
    bytes[1] = 100;
    memset(bytes + 12, 0xff, 4); /* not a number */
    assert_int_equal(match_evidence_read(bytes, n, &back, NULL), LK_CORRUPT);
}

static void the_first_version_is_still_read(void **state)
{
    (void)state;
    const struct match_evidence e = sample();
    struct match_evidence back;
    uint8_t bytes[MATCH_EVIDENCE_BYTES];
    size_t n = match_evidence_write(&e, bytes);
    bytes[0] = 1; /* which had no times */
    memmove(bytes + 32, bytes + 52, n - 52);
    assert_int_equal(match_evidence_read(bytes, n - 20, &back, NULL), LK_OK);
    assert_int_equal(back.verdict.speed_percent, 0);
    assert_int_equal(back.verdict.shown[1].dist_bits, 1);
    assert_int_equal(match_evidence_read(bytes, n, &back, NULL), LK_CORRUPT);
}

static void the_first_whole_print_tells_the_shape(void **state)
{
    (void)state;
    const struct lk_record records[] = {
        {.kind = LK_ANCHOR, .frame = {1, 2, 3, 4}},
        {.kind = LK_WHOLE, .frame = {128, 90, 255, 0}},
        {.kind = LK_WHOLE, .frame = {128, 80, 255, 0}},
    };
    struct lk_sequence s = {.medium = LK_IMAGE, .records = records, .n_records = 3};
    assert_int_equal(match_whole_frame(&s).y, 90);
    s.n_records = 1;
    assert_int_equal(match_whole_frame(&s).size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(whatever_was_not_written_is_refused),
        cmocka_unit_test(the_first_version_is_still_read),
        cmocka_unit_test(the_first_whole_print_tells_the_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
