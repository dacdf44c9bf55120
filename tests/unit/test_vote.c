/* Anchors that agree on one place: found whatever the scale, turn, shift and mirror; chance pairs
 * do not agree; nothing is counted twice. */
#include "../cmocka_all.h"
#include "../scene.h"
#include "core/match/vote.h"

#include <likeness/image.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX = 600 };

/* Evidence, and the records it points at. */
struct bench {
    struct lk_record query[MAX], entry[MAX];
    struct lk_evidence evidence[MAX];
    size_t n;
    uint64_t random;
};

static const struct lk_match_terms few = {
    .n_items = 100, .query_whole = {128, 96, 255, 0}, .entry_whole = {128, 96, 255, 0}};

static uint8_t rounded(double v)
{
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static void add(struct bench *b, struct lk_frame query, struct lk_frame entry, unsigned dist_bits)
{
    assert_true(b->n < MAX);
    b->query[b->n] = (struct lk_record){.frame = query, .kind = LK_ANCHOR, .quality = 50};
    b->entry[b->n] = (struct lk_record){.frame = entry, .kind = LK_ANCHOR, .quality = 50};
    b->evidence[b->n] = (struct lk_evidence){&b->query[b->n], &b->entry[b->n], (uint16_t)dist_bits};
    b->n++;
}

/* How a copy came about: the entry's picture turned by `degrees` clockwise, scaled and shifted; its
 * width is 256, its height 192. */
struct copying {
    double scale, degrees, dx, dy;
    bool mirrored;
};

static unsigned form_of(const struct copying *c)
{
    /* the form sampled anticlockwise shows the picture turned clockwise; a mirror turns that over
     */
    const bool clockwise = c->mirrored ? c->degrees < -5 : c->degrees > 5;
    const bool against = c->mirrored ? c->degrees > 5 : c->degrees < -5;
    const unsigned small = clockwise ? LK_SMALL_TURN_LEFT
                           : against ? LK_SMALL_TURN_RIGHT
                                     : LK_SMALL_TURN_NONE;
    return small << LK_SMALL_TURN_SHIFT | (c->mirrored ? LK_FLIP_Y : LK_TURN_0);
}

/* Adds one anchor of the entry and where it lies in the copy, if it does. */
static bool add_copied(struct bench *b, const struct copying *c, double x, double y, unsigned size)
{
    const double turn = c->degrees * M_PI / 180;
    const double ex = c->mirrored ? 256 - x : x;
    const double qx = c->scale * (cos(turn) * ex - sin(turn) * y) + c->dx;
    const double qy = c->scale * (sin(turn) * ex + cos(turn) * y) + c->dy;
    const double q_size = size + 40 * log2(c->scale);
    if (qx < 0 || qy < 0 || qx >= 256 || qy >= 192 || q_size < 0 || q_size > 254)
        return false;
    add(b, (struct lk_frame){rounded(qx), rounded(qy), (uint8_t)(q_size + 0.5), 0},
        (struct lk_frame){rounded(x), rounded(y), (uint8_t)size, (uint8_t)form_of(c)},
        10 + scene_below(&b->random, 30));
    return true;
}

static unsigned add_copy(struct bench *b, const struct copying *c, unsigned n)
{
    unsigned n_added = 0;
    for (int tries = 0; n_added < n && tries < 1000; tries++)
        n_added += add_copied(b, c, 8 + scene_below(&b->random, 240),
                              8 + scene_below(&b->random, 176), 120 + scene_below(&b->random, 90));
    return n_added;
}

static void add_noise(struct bench *b, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct lk_frame f[2];
        for (int k = 0; k < 2; k++)
            f[k] = (struct lk_frame){(uint8_t)scene_below(&b->random, 256),
                                     (uint8_t)scene_below(&b->random, 192),
                                     (uint8_t)(110 + scene_below(&b->random, 110)), 0};
        f[1].turn = (uint8_t)(scene_below(&b->random, 3) << LK_SMALL_TURN_SHIFT |
                              (scene_below(&b->random, 2) ? LK_FLIP_Y : LK_TURN_0));
        add(b, f[0], f[1], 25 + scene_below(&b->random, 15));
    }
}

static struct bench *new_bench(uint64_t seed)
{
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->random = seed * 0x9e3779b97f4a7c15u + 1;
    return b;
}

static const struct copying copies[] = {
    {1, 0, 0, 0, false},      {0.5, 0, 60, 30, false}, {0.4, 0, 140, 100, false},
    {2, 0, -100, -80, false}, {1.5, 0, -60, 10, true}, {1, 0, 0, 0, true},
    {1, 10, 30, -20, false},  {0.9, -9, 0, 40, false}, {1.1, 8, 20, -30, true},
    {0.7, -11, 20, 60, true}, {1, 5, 10, -10, false},  {0.25, 0, 100, 20, false},
};
enum { N_COPIES = sizeof copies / sizeof *copies };

