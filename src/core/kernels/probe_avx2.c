/* 16 filters a vector: the bits of each nibble by table (VPSHUFB; Mula), bytes added in pairs. */
#include <immintrin.h>

struct probe_want {
    __m256i filter, limit;
};

static inline struct probe_want probe_want_of(unsigned filter, unsigned limit)
{
    return (struct probe_want){_mm256_set1_epi16((short)filter),
                               _mm256_set1_epi16((short)(limit + 1))};
}

static inline __m256i passes(const void *filters, const struct probe_want *want)
{
    const __m256i bits = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1,
                                          2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i x = _mm256_xor_si256(_mm256_loadu_si256(filters), want->filter);
    __m256i low = _mm256_shuffle_epi8(bits, _mm256_and_si256(x, nibble));
    __m256i high = _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
    __m256i count = _mm256_maddubs_epi16(_mm256_add_epi8(low, high), _mm256_set1_epi8(1));
    return _mm256_cmpgt_epi16(want->limit, count);
}

static inline unsigned probe_near(const void *filters, const struct probe_want *want)
{
    __m256i a = passes(filters, want), b = passes((const char *)filters + 32, want);
    __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0xd8);
    return (unsigned)_mm256_movemask_epi8(both);
}

#define PROBE_NAME probe_search_avx2
#include "probe_template.h"

#define SWEEP_KERNELS sweep_avx2
#include "sweep_template.h"
