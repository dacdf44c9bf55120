/* core/index/part.h - a segment as an index holds it: with the memory it lies in. */
#ifndef INDEX_PART_H
#define INDEX_PART_H

#include "segment.h"

struct part {
    const struct lk_alloc *alloc;
    struct segment s;
    struct probe_tables tables;
    uint32_t n_room; /* rows that there is room for, >= s.n_rows */
    uint32_t n_gone; /* the writer's */
    bool owns_sections, owns_gone, may_wipe;
    uint64_t n_bytes; /* of what it owns */
};

/* Room for n_rows (> 0) rows, which the caller fills (s.rows, s.labels); part_build() then makes
 * the tables. NULL, or false, when there is no memory. */
struct part *part_new(const struct lk_alloc *alloc, uint32_t n_rows);
bool part_build(struct part *part);

/* Before part_build(): only the first n rows were filled. */
void part_end_at(struct part *part, uint32_t n);

/* Over the sections of somebody else. s->gone may be NULL. */
struct part *part_over(const struct lk_alloc *alloc, const struct segment *s, bool may_wipe);

/* Overwrites the prints, so that no copy of one outlives its removal. NULL is fine. */
void part_free(struct part *part);

static inline uint32_t part_in_force(const struct part *part)
{
    return part->s.n_rows - part->n_gone;
}

#endif
