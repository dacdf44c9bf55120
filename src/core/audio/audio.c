/* The public face of audio prints (include/likeness/audio.h), and how samples flow:
 *
 *   put -> mean of channels -> resampler -> samples -> 4 spectra -> rows -> a block's print -> keep
 *
 * All that waits for more is in struct lk_audio: samples[] for four frames, rows[] for a block. A
 * long gap fills them with silence, and is then jumped over by whole multiples of two seconds, of
 * which every stage has a whole number. */
#include "base/err.h"
#include "core/audio/block.h"
#include "core/audio/keep.h"
#include "core/audio/resample.h"
#include "core/audio/spectrum.h"

#include <likeness/audio.h>

enum {
    ROWS = 4 * AUDIO_BLOCK,
    MIN_RECORDS = 64,
    JUMP_S = 2,
    JUMP_SAMPLES = JUMP_S * RESAMPLE_RATE_HZ,
    JUMP_FRAMES = JUMP_SAMPLES / SPECTRUM_HOP,
    SILENCE_S = 4, /* after so much nothing is left of what was before */
};

/* A sample may be as loud as this; what is quieter than the other counts as 0, so that no result
 * depends on how a processor treats tiny numbers. */
#define MOST  16.0f
#define LEAST 0x1p-40f

struct lk_audio {
    const struct lk_alloc *alloc;
    struct lk_audio_options options;
    struct resampler resampler;
    struct keep keep;
    bool is_ended;
    struct lk_audio_report report; /* from the end on */
    uint64_t n_in, n_out;          /* samples a channel, before and after resampling */
    uint64_t n_frames;
    size_t n_samples, n_rows;
    float samples[SPECTRUM_SAMPLES];
    float roots[ROWS][AUDIO_BANDS];
    float powers[ROWS];
    struct spectrum_scratch scratch;
    struct spectrum_frame frames[SPECTRUM_FRAMES];
};

static enum lk_status options_check(const struct lk_audio_options *o, struct lk_error *err)
{
    if (o->purpose != LK_REGISTRATION && o->purpose != LK_QUERY)
        return FAIL(err, LK_INVALID, "purpose %u is not known", o->purpose);
    if (o->sample_rate_hz < LK_AUDIO_MIN_RATE_HZ || o->sample_rate_hz > LK_AUDIO_MAX_RATE_HZ)
        return FAIL(err, LK_INVALID, "%u samples a second; %u to %u are understood",
                    o->sample_rate_hz, LK_AUDIO_MIN_RATE_HZ, LK_AUDIO_MAX_RATE_HZ);
    if (o->channels < 1 || o->channels > LK_AUDIO_MAX_CHANNELS)
        return FAIL(err, LK_INVALID, "sound of %u channels; 1 to %u are understood", o->channels,
                    LK_AUDIO_MAX_CHANNELS);
    if (o->max_records != 0 && (o->max_records < MIN_RECORDS || o->max_records > LK_MAX_RECORDS))
        return FAIL(err, LK_INVALID, "at most %zu records of a recording; it must be %d to %d",
                    o->max_records, MIN_RECORDS, LK_MAX_RECORDS);
    return LK_OK;
}

