/* tests/unit/segment_kit.h - prints and segments for the tests of segments. */
#ifndef TESTS_SEGMENT_KIT_H
#define TESTS_SEGMENT_KIT_H

#include "core/index/segment.h"
#include "core/kernels/cpu.h"

#include <stdlib.h>
#include <string.h>

static uint64_t random_state;

static uint64_t next_random(void)
{
    uint64_t x = (random_state += 0x9e3779b97f4a7c15u);
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static unsigned below(unsigned n)
{
    return (unsigned)(next_random() % n);
}

static struct lk_print random_print(void)
{
    return (struct lk_print){{next_random(), next_random(), next_random(), next_random()}};
}

static struct lk_print flipped(struct lk_print print, unsigned n_bits)
{
    for (struct lk_print flips = {{0}}; n_bits > 0;) {
        unsigned bit = below(LK_PRINT_BITS);
        if (flips.w[bit / 64] >> (bit % 64) & 1)
            continue;
        flips.w[bit / 64] |= UINT64_C(1) << (bit % 64);
        print.w[bit / 64] ^= UINT64_C(1) << (bit % 64);
        n_bits--;
    }
    return print;
}

static void *aligned(uint64_t n_bytes)
{
    void *p = aligned_alloc(64, (n_bytes + 127) / 64 * 64);
    assert_non_null(p);
    memset(p, 0, (n_bytes + 127) / 64 * 64);
    return p;
}

/* A segment over copies of the prints, labels 1000 + row. */
static struct segment build_of(const struct lk_print *prints, uint32_t n,
                               struct segment_sizes sizes)
{
    struct segment s = {.n_rows = n,
                        .key_bits = sizes.key_bits,
                        .lines = aligned(sizes.lines),
                        .ids = aligned(sizes.ids),
                        .rows = aligned(sizes.rows),
                        .labels = aligned(sizes.labels),
                        .gone = aligned(sizes.gone)};
    memcpy(s.rows, prints, sizes.rows);
    for (uint32_t i = 0; i < n; i++)
        s.labels[i] = 1000 + i;
    s.n_overflow = segment_count(&s);
    s.overflow = aligned(s.n_overflow * sizeof *s.overflow);
    segment_fill(&s);
    return s;
}

static void segment_put(struct segment *s)
{
    free(s->lines);
    free(s->overflow);
    free(s->ids);
    free(s->rows);
    free(s->labels);
    free(s->gone);
}

static const unsigned levels[] = {CPU_SCALAR, CPU_POPCNT, CPU_AVX2, CPU_AVX512_POPCNT, CPU_NEON};
enum { N_LEVELS = sizeof levels / sizeof *levels };

/* The kernels of a level; false where the processor lacks it. */
static inline bool level_of(size_t i, struct segment_kernels *kernels)
{
    if (!(cpu_mask() & CPU_BIT(levels[i])))
        return false;
    *kernels = segment_kernels_of(CPU_BIT(levels[i]));
    return true;
}

/* A print for a crowded bucket: equal to base, one bit from it, equal in four parts alone, or one
 * of the ends. */
static inline struct lk_print crowded(struct lk_print base, int kind)
{
    struct lk_print other;
    switch (kind) {
    case 0:
        return base;
    case 1:
        return flipped(base, 1);
    case 2:
        other = random_print();
        other.w[0] = base.w[0];
        return other;
    case 3:
        return (struct lk_print){{0}};
    default:
        return (struct lk_print){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
    }
}

#endif