static void a_copy_is_placed_wherever_it_lies(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_COPIES; i++) {
        const struct copying *c = &copies[i];
        struct bench *b = new_bench(i + 1);
        const unsigned n = add_copy(b, c, 12);
        add_noise(b, 30);
        struct vote_result r;
        vote_count(b->evidence, b->n, &few, &r);
        assert_true(n >= 10 && r.n_votes >= n / 2);
        assert_int_equal(r.place.mirrored, c->mirrored);
        for (int corner = 0; corner < 4;
             corner++) { /* of the part of the entry that anchors lie in */
            const double x = corner % 2 ? 200 : 50, y = corner / 2 ? 150 : 40;
            const double ex = c->mirrored ? 256 - x : x, turn = c->degrees * M_PI / 180;
            const double wx = c->scale * (cos(turn) * ex - sin(turn) * y) + c->dx;
            const double wy = c->scale * (sin(turn) * ex + cos(turn) * y) + c->dy;
            const double gx = (double)r.place.a * ex - (double)r.place.b * y + (double)r.place.dx;
            const double gy = (double)r.place.b * ex + (double)r.place.a * y + (double)r.place.dy;
            assert_true(hypot(gx - wx, gy - wy) < 12 * fmax(c->scale, 1));
        }
        free(b);
    }
}

/* The query of a copy that was turned by a quarter besides: its prints say which turn makes them
 * like the entry's. */
static void quarter_turns_and_inverted_tones_are_placed_too(void **state)
{
    (void)state;
    static const unsigned turned_by[] = {LK_TURN_0, LK_TURN_270, LK_TURN_180, LK_TURN_90};
    for (unsigned quarters = 0; quarters < 4; quarters++)
        for (unsigned inverted = 0; inverted < 2; inverted++) {
            struct bench *b = new_bench(quarters + 1);
            add_copy(b, &(struct copying){0.9, 0, 10, 5, false}, 8);
            for (size_t i = 0; i < b->n; i++) {
                struct lk_frame *f = &b->query[i].frame;
                for (unsigned k = 0; k < quarters; k++) /* clockwise, within 256 x 256 */
                    *f = (struct lk_frame){(uint8_t)(255 - f->y), f->x, f->size, 0};
                f->turn = (uint8_t)(quarters | inverted * LK_INVERTED);
            }
            const size_t n = b->n;
            add(b, (struct lk_frame){30, 40, 150, 0}, (struct lk_frame){90, 20, 150, 0}, 20);
            struct lk_match_terms terms = few;
            terms.query_whole = (struct lk_frame){128, 128, 255, 0};
            const struct lk_verdict v = lk_match_judge(b->evidence, b->n, &terms);
            assert_int_equal(v.grade, LK_PARTIAL);
            assert_in_range(v.n_votes, n / 2, n);
            assert_int_equal(v.turn, turned_by[quarters]);
            for (size_t i = 0; i < n / 2; i++) /* what says otherwise is no vote */
                b->query[i].frame.turn ^= LK_INVERTED;
            assert_true(lk_match_judge(b->evidence, b->n, &terms).n_votes <= n - n / 2);
            free(b);
        }
}

static void chance_pairs_do_not_agree(void **state)
{
    (void)state;
    unsigned votes[MAX] = {0};
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct bench *b = new_bench(seed);
        add_noise(b, 12);
        struct vote_result r;
        vote_count(b->evidence, b->n, &few, &r);
        votes[r.n_votes]++;
        free(b);
    }
    unsigned four = 0;
    for (unsigned i = 4; i < MAX; i++)
        four += votes[i];
    assert_true(votes[1] + votes[2] > 270);
    assert_int_equal(four, 0);
}

static void what_lies_in_one_place_counts_once(void **state)
{
    (void)state;
    struct bench *b = new_bench(1);
    for (int i = 0; i < 6; i++) /* blobs of like size, a pixel from one another */
        add(b, (struct lk_frame){(uint8_t)(100 + i % 2), 80, 160, 0},
            (struct lk_frame){(uint8_t)(60 + i % 2), (uint8_t)(50 + i / 3), 160, 0}, 20);
    struct vote_result r;
    vote_count(b->evidence, b->n, &few, &r);
    assert_int_equal(r.n_votes, 1);
    add(b, (struct lk_frame){160, 120, 170, 0}, (struct lk_frame){120, 90, 170, 0}, 20);
    add(b, (struct lk_frame){180, 60, 150, 0}, (struct lk_frame){140, 30, 150, 0}, 20);
    vote_count(b->evidence, b->n, &few, &r);
    assert_int_equal(r.n_votes, 3);
    free(b);
}

