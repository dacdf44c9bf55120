/* inspect/source.h - a file as something that can be read at any place: on disk, in memory, or in
 * the browser's hands. What is read stays small whatever the size of the file. */
#ifndef INSPECT_SOURCE_H
#define INSPECT_SOURCE_H

#include "base/arena.h"
#include "inspect/span.h"

struct inspect_source {
    /* Copies the n bytes at `offset`; all of them lie within `size`. false: they cannot be read. */
    bool (*read)(void *ctx, uint64_t offset, void *bytes, size_t n);
    void *ctx;
    uint64_t size;
};

/* Reads n bytes; false if they are not all there or cannot be read. */
bool source_get(const struct inspect_source *s, uint64_t offset, void *bytes, size_t n);

/* The n bytes at `offset` in the arena, a NUL behind them; p is NULL when they are not all there,
 * cannot be read, or do not fit. */
struct span source_span(const struct inspect_source *s, uint64_t offset, size_t n,
                        struct arena *arena);

/* A source over memory, which must outlive it. */
struct inspect_source source_of_memory(const struct span *bytes);

#endif
