/* core/index/aligned.h - memory that begins on a cache line.
 *
 * Allocators promise 16 bytes. The place inside the memory is kept in the byte before it, so that
 * giving back needs no more than taking did. */
#ifndef INDEX_ALIGNED_H
#define INDEX_ALIGNED_H

#include <likeness/alloc.h>
#include <stdint.h>

#define ALIGNED_TO 64

/* n_bytes > 0, aligned to 64, not cleared; NULL when there is none. */
static inline void *aligned_take(const struct lk_alloc *alloc, size_t n_bytes)
{
    if (n_bytes > SIZE_MAX - ALIGNED_TO)
        return NULL;
    unsigned char *memory = alloc->alloc(alloc->ctx, n_bytes + ALIGNED_TO);
    if (memory == NULL)
        return NULL;
    size_t shift = ALIGNED_TO - ((uintptr_t)memory & (ALIGNED_TO - 1)); /* 16, 32, 48 or 64 */
    memory[shift - 1] = (unsigned char)shift;
    return memory + shift;
}

/* p may be NULL; n_bytes as it was taken. */
static inline void aligned_put(const struct lk_alloc *alloc, void *p, size_t n_bytes)
{
    unsigned char *bytes = p;
    if (bytes != NULL)
        alloc->free(alloc->ctx, bytes - bytes[-1], n_bytes + ALIGNED_TO);
}

#endif
