/* bench/pdq_baseline.h - PDQ written down plainly, step after step over whole pictures.
 *
 * What speed is measured against, and what the vector kernels are compared with float by float. It
 * shares no code with src/core. */
#ifndef BENCH_PDQ_BASELINE_H
#define BENCH_PDQ_BASELINE_H

#include <stdint.h>

/* The filter at full size: `pixels` are height rows of width * channels bytes (1 or 3 channels),
 * `scratch` has room for two floats a pixel; `a` receives 64 x 64 floats. */
void pdq_baseline_matrix(const uint8_t *pixels, int width, int height, int channels, float *scratch,
                         float *a);

/* The print (16 words of 16 bits, word i = vertical frequency i) and the quality of a matrix. */
void pdq_baseline_print(const float *a, uint16_t words[16], int *quality);

#endif
