/* bench/index/static.h - engines over prints that do not change: speed, memory, and every answer
 * checked in the same run. */
#ifndef BENCH_STATIC_H
#define BENCH_STATIC_H

#include "data.h"

enum { MAX_RADII = 16, MAX_ENGINES = 12 };

struct static_plan {
    const char *data_name; /* for the table */
    struct prints base, held;
    unsigned radii[MAX_RADII];
    size_t n_radii;
    const char *engines[MAX_ENGINES];
    size_t n_engines;
    size_t n_single, n_batch; /* queries, at most */
    size_t n_truth;           /* of them compared with every print beforehand */
    double seconds;           /* for one measurement, about */
};

/* Prints a table and the ratios of it. Returns how many answers were wrong, doubled or missing. */
size_t static_run(const struct static_plan *plan);

#endif
