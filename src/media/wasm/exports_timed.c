/* timed.wasm: what the page may call for a video or a recording, which the browser has decoded. It
 * imports nothing, so that it can do nothing but compute.
 *
 *   p = lk_wasm_alloc(n)                       see heap.h
 *   lk_wasm_timed_begin()                      forgets what was before -> enum lk_status
 *   lk_wasm_frame_wanted(time_us)              whether a frame of that time is to be handed over
 *   lk_wasm_frame(p, w, h, stride, o, time_us) a frame's luma; o: its orientation, 1 .. 8 as in
 *                                              EXIF; p stays the caller's -> enum lk_status
 *   lk_wasm_sound_begin(rate, channels)        before any sound -> enum lk_status
 *   lk_wasm_sound(p, n, time_us)               n frames of interleaved floats that begin at that
 *                                              time; p stays the caller's -> enum lk_status
 *   lk_wasm_timed_end(duration_ms)             the result is there -> enum lk_status
 *   lk_wasm_timed_result(), _bytes()           then: the sequence in its binary form (print.h)
 *   lk_wasm_timed_report()                     and eight u32: frames kept, prints of frames, blocks
 *                                              of sound, first and last time with a print (ms),
 *                                              frames that were looked at, of them flat, sound that
 *                                              is neither silence nor noise (ms)
 *   lk_wasm_timed_error()                      after anything that failed: why
 *
 * Times count from the beginning of what plays, in microseconds; what comes before 0 is left out.
 * One module instance is one file: its state stands here. */
#include "base/err.h"
#include "media/wasm/heap.h"
#include "media/worker/sequence_join.h"

#include <likeness/audio.h>
#include <likeness/video.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))

enum { GAP_US = 100000, US_PER_MS = 1000, US_PER_S = 1000000, N_REPORT = 8 };

static struct lk_video *video;
static struct lk_audio *audio;
static uint32_t rate_hz, n_channels;
static int64_t sound_us; /* so much sound was handed over */
static uint8_t *result;
static size_t result_bytes;
static uint32_t report[N_REPORT];
static struct lk_error error;

EXPORT("lk_wasm_timed_begin") enum lk_status wasm_timed_begin(void);
EXPORT("lk_wasm_frame_wanted") int wasm_frame_wanted(double time_us);
EXPORT("lk_wasm_frame")
enum lk_status wasm_frame(const uint8_t *luma, uint32_t width, uint32_t height, size_t stride,
                          uint32_t orientation, double time_us);
EXPORT("lk_wasm_sound_begin")
enum lk_status wasm_sound_begin(uint32_t sample_rate_hz, uint32_t channels);
EXPORT("lk_wasm_sound")
enum lk_status wasm_sound(const float *samples, size_t n_frames, double time_us);
EXPORT("lk_wasm_timed_end") enum lk_status wasm_timed_end(uint32_t duration_ms);
EXPORT("lk_wasm_timed_result") const uint8_t *wasm_timed_result(void);
EXPORT("lk_wasm_timed_result_bytes") size_t wasm_timed_result_bytes(void);
EXPORT("lk_wasm_timed_report") const uint32_t *wasm_timed_report(void);
EXPORT("lk_wasm_timed_error") const char *wasm_timed_error(void);

static void drop(void)
{
    lk_video_free(video);
    lk_audio_free(audio);
    free(result);
    video = NULL;
    audio = NULL;
    result = NULL;
    result_bytes = 0;
    sound_us = 0;
    memset(report, 0, sizeof report);
}

enum lk_status wasm_timed_begin(void)
{
    const struct lk_video_options options = {.purpose = LK_REGISTRATION};
    drop();
    error = (struct lk_error){0};
    return lk_video_new(&wasm_heap, &options, &video, &error);
}

int wasm_frame_wanted(double time_us)
{
    return video != NULL && time_us >= 0 && lk_video_wants(video, (int64_t)time_us);
}

enum lk_status wasm_frame(const uint8_t *luma, uint32_t width, uint32_t height, size_t stride,
                          uint32_t orientation, double time_us)
{
    const struct lk_luma frame = {.data = luma,
                                  .width = width,
                                  .height = height,
                                  .stride_bytes = stride,
                                  .orientation = (uint8_t)(orientation > 8 ? 0 : orientation)};
    if (video == NULL || !(time_us >= 0))
        return FAIL(&error, LK_INVALID, "no video is open, or the frame has no time");
    return lk_video_put(video, &frame, (int64_t)time_us, &error);
}

