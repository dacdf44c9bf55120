/* All the prints of a picture: how many and which, in small steps or at once, of the whole or a
 * part, and what little or bad pictures give. */
#include "../cmocka_all.h"
#include "../scene.h"
#include "../stingy_alloc.h"

#include <likeness/fingerprint.h>
#include <likeness/match.h>
#include <stdlib.h>
#include <string.h>

enum { W = 500, H = 375 };
static uint8_t luma[W * H];
static int grey[W * H];
static struct lk_error err;

struct made {
    struct lk_image_prints whole;
    struct lk_record records[LK_MAX_IMAGE_RECORDS];
    size_t n;
};

static struct lk_pixels scene(uint64_t seed)
{
    scene_draw(seed, W, H, grey, luma);
    return (struct lk_pixels){luma, W, H, W, 1, 0};
}

static struct made *make(const struct lk_pixels *px, unsigned purpose, struct lk_rect part)
{
    const struct lk_fingerprint_options options = {(uint8_t)purpose, LK_FULLRES, part};
    struct made *m = calloc(1, sizeof *m);
    assert_non_null(m);
    assert_int_equal(
        lk_image_fingerprint(lk_alloc_heap(), px, &options, &m->whole, m->records, &m->n, &err),
        LK_OK);
    const struct lk_sequence seq = {.medium = LK_IMAGE, .records = m->records, .n_records = m->n};
    assert_int_equal(lk_sequence_check(&seq, &err), LK_OK);
    return m;
}

static size_t count(const struct made *m, unsigned kind)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += m->records[i].kind == kind;
    return n;
}

static struct lk_verdict judge(const struct made *query, const struct made *entry)
{
    struct lk_evidence *evidence = malloc(query->n * entry->n * sizeof *evidence);
    const struct lk_match_terms terms = {1000, query->records[0].frame, entry->records[0].frame};
    size_t n = 0;
    for (size_t i = 0; i < query->n; i++)
        for (size_t k = 0; k < entry->n; k++) {
            const struct lk_record *q = &query->records[i], *e = &entry->records[k];
            bool judged;
            const unsigned d = lk_print_distance(&q->print, &e->print);
            if (q->kind == e->kind && d <= lk_match_radius(q->kind, &judged))
                evidence[n++] = (struct lk_evidence){q, e, (uint16_t)d};
        }
    const struct lk_verdict v = lk_match_judge(evidence, n, &terms);
    free(evidence);
    return v;
}

static const struct lk_rect all = {0};

/* Records have room between their members. */
static void assert_same_records(const struct lk_record *records, const struct made *m)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct lk_record *a = &records[i], *b = &m->records[i];
        assert_memory_equal(&a->print, &b->print, sizeof a->print);
        assert_memory_equal(&a->frame, &b->frame, sizeof a->frame);
        assert_true(a->time_ms == b->time_ms && a->kind == b->kind);
        assert_true(a->front_end == b->front_end && a->quality == b->quality);
    }
}

static void registration_has_turns_crops_and_six_forms_of_each_anchor(void **state)
{
    (void)state;
    const struct lk_pixels px = scene(1);
    struct made *m = make(&px, LK_REGISTRATION, all);
    const size_t n_whole = count(m, LK_WHOLE), n_anchors = count(m, LK_ANCHOR);
    assert_in_range(n_whole, 8 + 2 * 6, 8 + 2 * 9); /* some shapes are the picture's own */
    assert_int_equal(n_anchors % 6, 0);
    assert_in_range(n_anchors, 6 * 40, 6 * 64);
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(m->records[i].frame.turn, i);
        assert_memory_equal(&m->records[i].print, &m->whole.turn[i], sizeof(struct lk_print));
    }
    static const uint8_t forms[6] = {0,
                                     LK_FLIP_Y,
                                     LK_SMALL_TURN_LEFT << LK_SMALL_TURN_SHIFT,
                                     LK_SMALL_TURN_LEFT << LK_SMALL_TURN_SHIFT | LK_FLIP_Y,
                                     LK_SMALL_TURN_RIGHT << LK_SMALL_TURN_SHIFT,
                                     LK_SMALL_TURN_RIGHT << LK_SMALL_TURN_SHIFT | LK_FLIP_Y};
    for (size_t i = 0; i < n_anchors; i++) {
        const struct lk_record *r = &m->records[n_whole + i], *first = r - i % 6;
        assert_int_equal(r->kind, LK_ANCHOR);
        assert_int_equal(r->frame.turn, forms[i % 6]);
        assert_true(r->frame.x == first->frame.x && r->frame.size == first->frame.size);
    }
    free(m);
}

