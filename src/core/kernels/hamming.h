/* core/kernels/hamming.h - which rows of a block lie near some queries?
 *
 * The whole of brute-force search is this question; there is one function for it per instruction
 * set, and all answer alike. A block keeps its prints as planes, word by word, so that one vector
 * holds the same word of neighbouring rows, and the first 128 bits of a block lie together: for
 * small radii a pair of unrelated prints is practically always refused by them (at radius 31 all
 * but 4 in 10^9), so that the second half is not even read. */
#ifndef KERNELS_HAMMING_H
#define KERNELS_HAMMING_H

#include <likeness/print.h>

#define HAMMING_BLOCK_ROWS 2048 /* planes of 16 KiB: two of them fit the first cache */
#define HAMMING_QUERIES    4    /* at most so many at once: their words stay in registers */

/* Rows beyond those in use are readable and hold anything. Aligned to 64 bytes. */
struct hamming_block {
    uint64_t w[4][HAMMING_BLOCK_ROWS];
};

/* Which row and which query: query * HAMMING_BLOCK_ROWS + row. */
typedef uint16_t hamming_pair;

/* Up to this radius there is a cheaper first look than the distance of the first 128 bits: the
 * number of bits in which the first word differs or the second, which is at most that distance, and
 * for unrelated prints 48 of 64, give or take 3.5: one count instead of two. */
#define HAMMING_UNION_RADIUS 32

/* Beyond this radius so many pairs survive the first 128 bits that the rest is best read at once;
 * a kernel may do either. */
#define HAMMING_NEAR_RADIUS 44

/* Writes the pairs of the first n_rows (0..HAMMING_BLOCK_ROWS) of a block and n_queries (1..4)
 * queries that may lie within `radius_bits`: all that do, and few that do not. The caller measures
 * each. `pairs` has room for n_rows * n_queries. Returns how many were written. */
typedef size_t hamming_scan(const struct hamming_block *block, size_t n_rows,
                            const struct lk_print *queries, size_t n_queries, unsigned radius_bits,
                            hamming_pair *pairs);

/* The fastest of the levels in `mask` (cpu_mask() or part of it), and its name. */
hamming_scan *hamming_select(unsigned mask, const char **name);

hamming_scan hamming_scan_scalar;
#if defined(__x86_64__)
hamming_scan hamming_scan_popcnt;
hamming_scan hamming_scan_avx2;
hamming_scan hamming_scan_avx512; /* CPU_AVX512_POPCNT */
#elif defined(__aarch64__)
hamming_scan hamming_scan_neon;
#endif

#endif
