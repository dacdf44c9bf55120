/* tests/stingy_alloc.h - an allocator that fails from the nth request on, and knows what is out. */
#ifndef TESTS_STINGY_ALLOC_H
#define TESTS_STINGY_ALLOC_H

#include <likeness/alloc.h>
#include <stdlib.h>

struct stingy {
    size_t left;  /* requests that will still be granted */
    size_t n_out; /* bytes granted and not given back */
};

static void *stingy_resize(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
    struct stingy *s = ctx;
    if (s->left == 0)
        return NULL;
    s->left--;
    s->n_out += new_bytes - old_bytes;
    return realloc(p, new_bytes);
}

static void *stingy_alloc(void *ctx, size_t n)
{
    return stingy_resize(ctx, NULL, 0, n);
}

static void stingy_free(void *ctx, void *p, size_t n)
{
    ((struct stingy *)ctx)->n_out -= n;
    free(p);
}

#endif
