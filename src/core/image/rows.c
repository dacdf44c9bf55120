/* The three front ends (docs/formats/print.md).
 *
 * fullres: the rows as they are.
 * ref512:  above 512 on a side, column x and row y of 512 x 512 are floor(x * width / 512) and
 *          floor(y * height / 512) of the picture, as CImg's default resize has them.
 * scaled:  luma in integers, 299 R + 587 G + 114 B, summed over squares of s x s and divided with
 *          rounding to the nearest; squares at the right and lower end have what is there. */
#include "core/image/rows.h"

#include <string.h>

enum { REF_SIDE = 512 };

void image_rows_init(struct image_rows *rows, const struct lk_pixels *pixels,
                     enum lk_front_end front_end)
{
    *rows = (struct image_rows){
        .pixels = pixels,
        .width = pixels->width,
        .height = pixels->height,
        .channels = pixels->channels,
        .reduce = 1,
    };
    if (front_end == LK_REF512 && (pixels->width > REF_SIDE || pixels->height > REF_SIDE)) {
        rows->nearest = true;
        rows->width = rows->height = REF_SIDE;
    }
    if (front_end == LK_SCALED && pixels->reduced_by <= 1)
        rows->reduce = lk_image_reduction(pixels->width, pixels->height);
    if (rows->reduce > 1) {
        rows->width = (pixels->width + rows->reduce - 1) / rows->reduce;
        rows->height = (pixels->height + rows->reduce - 1) / rows->reduce;
        rows->channels = 1;
    }
}

/* A row of sums, in front of the rows that are made of them. */
static size_t sums_bytes(const struct image_rows *rows)
{
    size_t n = (rows->pixels->width + PDQ_MAX_LANES - 1) / PDQ_MAX_LANES * PDQ_MAX_LANES;
    return rows->reduce > 1 ? n * sizeof(float) : 0;
}

size_t image_rows_scratch_bytes(const struct image_rows *rows, uint32_t n)
{
    if (rows->nearest || rows->reduce > 1)
        return sums_bytes(rows) + (size_t)n * rows->width * rows->channels;
    return 0;
}

static void nearest_row(const uint8_t *from, uint32_t width, uint32_t channels, uint8_t *to)
{
    for (uint32_t x = 0; x < REF_SIDE; x++) {
        const uint8_t *p = from + (size_t)((uint64_t)x * width / REF_SIDE) * channels;
        for (uint32_t c = 0; c < channels; c++)
            *to++ = p[c];
    }
}

static void mean_row(const struct image_rows *rows, const struct pdq_kernels *kernels, uint32_t y,
                     float *sums, uint8_t *to)
{
    const struct lk_pixels *px = rows->pixels;
    const uint32_t s = rows->reduce;
    const uint8_t *from = px->data + (size_t)y * s * px->stride_bytes;
    const uint32_t n_rows = px->height - y * s < s ? px->height - y * s : s;
    memset(sums, 0, sums_bytes(rows));
    for (uint32_t i = 0; i < n_rows; i++, from += px->stride_bytes)
        kernels->luma_sums(from, px->width, px->channels, sums);
    for (uint32_t x = 0; x < rows->width; x++, sums += s) {
        const uint32_t n = px->width - x * s < s ? px->width - x * s : s;
        float sum = 0; /* at most 255000 * 64, which a float holds exactly */
        for (uint32_t i = 0; i < n; i++)
            sum += sums[i];
        const uint32_t whole = 1000u * n * n_rows;
        to[x] = (uint8_t)(((uint32_t)sum + whole / 2) / whole);
    }
}

void image_rows_get(const struct image_rows *rows, const struct pdq_kernels *kernels, uint32_t y,
                    uint32_t n, uint8_t *scratch, const uint8_t **out)
{
    const struct lk_pixels *px = rows->pixels;
    float *sums = (float *)(void *)scratch;
    if (rows->reduce > 1)
        scratch += sums_bytes(rows);
    const size_t row_bytes = (size_t)rows->width * rows->channels;
    for (uint32_t i = 0; i < n; i++, y++) {
        if (rows->nearest) {
            size_t from = (size_t)((uint64_t)y * px->height / REF_SIDE);
            nearest_row(px->data + from * px->stride_bytes, px->width, px->channels, scratch);
        } else if (rows->reduce > 1) {
            mean_row(rows, kernels, y, sums, scratch);
        } else {
            out[i] = px->data + (size_t)y * px->stride_bytes;
            continue;
        }
        out[i] = scratch;
        scratch += row_bytes;
    }
}
