/* The PDQ kernels over sixteen floats. */
#include <immintrin.h>
#include <stdint.h>

#define KERNELS   pdq_kernels_avx512
#define LANES     16
#define RGB_BYTES 64
typedef __m512 vf;

/* Four pixels, 12 bytes, to each quarter; then one colour of each pixel to the low byte of an int.
 */
static inline void load_rgb(const uint8_t *p, vf rgb[3])
{
    const __m512i quarters = _mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11);
    const __m512i red = _mm512_broadcast_i32x4(
        _mm_setr_epi8(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1));
    const __m512i green = _mm512_broadcast_i32x4(
        _mm_setr_epi8(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1));
    const __m512i blue = _mm512_broadcast_i32x4(
        _mm_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
    __m512i x = _mm512_permutexvar_epi32(quarters, _mm512_loadu_si512(p));
    rgb[0] = _mm512_cvtepi32_ps(_mm512_shuffle_epi8(x, red));
    rgb[1] = _mm512_cvtepi32_ps(_mm512_shuffle_epi8(x, green));
    rgb[2] = _mm512_cvtepi32_ps(_mm512_shuffle_epi8(x, blue));
}

static inline vf load_grey(const uint8_t *p)
{
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p)));
}

/* Pairs, then fours, within quarters of 128 bits; then the quarters in two steps. */
static inline void transpose(vf x[LANES])
{
    vf y[LANES];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i += 2) {
        y[i] = _mm512_unpacklo_ps(x[i], x[i + 1]);
        y[i + 1] = _mm512_unpackhi_ps(x[i], x[i + 1]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; i += 4) {
        x[i] = _mm512_shuffle_ps(y[i], y[i + 2], 0x44);
        x[i + 1] = _mm512_shuffle_ps(y[i], y[i + 2], 0xee);
        x[i + 2] = _mm512_shuffle_ps(y[i + 1], y[i + 3], 0x44);
        x[i + 3] = _mm512_shuffle_ps(y[i + 1], y[i + 3], 0xee);
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; i += 8)
#pragma GCC unroll 16
        for (int j = 0; j < 4; j++) {
            y[i + j] = _mm512_shuffle_f32x4(x[i + j], x[i + j + 4], 0x88);
            y[i + j + 4] = _mm512_shuffle_f32x4(x[i + j], x[i + j + 4], 0xdd);
        }
#pragma GCC unroll 16
    for (int i = 0; i < 8; i++) {
        x[i] = _mm512_shuffle_f32x4(y[i], y[i + 8], 0x88);
        x[i + 8] = _mm512_shuffle_f32x4(y[i], y[i + 8], 0xdd);
    }
}

/* after the vectors */
#include "core/kernels/pdq_template.h"
