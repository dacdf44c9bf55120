/* media/wasm/heap.h - the module's memory, as the core asks for it and as the page does:
 *
 *   p = lk_wasm_alloc(n)   room for a file, pixels or samples; 0 when there is no memory */
#ifndef MEDIA_WASM_HEAP_H
#define MEDIA_WASM_HEAP_H

#include <likeness/alloc.h>

extern const struct lk_alloc wasm_heap;

#endif
