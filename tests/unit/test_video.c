/* Prints of a video: which frames are kept, what is cut away, and that a frame's print is that of
 * the still. */
#include "../cmocka_all.h"
#include "../scene.h"
#include "../stingy_alloc.h"

#include <likeness/match.h>
#include <likeness/video.h>
#include <string.h>

enum { W = 640, H = 360, SCENE_W = 1000, SCENE_H = 600 };
static uint8_t scene[SCENE_W * SCENE_H], frame[W * H];
static int grey[SCENE_W * SCENE_H];
static struct lk_error err;

static int setup(void **state)
{
    (void)state;
    scene_draw(3, SCENE_W, SCENE_H, grey, scene);
    return 0;
}

/* What a camera sees of the scene from (x, y). */
static struct lk_luma look(unsigned x, unsigned y)
{
    for (unsigned row = 0; row < H; row++)
        memcpy(frame + (size_t)row * W, scene + (size_t)(y + row) * SCENE_W + x, W);
    return (struct lk_luma){frame, W, H, W, 0};
}

static struct lk_video *begin(unsigned purpose, size_t max_records)
{
    const struct lk_video_options options = {.purpose = (uint8_t)purpose,
                                             .max_records = max_records};
    struct lk_video *v;
    assert_int_equal(lk_video_new(lk_alloc_heap(), &options, &v, &err), LK_OK);
    return v;
}

static void put(struct lk_video *v, const struct lk_luma *luma, int64_t time_ms)
{
    assert_int_equal(lk_video_put(v, luma, time_ms * 1000, &err), LK_OK);
}

/* Pans over the scene and back, 30 frames a second. */
static void pan(struct lk_video *v, int from_ms, int to_ms)
{
    for (int t = from_ms; t < to_ms; t += 33) {
        const struct lk_luma luma = look((unsigned)(t / 20) % (SCENE_W - W), 100);
        put(v, &luma, t);
    }
}

static void check_sequence(const struct lk_video *v)
{
    struct lk_sequence seq = {.medium = LK_VIDEO};
    seq.records = lk_video_records(v, &seq.n_records);
    assert_int_equal(lk_sequence_check(&seq, &err), LK_OK);
}

static unsigned nearest(const struct lk_video *v, const struct lk_print *print, int64_t *time_ms)
{
    size_t n;
    const struct lk_record *r = lk_video_records(v, &n);
    unsigned best = 257;
    *time_ms = -1;
    for (size_t i = 0; i < n; i++)
        if (lk_print_distance(&r[i].print, print) < best) {
            best = lk_print_distance(&r[i].print, print);
            *time_ms = r[i].time_ms;
        }
    return best;
}

static void a_frames_print_is_near_the_print_of_the_still(void **state)
{
    (void)state;
    const struct lk_luma luma = look(40, 60);
    const struct lk_pixels still = {frame, W, H, W, 1, 0};
    struct lk_image_prints prints;
    struct lk_video *v = begin(LK_QUERY, 0);
    size_t n;
    put(v, &luma, 0);
    lk_video_end(v, 0);
    const struct lk_record *r = lk_video_records(v, &n);
    assert_int_equal(n, 1);
    assert_int_equal(lk_image_print(lk_alloc_heap(), &still, LK_FULLRES, &prints, &err), LK_OK);
    assert_in_range(lk_print_distance(&r->print, &prints.turn[0]), 0, 14);
    assert_int_equal(r->front_end, LK_TRIMMED);
    assert_int_equal(r->frame.x, 128);
    assert_int_equal(r->frame.y, 72);
    lk_video_free(v);
}

static void registration_has_a_near_frame_for_any_moment(void **state)
{
    (void)state;
    struct lk_video *registered = begin(LK_REGISTRATION, 0), *query = begin(LK_QUERY, 0);
    size_t n;
    pan(registered, 0, 6000);
    lk_video_end(registered, 0);
    check_sequence(registered);
    pan(query, 1500, 4500);
    lk_video_end(query, 0);
    check_sequence(query);
    const struct lk_record *r = lk_video_records(query, &n);
    assert_in_range(n, 7, 12);
    for (size_t i = 0; i < n; i++) {
        int64_t at;
        assert_in_range(nearest(registered, &r[i].print, &at), 0, 48);
        assert_in_range(at - r[i].time_ms + 500, 0, 1000);
    }
    lk_video_free(registered);
    lk_video_free(query);
}

