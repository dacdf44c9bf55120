/* core/image/orient.h - pixels turned the way EXIF says. */
#ifndef CORE_IMAGE_ORIENT_H
#define CORE_IMAGE_ORIENT_H

#include <likeness/image.h>

/* Does this orientation (1..8, see inspect/exif.h) exchange width and height? */
static inline bool orient_swaps_sides(unsigned orientation)
{
    return orientation >= 5;
}

/* Writes the pixels, turned, to `to`: width * height * channels bytes without padding between rows,
 * sides exchanged where orient_swaps_sides(). Values are moved, never changed. `to` may not overlap
 * the source. An orientation outside 1..8 counts as 1. Pure; threads: any. */
void orient_pixels(const struct lk_pixels *from, unsigned orientation, uint8_t *to);

#endif
