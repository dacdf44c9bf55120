/* Eight rows a vector, two vectors and four queries a step: 64 pairs, of which the first 128 bits
 * are counted with VPOPCNTQ. The least of the 64 distances is compared with the radius: one branch,
 * which for small radii is practically never taken; up to radius 32 it is the least of 64 bounds
 * that cost one count each (hamming.h). The planes of 2048 rows stay in the first cache while all
 * queries of a batch pass over them. */
#include "hamming.h"
#include "hamming_ahead.h"

#include <immintrin.h>

enum { LANES = 8, STEP = 2 * LANES };

/* The words of four queries, each in all lanes. */
struct broad {
    __m512i w[HAMMING_QUERIES][4];
};

static inline __m512i distance(const struct hamming_block *block, size_t row, const __m512i *query,
                               int n_words)
{
    __m512i sum = _mm512_setzero_si512();
    for (int i = 0; i < n_words; i++) {
        __m512i x = _mm512_xor_si512(_mm512_load_si512(&block->w[i][row]), query[i]);
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(x));
    }
    return sum;
}

/* The number of bits of either of the first two words that differ. */
static inline __m512i bound(const struct hamming_block *block, size_t row, const __m512i *query)
{
    enum { FIRST_OR_SECOND_XOR_THIRD = 0xf6 };
    __m512i first = _mm512_xor_si512(_mm512_load_si512(&block->w[0][row]), query[0]);
    return _mm512_popcnt_epi64(_mm512_ternarylogic_epi64(
        first, _mm512_load_si512(&block->w[1][row]), query[1], FIRST_OR_SECOND_XOR_THIRD));
}

/* What is compared first: a bound (n_words 0), or the distance of the first n_words words. */
static inline __m512i look(const struct hamming_block *block, size_t row, const __m512i *query,
                           int n_words)
{
    return n_words == 0 ? bound(block, row, query) : distance(block, row, query, n_words);
}

/* Writes the pairs of a step and one query that pass by their first n_words words. */
static inline size_t emit(const struct hamming_block *block, size_t row, size_t n_rows,
                          const struct broad *broad, size_t q, __m512i radius, int n_words,
                          hamming_pair *pairs)
{
    unsigned low = _mm512_cmple_epu64_mask(distance(block, row, broad->w[q], n_words), radius);
    unsigned high =
        _mm512_cmple_epu64_mask(distance(block, row + LANES, broad->w[q], n_words), radius);
    unsigned in_use = n_rows - row >= STEP ? 0xffff : (1u << (n_rows - row)) - 1;
    size_t n = 0;
    for (unsigned mask = (low | high << LANES) & in_use; mask != 0; mask &= mask - 1)
        pairs[n++] = (hamming_pair)(q * HAMMING_BLOCK_ROWS + row + (size_t)__builtin_ctz(mask));
    return n;
}

static inline __attribute__((always_inline)) size_t scan(const struct hamming_block *block,
                                                         size_t n_rows, const struct broad *broad,
                                                         size_t n_queries, unsigned radius_bits,
                                                         int n_words, hamming_pair *pairs)
{
    const __m512i radius = _mm512_set1_epi64((long long)radius_bits);
    size_t n = 0;
    for (size_t row = 0; row < n_rows; row += STEP) {
        if (n_queries == 1) {
            hamming_ask_ahead(block, row, n_words == 4 ? 4 : 2);
            hamming_ask_ahead(block, row + LANES, n_words == 4 ? 4 : 2);
        }
        __m512i least = _mm512_set1_epi64(LK_PRINT_BITS + 1);
        for (size_t q = 0; q < n_queries; q++) {
            least = _mm512_min_epu32(least, look(block, row, broad->w[q], n_words));
            least = _mm512_min_epu32(least, look(block, row + LANES, broad->w[q], n_words));
        }
        if (__builtin_expect(_mm512_cmple_epu64_mask(least, radius) == 0, 1))
            continue;
        for (size_t q = 0; q < n_queries; q++)
            n += emit(block, row, n_rows, broad, q, radius, n_words == 4 ? 4 : 2, pairs + n);
    }
    return n;
}

size_t hamming_scan_avx512(const struct hamming_block *block, size_t n_rows,
                           const struct lk_print *queries, size_t n_queries, unsigned radius_bits,
                           hamming_pair *pairs)
{
    struct broad broad;
    for (size_t q = 0; q < n_queries; q++)
        for (int i = 0; i < 4; i++)
            broad.w[q][i] = _mm512_set1_epi64((long long)queries[q].w[i]);
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