/* Any moment of the video lies near a frame that was kept, so that a still of it is found. */
static void a_still_of_any_moment_is_near(void **state)
{
    (void)state;
    struct lk_video *registered = begin(LK_REGISTRATION, 0);
    unsigned n_near = 0, n = 0;
    pan(registered, 0, 8000);
    lk_video_end(registered, 8000);
    for (int t = 150; t < 8000; t += 410, n++) {
        const struct lk_luma luma = look((unsigned)(t / 20) % (SCENE_W - W), 100);
        const struct lk_pixels px = {luma.data, W, H, W, 1, 0};
        struct lk_image_prints still;
        int64_t at;
        assert_int_equal(lk_image_print(lk_alloc_heap(), &px, LK_FULLRES, &still, &err), LK_OK);
        n_near += nearest(registered, &still.turn[LK_TURN_0], &at) <= LK_NEAR_RADIUS;
    }
    assert_in_range(n_near, n - 1, n);
    lk_video_free(registered);
}

static void a_still_video_is_kept_once(void **state)
{
    (void)state;
    struct lk_video *v = begin(LK_REGISTRATION, 0);
    const struct lk_luma luma = look(0, 0);
    size_t n;
    for (int t = 0; t < 20000; t += 40)
        put(v, &luma, t);
    lk_video_end(v, 20000);
    (void)lk_video_records(v, &n);
    assert_int_equal(lk_video_report(v).n_kept, 1);
    assert_in_range(n, 4, 5); /* what looks like a border is cut: then also with it */
    assert_true(lk_video_report(v).is_static);
    assert_int_equal(lk_video_report(v).duration_ms, 20000);
    lk_video_free(v);
}

static void flat_borders_of_any_grey_are_cut_away(void **state)
{
    (void)state;
    static const uint8_t greys[] = {0, 128, 250};
    const struct lk_luma bare = look(100, 80);
    struct lk_video *plain = begin(LK_QUERY, 0);
    size_t n;
    put(plain, &bare, 0);
    lk_video_end(plain, 0);
    const struct lk_print wanted = lk_video_records(plain, &n)->print;
    for (size_t g = 0; g < sizeof greys; g++) {
        static uint8_t framed[(W + 200) * (H + 300)];
        memset(framed, greys[g], sizeof framed);
        for (size_t y = 0; y < H; y++)
            memcpy(framed + (y + 90) * (W + 200) + 120, frame + y * W, W);
        const struct lk_luma luma = {framed, W + 200, H + 300, W + 200, 0};
        struct lk_video *v = begin(LK_QUERY, 0);
        for (int t = 0; t < 2000; t += 500)
            put(v, &luma, t);
        lk_video_end(v, 0);
        int64_t at;
        assert_in_range(nearest(v, &wanted, &at), 0, 24);
        (void)lk_video_records(v, &n);
        assert_int_equal(n, 8); /* also as they stand */
        lk_video_free(v);
    }
    lk_video_free(plain);
}

static void orientation_is_applied(void **state)
{
    (void)state;
    static uint8_t turned[W * H];
    const struct lk_luma upright = look(50, 50);
    for (size_t y = 0; y < H; y++) /* stored a quarter to the left: orientation 6 turns it back */
        for (size_t x = 0; x < W; x++)
            turned[(W - 1 - x) * H + y] = frame[y * W + x];
    const struct lk_luma luma = {turned, H, W, H, 6};
    struct lk_video *a = begin(LK_QUERY, 0), *b = begin(LK_QUERY, 0);
    size_t n;
    put(a, &upright, 0);
    put(b, &luma, 0);
    lk_video_end(a, 0);
    lk_video_end(b, 0);
    const struct lk_record *x = lk_video_records(a, &n), *y = lk_video_records(b, &n);
    assert_memory_equal(&x->print, &y->print, sizeof x->print);
    assert_memory_equal(&x->frame, &y->frame, sizeof x->frame);
    lk_video_free(a);
    lk_video_free(b);
}

