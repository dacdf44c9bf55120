/* The kernels of core/kernels/pdq.h, written once over vectors of LANES floats. A file that
 * includes this one has defined before:
 *
 *   LANES         4, 8 or 16
 *   vf            a vector of LANES floats (GCC's vector extension)
 *   RGB_BYTES     how many bytes load_rgb() touches, >= 3 * LANES
 *   load_rgb(p, rgb)  the three colours of LANES pixels, a vector each
 *   load_grey(p)  LANES grey pixels; touches LANES bytes
 *   transpose(x)  of LANES vectors, in place
 *   KERNELS       the name of the table
 *
 * A tile is LANES rows by LANES columns. Row pass: a tile of luma is transposed, so that a vector
 * holds one column of the band; the sums of all rows advance together, column by column; the means
 * are transposed back and stored. Column pass: sums of LANES columns advance row by row; the tile
 * of means is transposed, and the second mean along rows follows while it is in registers. */
#include "core/kernels/pdq.h"
#include "core/kernels/pdq_basis.h"

#include <string.h>

static inline vf load(const float *p)
{
    vf v;
    memcpy(&v, __builtin_assume_aligned(p, sizeof v), sizeof v);
    return v;
}

static inline void store(float *p, vf v)
{
    memcpy(__builtin_assume_aligned(p, sizeof v), &v, sizeof v);
}

static inline vf load_luma(const uint8_t *p)
{
    vf rgb[3];
    load_rgb(p, rgb);
    return 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
}

/* Thousandths of luma: whole numbers, so that floats are exact and order does not matter. */
static inline vf load_thousandths(const uint8_t *p, uint32_t channels)
{
    if (channels == 1)
        return 1000.0f * load_grey(p);
    vf rgb[3];
    load_rgb(p, rgb);
    return 299.0f * rgb[0] + 587.0f * rgb[1] + 114.0f * rgb[2];
}

static void luma_sums(const uint8_t *row, uint32_t width, uint32_t channels, float *sums)
{
    size_t touched = channels == 3 ? RGB_BYTES : LANES;
    size_t at = 0, end = (size_t)width * channels;
    for (; at + touched <= end; at += LANES * channels, sums += LANES)
        store(sums, load(sums) + load_thousandths(row + at, channels));
    for (; at < end; at += LANES * channels, sums += LANES) {
        uint8_t padded[RGB_BYTES] = {0};
        memcpy(padded, row + at, end - at < RGB_BYTES ? end - at : RGB_BYTES);
        store(sums, load(sums) + load_thousandths(padded, channels));
    }
}

/* Tiles at the right end go through a copy, padded with zeros, so that nothing is read behind a
 * row. */
static inline void load_tile(const struct pdq_row_job *job, uint32_t x0, vf tile[LANES])
{
    size_t channels = job->channels;
    size_t touched = channels == 3 ? RGB_BYTES : LANES;
    size_t at = x0 * channels, end = job->width * channels;
    uint8_t padded[LANES][RGB_BYTES];
    const uint8_t *from[LANES];
    if (at + touched <= end) {
        for (int i = 0; i < LANES; i++)
            from[i] = job->rows[i] + at;
    } else {
        size_t inside = at < end ? end - at : 0;
        memset(padded, 0, sizeof padded);
        for (int i = 0; i < LANES; i++) {
            memcpy(padded[i], job->rows[i] + (inside ? at : 0), inside);
            from[i] = padded[i];
        }
    }
    if (channels == 3) {
        for (int i = 0; i < LANES; i++)
            tile[i] = load_luma(from[i]);
    } else {
        for (int i = 0; i < LANES; i++)
            tile[i] = load_grey(from[i]);
    }
}

static void zero_ends(const struct pdq_row_job *job)
{
    uint32_t end = job->width + job->lag;
    for (int i = 0; i < LANES; i++) {
        memset(job->out[i], 0, job->lag * sizeof(float));
        memset(job->out[i] + end, 0, (job->padded - end) * sizeof(float));
    }
}

static void row_pass(const struct pdq_row_job *job)
{
    float *columns = job->columns;
    const uint32_t mask = job->column_mask, window = job->window;
    memset(columns, 0, (mask + 1) * LANES * sizeof(float));
    vf sum = {0};
    for (uint32_t t = 0; t < job->width + job->lag; t += LANES) {
        vf tile[LANES];
        load_tile(job, t, tile);
        transpose(tile);
        float *entering = columns + (t & mask) * LANES;
#pragma GCC unroll 16
        for (uint32_t i = 0; i < LANES; i++)
            store(entering + i * LANES, tile[i]);
#pragma GCC unroll 16
        for (uint32_t i = 0; i < LANES; i++) {
            sum = sum + tile[i];
            sum = sum - load(columns + ((t + i - window) & mask) * LANES);
            tile[i] = sum / job->divisor[t + i];
        }
        transpose(tile);
#pragma GCC unroll 16
        for (uint32_t i = 0; i < LANES; i++)
            store(job->out[i] + t, tile[i]);
    }
    zero_ends(job);
}

