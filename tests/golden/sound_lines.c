/* Other rates than 16,000 repeat or leave out samples, which takes no arithmetic that could differ.
 */
#include "sound_lines.h"

#include "base/fmt.h"

#include <string.h>

static const struct lk_audio_options cases[] = {
    {LK_QUERY, 1, 16000, 0},         {LK_REGISTRATION, 1, 4000, 0},
    {LK_REGISTRATION, 1, 8000, 0},   {LK_REGISTRATION, 1, 11025, 0},
    {LK_REGISTRATION, 1, 22050, 0},  {LK_REGISTRATION, 2, 44100, 0},
    {LK_REGISTRATION, 1, 44101, 0},  {LK_REGISTRATION, 2, 48000, 0},
    {LK_REGISTRATION, 6, 96000, 0},  {LK_REGISTRATION, 1, 192000, 0},
    {LK_REGISTRATION, 1, 383999, 0},
};

struct text {
    char *p;
    size_t n, cap;
};

static void append(void *ctx, const char *p, size_t n)
{
    struct text *t = ctx;
    if (n > t->cap - t->n)
        return;
    memcpy(t->p + t->n, p, n);
    t->n += n;
}

static void say(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fmt_v(append, t, format, args);
    va_end(args);
}

/* The first channel is the recording, each further one half as loud. */
static enum lk_status put(struct lk_audio *a, const struct lk_audio_options *o, const int16_t *pcm,
                          size_t n)
{
    struct lk_error err;
    float x[LK_AUDIO_MAX_CHANNELS * 16];
    const uint64_t n_frames = (uint64_t)n * o->sample_rate_hz / 16000;
    for (uint64_t i = 0; i < n_frames;) {
        size_t k = 0;
        for (; k < 16 && i < n_frames; k++, i++) {
            float sample = pcm[i * 16000 / o->sample_rate_hz] / 32768.0f;
            for (unsigned c = 0; c < o->channels; c++, sample /= 2)
                x[k * o->channels + c] = sample;
        }
        if (lk_audio_put(a, x, k, &err) != LK_OK)
            return err.status;
    }
    return lk_audio_end(a, &err);
}

size_t sound_lines(const struct lk_alloc *alloc, const int16_t *pcm, size_t n, char *out,
                   size_t cap)
{
    struct text t = {out, 0, cap};
    struct lk_error err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct lk_audio_options *o = &cases[i];
        struct lk_audio *a = NULL;
        size_t n_records = 0;
        if (lk_audio_new(alloc, o, &a, &err) != LK_OK || put(a, o, pcm, n) != LK_OK)
            t.cap = 0;
        const struct lk_record *r = a == NULL ? NULL : lk_audio_records(a, &n_records);
        for (size_t k = 0; k < n_records; k++) {
            char hex[LK_PRINT_HEX_CHARS + 1];
            lk_print_to_hex(&r[k].print, hex);
            say(&t, "%u %u %s %u %u %s\n", o->sample_rate_hz, o->channels,
                o->purpose == LK_QUERY ? "query" : "registration", r[k].time_ms, r[k].quality, hex);
        }
        lk_audio_free(a);
    }
    return t.cap == 0 ? 0 : t.n;
}