static void a_query_asks_the_strongest_in_other_forms_too(void **state)
{
    (void)state;
    const struct lk_pixels px = scene(1);
    struct made *m = make(&px, LK_QUERY, all);
    size_t as_is = 0, turned = 0, inverted = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (m->records[i].kind != LK_ANCHOR)
            continue;
        as_is += m->records[i].frame.turn == 0;
        turned += m->records[i].frame.turn >= LK_TURN_90 && m->records[i].frame.turn <= LK_TURN_270;
        inverted += m->records[i].frame.turn == LK_INVERTED;
    }
    assert_in_range(as_is, 60, 96);
    assert_in_range(inverted, 6, 18);
    assert_int_equal(turned, 3 * inverted);
    assert_int_equal(count(m, LK_WHOLE), 2); /* as it is, and inverted: nothing lies inside */
    assert_int_equal(m->records[1].frame.turn, LK_INVERTED);
    for (int i = 0; i < 4; i++)
        assert_true(m->records[1].print.w[i] == ~m->records[0].print.w[i]);
    free(m);
}

static void the_order_of_anchors_says_neither_place_nor_strength(void **state)
{
    (void)state;
    const struct lk_pixels px = scene(2);
    struct made *m = make(&px, LK_REGISTRATION, all);
    const size_t first = count(m, LK_WHOLE);
    size_t n_up[3] = {0}, n_down[3] = {0};
    for (size_t i = first + 6; i < m->n; i += 6) {
        const struct lk_record *a = &m->records[i - 6], *b = &m->records[i];
        const int change[3] = {b->frame.size - a->frame.size, b->frame.x - a->frame.x,
                               b->quality - a->quality};
        for (int k = 0; k < 3; k++) {
            n_up[k] += change[k] > 0;
            n_down[k] += change[k] < 0;
        }
    }
    for (int k = 0; k < 3; k++)
        assert_in_range(n_up[k] * 100 / (n_up[k] + n_down[k]), 33, 67);
    free(m);
}

static void steps_rise_to_a_hundred_and_make_what_one_call_makes(void **state)
{
    (void)state;
    const struct lk_pixels px = scene(3);
    for (unsigned purpose = LK_REGISTRATION; purpose <= LK_QUERY; purpose++) {
        struct made *m = make(&px, purpose, all);
        struct lk_fingerprint *f;
        const struct lk_fingerprint_options options = {(uint8_t)purpose, LK_FULLRES, all};
        assert_int_equal(lk_fingerprint_new(lk_alloc_heap(), &px, &options, &f, &err), LK_OK);
        assert_memory_equal(lk_fingerprint_whole(f), &m->whole, sizeof m->whole);
        unsigned percent = 0, before = 0, n_steps = 0;
        for (; percent < 100; n_steps++, before = percent) {
            assert_int_equal(lk_fingerprint_step(f, &percent, &err), LK_OK);
            assert_in_range(percent, before, 100);
            assert_true(n_steps < 1000);
        }
        assert_true(n_steps > 20);
        size_t n;
        const struct lk_record *records = lk_fingerprint_records(f, &n);
        assert_int_equal(n, m->n);
        assert_same_records(records, m);
        assert_int_equal(lk_fingerprint_step(f, &percent, &err),
                         LK_OK); /* once more does nothing */
        assert_int_equal(percent, 100);
        (void)lk_fingerprint_records(f, &n);
        assert_int_equal(n, m->n);
        lk_fingerprint_free(f);
        free(m);
    }
}

static void a_part_is_registered_instead_of_the_picture(void **state)
{
    (void)state;
    const struct lk_pixels px = scene(4);
    const struct lk_rect small = {100, 80, 250, 180}, large = {20, 10, 450, 350};
    const struct lk_pixels cut = {
        luma + (size_t)small.y * W + small.x, small.width, small.height, W, 1, 0};
    struct made *m = make(&px, LK_REGISTRATION, small), *of_cut = make(&cut, LK_REGISTRATION, all);
    assert_int_equal(m->n, of_cut->n);
    assert_same_records(m->records, of_cut);
    free(m);
    free(of_cut);
    /* what is around most of it may come back with it */
    m = make(&px, LK_REGISTRATION, large);
    struct made *query = make(&px, LK_QUERY, all);
    bool whole_is_there = false;
    for (size_t i = 0; i < m->n; i++)
        whole_is_there |=
            memcmp(&m->records[i].print, &query->records[0].print, sizeof(struct lk_print)) == 0;
    assert_true(whole_is_there);
    assert_int_equal(judge(query, m).grade, LK_EXACT);
    free(m);
    free(query);
}

