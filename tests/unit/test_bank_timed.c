/* Videos and recordings in a bank: clips and stills are found where they come from, what was
 * withdrawn is not, and whether prints are keyed makes no difference. */
#include "../cmocka_all.h"
#include "../scene.h"
#include "bank/bank.h"
#include "sound.h"

#include <likeness/audio.h>
#include <likeness/fingerprint.h>
#include <likeness/video.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SCENE_W = 1000,
    SCENE_H = 500,
    W = 320,
    H = 240,
    RATE_HZ = 16000,
    LASTS_S = 20,
    N_SAMPLES = LASTS_S * RATE_HZ,
    ROOM = 4096,
    N_CROWD = 70, /* more than the hits that are kept of a print */
};

static struct lk_error err;
static char dir[64];
static const uint8_t print_seed[LK_PRINT_KEY_SEED_BYTES] = {9, 8, 7};

struct made {
    struct lk_record records[ROOM];
    struct lk_sequence sequence;
};

/* ---- media ---- */

static void put_records(struct made *m, const struct lk_record *records, size_t n)
{
    assert_true(m->sequence.n_records + n <= ROOM);
    memcpy(m->records + m->sequence.n_records, records, n * sizeof *records);
    m->sequence.records = m->records;
    m->sequence.n_records += n;
}

static const uint8_t *scene_of(unsigned seed)
{
    static uint8_t luma[SCENE_W * SCENE_H];
    static int grey[SCENE_W * SCENE_H];
    static unsigned drawn;
    if (drawn != seed)
        scene_draw(seed, SCENE_W, SCENE_H, grey, luma);
    drawn = seed;
    return luma;
}

/* What the camera sees of a scene at a moment. */
static const uint8_t *look(unsigned seed, unsigned ms)
{
    return scene_of(seed) + (size_t)(ms / 100 % (SCENE_H - H)) * SCENE_W + ms / 32 % (SCENE_W - W);
}

/* Pans over a scene from one moment to another, or shows `frozen_ms` all the time when it is not 0;
 * a pale `logo` covers a corner. */
static void show(struct made *m, unsigned seed, unsigned purpose, unsigned from_ms, unsigned to_ms,
                 unsigned frozen_ms, bool logo)
{
    static uint8_t frame[W * H];
    const struct lk_video_options options = {.purpose = (uint8_t)purpose};
    struct lk_video *v;
    size_t n;
    assert_int_equal(lk_video_new(lk_alloc_heap(), &options, &v, &err), LK_OK);
    for (unsigned t = from_ms; t < to_ms; t += 100) {
        const uint8_t *seen = look(seed, frozen_ms > 0 ? frozen_ms : t);
        for (unsigned y = 0; y < H; y++)
            memcpy(frame + y * W, seen + (size_t)y * SCENE_W, W);
        for (unsigned y = 8; logo && y < 40; y++)
            memset(frame + y * W + 8, 150, 40);
        const struct lk_luma luma = {frame, W, H, W, 0};
        assert_int_equal(lk_video_put(v, &luma, (int64_t)(t - from_ms) * 1000, &err), LK_OK);
    }
    lk_video_end(v, to_ms - from_ms);
    const struct lk_record *records = lk_video_records(v, &n);
    memset(m, 0, sizeof *m);
    m->sequence = (struct lk_sequence){.medium = LK_VIDEO, .duration_ms = to_ms - from_ms};
    put_records(m, records, n);
    lk_video_free(v);
}

static void film(struct made *m, unsigned seed, unsigned purpose, unsigned from_ms, unsigned to_ms,
                 bool logo)
{
    show(m, seed, purpose, from_ms, to_ms, 0, logo);
}

static void still(struct made *m, unsigned seed, unsigned purpose, unsigned at_ms)
{
    static uint8_t frame[W * H];
    struct lk_image_prints whole;
    const struct lk_fingerprint_options options = {(uint8_t)purpose, LK_FULLRES, {0}};
    const uint8_t *seen = look(seed, at_ms);
    for (unsigned y = 0; y < H; y++)
        memcpy(frame + y * W, seen + (size_t)y * SCENE_W, W);
    const struct lk_pixels px = {frame, W, H, W, 1, 0};
    memset(m, 0, sizeof *m);
    m->sequence = (struct lk_sequence){.medium = LK_IMAGE, .records = m->records};
    assert_int_equal(lk_image_fingerprint(lk_alloc_heap(), &px, &options, &whole, m->records,
                                          &m->sequence.n_records, &err),
                     LK_OK);
}

