/* bench/index/data.h - prints to search in, queries to search for, and the truth about them.
 *
 * Uniform prints are random bits. Photographic ones come from files of raw prints (32 bytes each,
 * as struct lk_print stands in memory), which `bench_index photos` makes. Queries are planted in
 * turn with ones that are near nothing: half of each. */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include <likeness/print.h>

struct prints {
    struct lk_print *p;
    size_t n;
};
struct prints prints_uniform(size_t n, uint64_t seed);
/* The first n_max prints of a file. */
struct prints prints_load(const char *path, size_t n_max);
void prints_fini(struct prints *prints);

#define NO_ROW UINT32_MAX

struct queries {
    struct lk_print *p;
    uint32_t *row;  /* the print that it was made from, or NO_ROW */
    uint16_t *dist; /* how many bits of it were turned over */
    size_t n;
};
/* Every second query is a print of `base` with low..high bits turned over, the others are of
 * `held`, in order. held.n >= n / 2. */
struct queries queries_new(struct prints base, struct prints held, size_t n, unsigned low,
                           unsigned high, uint64_t seed);
void queries_fini(struct queries *queries);

/* One answer: row `row` lies dist_bits from query `query`. */
struct found {
    uint32_t query, row;
    uint32_t dist_bits;
};
struct found_list {
    struct found *p;
    size_t n, room;
};
void found_put(struct found_list *list, uint32_t query, uint32_t row, uint32_t dist_bits);
void found_append(struct found_list *list, const struct found_list *more);
void found_fini(struct found_list *list);

/* All answers to the first n_queries by comparing everything with everything, on two threads.
 * Shares no code with the index. */
struct found_list truth_of(struct prints base, const struct queries *queries, size_t n_queries,
                           unsigned radius_bits);

struct verdict {
    size_t n_answers;
    size_t wrong;   /* another distance than stated, or beyond the radius */
    size_t doubled; /* given twice for one query */
    size_t wanted;  /* answers that had to come: the truth, and what was planted */
    size_t missing; /* of them */
};
/* Judges what an engine answered to the first n_asked queries. Sorts `answers`. `truth` holds all
 * answers to the first n_truth. */
struct verdict answers_check(struct prints base, const struct queries *queries, size_t n_asked,
                             unsigned radius_bits, struct found_list *answers,
                             const struct found_list *truth, size_t n_truth);

#endif
