/* Two rows a vector: CNT counts the ones of each byte, the bytes of two or four words are added
 * (at most 32) and then summed pair by pair up to 64 bits. */
#include "hamming.h"

#include <arm_neon.h>

enum { LANES = 2, STEP = 2 * LANES };

static inline uint64x2_t distance(const struct hamming_block *block, size_t row,
                                  const struct lk_print *query, int n_words)
{
    uint8x16_t bytes = vdupq_n_u8(0);
    for (int i = 0; i < n_words; i++) {
        uint64x2_t x = veorq_u64(vld1q_u64(&block->w[i][row]), vdupq_n_u64(query->w[i]));
        bytes = vaddq_u8(bytes, vcntq_u8(vreinterpretq_u8_u64(x)));
    }
    return vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(bytes)));
}

/* 32-bit lanes: all ones for each of four rows that passes by its first n_words words. */
static inline uint32x4_t passing(const struct hamming_block *block, size_t row,
                                 const struct lk_print *query, uint32x4_t radius, int n_words)
{
    uint32x2_t low = vmovn_u64(distance(block, row, query, n_words));
    uint32x2_t high = vmovn_u64(distance(block, row + LANES, query, n_words));
    return vcleq_u32(vcombine_u32(low, high), radius);
}

static inline size_t scan(const struct hamming_block *block, size_t n_rows,
                          const struct lk_print *queries, size_t n_queries, unsigned radius_bits,
                          int n_words, hamming_pair *pairs)
{
    const uint32x4_t radius = vdupq_n_u32(radius_bits);
    size_t n = 0;
    for (size_t row = 0; row < n_rows; row += STEP)
        for (size_t q = 0; q < n_queries; q++) {
            uint32x4_t pass = passing(block, row, &queries[q], radius, n_words);
            if (vmaxvq_u32(pass) == 0)
                continue;
            uint32_t lane[STEP];
            vst1q_u32(lane, pass);
            for (size_t i = 0; i < STEP && row + i < n_rows; i++)
                if (lane[i] != 0)
                    pairs[n++] = (hamming_pair)(q * HAMMING_BLOCK_ROWS + row + i);
        }
    return n;
}

size_t hamming_scan_neon(const struct hamming_block *block, size_t n_rows,
                         const struct lk_print *queries, size_t n_queries, unsigned radius_bits,
                         hamming_pair *pairs)
{
    if (radius_bits > HAMMING_NEAR_RADIUS)
        return scan(block, n_rows, queries, n_queries, radius_bits, 4, pairs);
    return scan(block, n_rows, queries, n_queries, radius_bits, 2, pairs);
}