/* kept[k] is a column of the band; out[i] a row. */
static inline void turn_kept(const struct pdq_column_job *job)
{
    for (int k = 0; k < PDQ_SIDE; k += LANES) {
        vf tile[LANES];
        for (int i = 0; i < LANES; i++)
            tile[i] = load(job->kept + (k + i) * LANES);
        transpose(tile);
        for (int i = 0; i < LANES; i++)
            store(job->out + i * PDQ_SIDE + k, tile[i]);
    }
}

static void column_pass(const struct pdq_column_job *job)
{
    float *columns = job->columns;
    const uint32_t mask = job->column_mask, window = job->window;
    memset(columns, 0, (mask + 1) * LANES * sizeof(float));
    vf sum = {0};
    uint32_t k = 0;
    for (uint32_t t = 0; t < job->padded; t += LANES) {
        vf tile[LANES], means[LANES];
        vf down = load(job->sums + t);
#pragma GCC unroll 16
        for (uint32_t i = 0; i < LANES; i++) {
            down = down + load(job->entering[i] + t);
            down = down - load(job->leaving[i] + t);
            tile[i] = down / job->divisor[i];
        }
        store(job->sums + t, down);
        transpose(tile);
        float *entering = columns + (t & mask) * LANES;
#pragma GCC unroll 16
        for (uint32_t i = 0; i < LANES; i++)
            store(entering + i * LANES, tile[i]);
#pragma GCC unroll 16
        for (uint32_t i = 0; i < LANES; i++) {
            sum = sum + tile[i];
            sum = sum - load(columns + ((t + i - window) & mask) * LANES);
            means[i] = sum;
        }
        for (; k < PDQ_SIDE && job->keep_step[k] < t + LANES; k++)
            store(job->kept + k * LANES, means[job->keep_step[k] - t] / job->keep_divisor[k]);
    }
    turn_kept(job);
}

/* Each element is one sum from zero over k = 0..63 in order; elements stand side by side. ACROSS
 * vectors and four rows are summed together, which is what fits in registers. */
#define ACROSS (LANES == 16 ? 4 : 2)

static void transform_columns(const float *a, float t[PDQ_FREQS * PDQ_SIDE])
{
    for (int i = 0; i < PDQ_FREQS; i += 2)
        for (int j = 0; j < PDQ_SIDE; j += ACROSS * LANES) {
            vf sum[2][ACROSS] = {0};
            for (int k = 0; k < PDQ_SIDE; k++)
#pragma GCC unroll 4
                for (int v = 0; v < ACROSS; v++) {
                    vf x = load(a + k * PDQ_SIDE + j + v * LANES);
                    sum[0][v] = sum[0][v] + pdq_basis[i][k] * x;
                    sum[1][v] = sum[1][v] + pdq_basis[i + 1][k] * x;
                }
            for (int v = 0; v < ACROSS; v++) {
                store(t + i * PDQ_SIDE + j + v * LANES, sum[0][v]);
                store(t + (i + 1) * PDQ_SIDE + j + v * LANES, sum[1][v]);
            }
        }
}

static void transform(const float a[PDQ_SIDE * PDQ_SIDE], float b[PDQ_FREQS * PDQ_FREQS])
{
    _Alignas(PDQ_ALIGN) float t[PDQ_FREQS * PDQ_SIDE];
    transform_columns(a, t);
    for (int i = 0; i < PDQ_FREQS; i += 4)
        for (int j = 0; j < PDQ_FREQS; j += LANES) {
            vf sum[4] = {0};
            for (int k = 0; k < PDQ_SIDE; k++) {
                vf x = load(pdq_basis_turned[k] + j);
#pragma GCC unroll 4
                for (int v = 0; v < 4; v++)
                    sum[v] = sum[v] + t[(i + v) * PDQ_SIDE + k] * x;
            }
            for (int v = 0; v < 4; v++)
                store(b + (i + v) * PDQ_FREQS + j, sum[v]);
        }
}

const struct pdq_kernels KERNELS = {
    .lanes = LANES,
    .row_pass = row_pass,
    .column_pass = column_pass,
    .transform = transform,
    .luma_sums = luma_sums,
};
