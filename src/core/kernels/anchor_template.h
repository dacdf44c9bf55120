/* The kernels of anchored prints, written once: what differs is how wide a vector the compiler may
 * use for eight floats, and how many sums fit into registers (ROWS_AT_ONCE). */
#include "core/image/anchor_tables.h"
#include "core/kernels/anchor.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { LANES = 8, SIDE = ANCHOR_PATCH_SIDE, LAST = ANCHOR_FREQUENCIES };

typedef float vf __attribute__((vector_size(LANES * sizeof(float))));
typedef float vf_anywhere
    __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

static const float least_size = 2.0f; /* of a gradient, below which dividing would amplify noise */

/* ---- blurs ---- */

/* Index mirrored at both edges, for any picture that is wider than the kernel or not. */
static uint32_t mirrored(int32_t i, uint32_t n)
{
    int32_t last = (int32_t)n - 1;
    if (i < 0)
        i = -i;
    if (i > last)
        i = 2 * last - i;
    return (uint32_t)(i < 0 ? 0 : i);
}

/* to[x] = k[0] middle[x] + sum of k[i] (before[i][x] + after[i][x]), i rising. */
static void weigh(const float *middle, const float *const *before, const float *const *after,
                  const float *k, uint32_t radius, uint32_t n, float *to)
{
    uint32_t x = 0;
    for (; x + 2 * LANES <= n; x += 2 * LANES) {
        vf a = k[0] * *(const vf_anywhere *)(middle + x);
        vf b = k[0] * *(const vf_anywhere *)(middle + x + LANES);
        for (uint32_t i = 1; i <= radius; i++) {
            a += k[i] *
                 (*(const vf_anywhere *)(before[i] + x) + *(const vf_anywhere *)(after[i] + x));
            b += k[i] * (*(const vf_anywhere *)(before[i] + x + LANES) +
                         *(const vf_anywhere *)(after[i] + x + LANES));
        }
        *(vf_anywhere *)(to + x) = a;
        *(vf_anywhere *)(to + x + LANES) = b;
    }
    for (; x < n; x++) {
        float sum = k[0] * middle[x];
        for (uint32_t i = 1; i <= radius; i++)
            sum += k[i] * (before[i][x] + after[i][x]);
        to[x] = sum;
    }
}

static void blur_rows(const struct anchor_blur_job *job)
{
    float padded[ANCHOR_MAX_WIDTH + 2 * ANCHOR_MAX_BLUR];
    const float *before[ANCHOR_MAX_BLUR + 1], *after[ANCHOR_MAX_BLUR + 1];
    const uint32_t w = job->width, radius = job->radius;
    float *middle = padded + radius;
    for (uint32_t i = 1; i <= radius; i++) {
        before[i] = middle - i;
        after[i] = middle + i;
    }
    for (uint32_t y = 0; y < job->height; y++) {
        const float *row = job->from + (size_t)y * w;
        memcpy(middle, row, w * sizeof *row);
        for (uint32_t i = 1; i <= radius; i++) {
            padded[radius - i] = row[mirrored(-(int32_t)i, w)];
            padded[radius + w - 1 + i] = row[mirrored((int32_t)(w - 1 + i), w)];
        }
        weigh(middle, before, after, job->kernel, radius, w, job->scratch + (size_t)y * w);
    }
}

static void blur_columns(const struct anchor_blur_job *job)
{
    const float *before[ANCHOR_MAX_BLUR + 1], *after[ANCHOR_MAX_BLUR + 1];
    const uint32_t w = job->width;
    for (uint32_t y = 0; y < job->height; y++) {
        for (uint32_t i = 1; i <= job->radius; i++) {
            before[i] = job->scratch + (size_t)mirrored((int32_t)(y - i), job->height) * w;
            after[i] = job->scratch + (size_t)mirrored((int32_t)(y + i), job->height) * w;
        }
        weigh(job->scratch + (size_t)y * w, before, after, job->kernel, job->radius, w,
              job->to + (size_t)y * w);
    }
}

static void blur(const struct anchor_blur_job *job)
{
    blur_rows(job);
    blur_columns(job);
}

/* ---- extrema ---- */

static void subtract(const float *a, const float *b, uint32_t n, float *out)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = a[i] - b[i];
}

static inline float more(float a, float b)
{
    return a > b ? a : b;
}

static inline float less(float a, float b)
{
    return a < b ? a : b;
}

/* Without branches, so that compilers do several places at a time. */
static void flag_extrema(const float *above, const float *row, const float *below, uint32_t width,
                         float least, uint8_t *flags)
{
    float highest[ANCHOR_MAX_WIDTH], lowest[ANCHOR_MAX_WIDTH]; /* of those above and below */
    for (uint32_t x = 0; x < width; x++) {
        highest[x] = more(above[x], below[x]);
        lowest[x] = less(above[x], below[x]);
    }
    for (uint32_t x = 1; x + 1 < width; x++) {
        const float high = more(more(more(highest[x - 1], highest[x]), highest[x + 1]),
                                more(row[x - 1], row[x + 1]));
        const float low =
            less(less(less(lowest[x - 1], lowest[x]), lowest[x + 1]), less(row[x - 1], row[x + 1]));
        const float v = row[x];
        flags[x] = (uint8_t)(((v >= least) & (v > high)) | ((v <= -least) & (v < low)));
    }
}

/* ---- patches ---- */

static inline int floor_of(float v)
{
    const int i = (int)v;
    return i - ((float)i > v);
}

static inline int fold(int i, int n)
{
    i = i < 0 ? -i : i;
    i = i >= n ? 2 * n - 2 - i : i;
    i = i < 0 ? 0 : i;
    return i >= n ? n - 1 : i;
}

