/* Four rows a vector. There is no instruction that counts bits: the number of ones of each half
 * byte is looked up (Mula's method), the bytes of two or four words are added before they are
 * summed across (their sum stays below 64), four queries share each load, and the least of the 32
 * distances of a step is compared with the radius; up to radius 32, of 32 bounds that cost one
 * count each (hamming.h). */
#include "hamming.h"
#include "hamming_ahead.h"

#include <immintrin.h>

enum { LANES = 4, STEP = 2 * LANES, ALL_LANES = (1 << STEP) - 1 };

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

/* The number of bits of either of the first two words that differ. */
static inline __m256i bound(const struct hamming_block *block, size_t row, const __m256i *query)
{
    __m256i first = _mm256_load_si256((const __m256i *)(const void *)&block->w[0][row]);
    __m256i second = _mm256_load_si256((const __m256i *)(const void *)&block->w[1][row]);
    __m256i either =
        _mm256_or_si256(_mm256_xor_si256(first, query[0]), _mm256_xor_si256(second, query[1]));
    return _mm256_sad_epu8(ones_per_byte(either), _mm256_setzero_si256());
}

/* What is compared first: a bound (n_words 0), or the distance of the first n_words words. */
static inline __m256i look(const struct hamming_block *block, size_t row, const __m256i *query,
                           int n_words)
{
    return n_words == 0 ? bound(block, row, query) : distance(block, row, query, n_words);
}

/* The distances of the eight rows of a step, in 32-bit lanes: lane 2k is of row k, lane 2k + 1 of
 * row k + LANES. */
static inline __m256i distances(const struct hamming_block *block, size_t row, const __m256i *query,
                                int n_words)
{
    __m256i low = look(block, row, query, n_words);
    __m256i high = look(block, row + LANES, query, n_words);
    return _mm256_or_si256(low, _mm256_slli_epi64(high, 32));
}

/* A bit for each lane that is above the radius. */
static inline unsigned above(__m256i dist, __m256i radius)
{
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(dist, radius)));
}

/* Writes the pairs of a step and one query that pass by their first n_words words. */
static inline size_t emit(const struct hamming_block *block, size_t row, size_t n_rows,
                          const struct broad *broad, size_t q, __m256i radius, int n_words,
                          hamming_pair *pairs)
{
    unsigned mask = ~above(distances(block, row, broad->w[q], n_words), radius) & ALL_LANES;
    size_t n = 0;
    for (; mask != 0; mask &= mask - 1) {
        unsigned lane = (unsigned)__builtin_ctz(mask);
        size_t at = row + lane / 2 + (lane % 2) * LANES;
        if (at < n_rows)
            pairs[n++] = (hamming_pair)(q * HAMMING_BLOCK_ROWS + at);
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
        if (n_queries == 1)
            hamming_ask_ahead(block, row, n_words == 4 ? 4 : 2);
        __m256i least = distances(block, row, broad->w[0], n_words);
        for (size_t q = 1; q < n_queries; q++)
            least = _mm256_min_epu32(least, distances(block, row, broad->w[q], n_words));
        if (__builtin_expect(above(least, radius) == ALL_LANES, 1))
            continue;
        for (size_t q = 0; q < n_queries; q++)
            n += emit(block, row, n_rows, broad, q, radius, n_words == 4 ? 4 : 2, pairs + n);
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
    if (radius_bits > HAMMING_UNION_RADIUS)
        return scan(block, n_rows, &broad, n_queries, radius_bits, 2, pairs);
    /* A constant number lets the words stay in registers. */
    if (n_queries == 1)
        return scan(block, n_rows, &broad, 1, radius_bits, 0, pairs);
    if (n_queries == HAMMING_QUERIES)
        return scan(block, n_rows, &broad, HAMMING_QUERIES, radius_bits, 0, pairs);
    return scan(block, n_rows, &broad, n_queries, radius_bits, 0, pairs);
}