static void recording(struct made *m, unsigned seed, unsigned purpose, unsigned from_ms,
                      unsigned to_ms)
{
    static float x[N_SAMPLES];
    static unsigned said;
    const struct lk_audio_options options = {
        .purpose = (uint8_t)purpose, .sample_rate_hz = RATE_HZ, .channels = 1};
    struct lk_audio *a;
    size_t n;
    if (said != seed)
        sound_fill(seed, RATE_HZ, x, N_SAMPLES);
    said = seed;
    assert_int_equal(lk_audio_new(lk_alloc_heap(), &options, &a, &err), LK_OK);
    assert_int_equal(lk_audio_put(a, x + from_ms * (RATE_HZ / 1000),
                                  (size_t)(to_ms - from_ms) * (RATE_HZ / 1000), &err),
                     LK_OK);
    assert_int_equal(lk_audio_end(a, &err), LK_OK);
    const struct lk_record *records = lk_audio_records(a, &n);
    memset(m, 0, sizeof *m);
    m->sequence = (struct lk_sequence){.medium = LK_AUDIO, .duration_ms = to_ms - from_ms};
    put_records(m, records, n);
    lk_audio_free(a);
}

static int by_time(const void *a, const void *b)
{
    const struct lk_record *x = a, *y = b;
    return x->time_ms != y->time_ms ? (x->time_ms > y->time_ms) - (x->time_ms < y->time_ms)
                                    : (x->kind > y->kind) - (x->kind < y->kind);
}

/* ---- banks ---- */

enum { A_FILM = 1, A_RECORDING = 2, A_PICTURE = 3 };

static struct bank *open_bank(void **state)
{
    const struct bank_config config = {
        .mode = BANK_WRITE, .print_seed = *state, .by_caller = true, .table_prints = 1024};
    struct bank *bank;
    assert_int_equal(bank_open(dir, &config, &bank, &err), LK_OK);
    return bank;
}

static void add(struct bank *bank, unsigned number, const struct made *m)
{
    const struct bank_entry e = {
        .id = {(uint8_t)number}, .tier = LK_TIER_CONFIRMED, .sequence = m->sequence};
    assert_int_equal(bank_add(bank, &e, 1, 0, &err), LK_OK);
}

/* A film, a recording and a picture, in segments on the disk. */
static struct bank *filled(void **state)
{
    struct made *m = malloc(sizeof *m);
    assert_non_null(m);
    assert_int_equal(bank_create_keyed(dir, NULL, *state, &err), LK_OK);
    struct bank *bank = open_bank(state);
    film(m, 1, LK_REGISTRATION, 0, LASTS_S * 1000, false);
    add(bank, A_FILM, m);
    recording(m, 1, LK_REGISTRATION, 0, LASTS_S * 1000);
    add(bank, A_RECORDING, m);
    still(m, 2, LK_REGISTRATION, 5000);
    add(bank, A_PICTURE, m);
    free(m);
    assert_int_equal(bank_flush(bank, &err), LK_OK);
    return bank;
}

/* The verdict on entry `number`, and that nothing else is met. */
static struct lk_verdict ask(struct bank *bank, const struct made *query, unsigned number)
{
    struct bank_matches matches;
    struct lk_verdict v = {.grade = 0};
    assert_int_equal(bank_match(bank, &query->sequence, 1, lk_alloc_heap(), &matches, &err), LK_OK);
    for (size_t i = 0; i < matches.n; i++) {
        assert_int_equal(matches.p[i].id[0], number);
        v = matches.p[i].verdict;
    }
    bank_matches_free(lk_alloc_heap(), &matches);
    return v;
}

static void a_clip_is_found_where_it_was_cut(void **state)
{
    struct made *q = malloc(sizeof *q);
    struct bank *bank = filled(state);
    film(q, 1, LK_QUERY, 6000, 14000, true);
    struct lk_verdict v = ask(bank, q, A_FILM);
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_true(v.by_picture && !v.by_sound);
    assert_in_range(v.from_ms - v.query_from_ms, 5300, 6700);
    assert_in_range(v.to_ms - v.from_ms, 6500, 8200);
    film(q, 1, LK_QUERY, 0, LASTS_S * 1000, true);
    assert_in_range(ask(bank, q, A_FILM).grade, LK_EXACT, LK_NEAR);
    film(q, 7, LK_QUERY, 6000, 14000, true);
    assert_int_equal(ask(bank, q, 0).grade, 0);
    bank_close(bank);
    free(q);
}

static void a_clip_of_a_recording_is_found_where_it_was_cut(void **state)
{
    struct made *q = malloc(sizeof *q);
    struct bank *bank = filled(state);
    recording(q, 1, LK_QUERY, 7000, 12000);
    const struct lk_verdict v = ask(bank, q, A_RECORDING);
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_true(v.by_sound && !v.by_picture);
    assert_in_range(v.from_ms - v.query_from_ms, 6900, 7100);
    recording(q, 2, LK_QUERY, 7000, 12000); /* says something else */
    assert_int_equal(ask(bank, q, 0).grade, 0);
    bank_close(bank);
    free(q);
}

