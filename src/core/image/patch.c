/* A sample is a bilinear mean. Coefficient 64 * channel + 8 * u + v - 1 (u vertical, v horizontal,
 * not both 0; the last one is u = 8, v = 0) is taken about the mean under the window, so that what
 * all pixels have in common does not decide it; anchor_order shares the coefficients out to the
 * bits. */
#include "core/image/patch.h"

#include "core/image/anchor_tables.h"

#include <math.h>
#include <string.h>

enum { CHANNELS = 4, FREQUENCIES = 8, PER_CHANNEL = 64, PIXELS = PATCH_SIDE * PATCH_SIDE };

static const float samples_a_sigma = 2.0f * 6.0f / PATCH_SIDE; /* a patch reaches six sigma */
static const float blur_a_sample = 0.9f;
static const float least_size = 2.0f; /* of a gradient, below which dividing would amplify noise */

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

static int fold(int i, int n)
{
    if (i < 0)
        i = -i;
    if (i >= n)
        i = 2 * n - 2 - i;
    return i < 0 ? 0 : i >= n ? n - 1 : i;
}

static int floor_of(float v)
{
    int i = (int)v;
    return (float)i > v ? i - 1 : i;
}

static float sample(const struct scale_plane *p, float x, float y)
{
    const int w = (int)p->width, h = (int)p->height;
    const int ix = floor_of(x), iy = floor_of(y);
    const float fx = x - (float)ix, fy = y - (float)iy;
    const float *top = p->at + (size_t)fold(iy, h) * w, *low = p->at + (size_t)fold(iy + 1, h) * w;
    const int left = fold(ix, w), right = fold(ix + 1, w);
    const float a = top[left] * (1 - fx) + top[right] * fx;
    const float b = low[left] * (1 - fx) + low[right] * fx;
    return a * (1 - fy) + b * fy;
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
    const float half = (PATCH_SIDE - 1) * 0.5f;
    const float x0 = anchor->x / pixels, y0 = anchor->y / pixels;
    for (int j = 0; j < PATCH_SIDE; j++)
        for (int i = 0; i < PATCH_SIDE; i++) {
            const float dx = (float)i - half, dy = (float)j - half;
            out->at[j * PATCH_SIDE + i] =
                sample(plane, x0 + (c * dx - s * dy), y0 + (s * dx + c * dy));
        }
}

/* ---- the print ---- */

/* Columns one behind the other: the sums below run over rows side by side. */
struct channels {
    _Alignas(64) float at[CHANNELS][PIXELS];
};

static float split_gradients(const float *p, struct channels *out)
{
    float total = 0;
    memset(out, 0, sizeof *out);
    for (int y = 0; y < PATCH_SIDE; y++)
        for (int x = 0; x < PATCH_SIDE; x++) {
            const float *at = p + y * PATCH_SIDE + x;
            const float gx = x > 0 && x < PATCH_SIDE - 1 ? at[1] - at[-1] : 0;
            const float gy = y > 0 && y < PATCH_SIDE - 1 ? at[PATCH_SIDE] - at[-PATCH_SIDE] : 0;
            const float weight = 1 / sqrtf(sqrtf(gx * gx + gy * gy) + least_size);
            const int to = x * PATCH_SIDE + y;
            total += fabsf(gx) + fabsf(gy);
            out->at[gx > 0 ? 0 : 1][to] = fabsf(gx) * weight;
            out->at[gy > 0 ? 2 : 3][to] = fabsf(gy) * weight;
        }
    return total / PIXELS;
}

static void transform(const float *channel, float out[PER_CHANNEL])
{
    _Alignas(64) float rows[FREQUENCIES + 1][PATCH_SIDE] = {{0}}; /* [v][y] */
    for (int v = 0; v < FREQUENCIES; v++)
        for (int x = 0; x < PATCH_SIDE; x++)
            for (int y = 0; y < PATCH_SIDE; y++)
                rows[v][y] += anchor_basis[v][x] * channel[x * PATCH_SIDE + y];
    float full[FREQUENCIES + 1][FREQUENCIES] = {{0}};
    for (int u = 0; u <= FREQUENCIES; u++)
        for (int v = 0; v < (u < FREQUENCIES ? FREQUENCIES : 1); v++)
            for (int y = 0; y < PATCH_SIDE; y++)
                full[u][v] += anchor_basis[u][y] * rows[v][y];
    for (int k = 0; k < PER_CHANNEL; k++) {
        const int u = (k + 1) / FREQUENCIES, v = (k + 1) % FREQUENCIES;
        out[k] = full[u][v] - anchor_basis_mean[u] * anchor_basis_mean[v] * full[0][0];
    }
}

static void put_bits(const bool bits[LK_PRINT_BITS], struct lk_print *out)
{
    memset(out, 0, sizeof *out);
    for (unsigned k = 0; k < LK_PRINT_BITS; k++)
        out->w[k / 64] |= (uint64_t)bits[anchor_order[k]] << (k % 64);
}

unsigned patch_print(const struct patch *patch, struct lk_print *out)
{
    struct channels channels;
    bool bits[LK_PRINT_BITS];
    const float mean = split_gradients(patch->at, &channels);
    for (int c = 0; c < CHANNELS; c++) {
        float coefficients[PER_CHANNEL];
        transform(channels.at[c], coefficients);
        for (int k = 0; k < PER_CHANNEL; k++)
            bits[c * PER_CHANNEL + k] = coefficients[k] > 0;
    }
    put_bits(bits, out);
    return mean >= 10 ? 100 : (unsigned)(mean * 10);
}

struct lk_print patch_print_mirrored(const struct lk_print *print)
{
    static const uint8_t exchanged[CHANNELS] = {1, 0, 2, 3};
    bool bits[LK_PRINT_BITS], mirrored[LK_PRINT_BITS];
    struct lk_print out;
    for (unsigned k = 0; k < LK_PRINT_BITS; k++)
        bits[anchor_order[k]] = print->w[k / 64] >> (k % 64) & 1;
    for (unsigned c = 0; c < CHANNELS; c++)
        for (unsigned k = 0; k < PER_CHANNEL; k++) {
            const bool odd = (k + 1) % FREQUENCIES % 2 == 1;
            mirrored[c * PER_CHANNEL + k] = bits[exchanged[c] * PER_CHANNEL + k] ^ odd;
        }
    put_bits(mirrored, &out);
    return out;
}
