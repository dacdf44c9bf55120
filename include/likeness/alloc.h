/* likeness/alloc.h - where memory comes from.
 *
 * The core never calls malloc by itself: long-lived objects take a pointer to one of these once,
 * when they are made, and it must outlive them. All three functions get the same ctx. */
#ifndef LIKENESS_ALLOC_H
#define LIKENESS_ALLOC_H

#include <stddef.h>

struct lk_alloc {
    void *ctx;
    /* n_bytes > 0, aligned for any type and at least to 16 bytes; NULL when there is none. */
    void *(*alloc)(void *ctx, size_t n_bytes);
    /* p may be NULL with old_bytes 0. On NULL the old block stays valid. */
    void *(*resize)(void *ctx, void *p, size_t old_bytes, size_t new_bytes);
    /* p may be NULL. n_bytes is the size it was last given. */
    void (*free)(void *ctx, void *p, size_t n_bytes);
};

/* The C library's heap. Threads: any. */
const struct lk_alloc *lk_alloc_heap(void);

#endif
