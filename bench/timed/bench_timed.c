/* Matching videos and recordings against a bank of very many prints of frames and of sound.
 *
 *   bench_timed SOUND.raw PICTURES_DIR [MILLIONS]
 *
 * SOUND.raw: speech, 16-bit little-endian, one channel, 16 kHz, an hour or more. PICTURES_DIR: PGM
 * pictures. MILLIONS of prints in the bank, half of each kind, default 1.
 *
 * The recordings are pieces of a minute, declared at other sampling rates until there are enough:
 * such speech is of other pitch and speed, and as like speech as the original. The films move a
 * window over a picture, zooming. Both are registered by the core itself, so that prints crowd as
 * those of real recordings and films do. What is asked for are copies, made brighter or noisy, and
 * strangers, of sampling rates and pictures that nobody registered. */
#include "../../tests/pnm.h"
#include "../index/measure.h"
#include "bank/bank.h"

#include <dirent.h>
#include <likeness/audio.h>
#include <likeness/video.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RATE_HZ = 16000,
    PIECE = 60 * RATE_HZ, /* samples registered as one recording */
    CLIP = 10 * RATE_HZ,  /* and asked for */
    FILM_MS = 60000,
    CLIP_MS = 10000,
    FRAME_MS = 250,
    SIDE = 192, /* of a window, pixels, when it is smallest */
    N_COPIES = 200,
    STEP = 17, /* per thousand, between sampling rates */
    MAX_PICTURES = 4096,
};

struct sound_bytes {
    int16_t *x;
    size_t n;
};

struct pictures {
    struct lk_pixels p[MAX_PICTURES];
    size_t n;
};

static struct sound_bytes read_sound(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        die("cannot read '%s'", path);
    const long n_bytes = ftell(f);
    rewind(f);
    struct sound_bytes s = {must_alloc((size_t)n_bytes, 1), (size_t)n_bytes / 2};
    if (fread(s.x, 2, s.n, f) != s.n || s.n < PIECE)
        die("'%s' is shorter than a minute", path);
    fclose(f);
    return s;
}

static struct pictures read_pictures(const char *dir)
{
    struct pictures all = {.n = 0};
    struct dirent **names;
    const int n = scandir(dir, &names, NULL, alphasort);
    if (n < 0)
        die("cannot read '%s'", dir);
    for (int i = 0; i < n; i++) {
        char path[4096];
        struct lk_pixels p;
        snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
        if (strstr(names[i]->d_name, ".pgm") != NULL && all.n < MAX_PICTURES &&
            pnm_read(path, &p) && p.width > 2 * SIDE && p.height > 2 * SIDE)
            all.p[all.n++] = p;
        free(names[i]);
    }
    free(names);
    if (all.n < 4)
        die("'%s' has fewer than 4 PGM pictures of %d pixels and more", dir, 2 * SIDE);
    return all;
}

/* ---- sound ---- */

/* The prints of a piece that is declared to be of another sampling rate; the caller frees. */
static struct lk_audio *listen(const int16_t *x, size_t n, uint32_t rate_hz, unsigned purpose,
                               uint64_t noise)
{
    static float samples[PIECE];
    const struct lk_audio_options o = {
        .purpose = (uint8_t)purpose, .sample_rate_hz = rate_hz, .channels = 1};
    struct lk_audio *a;
    struct lk_error err;
    for (size_t i = 0; i < n; i++) {
        const double hiss = noise == 0 ? 0 : (double)(random_next(&noise) >> 44) / (1 << 20) - 0.5;
        samples[i] = (float)(x[i] / 32768.0 + 0.01 * hiss);
    }
    must(lk_audio_new(lk_alloc_heap(), &o, &a, &err), &err);
    must(lk_audio_put(a, samples, n, &err), &err);
    must(lk_audio_end(a, &err), &err);
    return a;
}

static struct lk_sequence heard(const struct lk_audio *a)
{
    struct lk_sequence s = {.medium = LK_AUDIO, .duration_ms = lk_audio_report(a).duration_ms};
    s.records = lk_audio_records(a, &s.n_records);
    return s;
}

/* 1000, 1017, 983, 1034 ... of a thousand. */
static uint32_t rate_of(size_t round)
{
    const int step = (int)(round + 1) / 2 * STEP;
    return (uint32_t)((1000 + (round % 2 == 1 ? step : -step)) * RATE_HZ / 1000);
}

/* ---- films ---- */

