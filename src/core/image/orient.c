/* A turn is a walk over the source with other steps: from a corner, one step for the next column of
 * the result and one for its next row. Walking in tiles keeps both sides in the cache when columns
 * become rows. */
#include "orient.h"

#include <string.h>

enum { TILE = 32 };

/* All in bytes of the source. */
struct walk {
    const uint8_t *start;
    ptrdiff_t next_column, next_row;
};

static struct walk walk_for(const struct lk_pixels *p, unsigned orientation)
{
    ptrdiff_t x = p->channels, y = (ptrdiff_t)p->stride_bytes;
    ptrdiff_t right = x * ((ptrdiff_t)p->width - 1), bottom = y * ((ptrdiff_t)p->height - 1);
    switch (orientation) {
    case 2:
        return (struct walk){p->data + right, -x, y};
    case 3:
        return (struct walk){p->data + right + bottom, -x, -y};
    case 4:
        return (struct walk){p->data + bottom, x, -y};
    case 5:
        return (struct walk){p->data, y, x};
    case 6:
        return (struct walk){p->data + bottom, -y, x};
    case 7:
        return (struct walk){p->data + right + bottom, -y, -x};
    case 8:
        return (struct walk){p->data + right, y, -x};
    default:
        return (struct walk){p->data, x, y};
    }
}

static void copy_run(const uint8_t *from, ptrdiff_t step, uint8_t *to, uint32_t n,
                     unsigned channels)
{
    if (channels == 1) {
        for (uint32_t i = 0; i < n; i++)
            to[i] = from[(ptrdiff_t)i * step];
        return;
    }
    for (uint32_t i = 0; i < n; i++, from += step, to += channels)
        memcpy(to, from, channels);
}

void orient_pixels(const struct lk_pixels *from, unsigned orientation, uint8_t *to)
{
    bool swaps = orientation <= 8 && orient_swaps_sides(orientation);
    uint32_t width = swaps ? from->height : from->width;
    uint32_t height = swaps ? from->width : from->height;
    struct walk walk = walk_for(from, orientation);
    for (uint32_t y0 = 0; y0 < height; y0 += TILE)
        for (uint32_t x0 = 0; x0 < width; x0 += TILE)
            for (uint32_t y = y0; y < height && y < y0 + TILE; y++) {
                uint32_t n = width - x0 < TILE ? width - x0 : TILE;
                copy_run(walk.start + (ptrdiff_t)x0 * walk.next_column +
                             (ptrdiff_t)y * walk.next_row,
                         walk.next_column, to + ((size_t)y * width + x0) * from->channels, n,
                         from->channels);
            }
}
