/* Crops are taken from the working copy and printed in full: they meet prints of whole pictures,
 * which the filter brings to 64 x 64 from whatever size. */
#include "core/image/variants.h"

#include "base/err.h"
#include "core/image/photograph.h"

#include <likeness/match.h>
#include <string.h>

/* Width to height. */
static const uint8_t shapes[VARIANTS_N_CROPS][2] = {{1, 1}, {4, 5}, {3, 4}, {2, 3}, {9, 16},
                                                    {5, 4}, {4, 3}, {3, 2}, {16, 9}};
enum {
    LIKE_PERCENT = 6, /* a shape so near the picture's own needs no crop */
    LEAST_ODD_SQUARES = 48,
};

static uint8_t half_of(uint32_t side, uint32_t long_side)
{
    return (uint8_t)(side * 128ull / long_side);
}

/* In any turn: a frequency next to the median may change sides when its sign does. */
static bool is_plain(const struct lk_image_prints *prints)
{
    for (unsigned turn = 0; turn < LK_N_TURNS; turn++)
        if (lk_print_odd_squares(&prints->turn[turn]) < LEAST_ODD_SQUARES)
            return true;
    return false;
}

/* A part is worth a print if a picture of its own would be, and it is more than an edge or a grid.
 */
static bool is_worth_a_print(const struct lk_image_prints *prints)
{
    struct lk_error unheard;
    return lk_image_refusal(prints, &unheard) == LK_OK && !is_plain(prints);
}

static struct lk_record record_of(const struct lk_image_prints *prints, unsigned turn,
                                  struct lk_frame frame)
{
    frame.size = 255;
    frame.turn = (uint8_t)turn;
    return (struct lk_record){.print = prints->turn[turn],
                              .frame = frame,
                              .kind = LK_WHOLE,
                              .front_end = prints->front_end,
                              .quality = prints->quality};
}

size_t variants_whole(const struct lk_image_prints *prints, uint32_t width, uint32_t height,
                      bool registration, struct lk_record *records)
{
    const uint32_t longest = width > height ? width : height;
    const struct lk_frame frame = {.x = half_of(width, longest), .y = half_of(height, longest)};
    const unsigned n = registration ? LK_N_TURNS : 1;
    for (unsigned turn = 0; turn < n; turn++) {
        records[turn] = record_of(prints, turn, frame);
        if (is_plain(prints) && prints->quality >= LK_MIN_QUALITY)
            records[turn].quality = LK_MIN_QUALITY - 1; /* for review, and only where it is exact */
    }
    return n;
}

struct lk_record variants_inverted(const struct lk_record *record)
{
    struct lk_record inverted = *record;
    for (int i = 0; i < 4; i++)
        inverted.print.w[i] = ~record->print.w[i];
    inverted.frame.turn |= LK_INVERTED;
    return inverted;
}

static enum lk_status print_part(const struct work *work, const struct lk_alloc *alloc,
                                 const struct lk_rect *part, struct lk_image_prints *out,
                                 struct lk_error *err)
{
    const struct lk_pixels pixels = {.data = work->luma + (size_t)part->y * work->width + part->x,
                                     .width = part->width,
                                     .height = part->height,
                                     .stride_bytes = work->width,
                                     .channels = 1};
    return lk_image_print(alloc, &pixels, LK_FULLRES, out, err);
}

/* Of a part: its own shape, in the unit of the picture that it is a part of. */
static struct lk_frame frame_of(const struct work *work, const struct lk_rect *part)
{
    const uint32_t longest = work->width > work->height ? work->width : work->height;
    return (struct lk_frame){.x = half_of(part->width, longest),
                             .y = half_of(part->height, longest)};
}

enum lk_status variants_crop(const struct work *work, const struct lk_alloc *alloc, unsigned i,
                             struct lk_record records[2], size_t *n, struct lk_error *err)
{
    const uint64_t wide = (uint64_t)work->width * shapes[i][1];
    const uint64_t high = (uint64_t)work->height * shapes[i][0];
    struct lk_rect part = {.width = work->width, .height = work->height};
    *n = 0;
    if (wide * 100 > high * (100 + LIKE_PERCENT))
        part.width = (uint32_t)((high + shapes[i][1] / 2) / shapes[i][1]);
    else if (high * 100 > wide * (100 + LIKE_PERCENT))
        part.height = (uint32_t)((wide + shapes[i][0] / 2) / shapes[i][0]);
    else
        return LK_OK;
    if (part.width == 0 || part.height == 0)
        return LK_OK;
    part.x = (work->width - part.width) / 2;
    part.y = (work->height - part.height) / 2;
    struct lk_image_prints prints;
    TRY(print_part(work, alloc, &part, &prints, err));
    if (!is_worth_a_print(&prints))
        return LK_OK;
    const struct lk_frame frame = frame_of(work, &part);
    records[(*n)++] = record_of(&prints, LK_TURN_0, frame);
    records[(*n)++] = record_of(&prints, LK_FLIP_Y, frame);
    return LK_OK;
}

static enum lk_status add_inside(const struct work *work, const struct lk_alloc *alloc,
                                 const struct lk_rect *part, struct lk_record *records, size_t *n,
                                 struct lk_error *err)
{
    if (part->width == work->width && part->height == work->height)
        return LK_OK;
    struct lk_image_prints prints;
    TRY(print_part(work, alloc, part, &prints, err));
    if (is_worth_a_print(&prints))
        records[(*n)++] = record_of(&prints, LK_TURN_0, frame_of(work, part));
    return LK_OK;
}

enum lk_status variants_inside(const struct work *work, const struct lk_alloc *alloc,
                               struct lk_rect *framed, struct lk_record *records, size_t *n,
                               struct lk_error *err)
{
    struct lk_rect parts[PHOTOGRAPH_MAX_PARTS];
    size_t n_parts = 0;
    *n = 0;
    TRY(photograph_find(alloc, work->luma, work->width, work->height, framed, err));
    TRY(photograph_parts(alloc, work->luma, work->width, work->height, parts, &n_parts, err));
    TRY(add_inside(work, alloc, framed, records, n, err));
    for (size_t i = 0; i < n_parts; i++)
        TRY(add_inside(work, alloc, &parts[i], records, n, err));
    return LK_OK;
}
