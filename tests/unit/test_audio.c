/* Prints of sound: what changes them and what does not, what gives none, what is refused, and how
 * many are kept. */
#include "../cmocka_all.h"
#include "../stingy_alloc.h"
#include "sound.h"

#include <likeness/audio.h>
#include <string.h>

enum { RATE = 16000, SECONDS = 8, N = RATE * SECONDS };
static float voice[N], other[N];
static struct lk_error err;

static struct lk_audio_options query_of(uint32_t rate, uint8_t channels)
{
    return (struct lk_audio_options){
        .purpose = LK_QUERY, .channels = channels, .sample_rate_hz = rate};
}

static struct lk_audio *begin(const struct lk_audio_options *options)
{
    struct lk_audio *a = NULL;
    assert_int_equal(lk_audio_new(lk_alloc_heap(), options, &a, &err), LK_OK);
    return a;
}

static struct lk_audio *make(const struct lk_audio_options *options, const float *samples, size_t n)
{
    struct lk_audio *a = begin(options);
    assert_int_equal(lk_audio_put(a, samples, n, &err), LK_OK);
    assert_int_equal(lk_audio_end(a, &err), LK_OK);
    return a;
}

static void assert_same(const struct lk_audio *a, const struct lk_audio *b)
{
    size_t n, n_b;
    const struct lk_record *r = lk_audio_records(a, &n), *s = lk_audio_records(b, &n_b);
    assert_int_equal(n, n_b);
    for (size_t i = 0; i < n; i++) {
        assert_memory_equal(&r[i].print, &s[i].print, sizeof r->print);
        assert_true(r[i].time_ms == s[i].time_ms && r[i].quality == s[i].quality);
    }
}

/* The mean distance of records at the same times, `later_ms` later in b; *n: how many. */
static double mean_distance(const struct lk_audio *a, const struct lk_audio *b, uint32_t later_ms,
                            size_t *n)
{
    size_t n_a, n_b, k = 0;
    const struct lk_record *r = lk_audio_records(a, &n_a), *s = lk_audio_records(b, &n_b);
    double sum = 0;
    *n = 0;
    for (size_t i = 0; i < n_a; i++) {
        while (k < n_b && s[k].time_ms < r[i].time_ms + later_ms)
            k++;
        if (k == n_b || s[k].time_ms != r[i].time_ms + later_ms)
            continue;
        sum += lk_print_distance(&r[i].print, &s[k].print);
        ++*n;
    }
    return sum / (double)*n;
}

static void assert_near(const struct lk_audio *a, const struct lk_audio *b, uint32_t later_ms,
                        double most)
{
    size_t n;
    const double d = mean_distance(a, b, later_ms, &n);
    assert_true(n > 50);
    if (d > most)
        fail_msg("%zu prints are %.2f bits apart, %.2f allowed", n, d, most);
}

static int fill(void **state)
{
    (void)state;
    sound_fill(1, RATE, voice, N);
    sound_fill(2, RATE, other, N);
    return 0;
}

static void records_are_a_sequence_that_may_be_stored(void **state)
{
    (void)state;
    for (unsigned purpose = LK_REGISTRATION; purpose <= LK_QUERY; purpose++) {
        const struct lk_audio_options o = {
            .purpose = (uint8_t)purpose, .channels = 1, .sample_rate_hz = RATE};
        struct lk_audio *a = make(&o, voice, N);
        struct lk_sequence seq = {.medium = LK_AUDIO, .duration_ms = SECONDS * 1000};
        seq.records = lk_audio_records(a, &seq.n_records);
        assert_int_equal(lk_sequence_check(&seq, &err), LK_OK);
        const uint32_t stride = purpose == LK_QUERY ? LK_AUDIO_QUERY_MS : LK_AUDIO_REGISTERED_MS;
        const size_t most = (SECONDS * 1000 - 1072) / stride + 1;
        assert_in_range(seq.n_records, most * 3 / 4, most);
        for (size_t i = 0; i < seq.n_records; i++) {
            const struct lk_record *r = &seq.records[i];
            assert_int_equal(r->kind, LK_SOUND);
            assert_int_equal(r->front_end, 0);
            assert_int_equal(r->time_ms % stride, 0);
            assert_in_range(r->quality, 50, 100);
            assert_int_equal(r->quality % 10, 0);
            assert_in_range(lk_print_popcount(&r->print), 80, 176);
            assert_true(r->frame.x == 128 && r->frame.y == 128 && r->frame.size == 255);
        }
        const struct lk_audio_report report = lk_audio_report(a);
        assert_int_equal(report.duration_ms, SECONDS * 1000);
        assert_int_equal(report.n_blocks, most);
        assert_int_equal(report.n_blocks - report.n_gated, seq.n_records);
        assert_int_equal(lk_audio_refusal(&report, &err), LK_OK);
        lk_audio_free(a);
    }
}

