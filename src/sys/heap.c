/* The C library's heap as an allocator. Blocks of LARGE bytes and more are mappings of their own
 * that begin on a huge page and ask for such: looking up buckets at random places is a third faster
 * where one page table entry covers 2 MiB instead of 4 KiB, and what is given back goes back to the
 * system at once. */
#include <likeness/alloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE      ((size_t)4096)
#define HUGE_PAGE ((size_t)2 << 20)

/* The address sanitizer watches the C library's heap alone. */
#if defined(__SANITIZE_ADDRESS__)
#define LARGE SIZE_MAX
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LARGE SIZE_MAX
#endif
#endif
#ifndef LARGE
#define LARGE (2 * HUGE_PAGE)
#endif

/* To a small page: what is left behind the last whole huge page must not cost one. */
static size_t mapping_bytes(size_t n)
{
    return (n + PAGE - 1) & ~(PAGE - 1);
}

/* Maps a huge page more than is wanted and gives back what lies before and behind. */
static void *map(size_t n)
{
    if (n > SIZE_MAX / 2)
        return NULL;
    size_t want = mapping_bytes(n), all = want + HUGE_PAGE;
    unsigned char *p =
        mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_PAGE - ((uintptr_t)p & (HUGE_PAGE - 1))) & (HUGE_PAGE - 1);
    if (before > 0)
        munmap(p, before);
    if (before < HUGE_PAGE)
        munmap(p + before + want, HUGE_PAGE - before);
    madvise(p + before, want, MADV_HUGEPAGE); /* a wish: without it all is well, but slower */
    return p + before;
}

static void *heap_alloc(void *ctx, size_t n)
{
    (void)ctx;
    return n < LARGE ? malloc(n) : map(n);
}

static void heap_free(void *ctx, void *p, size_t n)
{
    (void)ctx;
    if (n < LARGE)
        free(p);
    else if (p != NULL)
        munmap(p, mapping_bytes(n));
}

/* From one form to the other. */
static void *move(void *p, size_t old_bytes, size_t new_bytes)
{
    void *moved = heap_alloc(NULL, new_bytes);
    if (moved != NULL && p != NULL) {
        memcpy(moved, p, old_bytes < new_bytes ? old_bytes : new_bytes);
        heap_free(NULL, p, old_bytes);
    }
    return moved;
}

static void *heap_resize(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
    (void)ctx;
    if (old_bytes < LARGE && new_bytes < LARGE)
        return realloc(p, new_bytes);
    if (old_bytes >= LARGE && mapping_bytes(old_bytes) == mapping_bytes(new_bytes) &&
        new_bytes >= LARGE)
        return p;
    return move(p, old_bytes, new_bytes);
}

const struct lk_alloc *lk_alloc_heap(void)
{
    static const struct lk_alloc heap = {NULL, heap_alloc, heap_resize, heap_free};
    return &heap;
}
