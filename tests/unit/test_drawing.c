/* exchange/drawing.h and exchange/evidence_json.h. */
#include "../cmocka_all.h"
#include "exchange/drawing.h"
#include "exchange/evidence_json.h"

#include <likeness/image.h>
#include <math.h>
#include <string.h>

static const struct lk_frame wide = {128, 96, 255, 0}, tall = {96, 128, 255, 0}, unknown = {0};

/* The drawing as text; the caller frees it with buf_fini(). */
static struct buf draw(const struct lk_verdict *v, const struct lk_frame *query,
                       const struct lk_frame *entry, const struct drawing_words *words)
{
    struct buf out;
    buf_init(&out, lk_alloc_heap(), 1 << 16);
    drawing_svg(&out, v, query, entry, words);
    assert_int_equal(buf_status(&out, "drawing", NULL), LK_OK);
    buf_text(&out);
    return out;
}

static unsigned count(const char *text, const char *what)
{
    unsigned n = 0;
    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        n++;
    return n;
}

static bool says(const struct lk_verdict *v, const struct lk_frame *entry, const char *what)
{
    struct buf svg = draw(v, &wide, entry, NULL);
    bool does = strstr(svg.p, what) != NULL;
    buf_fini(&svg);
    return does;
}

static void draws_each_anchor_in_both_pictures(void **state)
{
    (void)state;
    struct lk_verdict v = {.grade = LK_PARTIAL, .n_votes = 9, .n_shown = 2};
    v.place = (struct lk_place){0.5f, 0, 64, 40, false};
    v.shown[0] = (struct lk_vote){{80, 60, 120, 0}, {32, 40, 160, 0}, 20};
    v.shown[1] = (struct lk_vote){{100, 80, 120, 0}, {72, 80, 160, 0}, 25};
    struct buf svg = draw(&v, &wide, &tall, NULL);
    assert_int_equal(count(svg.p, "<circle"), 4);
    assert_int_equal(count(svg.p, "<path"), 2);
    assert_non_null(strstr(svg.p, "Of 9 places that agree, 2 are joined by lines."));
    assert_non_null(strstr(svg.p, "is 50 percent of that of the upload."));
    /* 300 pixels for 256 units: anchor (32, 40) of a picture whose corner is at 12, 38 */
    assert_non_null(strstr(svg.p, "<circle cx=\"49.5\" cy=\"84.9\""));
    buf_fini(&svg);
}

static void marks_the_corner_under_every_turn(void **state)
{
    (void)state;
    /* Where the filled corner lies in an upload of the same shape, drawn at (382, 38). */
    static const char *const corners[LK_N_TURNS] = {
        [LK_TURN_0] = "\"382.0,38.0 ",
        [LK_TURN_180] = "\"682.0,263.0 ",
        [LK_FLIP_X] = "\"382.0,263.0 ",
        [LK_FLIP_Y] = "\"682.0,38.0 ",
    };
    for (unsigned turn = 0; turn < LK_N_TURNS; turn++) {
        const struct lk_verdict v = {.grade = LK_EXACT, .n_votes = 1, .turn = (uint8_t)turn};
        if (corners[turn] != NULL)
            assert_true(says(&v, &wide, corners[turn]));
        assert_int_equal(says(&v, &wide, "mirrored"), turn >= LK_FLIP_X);
        assert_false(says(&v, &wide, "agree,"));
    }
    const struct lk_verdict left = {.grade = LK_EXACT, .turn = LK_TURN_90};
    assert_true(says(&left, &tall, "turned by 90 degrees anticlockwise"));
    assert_true(says(&left, &tall, "points=\"307.0,300.5 "));
}

static void draws_whatever_the_place_says(void **state)
{
    (void)state;
    const float values[] = {0, 1e-30f, 1e30f, -1e30f, 63, -0.02f, NAN, INFINITY, -INFINITY};
    enum { N = sizeof values / sizeof *values };
    for (size_t i = 0; i < N * N * N; i++) {
        struct lk_verdict v = {.grade = LK_REVIEW, .turn = (uint8_t)i, .n_shown = (uint8_t)i};
        v.place = (struct lk_place){values[i % N], values[i / N % N], values[i / N / N], 7, i & 1};
        struct buf svg = draw(&v, i & 1 ? &unknown : &wide, i & 2 ? &unknown : &tall, NULL);
        assert_null(strstr(svg.p, "nan"));
        assert_null(strstr(svg.p, "inf"));
        assert_true(svg.n < 8192);
        buf_fini(&svg);
    }
}

static void escapes_the_words_of_the_caller(void **state)
{
    (void)state;
    const struct lk_verdict v = {.grade = LK_EXACT};
    const struct drawing_words words = {"a<b", "c&d", "</text><script>", "ø", "e>f"};
    struct buf svg = draw(&v, &wide, &wide, &words);
    assert_null(strstr(svg.p, "<script>"));
    assert_non_null(strstr(svg.p, "<title>a&lt;b</title>\n<desc>c&amp;d</desc>"));
    assert_non_null(strstr(svg.p, ">ø</text>"));
    buf_fini(&svg);
}

static void says_the_evidence_in_json(void **state)
{
    (void)state;
    struct lk_verdict v = {.shares_content = true, .query_percent = 40, .n_shown = 1};
    v.place = (struct lk_place){0, 0.5f, 1, 2, true};
    v.shown[0] = (struct lk_vote){{1, 2, 3, 0}, {4, 5, 6, 5}, 7};
    struct buf out;
    struct json j;
    buf_init(&out, lk_alloc_heap(), 4096);
    json_init(&j, &out);
    evidence_json_write(&j, &v);
    assert_string_equal(buf_text(&out),
                        "{\"shares_content\":true,\"upload_percent\":40,\"place\":{\"scale\":0.500,"
                        "\"degrees\":90.0,\"mirrored\":true},\"agreeing\":[{\"query\":{\"x\":1,"
                        "\"y\":2,\"size\":3},\"entry\":{\"x\":4,\"y\":5,\"size\":6},"
                        "\"distance\":7}]}");
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_each_anchor_in_both_pictures),
        cmocka_unit_test(marks_the_corner_under_every_turn),
        cmocka_unit_test(draws_whatever_the_place_says),
        cmocka_unit_test(escapes_the_words_of_the_caller),
        cmocka_unit_test(says_the_evidence_in_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
