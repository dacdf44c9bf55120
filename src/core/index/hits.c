/* A binary heap (Williams 1964); sorting is heapsort in place, as there is no qsort below us. */
#include "hits.h"

static bool farther(const struct lk_hit *a, const struct lk_hit *b)
{
    return a->dist_bits != b->dist_bits ? a->dist_bits > b->dist_bits : a->label > b->label;
}

/* Lets p[i] sink until neither child is farther. */
static void sink(struct lk_hit *p, size_t n, size_t i)
{
    struct lk_hit moving = p[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= n)
            break;
        if (child + 1 < n && farther(&p[child + 1], &p[child]))
            child++;
        if (!farther(&p[child], &moving))
            break;
        p[i] = p[child];
        i = child;
    }
    p[i] = moving;
}

static void heapify(struct hits *h)
{
    for (size_t i = h->n / 2; i-- > 0;)
        sink(h->p, h->n, i);
}

static bool grow(struct hits *h)
{
    enum { FIRST = 16 };
    size_t room = h->room == 0 ? FIRST : h->room * 2;
    if (room > h->cap)
        room = h->cap;
    void *p = h->grows->resize(h->grows->ctx, h->p, h->room * sizeof *h->p, room * sizeof *h->p);
    if (p == NULL) {
        h->failed = true;
        return false;
    }
    h->p = p;
    h->room = room;
    return true;
}

void hits_put(struct hits *h, const struct lk_hit *hit)
{
    h->n_total++;
    if (h->n < h->cap) {
        if (h->n == h->room && !grow(h))
            return;
        h->p[h->n++] = *hit;
        if (h->n == h->cap)
            heapify(h);
    } else if (h->cap > 0 && farther(&h->p[0], hit)) {
        h->p[0] = *hit;
        sink(h->p, h->n, 0);
    }
}

void hits_sort(struct hits *h)
{
    heapify(h);
    for (size_t n = h->n; n > 1; n--) {
        struct lk_hit last = h->p[n - 1];
        h->p[n - 1] = h->p[0];
        h->p[0] = last;
        sink(h->p, n - 1, 0);
    }
}

void hits_fini(struct hits *h)
{
    if (h->grows != NULL)
        h->grows->free(h->grows->ctx, h->p, h->room * sizeof *h->p);
    h->p = NULL;
    h->n = h->room = 0;
}
