/* tests/unit/segment_kit.h - prints and segments for the tests of segments. */
#ifndef TESTS_SEGMENT_KIT_H
#define TESTS_SEGMENT_KIT_H

#include "core/index/segment.h"

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

#endif
