#include "arena.h"

#include <stdint.h>
#include <string.h>

enum { CHUNK_BYTES = 16 * 1024, ALIGN = 16 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t cap, n; /* bytes after the header */
};

/* The header takes a multiple of ALIGN, so that what follows is aligned. */
enum { HEADER = (sizeof(struct arena_chunk) + ALIGN - 1) / ALIGN * ALIGN };

static void *as_alloc(void *ctx, size_t n)
{
    return arena_alloc(ctx, n);
}

static void *as_resize(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
    struct arena *a = ctx;
    struct arena_chunk *c = a->chunks;
    size_t old_room = (old_bytes + ALIGN - 1) / ALIGN * ALIGN;
    /* The last block of the newest chunk grows in place. */
    if (p != NULL && c != NULL && (char *)p + old_room == (char *)c + HEADER + c->n &&
        new_bytes <= SIZE_MAX - ALIGN) {
        size_t new_room = (new_bytes + ALIGN - 1) / ALIGN * ALIGN;
        if (new_room <= c->cap - (c->n - old_room)) {
            c->n = c->n - old_room + new_room;
            return p;
        }
    }
    void *fresh = arena_alloc(a, new_bytes);
    if (fresh != NULL && p != NULL)
        memcpy(fresh, p, old_bytes < new_bytes ? old_bytes : new_bytes);
    return fresh;
}

static void as_free(void *ctx, void *p, size_t n)
{
    (void)ctx;
    (void)p;
    (void)n;
}

void arena_init(struct arena *a, const struct lk_alloc *parent, size_t max_bytes)
{
    *a = (struct arena){.parent = parent, .max = max_bytes};
    a->alloc = (struct lk_alloc){a, as_alloc, as_resize, as_free};
}

void arena_fini(struct arena *a)
{
    for (struct arena_chunk *c = a->chunks; c != NULL;) {
        struct arena_chunk *next = c->next;
        a->parent->free(a->parent->ctx, c, HEADER + c->cap);
        c = next;
    }
    a->chunks = NULL;
    a->used = 0;
}

void *arena_alloc(struct arena *a, size_t n)
{
    if (n > SIZE_MAX - ALIGN)
        return NULL;
    size_t room = (n + ALIGN - 1) / ALIGN * ALIGN;
    struct arena_chunk *c = a->chunks;
    if (c == NULL || room > c->cap - c->n) {
        size_t cap = room > CHUNK_BYTES - HEADER ? room : CHUNK_BYTES - HEADER;
        if (cap > SIZE_MAX - HEADER || a->used > a->max || HEADER + cap > a->max - a->used)
            return NULL;
        c = a->parent->alloc(a->parent->ctx, HEADER + cap);
        if (c == NULL)
            return NULL;
        *c = (struct arena_chunk){a->chunks, cap, 0};
        a->chunks = c;
        a->used += HEADER + cap;
    }
    void *p = (char *)c + HEADER + c->n;
    c->n += room;
    return p;
}

void *arena_zalloc(struct arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    void *p = arena_alloc(a, count * size);
    if (p != NULL)
        memset(p, 0, count * size);
    return p;
}

char *arena_copy(struct arena *a, const char *text, size_t n)
{
    char *p = n < SIZE_MAX ? arena_alloc(a, n + 1) : NULL;
    if (p != NULL) {
        if (n > 0) /* of nothing, text may be NULL */
            memcpy(p, text, n);
        p[n] = '\0';
    }
    return p;
}
