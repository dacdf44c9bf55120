/* The print of a block: the signs of the low frequencies of its spectrogram.
 *
 *              32 bands                    16                    16
 *          +-------------+            +-----------+         +-----------+
 *   64     |   roots     |  over  16  |           |  over   | > 0 ?     |  256 signs, in a
 *   rows   |             |  time      |           |  bands  |           |  fixed order of
 *          +-------------+  1 .. 16   +-----------+  0 .. 15+-----------+  chance
 *
 * Both are cosine transforms, folded: a cosine of even frequency is the same read backwards, one of
 * odd frequency is its negative, so that half of the products do. Frequency 0 over time is left
 * out: with it goes what an equaliser or a telephone does to each band. Loudness is a factor of all
 * and changes no sign. */
#include "core/audio/block.h"

#include "core/audio/lanes.h"

enum {
    HALF = AUDIO_BLOCK / 2,
    BAND_HALF = AUDIO_BANDS / 2,
    BAND_VECTORS = AUDIO_BANDS / LANES,
    SIGN_VECTORS = AUDIO_SIGNS / LANES,
    MIN_ACTIVE = AUDIO_BLOCK / 2,
    QUALITY_STEPS = 10,
};

#define ACTIVE_SHARE 0.03f    /* of the block's mean: less is pause */
#define STEADY       0x1p-10f /* variance against squared mean: a tone that does not change */

/* Rows of the block added to and subtracted from their mirror images in time. */
struct folded {
    vf sum[HALF][BAND_VECTORS], difference[HALF][BAND_VECTORS];
};

static void fold(const struct block *block, struct folded *f)
{
    for (unsigned t = 0; t < HALF; t++)
        for (unsigned v = 0; v < BAND_VECTORS; v++) {
            const vf a = vf_load(block->roots[t] + v * LANES);
            const vf b = vf_load(block->roots[AUDIO_BLOCK - 1 - t] + v * LANES);
            f->sum[t][v] = a + b;
            f->difference[t][v] = a - b;
        }
}

/* One frequency over time, of all bands. */
static void over_time(const struct folded *f, unsigned row, float out[AUDIO_BANDS])
{
    const vf(*x)[BAND_VECTORS] = row % 2 == 0 ? f->difference : f->sum; /* row 0 is frequency 1 */
    const float *basis = audio_time_basis[row];
    vf sum[BAND_VECTORS] = {0};
    for (unsigned t = 0; t < HALF; t++)
        for (unsigned v = 0; v < BAND_VECTORS; v++)
            sum[v] += x[t][v] * basis[t];
    for (unsigned v = 0; v < BAND_VECTORS; v++)
        vf_store(out + v * LANES, sum[v]);
}

/* All frequencies over the bands: 0, 2, .. 14, then 1, 3, .. 15. */
static void over_bands(const float x[AUDIO_BANDS], float out[AUDIO_SIGNS])
{
    vf sum[SIGN_VECTORS] = {0};
    for (unsigned b = 0; b < BAND_HALF; b++) {
        const float even = x[b] + x[AUDIO_BANDS - 1 - b], odd = x[b] - x[AUDIO_BANDS - 1 - b];
        for (unsigned v = 0; v < SIGN_VECTORS; v++)
            sum[v] +=
                vf_load(audio_band_basis[b] + v * LANES) * (v < SIGN_VECTORS / 2 ? even : odd);
    }
    for (unsigned v = 0; v < SIGN_VECTORS; v++)
        vf_store(out + v * LANES, sum[v]);
}

/* Writes the signs; returns the sum of squares. */
static float add_signs(const float x[AUDIO_SIGNS], unsigned row, struct lk_print *print)
{
    float squares = 0;
    for (unsigned i = 0; i < AUDIO_SIGNS; i++) {
        const unsigned column = i < AUDIO_SIGNS / 2 ? 2 * i : 2 * i - (AUDIO_SIGNS - 1);
        const unsigned bit = audio_place[AUDIO_SIGNS * row + column];
        print->w[bit / 64] |= (uint64_t)(x[i] > 0) << bit % 64;
        squares += x[i] * x[i];
    }
    return squares;
}

static float mean_root(const struct folded *f)
{
    vf sum = {0};
    for (unsigned t = 0; t < HALF; t++)
        for (unsigned v = 0; v < BAND_VECTORS; v++)
            sum += f->sum[t][v];
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) / (AUDIO_BLOCK * AUDIO_BANDS);
}

/* The mean power, and how many rows are not pause. */
static unsigned count_active(const float *powers, float *mean)
{
    float sum = 0;
    unsigned n = 0;
    for (unsigned t = 0; t < AUDIO_BLOCK; t++)
        sum += powers[t];
    *mean = sum / AUDIO_BLOCK;
    for (unsigned t = 0; t < AUDIO_BLOCK; t++)
        n += powers[t] > ACTIVE_SHARE * *mean;
    return n;
}

bool block_print(const struct block *block, struct block_print *out)
{
    struct folded folded;
    float bands[AUDIO_BANDS], signs[AUDIO_SIGNS], squares = 0;
    *out = (struct block_print){0};
    const unsigned n_active = count_active(block->powers, &out->power);
    if (n_active < MIN_ACTIVE || !(out->power >= BLOCK_LEAST_POWER))
        return false;
    fold(block, &folded);
    for (unsigned row = 0; row < AUDIO_SIGNS; row++) {
        over_time(&folded, row, bands);
        over_bands(bands, signs);
        squares += add_signs(signs, row, &out->print);
    }
    /* a coefficient of noise has a quarter of the variance of all that it is made of */
    const float n_quarter = AUDIO_BLOCK * AUDIO_BANDS / 4, mean = mean_root(&folded);
    const float variance = squares / (AUDIO_SIGNS * AUDIO_SIGNS * n_quarter);
    out->quality = (uint8_t)(n_active * QUALITY_STEPS / AUDIO_BLOCK * QUALITY_STEPS);
    return variance > STEADY * (mean * mean);
}
