/* core/index/hits.h - the nearest `cap` of any number of hits.
 *
 * Until `cap` is reached hits are only gathered; from then on they form a heap whose top is the
 * farthest, which a nearer one replaces. One sort at the end. No memory beyond the hits kept. */
#ifndef INDEX_HITS_H
#define INDEX_HITS_H

#include <likeness/index.h>

struct hits {
    struct lk_hit *p; /* room for `room` of them */
    size_t room;      /* <= cap; the owner of p may make it grow */
    size_t n, cap;
    size_t n_total;
};

/* Whether hits_put() would need more room than there is. */
static inline bool hits_full(const struct hits *h)
{
    return h->n == h->room && h->room < h->cap;
}

/* Counts the hit and keeps it if it is among the nearest. !hits_full(h). */
void hits_put(struct hits *h, const struct lk_hit *hit);

/* Nearest first, ties by rising label. */
void hits_sort(struct hits *h);

#endif
