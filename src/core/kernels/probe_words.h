/* core/kernels/probe_words.h - comparing filters in plain C: four in a word. Compiled twice, as
 * hamming_words.h is. */
#include <stdint.h>
#include <string.h>

struct probe_want {
    uint64_t filter, over; /* over + a count of bits sets the top bit of a lane above the limit */
};

static inline struct probe_want probe_want_of(unsigned filter, unsigned limit)
{
    const uint64_t lanes = UINT64_C(0x0001000100010001);
    return (struct probe_want){lanes * filter, lanes * (0x7fff - limit)};
}

/* Bits of each 16-bit lane (the ladder of Hacker's Delight, one step short). */
static inline uint64_t lane_bits(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (x + (x >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
}

static inline unsigned probe_near(const uint16_t *filters, const struct probe_want *want)
{
    unsigned near = 0;
    for (unsigned i = 0; i < 8; i++) {
        uint64_t x;
        memcpy(&x, filters + 4 * i, sizeof x);
        uint64_t far = (lane_bits(x ^ want->filter) + want->over) & UINT64_C(0x8000800080008000);
        /* The top bits of four lanes, gathered in bits 60 to 63. */
        uint64_t four = ~((far >> 15) * UINT64_C(0x1000200040008000)) >> 60;
        near |= (unsigned)four << (4 * i);
    }
    return near;
}
