/* A sample is a bilinear mean. Coefficient 64 * channel + 8 * u + v - 1 (u vertical, v horizontal,
 * not both 0; the last one is u = 8, v = 0) is taken about the mean under the window, so that what
 * all pixels have in common does not decide it; anchor_order shares the coefficients out to the
 * bits. */
#include "core/image/patch.h"

#include "core/image/anchor_tables.h"
#include "core/kernels/cpu.h"

#include <string.h>

enum { CHANNELS = ANCHOR_CHANNELS, FREQUENCIES = ANCHOR_FREQUENCIES, PER_CHANNEL = 64 };

static const float samples_a_sigma = 2.0f * 6.0f / PATCH_SIDE; /* a patch reaches six sigma */
static const float blur_a_sample = 0.9f;

/* ---- sampling ---- */

static const struct scale_plane *plane_for(const struct scale_space *space, float blur,
                                           float *pixels)
{
    const struct scale_plane *best = &space->picture;
    *pixels = 1;
    for (unsigned o = 0; o < space->n_octaves; o++)
        for (unsigned i = o == 0 ? 0 : 1; i <= SCALE_PER_OCTAVE; i++)
            if (scale_space_sigma(o, i) <= blur) {
                best = &space->level[o][i];
                *pixels = (float)(1u << o);
            }
    return best;
}

void patch_sample(const struct scale_space *space, const struct anchor *anchor, float sigma,
                  enum lk_small_turn turn, struct patch *out)
{
    float pixels;
    const struct scale_plane *plane =
        plane_for(space, blur_a_sample * samples_a_sigma * sigma, &pixels);
    const float step = samples_a_sigma * sigma / pixels;
    const float c = step * (turn == LK_SMALL_TURN_NONE ? 1 : ANCHOR_TURN_COS);
    const float s = step * (turn == LK_SMALL_TURN_NONE   ? 0
                            : turn == LK_SMALL_TURN_LEFT ? -ANCHOR_TURN_SIN
                                                         : ANCHOR_TURN_SIN);
    const struct anchor_sample_job job = {
        .plane = plane->at,
        .width = (int)plane->width,
        .height = (int)plane->height,
        .x = anchor->x / pixels,
        .y = anchor->y / pixels,
        .across = c,
        .down = s,
    };
    anchor_kernels_get(cpu_mask())->sample(&job, out->at);
}

/* ---- the print ---- */

static void put_bits(const bool bits[LK_PRINT_BITS], struct lk_print *out)
{
    memset(out, 0, sizeof *out);
    for (unsigned k = 0; k < LK_PRINT_BITS; k++)
        out->w[k / 64] |= (uint64_t)bits[anchor_order[k]] << (k % 64);
}

unsigned patch_print(const struct patch *patch, struct lk_print *out)
{
    struct anchor_spectrum spectrum;
    bool bits[LK_PRINT_BITS];
    const float mean = anchor_kernels_get(cpu_mask())->spectrum(patch->at, &spectrum);
    for (int c = 0; c < CHANNELS; c++)
        for (int k = 0; k < PER_CHANNEL; k++) {
            const int u = (k + 1) / FREQUENCIES, v = (k + 1) % FREQUENCIES;
            const float common = anchor_basis_mean[u] * anchor_basis_mean[v] * spectrum.at[c][0][0];
            bits[c * PER_CHANNEL + k] = spectrum.at[c][u][v] - common > 0;
        }
    put_bits(bits, out);
    return mean >= 10 ? 100 : (unsigned)(mean * 10);
}

/* The print whose channel c is channel[c] of another, with the sign of odd horizontal frequencies
 * turned over or not. */
static struct lk_print rearranged(const struct lk_print *print, const uint8_t channel[CHANNELS],
                                  bool turn_odd)
{
    bool bits[LK_PRINT_BITS], made[LK_PRINT_BITS];
    struct lk_print out;
    for (unsigned k = 0; k < LK_PRINT_BITS; k++)
        bits[anchor_order[k]] = print->w[k / 64] >> (k % 64) & 1;
    for (unsigned c = 0; c < CHANNELS; c++)
        for (unsigned k = 0; k < PER_CHANNEL; k++) {
            const bool odd = (k + 1) % FREQUENCIES % 2 == 1;
            made[c * PER_CHANNEL + k] = bits[channel[c] * PER_CHANNEL + k] ^ (odd & turn_odd);
        }
    put_bits(made, &out);
    return out;
}

struct lk_print patch_print_mirrored(const struct lk_print *print)
{
    return rearranged(print, (const uint8_t[CHANNELS]){1, 0, 2, 3}, true);
}

struct lk_print patch_print_inverted(const struct lk_print *print)
{
    return rearranged(print, (const uint8_t[CHANNELS]){1, 0, 3, 2}, false);
}

void patch_turn(const struct patch *patch, struct patch *out)
{
    for (int j = 0; j < PATCH_SIDE; j++)
        for (int i = 0; i < PATCH_SIDE; i++)
            out->at[j * PATCH_SIDE + i] = patch->at[i * PATCH_SIDE + PATCH_SIDE - 1 - j];
}
