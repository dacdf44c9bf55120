/* bank/image_build.h - one segment in memory out of tables and segments.
 *
 * Copies what is in force when it is met, and remembers under which ordinal and with which state:
 * changes made meanwhile are applied by whoever swaps the new segment in. */
#ifndef BANK_IMAGE_BUILD_H
#define BANK_IMAGE_BUILD_H

#include "segment_file.h"
#include "table.h"

struct bank_segment;

enum { IMAGE_MAX_BLOCKS = 40 };

/* An image and the memory it lies in. */
struct image_memory {
    const struct lk_alloc *alloc;
    struct segment_image image;
    uint8_t *states; /* as they were when their entries were copied */
    struct image_block {
        void *p;
        size_t n_bytes;
    } blocks[IMAGE_MAX_BLOCKS];
    size_t n_blocks;
};

/* Wipes and frees. Zeros are fine. */
void image_memory_free(struct image_memory *memory);

uint64_t image_memory_bytes(const struct image_memory *memory);

/* Where entries come from: a table that is no longer added to, or a segment. */
struct image_source {
    const struct table *table;
    const struct bank_segment *segment;
    uint32_t n;    /* slots or ordinals */
    uint32_t *map; /* [n], to the ordinal in the image or SEGMENT_NO_ENTRY; allocated by
                      image_build(), freed by image_sources_free() */
};
void image_sources_free(const struct lk_alloc *alloc, struct image_source *sources, size_t n);

/* Builds an image of the entries in force, which may be none. `stop` (may be NULL) ends it early
 * with LK_BUSY. Errors: LK_NOMEM, LK_LIMIT (more rows than a segment holds), LK_CORRUPT (a segment
 * is damaged). About a microsecond a print. Thread: any; the sources stay in place. */
enum lk_status image_build(const struct lk_alloc *alloc, struct image_source *sources, size_t n,
                           const atomic_bool *stop, struct image_memory *out,
                           struct lk_error *err) LK_MUST_CHECK;

#endif
