/* core/image/pdq_filter.h - from rows of pixels to the 64 x 64 matrix of PDQ.
 *
 * Luma, two repetitions of running means along rows and columns, and the choice of 64 x 64 of the
 * results. Works through the picture in bands; what it holds grows with the width and the window
 * (a 128th of the height), not with the area, and stays in the second-level cache up to some 12
 * megapixels. */
#ifndef CORE_IMAGE_PDQ_FILTER_H
#define CORE_IMAGE_PDQ_FILTER_H

#include "core/image/rows.h"
#include "core/kernels/pdq.h"

/* Fills out (aligned to PDQ_ALIGN). Both sides of `rows` are at least 1.
 * Errors: LK_NOMEM.   Threads: any. */
enum lk_status pdq_filter(const struct pdq_kernels *kernels, const struct lk_alloc *alloc,
                          const struct image_rows *rows, float out[PDQ_SIDE * PDQ_SIDE],
                          struct lk_error *err);

/* A picture of 64 x 64 as it stands: luma, no filter. */
void pdq_plain_matrix(const struct image_rows *rows, float out[PDQ_SIDE * PDQ_SIDE]);

#endif
