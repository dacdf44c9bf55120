/* bench/index/recall.h - what a search that may miss finds, by distance. */
#ifndef BENCH_RECALL_H
#define BENCH_RECALL_H

#include "data.h"

/* Builds the engine of this name over uniform prints and asks it, for each of these distances, for
 * prints planted at exactly so many bits; prints the share found, and what a query costs. Returns
 * how many answers were wrong or doubled. */
size_t recall_run(struct prints base, struct prints held, const char *engine, unsigned radius_bits,
                  size_t n_queries);

#endif
