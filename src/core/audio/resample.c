/* Resampling (docs/formats/print.md, "Audio prints").
 *
 * New sample m lies at old sample m * rate / 16000 = i + phase / 16000. It is the sum of the old
 * ones around, each weighted by the filter at its distance; the filter's unit is a new sample, or
 * an old one where these are longer:
 *
 *     old    |   |   |   |   |   |   |   |
 *     new      ^ i + phase / 16000
 *     taps   2 * n_half of them, then zeros to a multiple of 4
 *
 * The filter stands in a table of 128 steps a unit, with straight lines in between. Rates that have
 * few phases (44,100: 160 of them; 48,000: one) get all their taps worked out beforehand. */
#include "core/audio/resample.h"

#include "base/err.h"
#include "core/audio/audio_tables.h"
#include "core/audio/lanes.h"

#include <string.h>

enum {
    MAX_TAP_FLOATS = 1 << 16, /* worked out beforehand */
    OLD_CHUNK = 4096,
};

static uint32_t gcd(uint32_t a, uint32_t b)
{
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static uint32_t unit(const struct resampler *r)
{
    return r->rate_hz > RESAMPLE_RATE_HZ ? r->rate_hz : RESAMPLE_RATE_HZ;
}

static size_t n_old_max(const struct resampler *r)
{
    return r->n_taps + OLD_CHUNK;
}

static void make_taps(const struct resampler *r, uint32_t phase, float *taps)
{
    const uint32_t q = unit(r);
    const float scale = (float)RESAMPLE_RATE_HZ / (float)q;
    const int64_t middle = (int64_t)(r->n_half - 1) * RESAMPLE_RATE_HZ + phase;
    for (uint32_t j = 0; j < r->n_taps; j++) {
        const int64_t d = (int64_t)j * RESAMPLE_RATE_HZ - middle;
        const uint32_t u = (uint32_t)(d < 0 ? -d : d) * AUDIO_TAPS_STEPS;
        const uint32_t i = u / q;
        const float part = (float)(u % q) / (float)q;
        taps[j] = i >= AUDIO_TAPS_HALF * AUDIO_TAPS_STEPS
                      ? 0
                      : (audio_taps[i] + (audio_taps[i + 1] - audio_taps[i]) * part) * scale;
    }
}

enum lk_status resample_init(struct resampler *r, const struct lk_alloc *alloc, uint32_t rate_hz,
                             struct lk_error *err)
{
    *r = (struct resampler){.alloc = alloc, .rate_hz = rate_hz};
    r->n_half = (AUDIO_TAPS_HALF * unit(r) + RESAMPLE_RATE_HZ - 1) / RESAMPLE_RATE_HZ;
    r->n_taps = (2 * r->n_half + LANES - 1) / LANES * LANES;
    r->phase_gcd = gcd(rate_hz, RESAMPLE_RATE_HZ);
    r->n_rows = RESAMPLE_RATE_HZ / r->phase_gcd;
    r->has_all = r->n_rows * r->n_taps <= MAX_TAP_FLOATS;
    if (!r->has_all)
        r->n_rows = 1;
    const size_t n_taps = (size_t)r->n_rows * r->n_taps;
    r->n_memory = n_taps + n_old_max(r);
    r->taps = alloc->alloc(alloc->ctx, r->n_memory * sizeof *r->taps);
    if (r->taps == NULL)
        return FAIL(err, LK_NOMEM, "no memory to resample %u samples a second", rate_hz);
    r->old = r->taps + n_taps;
    for (uint32_t i = 0; r->has_all && i < r->n_rows; i++)
        make_taps(r, i * r->phase_gcd, r->taps + (size_t)i * r->n_taps);
    /* before the beginning there is silence */
    r->n_old = r->n_half - 1;
    memset(r->old, 0, r->n_old * sizeof *r->old);
    return LK_OK;
}

void resample_fini(struct resampler *r)
{
    if (r->taps != NULL)
        r->alloc->free(r->alloc->ctx, r->taps, r->n_memory * sizeof *r->taps);
    r->taps = NULL;
}

float *resample_room(struct resampler *r, size_t *n)
{
    if (r->at > 0 && n_old_max(r) - r->n_old < OLD_CHUNK / 2) {
        const size_t gone = r->at < r->n_old ? r->at : r->n_old;
        memmove(r->old, r->old + gone, (r->n_old - gone) * sizeof *r->old);
        r->n_old -= gone;
        r->at -= gone;
    }
    *n = n_old_max(r) - r->n_old;
    return r->old + r->n_old;
}

void resample_put(struct resampler *r, size_t n)
{
    r->n_old += n;
}

static float weigh(const float *taps, const float *old, uint32_t n)
{
    vf sum = {0};
    for (uint32_t i = 0; i < n; i += LANES)
        sum += vf_load(taps + i) * vf_load(old + i);
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

size_t resample_take(struct resampler *r, float *out, size_t n)
{
    const uint32_t whole = r->rate_hz / RESAMPLE_RATE_HZ, rest = r->rate_hz % RESAMPLE_RATE_HZ;
    size_t done = 0;
    for (; done < n && r->at + r->n_taps <= r->n_old; done++) {
        float *taps = r->taps;
        if (r->has_all)
            taps += (size_t)(r->phase / r->phase_gcd) * r->n_taps;
        else
            make_taps(r, r->phase, taps);
        out[done] = weigh(taps, r->old + r->at, r->n_taps);
        r->at += whole;
        r->phase += rest;
        if (r->phase >= RESAMPLE_RATE_HZ) {
            r->phase -= RESAMPLE_RATE_HZ;
            r->at++;
        }
    }
    return done;
}