static void forms_of_one_anchor_count_once(void **state)
{
    (void)state;
    struct bench *b = new_bench(1);
    for (unsigned small = 0; small < 3; small++)
        add(b, (struct lk_frame){100, 80, 160, 0},
            (struct lk_frame){60, 50, 160, (uint8_t)(small << LK_SMALL_TURN_SHIFT)}, 20);
    struct vote_result r;
    vote_count(b->evidence, b->n, &few, &r);
    assert_int_equal(r.n_votes, 1);
    free(b);
}

static void the_order_of_the_evidence_does_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_COPIES; i++) {
        struct bench *b = new_bench(i + 40);
        add_copy(b, &copies[i], 9);
        add_noise(b, 9);
        for (size_t k = 0; k < b->n; k++)
            b->evidence[k].dist_bits = (uint16_t)(10 + k); /* equal ones are taken as they come */
        struct vote_result before, after;
        vote_count(b->evidence, b->n, &few, &before);
        for (size_t k = b->n - 1; k > 0; k--) {
            const size_t to = scene_below(&b->random, (uint32_t)k + 1);
            const struct lk_evidence held = b->evidence[k];
            b->evidence[k] = b->evidence[to];
            b->evidence[to] = held;
        }
        vote_count(b->evidence, b->n, &few, &after);
        assert_int_equal(before.n_votes, after.n_votes);
        assert_true(before.place.a == after.place.a && before.place.dx == after.place.dx);
        assert_int_equal(before.coverage_percent, after.coverage_percent);
        assert_memory_equal(before.shown, after.shown, before.n_shown * sizeof *before.shown);
        free(b);
    }
}

/* ---- grades ---- */

static struct lk_verdict judge_copy(unsigned n, uint64_t n_items, double spread, unsigned dist_bits)
{
    struct bench *b = new_bench(7);
    struct lk_match_terms terms = few;
    terms.n_items = n_items;
    for (unsigned i = 0; i < n; i++)
        add_copied(b, &(struct copying){0.8, 0, 20, 10, false},
                   128 + spread * ((i % 2) - 0.5) + 3 * i, 96 + spread * ((i / 2 % 2) - 0.5), 130);
    for (size_t i = 0; i < b->n; i++)
        b->evidence[i].dist_bits = (uint16_t)dist_bits;
    const struct lk_verdict v = lk_match_judge(b->evidence, b->n, &terms);
    free(b);
    return v;
}

static void few_votes_are_enough_for_a_review_when_they_are_near(void **state)
{
    (void)state;
    static const struct {
        unsigned n, dist_bits, grade;
    } cases[] = {{1, 0, 0},           {2, 16, LK_REVIEW}, {2, 17, 0},          {3, 17, LK_REVIEW},
                 {3, 20, LK_REVIEW},  {3, 21, 0},         {4, 21, LK_PARTIAL}, {4, 40, LK_PARTIAL},
                 {5, 40, LK_PARTIAL}, {0, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(judge_copy(cases[i].n, 1000, 90, cases[i].dist_bits).grade,
                         cases[i].grade);
    assert_int_equal(judge_copy(2, UINT64_MAX, 90, 16).grade, LK_REVIEW);
}

static void more_votes_are_asked_for_in_a_larger_bank(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 100, 101, 100000, 100001, UINT64_MAX};
    unsigned before = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const unsigned review = lk_match_votes_needed(LK_REVIEW, sizes[i]);
        const unsigned partial = lk_match_votes_needed(LK_PARTIAL, sizes[i]);
        assert_true(review >= before && review >= 4 && partial >= review && partial >= 4);
        assert_int_equal(lk_match_votes_needed(LK_NEAR, sizes[i]), 1);
        before = review;
        for (unsigned n = 0; n <= 7; n++) {
            const struct lk_verdict v = judge_copy(n, sizes[i], 90, 30);
            const unsigned want = n >= partial ? LK_PARTIAL : n >= review ? LK_REVIEW : 0;
            assert_int_equal(v.grade, want);
            if (v.grade != 0) {
                assert_int_equal(v.n_votes, n);
                assert_int_equal(v.n_shown, n);
                assert_true(v.shares_content);
                assert_false(v.two_prints_agree);
            }
        }
    }
}

