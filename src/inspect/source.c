#include "source.h"

#include <string.h>

bool source_get(const struct inspect_source *s, uint64_t offset, void *bytes, size_t n)
{
    if (offset > s->size || n > s->size - offset)
        return false;
    return n == 0 || s->read(s->ctx, offset, bytes, n);
}

struct span source_span(const struct inspect_source *s, uint64_t offset, size_t n,
                        struct arena *arena)
{
    if (offset > s->size || n > s->size - offset || n == SIZE_MAX)
        return (struct span){0};
    uint8_t *p = arena_alloc(arena, n + 1);
    if (p == NULL || !source_get(s, offset, p, n))
        return (struct span){0};
    p[n] = 0;
    return (struct span){p, n};
}

static bool read_memory(void *ctx, uint64_t offset, void *bytes, size_t n)
{
    const struct span *memory = ctx;
    memcpy(bytes, memory->p + offset, n);
    return true;
}

struct inspect_source source_of_memory(const struct span *bytes)
{
    return (struct inspect_source){read_memory, (void *)bytes, bytes->n};
}
