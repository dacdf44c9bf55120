/* Rows are added up in sixteen bits, s at a time, which compilers do side by side; then s columns
 * of the sums:
 *
 *   s rows of pixels --> sums[width] --> width / s means, rounded
 */
#include "core/video/reduce.h"

#include "base/err.h"
#include "core/image/orient.h"

#include <string.h>

enum { MAX_FACTOR = 256 }; /* 256 rows of 255 still fit in sixteen bits */

static enum lk_status check(const struct lk_luma *luma, struct lk_error *err)
{
    if (luma->width < 1 || luma->height < 1 || luma->width > LK_MAX_SIDE ||
        luma->height > LK_MAX_SIDE)
        return FAIL(err, LK_INVALID, "a frame of %u x %u; each side must be 1 to %u", luma->width,
                    luma->height, LK_MAX_SIDE);
    if (luma->stride_bytes < luma->width)
        return FAIL(err, LK_INVALID, "rows of %zu bytes are too short for %u pixels",
                    luma->stride_bytes, luma->width);
    if (luma->orientation > 8)
        return FAIL(err, LK_INVALID, "orientation %u is not one of 1 to 8", luma->orientation);
    return LK_OK;
}

static uint32_t factor_for(const struct lk_luma *luma)
{
    uint32_t side = luma->width < luma->height ? luma->width : luma->height;
    uint32_t s = side / REDUCED_SIDE;
    return s < 1 ? 1 : s > MAX_FACTOR ? MAX_FACTOR : s;
}

static bool make_room(const struct lk_alloc *alloc, uint8_t **p, size_t *room, size_t n_bytes)
{
    if (*room >= n_bytes)
        return true;
    uint8_t *more = alloc->resize(alloc->ctx, *p, *room, n_bytes);
    if (more == NULL)
        return false;
    *p = more;
    *room = n_bytes;
    return true;
}

static void add_row(uint16_t *restrict sums, const uint8_t *restrict row, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++)
        sums[x] = (uint16_t)(sums[x] + row[x]);
}

static void close_row(const uint16_t *sums, uint32_t s, uint32_t width, uint8_t *out)
{
    const uint32_t area = s * s;
    for (uint32_t i = 0; i < width; i++, sums += s) {
        uint32_t sum = area / 2;
        for (uint32_t k = 0; k < s; k++)
            sum += sums[k];
        out[i] = (uint8_t)(sum / area);
    }
}

static void reduce_into(const struct lk_luma *luma, uint32_t s, uint32_t width, uint32_t height,
                        uint16_t *sums, uint8_t *out)
{
    const uint32_t left = (luma->width - width * s) / 2, top = (luma->height - height * s) / 2;
    const uint8_t *row = luma->data + (size_t)top * luma->stride_bytes + left;
    for (uint32_t y = 0; y < height; y++, out += width) {
        memset(sums, 0, (size_t)width * s * sizeof *sums);
        for (uint32_t k = 0; k < s; k++, row += luma->stride_bytes)
            add_row(sums, row, width * s);
        close_row(sums, s, width, out);
    }
}

enum lk_status reduced_set(struct reduced *r, const struct lk_alloc *alloc,
                           const struct lk_luma *luma, struct lk_error *err)
{
    TRY(check(luma, err));
    const uint32_t s = factor_for(luma);
    const uint32_t width = luma->width / s, height = luma->height / s;
    const bool turns = luma->orientation > 1;
    const size_t n_bytes = (size_t)width * height;
    const size_t sums_bytes = (size_t)width * s * sizeof(uint16_t);
    if (!make_room(alloc, &r->luma, &r->room, n_bytes) ||
        !make_room(alloc, &r->scratch, &r->scratch_room, sums_bytes + (turns ? n_bytes : 0)))
        return FAIL(err, LK_NOMEM, "no memory for a frame of %u x %u", width, height);
    uint8_t *upright = turns ? r->scratch + sums_bytes : r->luma;
    reduce_into(luma, s, width, height, (uint16_t *)(void *)r->scratch, upright);
    r->width = width;
    r->height = height;
    if (turns) {
        const struct lk_pixels from = {upright, width, height, width, 1, 0};
        orient_pixels(&from, luma->orientation, r->luma);
        if (orient_swaps_sides(luma->orientation)) {
            r->width = height;
            r->height = width;
        }
    }
    return LK_OK;
}

void reduced_fini(struct reduced *r, const struct lk_alloc *alloc)
{
    alloc->free(alloc->ctx, r->luma, r->room);
    alloc->free(alloc->ctx, r->scratch, r->scratch_room);
    *r = (struct reduced){0};
}
