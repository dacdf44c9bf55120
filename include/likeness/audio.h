/* likeness/audio.h - from samples to audio prints.
 *
 * A print is 256 signs of the spectrogram of a block of 1.024 seconds between 250 and 3500 Hz: what
 * survives telephones, codecs, loudness, noise, and speed or pitch changed a little
 * (docs/formats/print.md says how it is made, docs/internals/audio-prints.md why). It says that
 * this is the same recording; it says nothing about whose voice it is.
 *
 *   registration  a block every 128 ms: few prints, which say less to whoever gets hold of them
 *   query         a block every 32 ms, so that one lies within 16 ms of every registered block
 *
 * Of a recording that has more blocks than may be kept, the stride of a registration is doubled as
 * often as needed; a query keeps its stride and asks for 1.024 seconds in every 2.048, 4.096, ...
 * Prints are the same on every processor and in WebAssembly, bit for bit, however the samples are
 * cut into calls. Memory: about 100 KB, and 72 bytes a record, whatever the length. */
#ifndef LIKENESS_AUDIO_H
#define LIKENESS_AUDIO_H

#include <likeness/alloc.h>
#include <likeness/fingerprint.h>
#include <likeness/print.h>

#define LK_AUDIO_MIN_RATE_HZ   4000u
#define LK_AUDIO_MAX_RATE_HZ   384000u
#define LK_AUDIO_MAX_CHANNELS  64u
#define LK_AUDIO_BLOCK_MS      1024u /* of sound that a print is made of */
#define LK_AUDIO_REGISTERED_MS 128u  /* from one block to the next */
#define LK_AUDIO_QUERY_MS      32u
#define LK_AUDIO_MIN_ACTIVE_MS 3000u /* what may be registered */

/* Of one recording: 35 minutes registered every 128 ms, or 9 minutes asked for every 32 ms. */
#define LK_MAX_AUDIO_RECORDS 16384

struct lk_audio; /* opaque: a recording on its way to prints */

struct lk_audio_options {
    uint8_t purpose;         /* enum lk_purpose */
    uint8_t channels;        /* 1 .. LK_AUDIO_MAX_CHANNELS; their mean counts */
    uint32_t sample_rate_hz; /* LK_AUDIO_MIN_RATE_HZ .. LK_AUDIO_MAX_RATE_HZ */
    size_t max_records;      /* 0: LK_MAX_AUDIO_RECORDS; never more than LK_MAX_RECORDS */
};

struct lk_audio_report {
    uint32_t duration_ms; /* of all that was put and skipped */
    uint32_t active_ms;   /* of it, louder than 30 dB below the loud parts, and not silent */
    uint32_t n_blocks;    /* blocks that were looked at */
    uint32_t n_gated; /* of them, those that give no print: silent, mostly silent, a steady tone */
};

/* Errors: LK_INVALID (an option out of its range), LK_NOMEM. */
enum lk_status lk_audio_new(const struct lk_alloc *alloc, const struct lk_audio_options *options,
                            struct lk_audio **out, struct lk_error *err) LK_MUST_CHECK;

/* Takes n_frames samples of every channel, interleaved, full scale -1 .. 1. What is no number or
 * infinite counts as 0, what is beyond -16 .. 16 as 16. Cost: under 0.5 ms a second of sound.
 * Errors: LK_NOMEM; LK_LIMIT (times above 2^32 - 1 ms); LK_CONFLICT (after lk_audio_end()). After
 * an error only lk_audio_free() makes sense. */
enum lk_status lk_audio_put(struct lk_audio *audio, const float *samples, size_t n_frames,
                            struct lk_error *err) LK_MUST_CHECK;

/* A gap in presentation time: the same as that much silence, but its cost does not grow with it.
 * Errors: as lk_audio_put(). */
enum lk_status lk_audio_skip(struct lk_audio *audio, uint32_t ms,
                             struct lk_error *err) LK_MUST_CHECK;

/* No more is to come. Errors: LK_NOMEM; LK_CONFLICT (the second time). */
enum lk_status lk_audio_end(struct lk_audio *audio, struct lk_error *err) LK_MUST_CHECK;

/* After lk_audio_end(): the records in order of time, borrowed until lk_audio_free(). Kind
 * LK_SOUND; time_ms is the beginning of the block; frame {128, 128, 255, 0}; quality 50 .. 100 in
 * tens: how much of the block is not pause. Before: none. */
const struct lk_record *lk_audio_records(const struct lk_audio *audio, size_t *n);

/* After lk_audio_end(). */
struct lk_audio_report lk_audio_report(const struct lk_audio *audio);

/* Says whether a recording may be registered: LK_OK, or LK_INVALID with the reason: less than
 * LK_AUDIO_MIN_ACTIVE_MS of sound, or more than three quarters of its blocks give no print. For a
 * query it is advice: any record may be looked for. */
enum lk_status lk_audio_refusal(const struct lk_audio_report *report,
                                struct lk_error *err) LK_MUST_CHECK;

/* NULL is fine. */
void lk_audio_free(struct lk_audio *audio);

#endif