/* Where the samples of one row lie: four pixels each, and how far beyond the first of them. */
struct places {
    int top_left[SIDE], top_right[SIDE], low_left[SIDE], low_right[SIDE];
    float x[SIDE], y[SIDE];
};

static void place_row(const struct anchor_sample_job *job, int j, struct places *out)
{
    const float half = (SIDE - 1) * 0.5f, dy = (float)j - half;
    for (int i = 0; i < SIDE; i++) {
        const float dx = (float)i - half;
        const float x = job->x + (job->across * dx - job->down * dy);
        const float y = job->y + (job->down * dx + job->across * dy);
        const int ix = floor_of(x), iy = floor_of(y);
        const int left = fold(ix, job->width), right = fold(ix + 1, job->width);
        const int top = fold(iy, job->height) * job->width;
        const int low = fold(iy + 1, job->height) * job->width;
        out->x[i] = x - (float)ix;
        out->y[i] = y - (float)iy;
        out->top_left[i] = top + left;
        out->top_right[i] = top + right;
        out->low_left[i] = low + left;
        out->low_right[i] = low + right;
    }
}

static void sample(const struct anchor_sample_job *job, float patch[ANCHOR_PATCH_PIXELS])
{
    for (int j = 0; j < SIDE; j++) {
        struct places at;
        float top_left[SIDE], top_right[SIDE], low_left[SIDE], low_right[SIDE];
        place_row(job, j, &at);
        for (int i = 0; i < SIDE; i++) {
            top_left[i] = job->plane[at.top_left[i]];
            top_right[i] = job->plane[at.top_right[i]];
            low_left[i] = job->plane[at.low_left[i]];
            low_right[i] = job->plane[at.low_right[i]];
        }
        for (int i = 0; i < SIDE; i++) {
            const float a = top_left[i] * (1 - at.x[i]) + top_right[i] * at.x[i];
            const float b = low_left[i] * (1 - at.x[i]) + low_right[i] * at.x[i];
            patch[j * SIDE + i] = a * (1 - at.y[i]) + b * at.y[i];
        }
    }
}

/* ---- spectra ---- */

struct channels {
    _Alignas(ANCHOR_ALIGN) float at[ANCHOR_CHANNELS][SIDE][SIDE];
};

/* One row of all channels; adds the sizes of gradients to sizes[x]. */
static void split_row(const float *patch, int y, struct channels *out, float sizes[SIDE])
{
    const float *row = patch + y * SIDE;
    const float *above = y > 0 && y < SIDE - 1 ? row - SIDE : row;
    const float *below = y > 0 && y < SIDE - 1 ? row + SIDE : row;
    float right[SIDE];
    right[0] = right[SIDE - 1] = 0;
    for (int x = 1; x < SIDE - 1; x++)
        right[x] = row[x + 1] - row[x - 1];
    for (int x = 0; x < SIDE; x++) {
        const float gx = right[x], gy = below[x] - above[x];
        const float weight = 1 / sqrtf(sqrtf(gx * gx + gy * gy) + least_size);
        sizes[x] += fabsf(gx) + fabsf(gy);
        out->at[0][y][x] = (gx > 0 ? gx : 0) * weight;
        out->at[1][y][x] = (gx > 0 ? 0 : -gx) * weight;
        out->at[2][y][x] = (gy > 0 ? gy : 0) * weight;
        out->at[3][y][x] = (gy > 0 ? 0 : -gy) * weight;
    }
}

/* Sums along rows, all horizontal frequencies side by side. */
static void sum_rows(const float channel[SIDE][SIDE], vf out[SIDE])
{
    for (int y = 0; y < SIDE; y += ROWS_AT_ONCE) {
        vf sums[ROWS_AT_ONCE] = {{0}};
        for (int x = 0; x < SIDE; x++) {
            const vf basis = *(const vf *)anchor_basis_across[x];
#pragma GCC unroll 8
            for (int i = 0; i < ROWS_AT_ONCE; i++)
                sums[i] += basis * channel[y + i][x];
        }
#pragma GCC unroll 8
        for (int i = 0; i < ROWS_AT_ONCE; i++)
            out[y + i] = sums[i];
    }
}

static void sum_columns(const vf rows[SIDE], float out[LAST + 1][ANCHOR_FREQUENCIES])
{
    enum { AT_ONCE = 3 };
    for (int u = 0; u <= LAST; u += AT_ONCE) {
        vf sums[AT_ONCE] = {{0}};
        for (int y = 0; y < SIDE; y++)
#pragma GCC unroll 3
            for (int i = 0; i < AT_ONCE; i++)
                sums[i] += rows[y] * anchor_basis[u + i][y];
        for (int i = 0; i < AT_ONCE; i++)
            *(vf_anywhere *)out[u + i] = sums[i];
    }
}

static float spectrum(const float patch[ANCHOR_PATCH_PIXELS], struct anchor_spectrum *out)
{
    struct channels channels;
    float sizes[SIDE] = {0}, total = 0;
    for (int y = 0; y < SIDE; y++)
        split_row(patch, y, &channels, sizes);
    for (int x = 0; x < SIDE; x++)
        total += sizes[x];
    for (int c = 0; c < ANCHOR_CHANNELS; c++) {
        vf rows[SIDE];
        sum_rows(channels.at[c], rows);
        sum_columns(rows, out->at[c]);
    }
    return total / ANCHOR_PATCH_PIXELS;
}

const struct anchor_kernels KERNELS = {blur, subtract, flag_extrema, sample, spectrum};
