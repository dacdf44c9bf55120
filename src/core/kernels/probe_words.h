/* core/kernels/probe_words.h - comparing filters in plain C: eight 16-bit lanes at a time, in the
 * vectors that GCC and Clang lower to whatever the machine has (SSE2 on any x86-64, words where
 * there is nothing). Compiled twice, as hamming_words.h is. */
#include <stdint.h>
#include <string.h>

typedef uint16_t lanes __attribute__((vector_size(16)));

struct probe_want {
    lanes filter, limit;
};

static inline lanes all_lanes(unsigned x)
{
    uint16_t v = (uint16_t)x;
    return (lanes){v, v, v, v, v, v, v, v};
}

static inline struct probe_want probe_want_of(unsigned filter, unsigned limit)
{
    return (struct probe_want){all_lanes(filter), all_lanes((limit + 1) << 8)};
}

/* All ones in each lane that passes. Bits are counted by the ladder of Hacker's Delight; its last
 * step leaves the count in the upper byte, above a lower one that cannot matter. */
static inline lanes passes(const uint16_t *filters, const struct probe_want *want)
{
    lanes x;
    memcpy(&x, filters, sizeof x);
    x ^= want->filter;
    x -= x >> 1 & all_lanes(0x5555);
    x = (x & all_lanes(0x3333)) + (x >> 2 & all_lanes(0x3333));
    x = (x + (x >> 4)) & all_lanes(0x0f0f);
    x += x << 8;
    return (lanes)(x < want->limit);
}

/* A bit for each of 16 lanes. */
static inline unsigned gather(lanes low, lanes high)
{
    const lanes first = {1, 2, 4, 8, 16, 32, 64, 128};
    lanes bits = (low & first) | (high & first << 8);
    uint64_t half[2];
    memcpy(half, &bits, sizeof bits);
    uint64_t x = half[0] | half[1];
    x |= x >> 32;
    return (unsigned)(x | x >> 16) & 0xffff;
}

static inline unsigned probe_near(const uint16_t *filters, const struct probe_want *want)
{
    return gather(passes(filters, want), passes(filters + 8, want)) |
           gather(passes(filters + 16, want), passes(filters + 24, want)) << 16;
}
