/* The PDQ kernels over eight floats. */
#include <immintrin.h>
#include <stdint.h>

#define KERNELS   pdq_kernels_avx2
#define LANES     8
#define RGB_BYTES 32
typedef __m256 vf;

/* Four pixels, 12 bytes, to each half; then one colour of each pixel to the low byte of an int. */
static inline void load_rgb(const uint8_t *p, vf rgb[3])
{
    const __m256i halves = _mm256_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5);
    const __m256i red = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1));
    const __m256i green = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1));
    const __m256i blue = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
    __m256i x = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)p), halves);
    rgb[0] = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(x, red));
    rgb[1] = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(x, green));
    rgb[2] = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(x, blue));
}

static inline vf load_grey(const uint8_t *p)
{
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p)));
}

/* Pairs, then fours, within halves of 128 bits; then the halves. */
static inline void transpose(vf x[LANES])
{
    vf y[LANES];
#pragma GCC unroll 8
    for (int i = 0; i < 8; i += 2) {
        y[i] = _mm256_unpacklo_ps(x[i], x[i + 1]);
        y[i + 1] = _mm256_unpackhi_ps(x[i], x[i + 1]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; i += 4) {
        x[i] = _mm256_shuffle_ps(y[i], y[i + 2], 0x44);
        x[i + 1] = _mm256_shuffle_ps(y[i], y[i + 2], 0xee);
        x[i + 2] = _mm256_shuffle_ps(y[i + 1], y[i + 3], 0x44);
        x[i + 3] = _mm256_shuffle_ps(y[i + 1], y[i + 3], 0xee);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 4; i++) {
        y[i] = _mm256_permute2f128_ps(x[i], x[i + 4], 0x20);
        y[i + 4] = _mm256_permute2f128_ps(x[i], x[i + 4], 0x31);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++)
        x[i] = y[i];
}

/* after the vectors */
#include "core/kernels/pdq_template.h"
