/* core/audio/resample.h - samples of any rate to 16,000 a second.
 *
 * A windowed sinc, evaluated where each new sample lies between the old ones. Places are counted in
 * integers, so that nothing drifts and the cut of the input into calls changes no bit. */
#ifndef CORE_AUDIO_RESAMPLE_H
#define CORE_AUDIO_RESAMPLE_H

#include <likeness/alloc.h>
#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RESAMPLE_RATE_HZ = 16000 };

struct resampler {
    const struct lk_alloc *alloc;
    uint32_t rate_hz;
    uint32_t n_half;    /* old samples on either side that count */
    uint32_t n_taps;    /* 2 * n_half, and what makes it a multiple of 4 */
    uint32_t phase;     /* how far the next new sample lies behind an old one, in 1/16000 */
    uint32_t phase_gcd; /* phases are multiples of it */
    uint32_t n_rows;    /* of taps: one a phase, or a single one that is made anew each time */
    bool has_all;       /* the former */
    size_t at, n_old;   /* in old[]: the first that counts for the next new sample; how many */
    size_t n_memory;    /* floats */
    float *taps;        /* n_rows * n_taps */
    float *old;
};

/* Errors: LK_NOMEM. */
enum lk_status resample_init(struct resampler *r, const struct lk_alloc *alloc, uint32_t rate_hz,
                             struct lk_error *err) LK_MUST_CHECK;
void resample_fini(struct resampler *r);

/* Room for old samples: at least one after resample_take() gave less than asked for. The caller
 * writes some of them and says with resample_put() how many. */
float *resample_room(struct resampler *r, size_t *n);
void resample_put(struct resampler *r, size_t n);

/* Writes up to n new samples; returns how many the old ones suffice for. */
size_t resample_take(struct resampler *r, float *out, size_t n);

#endif
