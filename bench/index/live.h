/* bench/index/live.h - something that changes while it is searched: our index, our bank.
 *
 * Numbers 0, 1, 2, ... name the prints in the order in which they went in. What is inserted must be
 * found by the next query and what is removed by none; the measurements look at that too. */
#ifndef BENCH_LIVE_H
#define BENCH_LIVE_H

#include "data.h"

struct live_ops {
    const char *name;
    /* Prints numbered first .. first + n - 1, at once (a bank: with one fsync). */
    void (*insert)(void *live, const struct lk_print *prints, size_t first, size_t n);
    void (*remove)(void *live, const struct lk_print *prints, const uint32_t *numbers, size_t n);
    /* Appends what lies within LIVE_RADIUS, .query 0. Threads: any. */
    void (*search)(void *live, const struct lk_print *query, struct found_list *out);
    /* Does what waits to be done behind the scenes; false: nothing. NULL: it sees to itself.
     * Called by one thread, beside everything else. */
    bool (*merge)(void *live);
    void (*settle)(void *live);    /* returns when nothing waits to be done; nobody merges */
    uint64_t (*bytes)(void *live); /* of memory held */
};

#define LIVE_RADIUS 31
enum { LIVE_BATCH = 1000 };

struct live_plan {
    const struct live_ops *ops;
    void *live;          /* empty */
    struct prints base;  /* goes in first, in batches of LIVE_BATCH */
    struct prints extra; /* goes in while queries are timed, at so many a second */
    double per_second;
    double seconds;   /* of queries, at most, standing still and changing */
    size_t n_removed; /* how many of `base` are removed at the end */
};

/* Measures and prints. Returns how many answers were not right. */
size_t live_run(const struct live_plan *plan);

#endif