static void stills_and_films_meet(void **state)
{
    struct made *q = malloc(sizeof *q);
    struct bank *bank = filled(state);
    still(q, 1, LK_QUERY, 9000);
    const struct lk_verdict v = ask(bank, q, A_FILM);
    assert_int_equal(v.grade, LK_PARTIAL);
    assert_in_range(v.from_ms, 7000, 11000);
    show(q, 2, LK_QUERY, 0, 3000, 5000, false);
    assert_int_equal(ask(bank, q, A_PICTURE).grade, LK_NEAR);
    bank_close(bank);
    free(q);
}

static void a_film_is_found_by_its_sound_alone(void **state)
{
    struct made *m = malloc(sizeof *m), *sound = malloc(sizeof *sound);
    struct bank *bank = filled(state);
    film(m, 4, LK_REGISTRATION, 0, LASTS_S * 1000, false);
    recording(sound, 4, LK_REGISTRATION, 0, LASTS_S * 1000);
    put_records(m, sound->records, sound->sequence.n_records);
    qsort(m->records, m->sequence.n_records, sizeof *m->records, by_time);
    add(bank, 44, m);
    recording(m, 4, LK_QUERY, 2000, 18000);
    const struct lk_verdict v = ask(bank, m, 44);
    assert_int_equal(v.grade, LK_PARTIAL); /* other pictures may go with it */
    assert_true(v.by_sound && !v.by_picture);
    bank_close(bank);
    free(m);
    free(sound);
}

static void what_was_withdrawn_is_not_found(void **state)
{
    static const uint8_t ids[3][BANK_ID_BYTES] = {{A_FILM}, {A_RECORDING}, {A_PICTURE}};
    struct made *q = malloc(sizeof *q);
    struct bank *bank = filled(state);
    assert_int_equal(bank_remove(bank, ids, 3, &err), LK_OK);
    for (int again = 0; again < 2; again++) {
        film(q, 1, LK_QUERY, 6000, 14000, false);
        assert_int_equal(ask(bank, q, 0).grade, 0);
        still(q, 1, LK_QUERY, 9000);
        assert_int_equal(ask(bank, q, 0).grade, 0);
        recording(q, 1, LK_QUERY, 7000, 12000);
        assert_int_equal(ask(bank, q, 0).grade, 0);
        show(q, 2, LK_QUERY, 0, 3000, 5000, false);
        assert_int_equal(ask(bank, q, 0).grade, 0);
        bank_close(bank);
        bank = open_bank(state);
    }
    bank_close(bank);
    free(q);
}

/* An opening that ninety films have: each is found by what is its own. */
static void what_many_films_show_does_not_hide_one(void **state)
{
    struct made *opening = malloc(sizeof *opening), *m = malloc(sizeof *m);
    struct bank *bank = filled(state);
    film(opening, 50, LK_REGISTRATION, 0, 4000, false);
    for (unsigned i = 0; i < N_CROWD; i++) {
        film(m, 100 + i, LK_REGISTRATION, 0, 4000, false);
        for (size_t k = 0; k < m->sequence.n_records; k++)
            m->records[k].time_ms += 4000;
        put_records(m, opening->records, opening->sequence.n_records);
        qsort(m->records, m->sequence.n_records, sizeof *m->records, by_time);
        m->sequence.duration_ms = 8000;
        add(bank, 100 + i, m);
    }
    film(m, 157, LK_QUERY, 0, 4000, true);
    assert_in_range(ask(bank, m, 157).grade, LK_NEAR, LK_PARTIAL);
    bank_close(bank);
    free(opening);
    free(m);
}

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/test_bank_timed.XXXXXX");
    return mkdtemp(dir) == NULL || rmdir(dir) != 0 ? -1 : 0;
}

static int drop_dir(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

#define PLAIN(test)                                                                                \
    {                                                                                              \
#test, test, make_dir, drop_dir, NULL                                                      \
    }
#define KEYED(test)                                                                                \
    {                                                                                              \
#test "_when_keyed", test, make_dir, drop_dir, (void *)(uintptr_t)print_seed               \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN(a_clip_is_found_where_it_was_cut),
        KEYED(a_clip_is_found_where_it_was_cut),
        PLAIN(a_clip_of_a_recording_is_found_where_it_was_cut),
        KEYED(a_clip_of_a_recording_is_found_where_it_was_cut),
        PLAIN(stills_and_films_meet),
        KEYED(stills_and_films_meet),
        PLAIN(a_film_is_found_by_its_sound_alone),
        KEYED(a_film_is_found_by_its_sound_alone),
        PLAIN(what_was_withdrawn_is_not_found),
        KEYED(what_was_withdrawn_is_not_found),
        PLAIN(what_many_films_show_does_not_hide_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
