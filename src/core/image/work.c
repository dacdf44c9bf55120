/* Area means in two steps, rows before columns. Lengths are counted in units of which a pixel of
 * the copy is `from` and a pixel of the picture is `to` long, so that every share is a whole
 * number:
 *
 *   picture  |---|---|---|---|---|---|---|   7 pixels of 4 units
 *   copy     |------|------|------|------|   4 pixels of 7 units
 */
#include "core/image/work.h"

#include "base/err.h"

#include <string.h>

enum { RED = 19595, GREEN = 38470, BLUE = 7471, HALF = 1 << 15, LUMA_SHIFT = 16 };

static uint32_t shorter(uint32_t side, uint32_t longest)
{
    uint32_t n = (uint32_t)(((uint64_t)side * WORK_SIDE * 2 + longest) / (2 * (uint64_t)longest));
    return n > 0 ? n : 1;
}

static void luma_row(const uint8_t *from, uint32_t width, uint32_t channels, uint8_t *to)
{
    if (channels == 1) {
        memcpy(to, from, width);
        return;
    }
    for (uint32_t x = 0; x < width; x++, from += 3)
        to[x] = (uint8_t)((RED * from[0] + GREEN * from[1] + BLUE * from[2] + HALF) >> LUMA_SHIFT);
}

/* sums[x] += share * row[x]; at most 255 * 2^16 * 256 stays within 32 bits because a share is at
 * most WORK_SIDE and shares of one pixel of the copy sum up to at most LK_MAX_SIDE. */
static void add_row(uint32_t *sums, const uint8_t *row, uint32_t width, uint32_t share)
{
    const uint16_t factor = (uint16_t)share;
    for (uint32_t x = 0; x < width; x++)
        sums[x] += (uint32_t)factor * (uint16_t)row[x];
}

/* One row of the copy from the sums of the rows it covers. */
static void close_row(const uint32_t *sums, uint32_t from, uint32_t to, uint64_t area, uint8_t *out)
{
    uint32_t x = 0, left = to; /* of pixel x of the picture */
    for (uint32_t i = 0; i < to; i++) {
        uint64_t sum = 0;
        for (uint32_t need = from; need > 0;) {
            uint32_t share = left < need ? left : need;
            sum += (uint64_t)share * sums[x];
            need -= share;
            left -= share;
            if (left == 0) {
                x++;
                left = to;
            }
        }
        out[i] = (uint8_t)((sum + area / 2) / area);
    }
}

static void shrink(const struct lk_pixels *px, struct work *work, uint8_t *row, uint32_t *sums)
{
    const uint64_t area = (uint64_t)px->width * px->height;
    uint32_t y = 0, left = 0;
    for (uint32_t i = 0; i < work->height; i++) {
        memset(sums, 0, px->width * sizeof *sums);
        for (uint32_t need = px->height; need > 0;) {
            if (left == 0) {
                luma_row(px->data + (size_t)y++ * px->stride_bytes, px->width, px->channels, row);
                left = work->height;
            }
            uint32_t share = left < need ? left : need;
            add_row(sums, row, px->width, share);
            need -= share;
            left -= share;
        }
        close_row(sums, px->width, work->width, area, work->luma + (size_t)i * work->width);
    }
}

enum lk_status work_init(struct work *work, const struct lk_alloc *alloc,
                         const struct lk_pixels *px, struct lk_error *err)
{
    uint32_t longest = px->width > px->height ? px->width : px->height;
    bool smaller = longest > WORK_SIDE;
    struct work made = {.width = smaller ? shorter(px->width, longest) : px->width,
                        .height = smaller ? shorter(px->height, longest) : px->height};
    made.luma = alloc->alloc(alloc->ctx, (size_t)made.width * made.height);
    size_t scratch_bytes = (size_t)px->width * (sizeof(uint32_t) + 1);
    uint32_t *sums = smaller ? alloc->alloc(alloc->ctx, scratch_bytes) : NULL;
    if (made.luma == NULL || (smaller && sums == NULL)) {
        work_fini(&made, alloc);
        return FAIL(err, LK_NOMEM, "no memory for a working copy of %u x %u", made.width,
                    made.height);
    }
    if (smaller) {
        shrink(px, &made, (uint8_t *)(sums + px->width), sums);
        alloc->free(alloc->ctx, sums, scratch_bytes);
    } else {
        for (uint32_t y = 0; y < px->height; y++)
            luma_row(px->data + (size_t)y * px->stride_bytes, px->width, px->channels,
                     made.luma + (size_t)y * made.width);
    }
    *work = made;
    return LK_OK;
}

void work_fini(struct work *work, const struct lk_alloc *alloc)
{
    if (work->luma != NULL)
        alloc->free(alloc->ctx, work->luma, (size_t)work->width * work->height);
    *work = (struct work){0};
}