/* Where the window of a film is at a moment: it swings, and breathes. */
static struct lk_luma window(const struct lk_pixels *p, uint64_t seed, uint32_t ms)
{
    uint64_t state = seed;
    double swing[3];
    for (int i = 0; i < 3; i++) { /* between 0 and 1, with a period of 20 to 60 s */
        const double period_ms = 20000 + (double)(random_next(&state) % 40000);
        const double phase = (double)(random_next(&state) % 1000) / 1000;
        double at = (double)ms / period_ms + phase;
        at -= (double)(long)at;
        swing[i] = at < 0.5 ? 2 * at : 2 - 2 * at;
    }
    const double most = p->width < p->height ? p->width : p->height;
    const uint32_t side = (uint32_t)(SIDE + swing[2] * (most - SIDE) / 2);
    const uint32_t x = (uint32_t)(swing[0] * (p->width - side));
    const uint32_t y = (uint32_t)(swing[1] * (p->height - side));
    return (struct lk_luma){.data = p->data + y * p->stride_bytes + x,
                            .width = side,
                            .height = side,
                            .stride_bytes = p->stride_bytes,
                            .orientation = 1};
}

static struct lk_video *watch(const struct lk_pixels *p, uint64_t seed, uint32_t from_ms,
                              uint32_t to_ms, unsigned purpose, unsigned brighter)
{
    const struct lk_video_options o = {.purpose = (uint8_t)purpose};
    struct lk_video *v;
    struct lk_error err;
    uint8_t *copy = NULL;
    must(lk_video_new(lk_alloc_heap(), &o, &v, &err), &err);
    if (brighter > 0)
        copy = must_alloc(p->height, p->width);
    for (uint32_t ms = from_ms; ms < to_ms; ms += FRAME_MS) {
        struct lk_luma luma = window(p, seed, ms);
        for (uint32_t y = 0; brighter > 0 && y < luma.height; y++)
            for (uint32_t x = 0; x < luma.width; x++) {
                const unsigned value = luma.data[y * luma.stride_bytes + x] * 7u / 8 + brighter;
                copy[(size_t)y * luma.width + x] = (uint8_t)(value > 255 ? 255 : value);
            }
        if (brighter > 0) {
            luma.data = copy;
            luma.stride_bytes = luma.width;
        }
        must(lk_video_put(v, &luma, (int64_t)(ms - from_ms) * 1000, &err), &err);
    }
    lk_video_end(v, to_ms - from_ms);
    free(copy);
    return v;
}

static struct lk_sequence seen(const struct lk_video *v)
{
    struct lk_sequence s = {.medium = LK_VIDEO, .duration_ms = lk_video_report(v).duration_ms};
    s.records = lk_video_records(v, &s.n_records);
    return s;
}

/* ---- the bank ---- */

static void add(struct bank *bank, uint64_t number, const struct lk_sequence *sequence)
{
    struct lk_error err;
    struct bank_entry e = {.tier = LK_TIER_CONFIRMED, .sequence = *sequence};
    for (int i = 0; i < 8; i++)
        e.id[i] = (uint8_t)(number >> (8 * i));
    if (sequence->n_records > 0)
        must(bank_add(bank, &e, 1, 0, &err), &err);
}

struct filled {
    size_t n_recordings, n_films /* thought of */, n_shown /* of them registered */, n_sounds,
        n_frames, n_rounds;
    double sound_s, film_s;
};

/* Numbers of recordings are even, of films odd. */
static struct filled fill(struct bank *bank, const struct sound_bytes *sound,
                          const struct pictures *pictures, size_t n_each)
{
    struct filled f = {0};
    for (; f.n_sounds < n_each; f.n_rounds++)
        for (size_t at = 0; at + PIECE <= sound->n && f.n_sounds < n_each; at += PIECE) {
            struct lk_audio *a =
                listen(sound->x + at, PIECE, rate_of(f.n_rounds), LK_REGISTRATION, 0);
            const struct lk_sequence s = heard(a);
            add(bank, 2 * f.n_recordings++, &s);
            f.n_sounds += s.n_records;
            f.sound_s += s.duration_ms / 1e3;
            lk_audio_free(a);
        }
    while (f.n_frames < n_each) { /* every fourth picture stays unseen */
        const size_t k = f.n_films % pictures->n;
        if (k % 4 != 3) {
            struct lk_video *v = watch(&pictures->p[k], f.n_films, 0, FILM_MS, LK_REGISTRATION, 0);
            const struct lk_sequence s = seen(v);
            add(bank, 2 * f.n_films + 1, &s);
            f.n_frames += s.n_records;
            f.film_s += FILM_MS / 1e3;
            f.n_shown++;
            lk_video_free(v);
        }
        f.n_films++;
    }
    return f;
}

/* ---- the questions ---- */

struct tally {
    double cpu_s; /* spent */
    double units; /* seconds of sound, frames asked for */
    size_t n, n_found, n_others;
    struct samples each; /* CPU of a unit */
};

static void ask(struct bank *bank, const struct lk_sequence *query, double units, uint64_t number,
                struct tally *t)
{
    struct bank_matches matches;
    struct lk_error err;
    const double before = thread_cpu_seconds();
    must(bank_match(bank, query, 1, lk_alloc_heap(), &matches, &err), &err);
    const double took = thread_cpu_seconds() - before;
    bool found = false;
    for (size_t i = 0; i < matches.n; i++) {
        uint64_t id = 0;
        for (int k = 0; k < 8; k++)
            id |= (uint64_t)matches.p[i].id[k] << (8 * k);
        found |= id == number;
        t->n_others += id != number && matches.p[i].verdict.grade <= LK_PARTIAL;
    }
    bank_matches_free(lk_alloc_heap(), &matches);
    t->n++;
    t->n_found += found;
    t->cpu_s += took;
    t->units += units;
    samples_put(&t->each, took / units);
}