static void a_part_outside_of_the_picture_is_refused(void **state)
{
    (void)state;
    const struct lk_pixels px = scene(1);
    static const struct lk_rect bad[] = {
        {0, 0, W + 1, H},      {0, 0, W, H + 1},      {W, 0, 1, 1},
        {0, 0, 0, 5},          {10, 10, 5, 0},        {1, 0, W, H},
        {UINT32_MAX, 0, 2, 2}, {0, UINT32_MAX, 2, 2}, {5, 5, UINT32_MAX, UINT32_MAX}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct lk_fingerprint_options options = {LK_REGISTRATION, LK_FULLRES, bad[i]};
        struct lk_fingerprint *f = NULL;
        assert_int_equal(lk_fingerprint_new(lk_alloc_heap(), &px, &options, &f, &err), LK_INVALID);
        assert_non_null(strstr(err.text, "is not inside 500 x 375 pixels"));
    }
    const struct lk_fingerprint_options nothing = {0, LK_FULLRES, all};
    struct lk_fingerprint *f = NULL;
    assert_int_equal(lk_fingerprint_new(lk_alloc_heap(), &px, &nothing, &f, &err), LK_INVALID);
    assert_string_equal(err.text, "purpose 0 is not known");
}

/* Copies of a picture, from its own pixels. */
static void crop(uint8_t *out, uint32_t x, uint32_t y, uint32_t w, uint32_t h)
{
    for (uint32_t i = 0; i < h; i++)
        memcpy(out + (size_t)i * w, luma + (size_t)(y + i) * W + x, w);
}

static void check_copy(const struct made *entry, const uint8_t *copy, uint32_t w, uint32_t h,
                       unsigned turn)
{
    const struct lk_pixels px = {copy, w, h, w, 1, 0};
    struct made *query = make(&px, LK_QUERY, all);
    const struct lk_verdict v = judge(query, entry);
    assert_in_range(v.grade, LK_EXACT, LK_PARTIAL);
    assert_int_equal(v.turn, turn);
    free(query);
}

static void cropped_mirrored_turned_and_inverted_copies_are_met(void **state)
{
    (void)state;
    enum { CW = 350, CH = 260 };
    static uint8_t part[CW * CH], copy[CW * CH];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const struct lk_pixels px = scene(seed);
        struct made *entry = make(&px, LK_REGISTRATION, all);
        crop(part, 90, 60, CW, CH);
        check_copy(entry, part, CW, CH, LK_TURN_0);
        for (int i = 0; i < CW * CH; i++)
            copy[i] = (uint8_t)(255 - part[i]);
        check_copy(entry, copy, CW, CH, LK_TURN_0);
        for (int y = 0; y < CH; y++)
            for (int x = 0; x < CW; x++)
                copy[y * CW + CW - 1 - x] = part[y * CW + x];
        check_copy(entry, copy, CW, CH, LK_FLIP_Y);
        for (int y = 0; y < CH; y++)
            for (int x = 0; x < CW; x++)
                copy[(CW - 1 - x) * CH + y] = part[y * CW + x];
        check_copy(entry, copy, CH, CW, LK_TURN_90);
        for (int y = 0; y < CH; y++)
            for (int x = 0; x < CW; x++)
                copy[x * CH + CH - 1 - y] = part[y * CW + x];
        check_copy(entry, copy, CH, CW, LK_TURN_270);
        for (int i = 0; i < CW * CH; i++)
            copy[CW * CH - 1 - i] = part[i];
        check_copy(entry, copy, CW, CH, LK_TURN_180);
        free(entry);
    }
}

static void other_pictures_are_not_met(void **state)
{
    (void)state;
    struct made *m[6];
    for (uint64_t i = 0; i < 6; i++) {
        const struct lk_pixels px = scene(10 + i);
        m[i] = make(&px, i % 2 ? LK_QUERY : LK_REGISTRATION, all);
    }
    for (int q = 1; q < 6; q += 2)
        for (int e = 0; e < 6; e += 2)
            assert_int_equal(judge(m[q], m[e]).grade, 0);
    for (int i = 0; i < 6; i++)
        free(m[i]);
}

static void whatever_the_shape_there_is_an_answer(void **state)
{
    (void)state;
    static const uint16_t shapes[][2] = {{1, 1},    {1, 500},  {500, 1},   {5, 5},    {12, 11},
                                         {11, 400}, {159, 90}, {160, 12},  {161, 11}, {64, 64},
                                         {384, 12}, {2, 500},  {500, 300}, {500, 30}};
    (void)scene(5);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (unsigned purpose = LK_REGISTRATION; purpose <= LK_QUERY; purpose++) {
            const struct lk_pixels px = {
                luma, shapes[i][0], shapes[i][1] <= H ? shapes[i][1] : H, W, 1, 0};
            struct made *m = make(&px, purpose, all);
            assert_true(count(m, LK_WHOLE) >= 1);
            if (px.width < 160 && px.height < 160)
                assert_int_equal(count(m, LK_ANCHOR), 0);
            free(m);
        }
}

