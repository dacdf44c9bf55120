#include "media/wasm/heap.h"

#include <stdlib.h>

static void *heap_alloc(void *ctx, size_t n_bytes)
{
    (void)ctx;
    return malloc(n_bytes);
}

static void *heap_resize(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    (void)old_bytes;
    return realloc(p, new_bytes);
}

static void heap_free(void *ctx, void *p, size_t n_bytes)
{
    (void)ctx;
    (void)n_bytes;
    free(p);
}

const struct lk_alloc wasm_heap = {NULL, heap_alloc, heap_resize, heap_free};

__attribute__((export_name("lk_wasm_alloc"))) void *wasm_alloc(size_t n_bytes);

void *wasm_alloc(size_t n_bytes)
{
    return malloc(n_bytes);
}
