/* core/index/hits.h - the nearest `cap` of any number of hits.
 *
 * Until `cap` is reached hits are only gathered; from then on they form a heap whose top is the
 * farthest, which a nearer one replaces. One sort at the end. No memory beyond the hits kept. */
#ifndef INDEX_HITS_H
#define INDEX_HITS_H

#include <likeness/index.h>

struct hits {
    struct lk_hit *p; /* room for `room` of them */
    size_t room;      /* <= cap */
    size_t n, cap;
    size_t n_total;
    const struct lk_alloc *grows; /* where p grows from; NULL when room == cap */
    bool failed;                  /* it could not grow: some hits are missing */
};

/* Counts the hit and keeps it if it is among the nearest. */
void hits_put(struct hits *h, const struct lk_hit *hit);

/* Nearest first, ties by rising label. */
void hits_sort(struct hits *h);

/* Gives back what grew. */
void hits_fini(struct hits *h);

#endif