static void a_registration_has_the_prints_of_the_query_at_its_times(void **state)
{
    (void)state;
    struct lk_audio_options o = query_of(RATE, 1);
    struct lk_audio *query = make(&o, voice, N);
    o.purpose = LK_REGISTRATION;
    struct lk_audio *registered = make(&o, voice, N);
    size_t n, n_met;
    lk_audio_records(registered, &n);
    assert_true(mean_distance(registered, query, 0, &n_met) == 0);
    assert_int_equal(n_met, n);
    lk_audio_free(query);
    lk_audio_free(registered);
}

static void the_cut_into_calls_changes_no_bit(void **state)
{
    (void)state;
    static const uint32_t rates[] = {4000, 8000, 11025, 16000, 44100, 48000, 44101, 383999};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        const struct lk_audio_options o = query_of(rates[i], 1);
        static const size_t cuts[] = {1, 7, 255, 1024, 4096, 50000};
        const size_t n = rates[i] < 100000 ? N : N / 2;
        struct lk_audio *whole = make(&o, voice, n), *cut = begin(&o);
        for (size_t at = 0, k = 0; at < n; k++) {
            size_t some = cuts[k % 6] < n - at ? cuts[k % 6] : n - at;
            assert_int_equal(lk_audio_put(cut, voice + at, some, &err), LK_OK);
            at += some;
        }
        assert_int_equal(lk_audio_end(cut, &err), LK_OK);
        assert_same(whole, cut);
        lk_audio_free(whole);
        lk_audio_free(cut);
    }
}

static void loudness_changes_next_to_nothing(void **state)
{
    (void)state;
    static float quiet[N];
    const struct lk_audio_options o = query_of(RATE, 1);
    struct lk_audio *a = make(&o, voice, N);
    static const float gains[] = {0.25f, 0.0123f, 1.7f};
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < N; i++)
            quiet[i] = gains[k] * voice[i];
        struct lk_audio *b = make(&o, quiet, N);
        assert_near(a, b, 0, 0.1);
        lk_audio_free(b);
    }
    lk_audio_free(a);
}

static void other_rates_give_nearly_the_same_prints(void **state)
{
    (void)state;
    static const uint32_t rates[] = {8000, 11025, 22050, 44100, 48000, 96000};
    const struct lk_audio_options o = query_of(384000, 1);
    float *fine = malloc(sizeof *fine * 384000 * 4);
    assert_non_null(fine);
    sound_fill(3, 384000, fine, 384000 * 4);
    for (size_t i = 1; i < 384000 * 4; i++) /* nothing that another rate could not hold */
        fine[i] = fine[i - 1] + 0.02f * (fine[i] - fine[i - 1]);
    struct lk_audio *a = make(&o, fine, 384000 * 4);
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
        const struct lk_audio_options p = query_of(rates[k], 1);
        struct lk_audio *b = begin(&p);
        for (size_t i = 0; i < rates[k] * 4; i++)
            assert_int_equal(lk_audio_put(b, &fine[i * 384000 / rates[k]], 1, &err), LK_OK);
        assert_int_equal(lk_audio_end(b, &err), LK_OK);
        assert_near(a, b, 0, 8);
        lk_audio_free(b);
    }
    lk_audio_free(a);
    free(fine);
}

static void what_begins_later_has_its_prints_later(void **state)
{
    (void)state;
    static float later[N + RATE];
    const struct lk_audio_options o = query_of(RATE, 1);
    memcpy(later + 32 * 16 * 10, voice, N * sizeof *later); /* 320 ms */
    struct lk_audio *a = make(&o, voice, N), *b = make(&o, later, N + 32 * 16 * 10);
    assert_near(a, b, 320, 0);
    assert_true(mean_distance(a, b, 0, &(size_t){0}) > 90);
    lk_audio_free(b);
    memset(later, 0, sizeof later);
    memcpy(later + 32 * 16 * 10 + 256, voice,
           N * sizeof *later); /* the worst: half a stride more */
    b = make(&o, later, N + 32 * 16 * 10 + 256);
    assert_near(a, b, 320, 60);
    lk_audio_free(a);
    lk_audio_free(b);
}

