/* The C library's heap as an allocator. */
#include <likeness/alloc.h>
#include <stdlib.h>

static void *heap_alloc(void *ctx, size_t n)
{
    (void)ctx;
    return malloc(n);
}

static void *heap_resize(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    (void)old_bytes;
    return realloc(p, new_bytes);
}

static void heap_free(void *ctx, void *p, size_t n)
{
    (void)ctx;
    (void)n;
    free(p);
}

const struct lk_alloc *lk_alloc_heap(void)
{
    static const struct lk_alloc heap = {NULL, heap_alloc, heap_resize, heap_free};
    return &heap;
}
