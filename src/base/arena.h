/* base/arena.h - memory that dies together: one arena per request, job or command.
 *
 * Nothing inside is freed one by one. An arena has a limit in bytes, so that one hostile request
 * cannot take the machine. Not for sharing between threads; may be handed over whole. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <likeness/alloc.h>
#include <likeness/status.h>

struct arena_chunk;

struct arena {
    const struct lk_alloc *parent;
    struct arena_chunk *chunks; /* the newest first */
    size_t used;                /* bytes taken from the parent */
    size_t max;
    struct lk_alloc alloc; /* the arena as an allocator; free() gives nothing back */
};

/* The arena must not move while anything uses arena->alloc. */
void arena_init(struct arena *a, const struct lk_alloc *parent, size_t max_bytes);
void arena_fini(struct arena *a);

/* n bytes aligned to 16, not cleared; NULL at the limit. n may be 0. */
void *arena_alloc(struct arena *a, size_t n);

/* count * size bytes, cleared; NULL at the limit or on overflow. */
void *arena_zalloc(struct arena *a, size_t count, size_t size);

/* A copy of n bytes with a NUL behind them; NULL at the limit. */
char *arena_copy(struct arena *a, const char *text, size_t n);

#endif