static void other_words_are_far(void **state)
{
    (void)state;
    const struct lk_audio_options o = query_of(RATE, 1);
    struct lk_audio *a = make(&o, voice, N), *b = make(&o, other, N);
    size_t n_a, n_b;
    const struct lk_record *r = lk_audio_records(a, &n_a), *s = lk_audio_records(b, &n_b);
    unsigned least = 256;
    for (size_t i = 0; i < n_a; i++)
        for (size_t k = 0; k < n_b; k++) {
            const unsigned d = lk_print_distance(&r[i].print, &s[k].print);
            least = d < least ? d : least;
        }
    assert_true(least > 72);
    lk_audio_free(a);
    lk_audio_free(b);
}

static void channels_are_mixed_to_their_mean(void **state)
{
    (void)state;
    static float both[2 * N];
    const struct lk_audio_options one = query_of(RATE, 1), two = query_of(RATE, 2);
    for (size_t i = 0; i < N; i++) {
        both[2 * i] = voice[i];
        both[2 * i + 1] = voice[i];
    }
    struct lk_audio *a = make(&one, voice, N), *b = make(&two, both, N);
    assert_same(a, b);
    lk_audio_free(b);
    for (size_t i = 0; i < N; i++)
        both[2 * i + 1] = 0;
    b = make(&two, both, N);
    assert_near(a, b, 0, 0.1);
    lk_audio_free(a);
    lk_audio_free(b);
}

static void what_is_no_number_counts_as_zero(void **state)
{
    (void)state;
    static float bad[N], good[N];
    static const float odd[] = {NAN, INFINITY, -INFINITY, 1e-38f, -NAN};
    const struct lk_audio_options o = query_of(RATE, 1);
    memcpy(bad, voice, sizeof bad);
    memcpy(good, voice, sizeof good);
    for (size_t i = 0; i < N; i += 997) {
        bad[i] = odd[i % 5];
        good[i] = 0;
    }
    bad[5] = 1e30f;
    good[5] = 16;
    bad[6] = -1e30f;
    good[6] = -16;
    struct lk_audio *a = make(&o, bad, N), *b = make(&o, good, N);
    size_t n;
    lk_audio_records(a, &n);
    assert_true(n > 100);
    assert_same(a, b);
    lk_audio_free(a);
    lk_audio_free(b);
}

/* Puts n samples of one kind and returns the report; *n_records: how many prints. */
static struct lk_audio_report report_of(const float *samples, size_t n, size_t *n_records)
{
    const struct lk_audio_options o = query_of(RATE, 1);
    struct lk_audio *a = make(&o, samples, n);
    const struct lk_audio_report report = lk_audio_report(a);
    lk_audio_records(a, n_records);
    lk_audio_free(a);
    return report;
}

static void silence_and_steady_tones_give_no_print(void **state)
{
    (void)state;
    static float x[N];
    static const double tones[] = {440, 1000, 2500};
    size_t n;
    memset(x, 0, sizeof x);
    struct lk_audio_report r = report_of(x, N, &n);
    assert_int_equal(n, 0);
    assert_int_equal(r.n_gated, r.n_blocks);
    assert_int_equal(r.active_ms, 0);
    assert_int_equal(lk_audio_refusal(&r, &err), LK_INVALID);
    for (size_t i = 0; i < N; i++)
        x[i] = 1e-5f * voice[i]; /* below the last bit of a compact disc */
    report_of(x, N, &n);
    assert_int_equal(n, 0);
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < N; i++)
            x[i] = (float)(0.3 * sin(2 * M_PI * tones[k] * (double)i / RATE));
        r = report_of(x, N, &n);
        assert_int_equal(n, 0);
        assert_in_range(r.active_ms, SECONDS * 1000 - 50, SECONDS * 1000);
        assert_int_equal(lk_audio_refusal(&r, &err), LK_INVALID);
        assert_non_null(strstr(err.text, "steady tone"));
    }
}

static void what_is_quiet_beside_the_rest_gives_no_print(void **state)
{
    (void)state;
    static float x[N];
    size_t n_all, n;
    for (size_t i = 0; i < N; i++)
        x[i] = i < N / 2 ? voice[i] : 0.001f * other[i];
    report_of(voice, N / 2, &n_all);
    const struct lk_audio_report r = report_of(x, N, &n);
    assert_in_range(n, n_all, n_all + 20); /* those that end in the quiet part */
    assert_in_range(r.active_ms, 2000, SECONDS * 500 + 64);
}

