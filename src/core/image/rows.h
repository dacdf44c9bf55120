/* core/image/rows.h - the pixels that a front end lets the filter see, row by row.
 *
 * A front end is a rule that brings a picture to another size before the filter runs. Rows are made
 * on demand, a band at a time, so that no second copy of the picture exists. */
#ifndef CORE_IMAGE_ROWS_H
#define CORE_IMAGE_ROWS_H

#include "core/kernels/pdq.h"

#include <likeness/image.h>

struct image_rows {
    const struct lk_pixels *pixels;
    uint32_t width, height; /* as the filter sees it */
    uint32_t channels;      /* of the rows handed out */
    uint32_t reduce;        /* > 1: mean of squares of that many pixels */
    bool nearest;           /* nearest neighbour to 512 x 512 */
};

/* Describes `pixels` through `front_end`. */
void image_rows_init(struct image_rows *rows, const struct lk_pixels *pixels,
                     enum lk_front_end front_end);

/* What image_rows_get() needs for bands of n rows: 0 when rows are borrowed from the picture. The
 * scratch is aligned to PDQ_ALIGN. */
size_t image_rows_scratch_bytes(const struct image_rows *rows, uint32_t n);

/* Points out[0..n) at rows y .. y + n - 1, in the picture or in `scratch`. */
void image_rows_get(const struct image_rows *rows, const struct pdq_kernels *kernels, uint32_t y,
                    uint32_t n, uint8_t *scratch, const uint8_t **out);

#endif
