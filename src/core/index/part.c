#include "part.h"

#include "aligned.h"

#include <string.h>

static void *take(struct part *part, uint64_t n_bytes, bool *ok)
{
    if (n_bytes == 0 || !*ok)
        return NULL;
    void *p = n_bytes > SIZE_MAX ? NULL : aligned_take(part->alloc, (size_t)n_bytes);
    *ok = p != NULL;
    if (*ok)
        part->n_bytes += n_bytes;
    return p;
}

static struct part *make(const struct lk_alloc *alloc)
{
    struct part *part = alloc->alloc(alloc->ctx, sizeof *part);
    if (part != NULL)
        *part = (struct part){.alloc = alloc, .n_bytes = sizeof *part};
    return part;
}

static bool take_gone(struct part *part)
{
    bool ok = true;
    uint64_t n_bytes = segment_sizes(part->s.n_rows).gone;
    part->s.gone = take(part, n_bytes, &ok);
    if (part->s.gone != NULL)
        memset(part->s.gone, 0, (size_t)n_bytes);
    part->owns_gone = true;
    return ok;
}

struct part *part_new(const struct lk_alloc *alloc, uint32_t n_rows)
{
    struct part *part = make(alloc);
    if (part == NULL)
        return NULL;
    struct segment_sizes sizes = segment_sizes(n_rows);
    bool ok = true;
    part->owns_sections = part->may_wipe = true;
    part->s.n_rows = part->n_room = n_rows;
    part->s.key_bits = sizes.key_bits;
    part->s.rows = take(part, sizes.rows, &ok);
    part->s.labels = take(part, sizes.labels, &ok);
    part->s.lines = take(part, sizes.lines, &ok);
    part->s.ids = take(part, sizes.ids, &ok);
    if (ok && take_gone(part))
        return part;
    part_free(part);
    return NULL;
}

bool part_build(struct part *part)
{
    bool ok = true;
    part->s.n_overflow = segment_count(&part->s);
    part->s.overflow = take(part, part->s.n_overflow * sizeof(uint16_t), &ok);
    if (!ok)
        return false;
    segment_fill(&part->s);
    part->tables = segment_tables(&part->s);
    return true;
}

void part_end_at(struct part *part, uint32_t n)
{
    part->s.n_rows = n;
}

struct part *part_over(const struct lk_alloc *alloc, const struct segment *s, bool may_wipe)
{
    struct part *part = make(alloc);
    if (part == NULL)
        return NULL;
    part->s = *s;
    part->n_room = s->n_rows;
    part->may_wipe = may_wipe;
    part->tables = segment_tables(s);
    if (s->gone == NULL && s->n_rows > 0 && !take_gone(part)) {
        part_free(part);
        return NULL;
    }
    for (uint32_t row = 0; s->gone != NULL && row < s->n_rows; row++)
        part->n_gone += segment_is_gone(s, row);
    return part;
}

static void wipe_and_put(const struct part *part, void *p, uint64_t n_bytes)
{
    if (p != NULL)
        memset(p, 0, (size_t)n_bytes);
    aligned_put(part->alloc, p, (size_t)n_bytes);
}

void part_free(struct part *part)
{
    if (part == NULL)
        return;
    const struct lk_alloc *alloc = part->alloc;
    struct segment *s = &part->s;
    struct segment_sizes sizes = segment_sizes(part->n_room);
    if (part->owns_sections) {
        wipe_and_put(part, s->rows, sizes.rows);
        wipe_and_put(part, s->labels, sizes.labels);
        wipe_and_put(part, s->lines, sizes.lines);
        wipe_and_put(part, s->overflow, s->n_overflow * sizeof(uint16_t));
        aligned_put(alloc, s->ids, (size_t)sizes.ids);
    }
    if (part->owns_gone)
        aligned_put(alloc, s->gone, (size_t)sizes.gone);
    alloc->free(alloc->ctx, part, sizeof *part);
}
