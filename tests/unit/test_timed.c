/* Matching what lasts: sequences of prints made up here, copied, shifted, sped up, cut and mixed.
 */
#include "../cmocka_all.h"

#include <likeness/image.h>
#include <likeness/match.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 4000, MAX_EVIDENCE = 200000 };

struct made {
    struct lk_record r[ROOM];
    struct lk_sequence seq;
};

static uint64_t state;

static uint64_t next_u64(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* The print of a moment: what a source shows (or sounds like) in step `step`. */
static struct lk_print moment(unsigned source, unsigned step)
{
    struct lk_print p;
    state = ((uint64_t)source << 32 | step) * 0x9e3779b97f4a7c15u + 77;
    for (int i = 0; i < 8; i++)
        p.w[i % 4] = next_u64();
    return p;
}

static struct lk_print changed(struct lk_print p, unsigned n_bits, unsigned seed)
{
    state = seed * 0x9e3779b97f4a7c15u + 5;
    bool done[256] = {false};
    while (n_bits > 0) {
        const unsigned bit = (unsigned)(next_u64() >> 33) % 256;
        if (done[bit])
            continue;
        done[bit] = true;
        p.w[bit / 64] ^= (uint64_t)1 << bit % 64;
        n_bits--;
    }
    return p;
}

static void begin(struct made *m, unsigned medium, uint32_t duration_ms)
{
    m->seq = (struct lk_sequence){
        .medium = (uint8_t)medium, .duration_ms = duration_ms, .records = m->r};
}

static struct lk_record *put(struct made *m, unsigned kind, int64_t time_ms, struct lk_print print)
{
    assert_in_range(m->seq.n_records, 0, ROOM - 1);
    struct lk_record *r = &m->r[m->seq.n_records++];
    *r = (struct lk_record){.print = print,
                            .time_ms = (uint32_t)time_ms,
                            .frame = {128, 72, 255, 0},
                            .kind = (uint8_t)kind,
                            .front_end = kind == LK_FRAME   ? LK_TRIMMED
                                         : kind == LK_WHOLE ? LK_FULLRES
                                                            : 0,
                            .quality = 80};
    return r;
}

/* Sound is slow: a block at ms lies between the moments of 128 ms before and after it. */
static struct lk_print sound_at(unsigned source, int64_t ms, unsigned noise)
{
    const unsigned step = (unsigned)(ms / 128), into = (unsigned)(ms % 128);
    const struct lk_print a = moment(source, step), b = moment(source, step + 1);
    struct lk_print p;
    for (unsigned i = 0; i < 4; i++) { /* bit k turns over to the next moment at its own time */
        p.w[i] = 0;
        for (unsigned k = 0; k < 64; k++)
            p.w[i] |= ((k * 37 + i * 11) % 128 < into ? b.w[i] : a.w[i]) & (uint64_t)1 << k;
    }
    return changed(p, noise, (unsigned)ms + source);
}

static void put_sound(struct made *m, unsigned source, int64_t from_ms, int64_t to_ms,
                      int64_t shift_ms, int stride_ms, double speed, unsigned noise)
{
    for (int64_t t = from_ms; t + 1024 <= to_ms; t += stride_ms)
        put(m, LK_SOUND, t, sound_at(source, (int64_t)((double)t * speed) + shift_ms, noise));
}

/* A source that shows another picture every 400 ms. */
static void put_frames(struct made *m, unsigned source, int64_t from_ms, int64_t to_ms,
                       int64_t shift_ms, int stride_ms, double speed, unsigned noise)
{
    for (int64_t t = from_ms; t < to_ms; t += stride_ms) {
        const int64_t at = (int64_t)((double)t * speed) + shift_ms;
        put(m, LK_FRAME, t, changed(moment(source, (unsigned)(at / 400)), noise, (unsigned)at));
    }
}

static struct made query, entry;

static struct lk_verdict judge(void)
{
    struct lk_error err;
    struct lk_evidence *evidence = malloc(MAX_EVIDENCE * sizeof *evidence);
    size_t n = 0;
    assert_int_equal(lk_sequence_check(&query.seq, &err), LK_OK);
    assert_int_equal(lk_sequence_check(&entry.seq, &err), LK_OK);
    for (size_t i = 0; i < query.seq.n_records; i++)
        for (size_t k = 0; k < entry.seq.n_records; k++) {
            const struct lk_record *q = &query.r[i], *e = &entry.r[k];
            const unsigned d = lk_print_distance(&q->print, &e->print);
            const bool meet = (q->kind == LK_SOUND) == (e->kind == LK_SOUND);
            if (meet && d <= (q->kind == LK_SOUND ? 60u : 31u) && n < MAX_EVIDENCE)
                evidence[n++] = (struct lk_evidence){q, e, (uint16_t)d};
        }
    const struct lk_verdict v = lk_match_judge_timed(&query.seq, &entry.seq, evidence, n);
    free(evidence);
    return v;
}

static void a_clip_of_a_recording_is_found_where_it_lies(void **s)
{
    (void)s;
    begin(&entry, LK_AUDIO, 30000);
    put_sound(&entry, 1, 0, 30000, 0, 128, 1, 0);
    begin(&query, LK_AUDIO, 5000);
    put_sound(&query, 1, 0, 5000, 12345, 32, 1, 50);
    const struct lk_verdict v = judge();
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_true(v.by_sound && !v.by_picture && v.shares_content);
    assert_in_range(v.from_ms, 12000, 13000);
    assert_in_range(v.to_ms, 16500, 17600);
    assert_in_range(v.query_from_ms, 0, 400);
    assert_in_range(v.query_percent, 85, 100);
    assert_in_range(v.coverage_percent, 12, 20);
    assert_in_range(v.speed_percent, 99, 101);
}

static void a_whole_recording_again_is_near_and_unchanged_exact(void **s)
{
    (void)s;
    begin(&entry, LK_AUDIO, 10000);
    put_sound(&entry, 2, 0, 10000, 0, 128, 1, 0);
    begin(&query, LK_AUDIO, 10000);
    put_sound(&query, 2, 0, 10000, 0, 32, 1, 40);
    assert_int_equal(judge().grade, LK_NEAR);
    begin(&query, LK_AUDIO, 10000);
    put_sound(&query, 2, 0, 10000, 0, 32, 1, 0);
    assert_int_equal(judge().grade, LK_EXACT);
}

static void a_recording_that_plays_faster_is_found(void **s)
{
    (void)s;
    static const double speeds[] = {0.95, 0.963, 1.05};
    begin(&entry, LK_AUDIO, 30000);
    put_sound(&entry, 3, 0, 30000, 0, 128, 1, 0);
    for (size_t i = 0; i < 3; i++) {
        begin(&query, LK_AUDIO, 12000);
        put_sound(&query, 3, 0, 12000, 7000, 32, speeds[i], 40);
        const struct lk_verdict v = judge();
        assert_int_equal(v.grade, LK_PARTIAL);
        assert_in_range(v.speed_percent, (unsigned)(speeds[i] * 100 - 1),
                        (unsigned)(speeds[i] * 100 + 1.5));
        assert_in_range(v.query_percent, 80, 100);
    }
}

static void a_clip_spliced_into_other_sound_is_found(void **s)
{
    (void)s;
    begin(&entry, LK_AUDIO, 20000);
    put_sound(&entry, 4, 0, 20000, 0, 128, 1, 0);
    begin(&query, LK_AUDIO, 60000);
    put_sound(&query, 5, 0, 30000, 0, 32, 1, 0);
    put_sound(&query, 4, 30016, 36000, -25000, 32, 1, 40);
    put_sound(&query, 6, 36000, 60000, 0, 32, 1, 0);
    const struct lk_verdict v = judge();
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_in_range(v.query_from_ms, 29800, 30600);
    assert_in_range(v.query_to_ms, 35000, 36900);
}

static void other_sound_and_single_blocks_are_nothing(void **s)
{
    (void)s;
    begin(&entry, LK_AUDIO, 30000);
    put_sound(&entry, 7, 0, 30000, 0, 128, 1, 0);
    begin(&query, LK_AUDIO, 20000);
    put_sound(&query, 8, 0, 20000, 0, 32, 1, 0);
    assert_int_equal(judge().grade, 0);
    query.r[100].print = entry.r[60].print;
    assert_int_equal(judge().grade, 0);
}

static void a_clip_of_a_video_is_found_where_it_lies(void **s)
{
    (void)s;
    begin(&entry, LK_VIDEO, 60000);
    put_frames(&entry, 11, 0, 60000, 0, 400, 1, 0);
    begin(&query, LK_VIDEO, 8000);
    put_frames(&query, 11, 0, 8000, 20000, 1000, 1, 24);
    const struct lk_verdict v = judge();
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_true(v.by_picture && !v.by_sound);
    assert_in_range(v.from_ms, 19500, 20500);
    assert_in_range(v.to_ms, 26500, 28000);
    assert_in_range(v.n_votes, 7, 8);
}

static void most_of_a_video_is_near_also_mirrored_or_faster(void **s)
{
    (void)s;
    static const double speeds[] = {1, 1.25, 0.8};
    for (size_t i = 0; i < 3; i++) {
        begin(&entry, LK_VIDEO, 10000);
        put_frames(&entry, 12, 0, 10000, 0, 400, 1, 0);
        for (size_t k = 0; k < entry.seq.n_records; k++)
            entry.r[k].frame.turn = i == 0 ? LK_FLIP_Y : LK_TURN_0;
        const int64_t lasts_ms = (int64_t)(10000 / speeds[i]);
        begin(&query, LK_VIDEO, (uint32_t)lasts_ms);
        put_frames(&query, 12, 0, lasts_ms, 0, 500, speeds[i], 20);
        const struct lk_verdict v = judge();
        assert_int_equal(v.grade, LK_NEAR);
        assert_in_range(v.speed_percent, (unsigned)(speeds[i] * 100) - 3,
                        (unsigned)(speeds[i] * 100) + 3);
        assert_int_equal(v.turn, i == 0 ? LK_FLIP_Y : LK_TURN_0);
    }
}

static void frames_out_of_line_are_no_match(void **s)
{
    (void)s;
    begin(&entry, LK_VIDEO, 60000);
    put_frames(&entry, 13, 0, 60000, 0, 400, 1, 0);
    begin(&query, LK_VIDEO, 8000);
    for (unsigned i = 0; i < 8; i++) /* the same pictures, at random moments */
        put(&query, LK_FRAME, i * 1000, entry.r[(i * 67 + 5) % 149].print);
    const struct lk_verdict v = judge();
    assert_true(v.grade == 0 || v.grade == LK_REVIEW);
}

static void a_picture_that_both_show_for_long_is_no_strong_evidence(void **s)
{
    (void)s;
    begin(&entry, LK_VIDEO, 20000);
    put_frames(&entry, 14, 0, 10000, 0, 400, 1, 0);
    begin(&query, LK_VIDEO, 20000);
    put_frames(&query, 15, 0, 10000, 0, 500, 1, 0);
    const struct lk_print title = moment(99, 0);
    for (unsigned t = 10000; t < 20000; t += 500) {
        put(&entry, LK_FRAME, t, title);
        put(&query, LK_FRAME, t, title);
    }
    assert_int_equal(judge().grade, LK_REVIEW);
}

static void picture_and_sound_together_are_two_proofs(void **s)
{
    (void)s;
    for (int sound_fits = 0; sound_fits < 2; sound_fits++) {
        begin(&entry, LK_VIDEO, 12000);
        begin(&query, LK_VIDEO, 12000);
        for (unsigned t = 0; t < 11000; t += 32) {
            if (t % 128 == 0)
                put(&entry, LK_SOUND, t, sound_at(21, t, 0));
            if (t % 416 == 0)
                put(&entry, LK_FRAME, t, moment(20, t / 400));
            put(&query, LK_SOUND, t, sound_at(sound_fits ? 21 : 22, t, 30));
            if (t % 512 == 0)
                put(&query, LK_FRAME, t, changed(moment(20, t / 400), 20, t));
        }
        const struct lk_verdict v = judge();
        assert_int_equal(v.grade, LK_NEAR);
        assert_int_equal(v.two_prints_agree, sound_fits);
        assert_int_equal(v.by_sound, sound_fits);
        assert_true(v.by_picture);
    }
}

static void the_sound_of_a_video_under_other_pictures_is_partial(void **s)
{
    (void)s;
    begin(&entry, LK_VIDEO, 12000);
    begin(&query, LK_VIDEO, 12000);
    for (unsigned t = 0; t < 11000; t += 32) {
        if (t % 128 == 0)
            put(&entry, LK_SOUND, t, sound_at(31, t, 0));
        put(&query, LK_SOUND, t, sound_at(31, t, 30));
        if (t % 416 == 0) {
            put(&entry, LK_FRAME, t, moment(32, t));
            put(&query, LK_FRAME, t, moment(33, t));
        }
    }
    const struct lk_verdict v = judge();
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_true(v.by_sound && !v.by_picture && !v.two_prints_agree);
}

static void a_still_of_a_video_is_partial_and_a_video_of_a_still_is_near(void **s)
{
    (void)s;
    begin(&entry, LK_VIDEO, 20000);
    put_frames(&entry, 41, 0, 20000, 0, 400, 1, 0);
    begin(&query, LK_IMAGE, 0);
    put(&query, LK_WHOLE, 0, changed(entry.r[20].print, 20, 1));
    struct lk_verdict v = judge();
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_int_equal(v.from_ms, entry.r[20].time_ms);
    query.r[0].quality = 40;
    assert_int_equal(judge().grade, 0);

    begin(&entry, LK_IMAGE, 0);
    put(&entry, LK_WHOLE, 0, moment(42, 0));
    begin(&query, LK_VIDEO, 10000);
    for (unsigned t = 0; t < 10000; t += 500)
        put(&query, LK_FRAME, t, changed(moment(42, 0), 12, t));
    assert_int_equal(judge().grade, LK_NEAR);
    for (size_t i = 0; i < 10; i++)
        query.r[i].print = moment(43, (unsigned)i);
    v = judge();
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_in_range(v.query_percent, 45, 55);
}

static void two_videos_of_one_still_are_near_whatever_their_length(void **s)
{
    (void)s;
    begin(&entry, LK_VIDEO, 60000);
    put(&entry, LK_FRAME, 0, moment(51, 0));
    begin(&query, LK_VIDEO, 10000);
    for (unsigned t = 0; t < 10000; t += 500)
        put(&query, LK_FRAME, t, changed(moment(51, 0), 12, t));
    assert_int_equal(judge().grade, LK_NEAR);
}

static void a_still_as_a_video_is_partial_of_the_video_it_was_taken_from(void **s)
{
    (void)s;
    begin(&entry, LK_VIDEO, 20000);
    put_frames(&entry, 52, 0, 20000, 0, 400, 1, 0);
    begin(&query, LK_VIDEO, 10000);
    for (unsigned t = 0; t < 10000; t += 500)
        put(&query, LK_FRAME, t, changed(entry.r[17].print, 12, t));
    const struct lk_verdict v = judge();
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_int_equal(v.query_percent, 100);
    assert_in_range(v.coverage_percent, 0, 10);
}

static void hostile_times_and_no_evidence_are_harmless(void **s)
{
    (void)s;
    begin(&entry, LK_VIDEO, UINT32_MAX);
    begin(&query, LK_VIDEO, 0);
    for (unsigned i = 0; i < 100; i++) {
        put(&entry, LK_FRAME, i < 50 ? 0 : UINT32_MAX, moment(61, i));
        put(&query, LK_FRAME, i < 50 ? 0 : UINT32_MAX, moment(61, i));
    }
    (void)judge();
    assert_int_equal(lk_match_judge_timed(&query.seq, &entry.seq, NULL, 0).grade, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clip_of_a_recording_is_found_where_it_lies),
        cmocka_unit_test(a_whole_recording_again_is_near_and_unchanged_exact),
        cmocka_unit_test(a_recording_that_plays_faster_is_found),
        cmocka_unit_test(a_clip_spliced_into_other_sound_is_found),
        cmocka_unit_test(other_sound_and_single_blocks_are_nothing),
        cmocka_unit_test(a_clip_of_a_video_is_found_where_it_lies),
        cmocka_unit_test(most_of_a_video_is_near_also_mirrored_or_faster),
        cmocka_unit_test(frames_out_of_line_are_no_match),
        cmocka_unit_test(a_picture_that_both_show_for_long_is_no_strong_evidence),
        cmocka_unit_test(picture_and_sound_together_are_two_proofs),
        cmocka_unit_test(the_sound_of_a_video_under_other_pictures_is_partial),
        cmocka_unit_test(a_still_of_a_video_is_partial_and_a_video_of_a_still_is_near),
        cmocka_unit_test(two_videos_of_one_still_are_near_whatever_their_length),
        cmocka_unit_test(a_still_as_a_video_is_partial_of_the_video_it_was_taken_from),
        cmocka_unit_test(hostile_times_and_no_evidence_are_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
