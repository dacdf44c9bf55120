/* The public face of image prints (include/likeness/image.h). */
#include "base/err.h"
#include "core/image/pdq.h"
#include "core/image/pdq_filter.h"
#include "core/image/rows.h"
#include "core/kernels/cpu.h"

enum {
    MIN_SIDE = 5,          /* the reference makes no print of less */
    SCALED_MIN_SIDE = 512, /* what a reduction must leave */
    MAX_REDUCTION = 8,
    MIN_CLEAR = 64,
    LEAST_ONES = 96,
    MOST_ONES = 160,
};

enum lk_status pixels_check(const struct lk_pixels *px, enum lk_front_end front_end,
                            struct lk_error *err)
{
    if (px->width < 1 || px->height < 1 || px->width > LK_MAX_SIDE || px->height > LK_MAX_SIDE)
        return FAIL(err, LK_INVALID, "a picture of %u x %u; each side must be 1 to %u", px->width,
                    px->height, LK_MAX_SIDE);
    if (px->channels != 1 && px->channels != 3)
        return FAIL(err, LK_INVALID, "pixels of %u channels; 1 or 3 are understood", px->channels);
    if (px->stride_bytes < (size_t)px->width * px->channels)
        return FAIL(err, LK_INVALID, "rows of %zu bytes are too short for %u pixels",
                    px->stride_bytes, px->width);
    if (front_end < LK_FULLRES || front_end > LK_SCALED)
        return FAIL(err, LK_INVALID, "front end %u is not known", (unsigned)front_end);
    if (px->reduced_by > 1 && front_end != LK_SCALED)
        return FAIL(err, LK_INVALID,
                    "pixels reduced while decoding fit the front end 'scaled' "
                    "alone, not '%s'",
                    lk_front_end_name(front_end));
    return LK_OK;
}

uint32_t lk_image_reduction(uint32_t width, uint32_t height)
{
    uint32_t side = width < height ? width : height;
    uint32_t s = MAX_REDUCTION;
    while (s > 1 && side / s < SCALED_MIN_SIDE)
        s /= 2;
    return s;
}

static enum lk_status print_rows(const struct pdq_kernels *kernels, const struct lk_alloc *alloc,
                                 const struct image_rows *rows, struct lk_image_prints *out,
                                 struct lk_error *err)
{
    _Alignas(PDQ_ALIGN) float a[PDQ_SIDE * PDQ_SIDE];
    _Alignas(PDQ_ALIGN) float b[PDQ_FREQS * PDQ_FREQS];
    TRY(pdq_filter(kernels, alloc, rows, a, err));
    kernels->transform(a, b);
    pdq_turns(b, out->turn);
    if (rows->width == PDQ_SIDE && rows->height == PDQ_SIDE) {
        /* the reference leaves out the filter here, but only for the picture as it is */
        struct lk_print plain[LK_N_TURNS];
        pdq_plain_matrix(rows, a);
        kernels->transform(a, b);
        pdq_turns(b, plain);
        out->turn[LK_TURN_0] = plain[LK_TURN_0];
    }
    out->n_clear = (uint16_t)pdq_clear(b);
    out->quality = (uint8_t)pdq_quality(a);
    return LK_OK;
}

enum lk_status pdq_print_with(const struct pdq_kernels *kernels, const struct lk_alloc *alloc,
                              const struct lk_pixels *pixels, enum lk_front_end front_end,
                              struct lk_image_prints *out, struct lk_error *err)
{
    TRY(pixels_check(pixels, front_end, err));
    struct image_rows rows;
    image_rows_init(&rows, pixels, front_end);
    struct lk_image_prints made = {.front_end = (uint8_t)front_end};
    if (rows.width >= MIN_SIDE && rows.height >= MIN_SIDE)
        TRY(print_rows(kernels, alloc, &rows, &made, err));
    *out = made;
    return LK_OK;
}

enum lk_status lk_image_print(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                              enum lk_front_end front_end, struct lk_image_prints *out,
                              struct lk_error *err)
{
    return pdq_print_with(pdq_kernels_get(cpu_mask()), alloc, pixels, front_end, out, err);
}

enum lk_status lk_print_refusal(const struct lk_print *print, struct lk_error *err)
{
    unsigned n_ones = lk_print_popcount(print);
    if (n_ones >= LEAST_ONES && n_ones <= MOST_ONES)
        return LK_OK;
    return FAIL(err, LK_INVALID,
                "the picture is flat or repeats itself: %u of %d bits are set, %d to %d are usual",
                n_ones, LK_PRINT_BITS, LEAST_ONES, MOST_ONES);
}

enum lk_status lk_image_refusal(const struct lk_image_prints *prints, struct lk_error *err)
{
    unsigned n_ones = lk_print_popcount(&prints->turn[LK_TURN_0]);
    if (n_ones == 0 && prints->n_clear == 0)
        return FAIL(err, LK_INVALID,
                    "the picture is smaller than %d pixels on a side, or flat: there is nothing to "
                    "recognise it by",
                    MIN_SIDE);
    if (prints->n_clear < MIN_CLEAR)
        return FAIL(err, LK_INVALID,
                    "the picture has almost no structure: %u of %d features stand out, %d are "
                    "needed",
                    prints->n_clear, LK_PRINT_BITS, MIN_CLEAR);
    return lk_print_refusal(&prints->turn[LK_TURN_0], err);
}

size_t lk_image_records(const struct lk_image_prints *prints, bool registration,
                        struct lk_record records[LK_N_TURNS])
{
    size_t n = registration ? LK_N_TURNS : 1;
    for (size_t i = 0; i < n; i++)
        records[i] = (struct lk_record){
            .print = prints->turn[i],
            .frame = {.x = 128, .y = 128, .size = 255, .turn = (uint8_t)i},
            .kind = LK_WHOLE,
            .front_end = prints->front_end,
            .quality = prints->quality,
        };
    return n;
}
