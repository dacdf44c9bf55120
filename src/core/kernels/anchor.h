/* core/kernels/anchor.h - the inner loops of anchored prints.
 *
 * Every sum is formed in one order, whatever the instruction set: lanes hold neighbours, and never
 * parts of one sum. */
#ifndef CORE_KERNELS_ANCHOR_H
#define CORE_KERNELS_ANCHOR_H

#include <stdint.h>

#define ANCHOR_MAX_WIDTH    384 /* of a row of pixels */
#define ANCHOR_PATCH_SIDE   32
#define ANCHOR_CHANNELS     4 /* rightward, leftward, downward, upward gradients */
#define ANCHOR_FREQUENCIES  8 /* horizontal; one more are vertical */
#define ANCHOR_PATCH_PIXELS (ANCHOR_PATCH_SIDE * ANCHOR_PATCH_SIDE)
#define ANCHOR_ALIGN        64 /* bytes; of every array [ANCHOR_PATCH_PIXELS] */

/* One blur of a plane. Beyond the edges it is mirrored. */
struct anchor_blur_job {
    const float *from; /* [height][width], as the others; width <= ANCHOR_MAX_WIDTH */
    float *to, *scratch;
    const float *kernel; /* [radius + 1], from its middle outwards */
    uint32_t width, height, radius;
};

/* Bilinear means of a plane on a square grid of ANCHOR_PATCH_SIDE: sample (i, j), counted from the
 * middle of the grid, lies at (x + across * i - down * j, y + down * i + across * j). Beyond the
 * edges the plane is mirrored once, then its last pixels go on. */
struct anchor_sample_job {
    const float *plane; /* [height][width] */
    int width, height;
    float x, y, across, down; /* in pixels, at most 10^6 */
};

/* Sums over a channel under the window: [channel][vertical][horizontal frequency]. */
struct anchor_spectrum {
    float at[ANCHOR_CHANNELS][ANCHOR_FREQUENCIES + 1][ANCHOR_FREQUENCIES];
};

struct anchor_kernels {
    void (*blur)(const struct anchor_blur_job *job);
    void (*subtract)(const float *a, const float *b, uint32_t n, float *out);
    /* flags[x], 0 < x < width - 1: whether row[x] is at least `least` or at most -least and
     * exceeds all eight neighbours that way. The other flags are left alone. */
    void (*flag_extrema)(const float *above, const float *row, const float *below, uint32_t width,
                         float least, uint8_t *flags);
    void (*sample)(const struct anchor_sample_job *job, float patch[ANCHOR_PATCH_PIXELS]);
    /* Returns the mean of |rightward| + |downward| differences over two pixels. */
    float (*spectrum)(const float patch[ANCHOR_PATCH_PIXELS], struct anchor_spectrum *out);
};

/* The best kernels of a mask of CPU_BIT()s. Static storage; threads: any. */
const struct anchor_kernels *anchor_kernels_get(unsigned mask);

extern const struct anchor_kernels anchor_kernels_scalar, anchor_kernels_avx2;

#endif