static void a_long_video_is_thinned_evenly(void **state)
{
    (void)state;
    struct lk_video *v = begin(LK_REGISTRATION, 64);
    size_t n;
    pan(v, 0, 30000);
    lk_video_end(v, 0);
    check_sequence(v);
    const struct lk_record *r = lk_video_records(v, &n);
    assert_in_range(n, 20, 64);
    assert_in_range(r[0].time_ms, 0, 100);
    assert_true(r[n - 1].time_ms - r[0].time_ms > 4000);
    lk_video_free(v);
}

static void flat_frames_say_nothing_and_are_refused(void **state)
{
    (void)state;
    struct lk_video *v = begin(LK_REGISTRATION, 0);
    size_t n;
    memset(frame, 17, sizeof frame);
    const struct lk_luma luma = {frame, W, H, W, 0};
    for (int t = 0; t < 3000; t += 100)
        put(v, &luma, t);
    lk_video_end(v, 0);
    const struct lk_video_report report = lk_video_report(v);
    (void)lk_video_records(v, &n);
    assert_int_equal(n, 0);
    assert_int_equal(lk_video_refusal(&report, &err), LK_INVALID);
    assert_non_null(strstr(err.text, "flat"));
    lk_video_free(v);
}

static void frames_before_the_beginning_and_out_of_order_are_passed_over(void **state)
{
    (void)state;
    struct lk_video *v = begin(LK_QUERY, 0);
    const struct lk_luma luma = look(0, 0);
    put(v, &luma, -40);
    put(v, &luma, 1000);
    put(v, &luma, 900);
    assert_false(lk_video_wants(v, 1001000));
    lk_video_end(v, 0);
    assert_int_equal(lk_video_report(v).n_used, 1);
    assert_int_equal(lk_video_report(v).n_frames, 3);
    lk_video_free(v);
}

static void bad_frames_are_refused_with_the_reason(void **state)
{
    (void)state;
    const struct lk_luma bad[] = {{frame, 0, 10, 10, 0},
                                  {frame, 10, 10, 9, 0},
                                  {frame, 10, 10, 10, 9},
                                  {frame, 70000, 1, 70000, 0}};
    struct lk_video *v = begin(LK_QUERY, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(lk_video_put(v, &bad[i], 0, &err), LK_INVALID);
    lk_video_free(v);
}

static void without_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    const struct lk_luma luma = look(10, 10);
    enum lk_status status = LK_NOMEM;
    for (unsigned n = 0; status != LK_OK; n++) {
        struct stingy stingy = {.left = n};
        const struct lk_alloc alloc = {&stingy, stingy_alloc, stingy_resize, stingy_free};
        const struct lk_video_options options = {.purpose = LK_REGISTRATION};
        struct lk_video *v = NULL;
        assert_in_range(n, 0, 50);
        status = lk_video_new(&alloc, &options, &v, &err);
        if (status == LK_OK)
            status = lk_video_put(v, &luma, 0, &err);
        lk_video_free(v);
        assert_int_equal(stingy.n_out, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frames_print_is_near_the_print_of_the_still),
        cmocka_unit_test(registration_has_a_near_frame_for_any_moment),
        cmocka_unit_test(a_still_of_any_moment_is_near),
        cmocka_unit_test(a_still_video_is_kept_once),
        cmocka_unit_test(flat_borders_of_any_grey_are_cut_away),
        cmocka_unit_test(orientation_is_applied),
        cmocka_unit_test(a_long_video_is_thinned_evenly),
        cmocka_unit_test(flat_frames_say_nothing_and_are_refused),
        cmocka_unit_test(frames_before_the_beginning_and_out_of_order_are_passed_over),
        cmocka_unit_test(bad_frames_are_refused_with_the_reason),
        cmocka_unit_test(without_memory_it_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