static void short_recordings_are_refused_with_the_figures(void **state)
{
    (void)state;
    size_t n;
    struct lk_audio_report r = report_of(voice, RATE, &n);
    assert_int_equal(n, 0);
    r = report_of(voice, 2 * RATE, &n);
    assert_true(n > 10);
    assert_int_equal(lk_audio_refusal(&r, &err), LK_INVALID);
    assert_non_null(strstr(err.text, "; 3 are needed"));
    const struct lk_audio_report mostly = {.active_ms = 9000, .n_blocks = 100, .n_gated = 76};
    assert_int_equal(lk_audio_refusal(&mostly, &err), LK_INVALID);
    assert_non_null(strstr(err.text, "24 of 100"));
    const struct lk_audio_report enough = {.active_ms = 3000, .n_blocks = 100, .n_gated = 75};
    assert_int_equal(lk_audio_refusal(&enough, &err), LK_OK);
}

static void a_gap_is_silence_whatever_its_length(void **state)
{
    (void)state;
    static const float zeros[RATE];
    static const uint32_t gaps_ms[] = {0, 1, 100, 5999, 6000, 6001, 7350, 10000, 61234};
    for (size_t k = 0; k < sizeof gaps_ms / sizeof *gaps_ms; k++) {
        const struct lk_audio_options o = query_of(44100, 1);
        struct lk_audio *a = begin(&o), *b = begin(&o);
        size_t n_gap = (size_t)gaps_ms[k] * 44100 / 1000;
        assert_int_equal(lk_audio_put(a, voice, N / 2, &err), LK_OK);
        assert_int_equal(lk_audio_put(b, voice, N / 2, &err), LK_OK);
        assert_int_equal(lk_audio_skip(a, gaps_ms[k], &err), LK_OK);
        for (; n_gap > 0; n_gap -= n_gap < RATE ? n_gap : RATE)
            assert_int_equal(lk_audio_put(b, zeros, n_gap < RATE ? n_gap : RATE, &err), LK_OK);
        assert_int_equal(lk_audio_put(a, other, N, &err), LK_OK);
        assert_int_equal(lk_audio_put(b, other, N, &err), LK_OK);
        assert_int_equal(lk_audio_end(a, &err), LK_OK);
        assert_int_equal(lk_audio_end(b, &err), LK_OK);
        assert_same(a, b);
        const struct lk_audio_report r = lk_audio_report(a), s = lk_audio_report(b);
        assert_memory_equal(&r, &s, sizeof r);
        lk_audio_free(a);
        lk_audio_free(b);
    }
}

static void times_have_an_end(void **state)
{
    (void)state;
    const struct lk_audio_options o = query_of(RATE, 1);
    struct lk_audio *a = begin(&o);
    assert_int_equal(lk_audio_skip(a, UINT32_MAX - 8000, &err), LK_OK);
    assert_int_equal(lk_audio_put(a, voice, N - 16, &err), LK_OK);
    assert_int_equal(lk_audio_skip(a, 100, &err), LK_LIMIT);
    lk_audio_free(a);
    a = begin(&o);
    assert_int_equal(lk_audio_skip(a, UINT32_MAX - 9000, &err), LK_OK);
    assert_int_equal(lk_audio_put(a, voice, N, &err), LK_OK);
    assert_int_equal(lk_audio_end(a, &err), LK_OK);
    size_t n;
    const struct lk_record *r = lk_audio_records(a, &n);
    assert_true(n > 100);
    assert_true(r[0].time_ms > UINT32_MAX - 12000 && r[n - 1].time_ms > r[0].time_ms);
    lk_audio_free(a);
}

static void nothing_follows_the_end(void **state)
{
    (void)state;
    const struct lk_audio_options o = query_of(RATE, 1);
    struct lk_audio *a = begin(&o);
    size_t n;
    assert_int_equal(lk_audio_put(a, voice, N, &err), LK_OK);
    lk_audio_records(a, &n);
    assert_int_equal(n, 0);
    assert_int_equal(lk_audio_end(a, &err), LK_OK);
    assert_int_equal(lk_audio_put(a, voice, 1, &err), LK_CONFLICT);
    assert_int_equal(lk_audio_skip(a, 1, &err), LK_CONFLICT);
    assert_int_equal(lk_audio_end(a, &err), LK_CONFLICT);
    lk_audio_free(a);
    lk_audio_free(NULL);
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    static const struct lk_audio_options wrong[] = {
        {.purpose = 0, .channels = 1, .sample_rate_hz = RATE},
        {.purpose = 3, .channels = 1, .sample_rate_hz = RATE},
        {.purpose = LK_QUERY, .channels = 0, .sample_rate_hz = RATE},
        {.purpose = LK_QUERY, .channels = 65, .sample_rate_hz = RATE},
        {.purpose = LK_QUERY, .channels = 1, .sample_rate_hz = 3999},
        {.purpose = LK_QUERY, .channels = 1, .sample_rate_hz = 384001},
        {.purpose = LK_QUERY, .channels = 1, .sample_rate_hz = RATE, .max_records = 63},
        {.purpose = LK_QUERY, .channels = 1, .sample_rate_hz = RATE, .max_records = 65536},
    };
    struct lk_audio *a = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(lk_audio_new(lk_alloc_heap(), &wrong[i], &a, &err), LK_INVALID);
    assert_null(a);
}