static void what_spans_little_of_the_entry_is_for_people_to_review(void **state)
{
    (void)state;
    const struct lk_verdict wide = judge_copy(6, 100, 100, 30), tight = judge_copy(6, 100, 14, 30);
    assert_int_equal(wide.grade, LK_PARTIAL);
    assert_in_range(wide.coverage_percent, 20, 60);
    assert_int_equal(tight.grade, LK_REVIEW);
    assert_in_range(tight.coverage_percent, 1, 9);
    assert_true(wide.query_percent > 0 && wide.query_percent < wide.coverage_percent);
}

static void a_whole_print_and_two_anchors_are_two_prints(void **state)
{
    (void)state;
    for (unsigned n = 0; n <= 3; n++) {
        struct bench *b = new_bench(3);
        for (unsigned i = 0; i < n; i++)
            add_copied(b, &copies[0], 60 + 50 * i, 50 + 30 * (i % 2), 150);
        add(b, (struct lk_frame){128, 96, 255, 0}, (struct lk_frame){128, 96, 255, 0}, 20);
        b->query[n].kind = b->entry[n].kind = LK_WHOLE;
        b->query[n].quality = b->entry[n].quality = 100;
        const struct lk_verdict v = lk_match_judge(b->evidence, b->n, &few);
        assert_int_equal(v.grade, LK_NEAR);
        assert_int_equal(v.two_prints_agree, n >= 2);
        assert_int_equal(v.n_shown, n);
        assert_false(v.shares_content);
        free(b);
    }
}

static void no_more_votes_are_shown_than_there_is_room_for(void **state)
{
    (void)state;
    struct bench *b = new_bench(9);
    add_copy(b, &copies[0], 60);
    const struct lk_verdict v = lk_match_judge(b->evidence, b->n, &few);
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_true(v.n_votes > LK_MAX_SHOWN_VOTES);
    assert_int_equal(v.n_shown, LK_MAX_SHOWN_VOTES);
    for (unsigned i = 1; i < v.n_shown; i++)
        assert_true(v.shown[i].dist_bits >= v.shown[i - 1].dist_bits);
    free(b);
}

static void whatever_frames_say_the_verdict_is_a_finite_one(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct bench *b = new_bench(seed);
        const size_t n = scene_below(&b->random, MAX);
        struct lk_match_terms terms = {.n_items = scene_below(&b->random, 5)};
        uint8_t *bytes = (uint8_t *)&terms.query_whole;
        for (size_t i = 0; i < sizeof terms.query_whole; i++)
            bytes[i] = (uint8_t)scene_below(&b->random, 256);
        for (size_t i = 0; i < n; i++) {
            struct lk_frame f[2];
            const uint32_t spread = seed % 3 == 0 ? 2 : 256; /* many on one spot, too */
            for (size_t k = 0; k < sizeof f; k++)
                ((uint8_t *)f)[k] =
                    (uint8_t)(scene_below(&b->random, spread) * (seed % 2 ? 1 : 255));
            add(b, f[0], f[1], scene_below(&b->random, 257));
            b->query[i].kind = (uint8_t)scene_below(&b->random, 5);
            b->entry[i].kind = (uint8_t)scene_below(&b->random, 5);
            b->query[i].quality = b->entry[i].quality = (uint8_t)scene_below(&b->random, 101);
        }
        const struct lk_verdict v = lk_match_judge(b->evidence, n, &terms);
        assert_in_range(v.grade, 0, LK_REVIEW);
        assert_true(isfinite(v.place.a) && isfinite(v.place.b));
        assert_true(isfinite(v.place.dx) && isfinite(v.place.dy));
        assert_in_range(v.coverage_percent, 0, 100);
        assert_in_range(v.query_percent, 0, 100);
        assert_in_range(v.n_shown, 0, LK_MAX_SHOWN_VOTES);
        free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_placed_wherever_it_lies),
        cmocka_unit_test(quarter_turns_and_inverted_tones_are_placed_too),
        cmocka_unit_test(chance_pairs_do_not_agree),
        cmocka_unit_test(what_lies_in_one_place_counts_once),
        cmocka_unit_test(forms_of_one_anchor_count_once),
        cmocka_unit_test(the_order_of_the_evidence_does_not_matter),
        cmocka_unit_test(few_votes_are_enough_for_a_review_when_they_are_near),
        cmocka_unit_test(more_votes_are_asked_for_in_a_larger_bank),
        cmocka_unit_test(what_spans_little_of_the_entry_is_for_people_to_review),
        cmocka_unit_test(a_whole_print_and_two_anchors_are_two_prints),
        cmocka_unit_test(no_more_votes_are_shown_than_there_is_room_for),
        cmocka_unit_test(whatever_frames_say_the_verdict_is_a_finite_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
