/* The PDQ kernels on aarch64, where four floats are a register. */
#include <arm_neon.h>

#include "core/kernels/pdq_lanes4.h"

#define KERNELS   pdq_kernels_neon
#define RGB_BYTES 16

/* Indices of the bytes of one colour, each the low byte of an int; 255 gives zero. */
static inline vf colour(uint8x16_t pixels, uint8_t first)
{
    const uint8x16_t spread = {0, 255, 255, 255, 3, 255, 255, 255,
                               6, 255, 255, 255, 9, 255, 255, 255};
    const uint8x16_t inside = {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0};
    uint8x16_t at = vaddq_u8(spread, vmulq_u8(inside, vdupq_n_u8(first)));
    return (vf)vcvtq_f32_u32(vreinterpretq_u32_u8(vqtbl1q_u8(pixels, at)));
}

static inline void load_rgb(const uint8_t *p, vf rgb[3])
{
    uint8x16_t pixels = vld1q_u8(p);
    for (uint8_t c = 0; c < 3; c++)
        rgb[c] = colour(pixels, c);
}

/* after the vectors */
#include "core/kernels/pdq_template.h"