/* 20 times the voice, of which 64 records are to be kept. */
static struct lk_audio *make_long(unsigned purpose)
{
    const struct lk_audio_options o = {
        .purpose = (uint8_t)purpose, .channels = 1, .sample_rate_hz = RATE, .max_records = 64};
    struct lk_audio *a = begin(&o);
    for (int i = 0; i < 20; i++)
        assert_int_equal(lk_audio_put(a, i % 2 ? other : voice, N, &err), LK_OK);
    assert_int_equal(lk_audio_end(a, &err), LK_OK);
    return a;
}

static void a_long_registration_doubles_its_stride(void **state)
{
    (void)state;
    struct lk_audio *a = make_long(LK_REGISTRATION);
    size_t n;
    const struct lk_record *r = lk_audio_records(a, &n);
    assert_in_range(n, 25, 64);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(r[i].time_ms % (128 * 32), 0); /* 160 s in 64 blocks, some of them pause */
    assert_true(r[n - 1].time_ms > 150000);
    lk_audio_free(a);
}

static void a_long_query_asks_in_dense_bursts(void **state)
{
    (void)state;
    struct lk_audio *a = make_long(LK_QUERY);
    size_t n, n_bursts = 0;
    const struct lk_record *r = lk_audio_records(a, &n);
    assert_in_range(n, 32, 64);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(r[i].time_ms / 1024 % 64,
                         0); /* 156 bursts, of which 2 may stay: level 6 or 7 */
        n_bursts += i == 0 || r[i].time_ms / 1024 != r[i - 1].time_ms / 1024;
    }
    assert_in_range(n_bursts, 2, 3);
    lk_audio_free(a);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    const struct lk_audio_options o = query_of(44100, 1);
    bool done = false;
    for (size_t left = 0; !done; left++) {
        struct stingy s = {.left = left};
        const struct lk_alloc alloc = {&s, stingy_alloc, stingy_resize, stingy_free};
        struct lk_audio *a = NULL;
        enum lk_status status = lk_audio_new(&alloc, &o, &a, &err);
        for (int i = 0; status == LK_OK && i < 3; i++)
            status = lk_audio_put(a, voice, N, &err);
        if (status == LK_OK)
            status = lk_audio_end(a, &err);
        done = status == LK_OK;
        assert_true(done || status == LK_NOMEM);
        lk_audio_free(a);
        assert_int_equal(s.n_out, 0);
        assert_true(left < 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_a_sequence_that_may_be_stored),
        cmocka_unit_test(a_registration_has_the_prints_of_the_query_at_its_times),
        cmocka_unit_test(the_cut_into_calls_changes_no_bit),
        cmocka_unit_test(loudness_changes_next_to_nothing),
        cmocka_unit_test(other_rates_give_nearly_the_same_prints),
        cmocka_unit_test(what_begins_later_has_its_prints_later),
        cmocka_unit_test(other_words_are_far),
        cmocka_unit_test(channels_are_mixed_to_their_mean),
        cmocka_unit_test(what_is_no_number_counts_as_zero),
        cmocka_unit_test(silence_and_steady_tones_give_no_print),
        cmocka_unit_test(what_is_quiet_beside_the_rest_gives_no_print),
        cmocka_unit_test(short_recordings_are_refused_with_the_figures),
        cmocka_unit_test(a_gap_is_silence_whatever_its_length),
        cmocka_unit_test(times_have_an_end),
        cmocka_unit_test(nothing_follows_the_end),
        cmocka_unit_test(options_out_of_range_are_refused),
        cmocka_unit_test(a_long_registration_doubles_its_stride),
        cmocka_unit_test(a_long_query_asks_in_dense_bursts),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}
