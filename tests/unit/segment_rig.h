/* tests/unit/segment_rig.h - one segment over made-up prints, for tests of what is done with it.
 * Included behind cmocka. */
#ifndef TESTS_SEGMENT_RIG_H
#define TESTS_SEGMENT_RIG_H

#include "segment_kit.h"

enum { MAX_ROWS = 40000, MAX_QUERIES = 3000 };

static struct lk_print prints[MAX_ROWS], queries[MAX_QUERIES];
static struct segment s;
static struct probe_tables tables;

/* A segment over prints[0, n), labels 1000 + row, with keys of this width. */
static inline void build_keyed(uint32_t n, unsigned key_bits)
{
    struct segment_sizes sizes = segment_sizes(n);
    sizes.key_bits = key_bits;
    sizes.lines = sizeof(struct probe_line) * PROBE_PARTS << key_bits;
    sizes.ids = sizeof(uint32_t) * PROBE_PARTS * n;
    s = build_of(prints, n, sizes);
    tables = segment_tables(&s);
}

/* The same with the keys that its size gives it. */
static inline void build(uint32_t n)
{
    s = build_of(prints, n, segment_sizes(n));
    tables = segment_tables(&s);
}

static inline void random_rows(uint32_t n, unsigned spread)
{
    for (uint32_t i = 0; i < n; i++)
        prints[i] = i % 3 == 2 ? flipped(prints[i - 1], below(spread)) : random_print();
}

static inline void random_queries(size_t n, uint32_t n_rows, unsigned radius)
{
    for (size_t i = 0; i < n; i++)
        queries[i] =
            i % 2 == 0 ? flipped(prints[below(n_rows)], below(radius % 100 + 2)) : random_print();
}

/* Crowded rows first; the others are random. */
static inline void crowded_rows(uint32_t n, uint32_t n_crowded, int kind)
{
    struct lk_print base = random_print();
    random_rows(n, 40);
    for (uint32_t i = 0; i < n_crowded; i++)
        prints[i] = crowded(base, kind);
}

#endif
