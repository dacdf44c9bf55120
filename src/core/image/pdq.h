/* core/image/pdq.h - from the 64 x 64 matrix to the print, its eight forms and its quality. */
#ifndef CORE_IMAGE_PDQ_H
#define CORE_IMAGE_PDQ_H

#include "core/kernels/pdq.h"

#include <likeness/image.h>

/* Quality 0..100: how much neighbours differ. */
unsigned pdq_quality(const float a[PDQ_SIDE * PDQ_SIDE]);

/* Prints of the eight forms from the block of frequencies `b`. */
void pdq_turns(const float b[PDQ_FREQS * PDQ_FREQS], struct lk_print turn[LK_N_TURNS]);

/* How many frequencies stand more than a quarter of a grey level clear of the median, 0..256. */
unsigned pdq_clear(const float b[PDQ_FREQS * PDQ_FREQS]);

/* lk_image_print() with kernels of the caller's choice: how tests walk the levels. */
enum lk_status pdq_print_with(const struct pdq_kernels *kernels, const struct lk_alloc *alloc,
                              const struct lk_pixels *pixels, enum lk_front_end front_end,
                              struct lk_image_prints *out, struct lk_error *err) LK_MUST_CHECK;

/* What every function that takes pixels demands of them. Errors: LK_INVALID. */
enum lk_status pixels_check(const struct lk_pixels *px, enum lk_front_end front_end,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
