/* The reference's loop, compiled for processors that count bits in one instruction. */
#include "hamming_words.h"

size_t hamming_scan_popcnt(const struct hamming_block *block, size_t n_rows,
                           const struct lk_print *queries, size_t n_queries, unsigned radius_bits,
                           hamming_pair *pairs)
{
    return hamming_scan_words(block, n_rows, queries, n_queries, radius_bits, pairs);
}