static void a_flat_picture_has_no_anchors(void **state)
{
    (void)state;
    memset(luma, 93, sizeof luma);
    const struct lk_pixels px = {luma, W, H, W, 1, 0};
    for (unsigned purpose = LK_REGISTRATION; purpose <= LK_QUERY; purpose++) {
        struct made *m = make(&px, purpose, all);
        assert_int_equal(count(m, LK_ANCHOR), 0);
        assert_int_not_equal(lk_image_refusal(&m->whole, &err), LK_OK);
        free(m);
    }
}

/* One thing across times one thing down, as edges, bars and grids are: their prints are few, and
 * shared by pictures that have nothing to do with one another. */
static void a_picture_that_is_a_product_is_for_review_and_its_parts_have_no_prints(void **state)
{
    (void)state;
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            const int across = x < 70 || x >= 250 ? 40 : 230, down = y < 50 || y >= 170 ? 60 : 255;
            luma[y * W + x] = (uint8_t)(across * down / 255);
        }
    const struct lk_pixels px = {luma, W, H, W, 1, 0};
    for (unsigned purpose = LK_REGISTRATION; purpose <= LK_QUERY; purpose++) {
        struct made *m = make(&px, purpose, all);
        assert_in_range(lk_print_odd_squares(&m->whole.turn[LK_TURN_0]), 0, 47);
        assert_in_range(m->whole.quality, LK_MIN_QUALITY, 100);
        assert_int_equal(count(m, LK_WHOLE), purpose == LK_REGISTRATION ? LK_N_TURNS : 2);
        assert_in_range(m->records[0].quality, 0, LK_MIN_QUALITY - 1);
        free(m);
    }
}

/* Dots and bricks look alike in whatever picture they are. */
static void a_pattern_that_repeats_has_no_anchors(void **state)
{
    (void)state;
    const struct lk_pixels px = {luma, W, H, W, 1, 0};
    for (int pattern = 0; pattern < 2; pattern++) {
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) {
                const int dx = x % 26 - 13, dy = y % 26 - 13;
                const bool dot = dx * dx + dy * dy < 70;
                const bool joint = y % 22 < 3 || (x + y / 22 % 2 * 22) % 44 < 3;
                luma[y * W + x] = (pattern == 0 ? dot : joint) ? 180 : 60;
            }
        struct made *m = make(&px, LK_REGISTRATION, all), *q = make(&px, LK_QUERY, all);
        assert_in_range(count(m, LK_ANCHOR), 0, 6 * 16);
        assert_in_range(count(q, LK_ANCHOR), 0, 40);
        free(m);
        free(q);
    }
}

static void without_memory_nothing_is_left_behind(void **state)
{
    (void)state;
    const struct lk_pixels px = scene(6);
    for (unsigned purpose = LK_REGISTRATION; purpose <= LK_QUERY; purpose++) {
        const struct lk_fingerprint_options options = {(uint8_t)purpose, LK_FULLRES, all};
        static struct lk_record records[LK_MAX_IMAGE_RECORDS];
        enum lk_status status = LK_NOMEM;
        size_t left = 0;
        for (; status != LK_OK; left++) {
            struct stingy stingy = {.left = left};
            const struct lk_alloc alloc = {&stingy, stingy_alloc, stingy_resize, stingy_free};
            struct lk_image_prints whole;
            size_t n;
            status = lk_image_fingerprint(&alloc, &px, &options, &whole, records, &n, &err);
            assert_true(status == LK_OK || status == LK_NOMEM);
            assert_int_equal(stingy.n_out, 0);
        }
        assert_true(left > 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registration_has_turns_crops_and_six_forms_of_each_anchor),
        cmocka_unit_test(a_query_asks_the_strongest_in_other_forms_too),
        cmocka_unit_test(the_order_of_anchors_says_neither_place_nor_strength),
        cmocka_unit_test(steps_rise_to_a_hundred_and_make_what_one_call_makes),
        cmocka_unit_test(a_part_is_registered_instead_of_the_picture),
        cmocka_unit_test(a_part_outside_of_the_picture_is_refused),
        cmocka_unit_test(cropped_mirrored_turned_and_inverted_copies_are_met),
        cmocka_unit_test(other_pictures_are_not_met),
        cmocka_unit_test(whatever_the_shape_there_is_an_answer),
        cmocka_unit_test(a_flat_picture_has_no_anchors),
        cmocka_unit_test(a_picture_that_is_a_product_is_for_review_and_its_parts_have_no_prints),
        cmocka_unit_test(a_pattern_that_repeats_has_no_anchors),
        cmocka_unit_test(without_memory_nothing_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