static void report(const char *what, const char *unit, struct tally *t)
{
    printf("| %s | %zu | %zu | %zu | %.3f | %.3f | %.3f | %s |\n", what, t->n, t->n_found,
           t->n_others, t->cpu_s / t->units * 1e3, samples_at(&t->each, 0.5) * 1e3,
           samples_at(&t->each, 0.99) * 1e3, unit);
    samples_fini(&t->each);
}

static size_t moments(const struct lk_sequence *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_records; i++)
        n += i == 0 || s->records[i].time_ms != s->records[i - 1].time_ms;
    return n;
}

static void ask_sounds(struct bank *bank, const struct sound_bytes *sound, const struct filled *f)
{
    struct tally copies = {0}, strangers = {0};
    const size_t n_pieces = sound->n / PIECE;
    for (size_t i = 0; i < N_COPIES; i++) {
        const size_t piece = i * 7919 % f->n_recordings, inside = i * 7001 % (PIECE - CLIP);
        const int16_t *x = sound->x + piece % n_pieces * PIECE + inside;
        const uint32_t rates[] = {rate_of(piece / n_pieces), rate_of(f->n_rounds + 9)};
        for (int k = 0; k < 2; k++) {
            struct lk_audio *a = listen(x, CLIP, rates[k], LK_QUERY, i + 1);
            const struct lk_sequence s = heard(a);
            if (s.n_records > 0)
                ask(bank, &s, s.duration_ms / 1e3, k == 0 ? 2 * piece : UINT64_MAX,
                    k == 0 ? &copies : &strangers);
            lk_audio_free(a);
        }
    }
    report("10 s of recordings, with noise", "second", &copies);
    report("10 s of strangers", "second", &strangers);
}

static void ask_films(struct bank *bank, const struct pictures *pictures, const struct filled *f)
{
    struct tally copies = {0}, strangers = {0};
    for (size_t i = 0; copies.n < N_COPIES || strangers.n < N_COPIES; i++) {
        const size_t film = i * 7919 % f->n_films, k = film % pictures->n;
        const uint32_t from_ms = (uint32_t)(i * 7001 % (FILM_MS - CLIP_MS));
        const bool is_stranger = k % 4 == 3;
        struct tally *t = is_stranger ? &strangers : &copies;
        if (t->n >= N_COPIES)
            continue;
        struct lk_video *v = watch(&pictures->p[k], film, from_ms, from_ms + CLIP_MS, LK_QUERY, 20);
        const struct lk_sequence s = seen(v);
        if (s.n_records > 0)
            ask(bank, &s, (double)moments(&s), is_stranger ? UINT64_MAX : 2 * film + 1, t);
        lk_video_free(v);
    }
    report("10 s of films, brightened", "frame", &copies);
    report("10 s of films of other pictures", "frame", &strangers);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        die("usage: see the head of bench/timed/bench_timed.c");
    const size_t n_each = (size_t)(strtod(argc > 3 ? argv[3] : "1", NULL) * 1e6 / 2);
    const struct bank_config config = {.mode = BANK_WRITE, .by_caller = true};
    struct sound_bytes sound = read_sound(argv[1]);
    struct pictures *pictures = must_alloc(1, sizeof *pictures);
    struct bank *bank;
    struct lk_error err;
    *pictures = read_pictures(argv[2]);
    must(bank_open(NULL, &config, &bank, &err), &err);
    const struct filled f = fill(bank, &sound, pictures, n_each);
    must(bank_maintain(bank, &err), &err);
    printf(
        "%zu prints of sound (%zu recordings, %.0f h, %zu sampling rates), %.1f a second;\n"
        "%zu of frames (%zu films, %.0f h), %.1f a second; %.1f GB of memory; load %.1f\n\n"
        "| asked for | n | found | others, partial or surer | ms CPU each, mean | median | 99 %% "
        "| of a |\n|---|---|---|---|---|---|---|---|\n",
        f.n_sounds, f.n_recordings, f.sound_s / 3600, f.n_rounds, (double)f.n_sounds / f.sound_s,
        f.n_frames, f.n_shown, f.film_s / 3600, (double)f.n_frames / f.film_s,
        (double)resident_bytes() / 1e9, load_average());
    ask_sounds(bank, &sound, &f);
    ask_films(bank, pictures, &f);
    bank_close(bank);
    for (size_t i = 0; i < pictures->n; i++)
        free((void *)(uintptr_t)pictures->p[i].data);
    free(pictures);
    free(sound.x);
    return 0;
}
