/* Four rows a vector. There is no instruction that counts bits: the number of ones of each half
 * byte is looked up (Mula's method), the bytes of two or four words are added before they are
 * summed across (their sum stays below 64), and four queries share each load. */
#include "hamming.h"

#include <immintrin.h>

enum { LANES = 4, STEP = 2 * LANES };

struct broad {
    __m256i w[HAMMING_QUERIES][4];
};

static inline __m256i ones_per_byte(__m256i x)
{
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1,
                                           2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low_half = _mm256_set1_epi8(15);
    __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, low_half));
    __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), low_half));
    return _mm256_add_epi8(low, high);
}

static inline __m256i distance(const struct hamming_block *block, size_t row, const __m256i *query,
                               int n_words)
{
    __m256i bytes = _mm256_setzero_si256();
    for (int i = 0; i < n_words; i++) {
        __m256i plane = _mm256_load_si256((const __m256i *)(const void *)&block->w[i][row]);
        bytes = _mm256_add_epi8(bytes, ones_per_byte(_mm256_xor_si256(plane, query[i])));
    }
    return _mm256_sad_epu8(bytes, _mm256_setzero_si256());
}

/* For one query, the rows of a step that do NOT pass by their first n_words words: a bit each. The
 * distances (at most 256) of two vectors share one comparison: 0 2 | 1 3 in 32-bit lanes. */
static inline unsigned failing(const struct hamming_block *block, size_t row, const __m256i *query,
                               __m256i radius, int n_words)
{
    __m256i low = distance(block, row, query, n_words);
    __m256i high = distance(block, row + LANES, query, n_words);
    __m256i both = _mm256_or_si256(low, _mm256_slli_epi64(high, 32));
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(both, radius)));
}

/* Bit 2k of the mask stands for row k, bit 2k + 1 for row k + LANES. */
static inline size_t emit(unsigned mask, size_t query, size_t row, size_t n_rows,
                          hamming_pair *pairs)
{
    size_t n = 0;
    for (; mask != 0; mask &= mask - 1) {
        unsigned bit = (unsigned)__builtin_ctz(mask);
        size_t at = row + bit / 2 + (bit % 2) * LANES;
        if (at < n_rows)
            pairs[n++] = (hamming_pair)(query * HAMMING_BLOCK_ROWS + at);
    }
    return n;
}

static inline __attribute__((always_inline)) size_t scan(const struct hamming_block *block,
                                                         size_t n_rows, const struct broad *broad,
                                                         size_t n_queries, unsigned radius_bits,
                                                         int n_words, hamming_pair *pairs)
{
    const __m256i radius = _mm256_set1_epi32((int)radius_bits);
    size_t n = 0;
    for (size_t row = 0; row < n_rows; row += STEP) {
        unsigned mask[HAMMING_QUERIES], all = 0xff;
        for (size_t q = 0; q < n_queries; q++) {
            mask[q] = failing(block, row, broad->w[q], radius, n_words);
            all &= mask[q];
        }
        if (all == 0xff)
            continue;
        for (size_t q = 0; q < n_queries; q++)
            n += emit(~mask[q] & 0xff, q, row, n_rows, pairs + n);
    }
    return n;
}

size_t hamming_scan_avx2(const struct hamming_block *block, size_t n_rows,
                         const struct lk_print *queries, size_t n_queries, unsigned radius_bits,
                         hamming_pair *pairs)
{
    struct broad broad;
    for (size_t q = 0; q < n_queries; q++)
        for (int i = 0; i < 4; i++)
            broad.w[q][i] = _mm256_set1_epi64x((long long)queries[q].w[i]);
    if (radius_bits > HAMMING_NEAR_RADIUS)
        return scan(block, n_rows, &broad, n_queries, radius_bits, 4, pairs);
    if (n_queries == HAMMING_QUERIES)
        return scan(block, n_rows, &broad, HAMMING_QUERIES, radius_bits, 2, pairs);
    return scan(block, n_rows, &broad, n_queries, radius_bits, 2, pairs);
}