enum lk_status wasm_sound_begin(uint32_t sample_rate_hz, uint32_t channels)
{
    const struct lk_audio_options options = {
        .purpose = LK_REGISTRATION,
        .sample_rate_hz = sample_rate_hz,
        .channels = (uint8_t)(channels > UINT8_MAX ? UINT8_MAX : channels)};
    lk_audio_free(audio);
    audio = NULL;
    rate_hz = sample_rate_hz;
    n_channels = channels;
    return lk_audio_new(&wasm_heap, &options, &audio, &error);
}

enum lk_status wasm_sound(const float *samples, size_t n_frames, double time_us)
{
    size_t skip = 0;
    if (audio == NULL)
        return FAIL(&error, LK_INVALID, "no sound is open");
    if (time_us < 0) {
        const double before = -time_us * rate_hz / US_PER_S;
        skip = before < (double)n_frames ? (size_t)before : n_frames;
    } else if (time_us - (double)sound_us > GAP_US) {
        const int64_t gap_ms = ((int64_t)time_us - sound_us) / US_PER_MS;
        TRY(lk_audio_skip(audio, (uint32_t)gap_ms, &error));
        sound_us += gap_ms * US_PER_MS;
    }
    TRY(lk_audio_put(audio, samples + skip * n_channels, n_frames - skip, &error));
    sound_us += (int64_t)(n_frames - skip) * US_PER_S / rate_hz;
    return LK_OK;
}

/* ---- the result ---- */

/* What there is of pictures; none where they say nothing. */
static const struct lk_record *end_video(size_t *n)
{
    struct lk_error unheard;
    lk_video_end(video, 0);
    const struct lk_video_report r = lk_video_report(video);
    report[5] = r.n_used;
    report[6] = r.n_flat;
    *n = 0;
    if (lk_video_refusal(&r, &unheard) != LK_OK)
        return NULL;
    report[0] = r.n_kept;
    return lk_video_records(video, n);
}

static const struct lk_record *end_audio(size_t *n, enum lk_status *status)
{
    struct lk_error unheard;
    *n = 0;
    *status = audio == NULL ? LK_OK : lk_audio_end(audio, &error);
    if (audio == NULL || *status != LK_OK)
        return NULL;
    const struct lk_audio_report r = lk_audio_report(audio);
    report[7] = r.active_ms;
    return lk_audio_refusal(&r, &unheard) == LK_OK ? lk_audio_records(audio, n) : NULL;
}

static enum lk_status keep(const struct lk_sequence *seq)
{
    TRY(lk_sequence_check(seq, &error));
    result = malloc(lk_sequence_encoded_bytes(seq));
    if (result == NULL)
        return FAIL(&error, LK_NOMEM, "no memory for the result");
    result_bytes = lk_sequence_encode(seq, result);
    report[3] = seq->records[0].time_ms;
    report[4] = seq->records[seq->n_records - 1].time_ms;
    return LK_OK;
}

enum lk_status wasm_timed_end(uint32_t duration_ms)
{
    enum lk_status status;
    size_t n_frames, n_sounds;
    struct lk_record *all = NULL;
    struct lk_sequence seq = {.duration_ms = duration_ms};
    if (video == NULL)
        return FAIL(&error, LK_INVALID, "no video is open");
    const struct lk_record *frames = end_video(&n_frames);
    const struct lk_record *sounds = end_audio(&n_sounds, &status);
    TRY(status);
    report[1] = (uint32_t)n_frames;
    report[2] = (uint32_t)n_sounds;
    if (n_frames + n_sounds == 0)
        return FAIL(
            &error, LK_INVALID,
            "there is nothing to recognise it by: %u frames looked at, %u of them flat, and "
            "%u ms of sound that is not silence (3000 are needed)",
            report[5], report[6], report[7]);
    if (!sequence_join(frames, n_frames, sounds, n_sounds, &all, &seq.n_records))
        return FAIL(&error, LK_NOMEM, "no memory for the result");
    seq.medium = n_frames > 0 ? LK_VIDEO : LK_AUDIO;
    seq.records = all;
    status = keep(&seq);
    free(all);
    return status;
}

const uint8_t *wasm_timed_result(void)
{
    return result;
}

size_t wasm_timed_result_bytes(void)
{
    return result_bytes;
}

const uint32_t *wasm_timed_report(void)
{
    return report;
}

const char *wasm_timed_error(void)
{
    return error.text;
}
