/* bench/index/floor.h - what a query costs at least. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <stddef.h>

/* The cost model: microseconds that a query among a million prints and more costs at least in a
 * structure of sixteen tables with lines of 64 bytes, at 10 ns a line read at random and 12 GB/s in
 * order; docs/internals/index.md. */
double floor_us(size_t n_prints, unsigned radius_bits);

#endif