enum lk_status lk_audio_new(const struct lk_alloc *alloc, const struct lk_audio_options *options,
                            struct lk_audio **out, struct lk_error *err)
{
    TRY(options_check(options, err));
    struct lk_audio *a = alloc->alloc(alloc->ctx, sizeof *a);
    if (a == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the prints of a recording");
    memset(a, 0, sizeof *a);
    a->alloc = alloc;
    a->options = *options;
    keep_init(&a->keep, alloc, options);
    enum lk_status status = resample_init(&a->resampler, alloc, options->sample_rate_hz, err);
    if (status != LK_OK) {
        lk_audio_free(a);
        return status;
    }
    *out = a;
    return LK_OK;
}

void lk_audio_free(struct lk_audio *audio)
{
    if (audio == NULL)
        return;
    resample_fini(&audio->resampler);
    keep_fini(&audio->keep);
    audio->alloc->free(audio->alloc->ctx, audio, sizeof *audio);
}

static enum lk_status add_row(struct lk_audio *a, const struct spectrum_frame *frame,
                              struct lk_error *err)
{
    if (a->n_rows == ROWS) {
        a->n_rows = AUDIO_BLOCK - 1;
        memmove(a->roots, a->roots + ROWS - a->n_rows, a->n_rows * sizeof *a->roots);
        memmove(a->powers, a->powers + ROWS - a->n_rows, a->n_rows * sizeof *a->powers);
    }
    memcpy(a->roots[a->n_rows], frame->roots, sizeof frame->roots);
    a->powers[a->n_rows++] = frame->power;
    a->n_frames++;
    keep_frame(&a->keep, frame->power);
    if (a->n_frames < AUDIO_BLOCK)
        return LK_OK;
    const uint64_t first = a->n_frames - AUDIO_BLOCK;
    if (first % keep_stride(&a->keep) != 0 || !keep_wants(&a->keep, first))
        return LK_OK;
    const size_t at = a->n_rows - AUDIO_BLOCK;
    const struct block block = {(const float(*)[AUDIO_BANDS])(a->roots + at), a->powers + at};
    struct block_print print;
    return keep_block(&a->keep, first, block_print(&block, &print) ? &print : NULL, err);
}

/* The spectra of what waits in samples[]; n of them count. */
static enum lk_status add_frames(struct lk_audio *a, size_t n, struct lk_error *err)
{
    spectrum_frames(a->samples, &a->scratch, a->frames);
    for (size_t i = 0; i < n; i++)
        TRY(add_row(a, &a->frames[i], err));
    a->n_samples = SPECTRUM_SAMPLES - SPECTRUM_FRAMES * SPECTRUM_HOP;
    memmove(a->samples, a->samples + SPECTRUM_FRAMES * SPECTRUM_HOP,
            a->n_samples * sizeof *a->samples);
    return LK_OK;
}

/* Works off what the resampler can give, up to n_max new samples. */
static enum lk_status drain(struct lk_audio *a, uint64_t n_max, struct lk_error *err)
{
    for (;;) {
        size_t room = SPECTRUM_SAMPLES - a->n_samples;
        if (room > n_max - a->n_out)
            room = (size_t)(n_max - a->n_out);
        const size_t n = resample_take(&a->resampler, a->samples + a->n_samples, room);
        a->n_samples += n;
        a->n_out += n;
        if (a->n_samples < SPECTRUM_SAMPLES)
            return LK_OK;
        TRY(add_frames(a, SPECTRUM_FRAMES, err));
    }
}

static inline float cleaned(float x)
{
    const float size = x < 0 ? -x : x;
    if (!(size >= LEAST) || size > __FLT_MAX__)
        return 0;
    return size > MOST ? (x < 0 ? -MOST : MOST) : x;
}

static void mix(const float *samples, size_t n_frames, unsigned n_channels, float *out)
{
    for (size_t i = 0; i < n_frames; i++, samples += n_channels) {
        float sum = 0;
        for (unsigned c = 0; c < n_channels; c++)
            sum += cleaned(samples[c]);
        out[i] = cleaned(sum / (float)n_channels);
    }
}

/* NULL: silence. */
static enum lk_status add(struct lk_audio *a, const float *samples, uint64_t n_frames,
                          struct lk_error *err)
{
    while (n_frames > 0) {
        size_t n;
        float *out = resample_room(&a->resampler, &n);
        if (n > n_frames)
            n = (size_t)n_frames;
        if (samples == NULL)
            memset(out, 0, n * sizeof *out);
        else {
            mix(samples, n, a->options.channels, out);
            samples += n * a->options.channels;
        }
        resample_put(&a->resampler, n);
        n_frames -= n;
        TRY(drain(a, UINT64_MAX, err));
    }
    return LK_OK;
}

/* Says that so many more samples come, if that can be. */
static enum lk_status expect(struct lk_audio *a, uint64_t n_frames, struct lk_error *err)
{
    const uint64_t most = (uint64_t)UINT32_MAX * a->options.sample_rate_hz / 1000;
    if (a->is_ended)
        return FAIL(err, LK_CONFLICT, "the recording has ended already");
    if (n_frames > most - a->n_in)
        return FAIL(err, LK_LIMIT, "a recording of more than %u seconds: cut it into parts",
                    UINT32_MAX / 1000);
    a->n_in += n_frames;
    return LK_OK;
}

enum lk_status lk_audio_put(struct lk_audio *audio, const float *samples, size_t n_frames,
                            struct lk_error *err)
{
    TRY(expect(audio, n_frames, err));
    return add(audio, samples, n_frames, err);
}

/* Nothing but silence waits anywhere: so many times two seconds of it change only the time. */
static void jump(struct lk_audio *a, uint64_t n)
{
    const uint64_t stride = keep_stride(&a->keep), before = a->n_frames;
    a->n_out += n * JUMP_SAMPLES;
    a->n_frames += n * JUMP_FRAMES;
    keep_silence(&a->keep, (a->n_frames - AUDIO_BLOCK) / stride - (before - AUDIO_BLOCK) / stride);
}

enum lk_status lk_audio_skip(struct lk_audio *audio, uint32_t ms, struct lk_error *err)
{
    const uint32_t rate = audio->options.sample_rate_hz;
    uint64_t n = (uint64_t)ms * rate / 1000;
    TRY(expect(audio, n, err));
    if (n > (uint64_t)(SILENCE_S + JUMP_S) * rate) {
        const uint64_t n_jumps = n / ((uint64_t)JUMP_S * rate) - SILENCE_S / JUMP_S;
        TRY(add(audio, NULL, (uint64_t)SILENCE_S * rate, err));
        jump(audio, n_jumps);
        n -= (n_jumps * JUMP_S + SILENCE_S) * rate;
    }
    return add(audio, NULL, n, err);
}

enum lk_status lk_audio_end(struct lk_audio *audio, struct lk_error *err)
{
    TRY(expect(audio, 0, err));
    const uint32_t rate = audio->options.sample_rate_hz;
    const uint64_t n_out = (audio->n_in * RESAMPLE_RATE_HZ + rate - 1) / rate;
    audio->is_ended = true;
    while (audio->n_out < n_out) {
        size_t n;
        float *out = resample_room(&audio->resampler, &n);
        memset(out, 0, n * sizeof *out);
        resample_put(&audio->resampler, n);
        TRY(drain(audio, n_out, err));
    }
    if (audio->n_samples >= AUDIO_WINDOW) {
        const size_t n_frames = (audio->n_samples - AUDIO_WINDOW) / SPECTRUM_HOP + 1;
        memset(audio->samples + audio->n_samples, 0,
               (SPECTRUM_SAMPLES - audio->n_samples) * sizeof *audio->samples);
        TRY(add_frames(audio, n_frames, err));
    }
    audio->report.duration_ms = (uint32_t)(audio->n_in * 1000 / rate);
    keep_end(&audio->keep, &audio->report);
    return LK_OK;
}

const struct lk_record *lk_audio_records(const struct lk_audio *audio, size_t *n)
{
    *n = audio->is_ended ? audio->keep.n : 0;
    return audio->keep.records;
}

struct lk_audio_report lk_audio_report(const struct lk_audio *audio)
{
    return audio->report;
}

enum lk_status lk_audio_refusal(const struct lk_audio_report *report, struct lk_error *err)
{
    if (report->active_ms < LK_AUDIO_MIN_ACTIVE_MS)
        return FAIL(err, LK_INVALID,
                    "the recording has %u.%u seconds of sound that is not silence; %u are needed",
                    report->active_ms / 1000, report->active_ms % 1000 / 100,
                    LK_AUDIO_MIN_ACTIVE_MS / 1000);
    if ((uint64_t)report->n_gated * 4 > (uint64_t)report->n_blocks * 3)
        return FAIL(err, LK_INVALID,
                    "the recording is mostly silence or one steady tone: %u of %u parts give a "
                    "print, a quarter is needed",
                    report->n_blocks - report->n_gated, report->n_blocks);
    return LK_OK;
}
