/* core/kernels/pdq.h - the inner loops of the PDQ print.
 *
 * The print needs two repetitions of (running mean along rows, running mean along columns) over the
 * whole picture, of which 64 x 64 values are kept. A running sum fixes the order of its additions,
 * so nothing can be vectorised along it; these kernels put `lanes` rows (or columns) side by side
 * instead, which leaves every sum as the reference forms it, bit for bit. Pixels go through in
 * bands of `lanes` rows; core/image/pdq_filter.c walks the bands.
 *
 * A sum over a window of w samples advances one sample a step: at step t it gains sample t and
 * loses sample t - w. Samples outside of the picture are zeros, and x + 0 - 0 is x, so that the
 * ends need no code of their own; only the divisor, the number of samples inside, changes. The mean
 * around sample x comes out at step x + lag. */
#ifndef CORE_KERNELS_PDQ_H
#define CORE_KERNELS_PDQ_H

#include <stddef.h>
#include <stdint.h>

#define PDQ_SIDE      64 /* the matrix that the transform is made from */
#define PDQ_FREQS     16 /* the block of frequencies that the print is made from */
#define PDQ_MAX_LANES 16
#define PDQ_ALIGN     64 /* bytes; of every float array below */

/* The first mean along rows, for one band. */
struct pdq_row_job {
    const uint8_t *rows[PDQ_MAX_LANES]; /* width * channels bytes each */
    float *out[PDQ_MAX_LANES];          /* padded floats each; the mean around x lands at x + lag,
                                           zeros before and behind */
    const float *divisor;               /* [padded], one a step */
    float *columns;                     /* scratch: (column_mask + 1) * lanes floats */
    uint32_t column_mask;               /* a power of two >= window + lanes, less one */
    uint32_t width, window, lag;
    uint32_t padded; /* a multiple of lanes, >= width + 2 * lag */
    uint32_t channels;
};

/* The first mean along columns and the second along rows, for one band; of the latter only the
 * columns that are kept. */
struct pdq_column_job {
    const float *entering[PDQ_MAX_LANES]; /* rows of padded floats, one a step */
    const float *leaving[PDQ_MAX_LANES];
    float divisor[PDQ_MAX_LANES];
    float *sums;    /* [padded], carried from band to band */
    float *columns; /* as above */
    uint32_t column_mask;
    uint32_t window, padded;      /* along rows */
    uint32_t keep_step[PDQ_SIDE]; /* where the kept columns come out, not falling */
    float keep_divisor[PDQ_SIDE]; /* their divisors */
    float *kept;                  /* scratch: PDQ_SIDE * lanes floats */
    float *out;                   /* [lanes][PDQ_SIDE] */
};

struct pdq_kernels {
    unsigned lanes; /* rows in a band: 4, 8 or 16 */
    void (*row_pass)(const struct pdq_row_job *job);
    void (*column_pass)(const struct pdq_column_job *job);
    /* The low frequencies 1..16 of `a`: b[i][j], i vertical, j horizontal. */
    void (*transform)(const float a[PDQ_SIDE * PDQ_SIDE], float b[PDQ_FREQS * PDQ_FREQS]);
    /* Adds 299 R + 587 G + 114 B (1000 V for one channel) of each pixel of a row to sums, which has
     * room for width rounded up to PDQ_MAX_LANES. Exact while sums stay below 2^24. */
    void (*luma_sums)(const uint8_t *row, uint32_t width, uint32_t channels, float *sums);
};

/* The best kernels of a mask of CPU_BIT()s. Static storage; threads: any. */
const struct pdq_kernels *pdq_kernels_get(unsigned mask);

extern const struct pdq_kernels pdq_kernels_scalar, pdq_kernels_avx2, pdq_kernels_avx512,
    pdq_kernels_neon;

#endif
