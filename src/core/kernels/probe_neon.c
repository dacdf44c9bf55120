/* Eight filters a vector: bytes counted, added in pairs. */
#include <arm_neon.h>
#include <stdint.h>

struct probe_want {
    uint16x8_t filter, limit;
};

static inline struct probe_want probe_want_of(unsigned filter, unsigned limit)
{
    return (struct probe_want){vdupq_n_u16((uint16_t)filter), vdupq_n_u16((uint16_t)limit)};
}

/* 0xff for each of eight filters that passes, else 0. */
static inline uint8x8_t passes(const uint16_t *filters, const struct probe_want *want)
{
    uint16x8_t x = veorq_u16(vld1q_u16(filters), want->filter);
    uint16x8_t count = vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u16(x)));
    return vmovn_u16(vcleq_u16(count, want->limit));
}

static inline unsigned probe_near(const uint16_t *filters, const struct probe_want *want)
{
    const uint8x8_t bit = {1, 2, 4, 8, 16, 32, 64, 128};
    unsigned near = 0;
    for (unsigned i = 0; i < 4; i++)
        near |= (unsigned)vaddv_u8(vand_u8(passes(filters + 8 * i, want), bit)) << (8 * i);
    return near;
}

#define PROBE_NAME probe_search_neon
#include "probe_template.h"

#define SWEEP_KERNELS sweep_neon
#include "sweep_template.h"
