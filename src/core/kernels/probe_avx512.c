/* 32 filters a vector: exclusive or, VPOPCNTW, one compare. */
#include <immintrin.h>

struct probe_want {
    __m512i filter, limit;
};

static inline struct probe_want probe_want_of(unsigned filter, unsigned limit)
{
    return (struct probe_want){_mm512_set1_epi16((short)filter), _mm512_set1_epi16((short)limit)};
}

static inline unsigned probe_near(const void *filters, const struct probe_want *want)
{
    __m512i x = _mm512_xor_si512(_mm512_loadu_si512(filters), want->filter);
    return _mm512_cmple_epu16_mask(_mm512_popcnt_epi16(x), want->limit);
}

#define PROBE_NAME probe_search_avx512
#include "probe_template.h"

#define SWEEP_KERNELS sweep_avx512
#include "sweep_template.h"
