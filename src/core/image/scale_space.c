/* Each level is the one before, blurred by what is missing. Blurs run along rows, then along
 * columns; beyond the edge the picture is mirrored. */
#include "core/image/scale_space.h"

#include "base/err.h"
#include "core/image/anchor_tables.h"

#include <string.h>

/* Index mirrored at both edges, for any picture that is wider than the kernel or not. */
static uint32_t mirrored(int32_t i, uint32_t n)
{
    int32_t last = (int32_t)n - 1;
    if (i < 0)
        i = -i;
    if (i > last)
        i = 2 * last - i;
    return (uint32_t)(i < 0 ? 0 : i);
}

/* to[x] = k[0] from[x] + sum of k[i] (from[x - i] + from[x + i]); from has `radius` more on both
 * sides. */
static void blur_row(const float *from, uint32_t n, const float *k, uint32_t radius, float *to)
{
    for (uint32_t x = 0; x < n; x++)
        to[x] = k[0] * from[x];
    for (uint32_t i = 1; i <= radius; i++) {
        const float *before = from - i, *after = from + i;
        for (uint32_t x = 0; x < n; x++)
            to[x] += k[i] * (before[x] + after[x]);
    }
}

static void blur_rows(const struct scale_plane *from, const float *k, uint32_t radius, float *to)
{
    float padded[WORK_SIDE + 2 * ANCHOR_MAX_BLUR];
    const uint32_t w = from->width;
    for (uint32_t y = 0; y < from->height; y++) {
        const float *row = from->at + (size_t)y * w;
        memcpy(padded + radius, row, w * sizeof *row);
        for (uint32_t i = 1; i <= radius; i++) {
            padded[radius - i] = row[mirrored(-(int32_t)i, w)];
            padded[radius + w - 1 + i] = row[mirrored((int32_t)(w - 1 + i), w)];
        }
        blur_row(padded + radius, w, k, radius, to + (size_t)y * w);
    }
}

static void blur_columns(const float *from, const float *k, uint32_t radius,
                         const struct scale_plane *to)
{
    const uint32_t w = to->width;
    for (uint32_t y = 0; y < to->height; y++) {
        float *out = to->at + (size_t)y * w;
        const float *row = from + (size_t)y * w;
        for (uint32_t x = 0; x < w; x++)
            out[x] = k[0] * row[x];
        for (uint32_t i = 1; i <= radius; i++) {
            const float *above = from + (size_t)mirrored((int32_t)(y - i), to->height) * w;
            const float *below = from + (size_t)mirrored((int32_t)(y + i), to->height) * w;
            for (uint32_t x = 0; x < w; x++)
                out[x] += k[i] * (above[x] + below[x]);
        }
    }
}

static void halve(const struct scale_plane *from, const struct scale_plane *to)
{
    for (uint32_t y = 0; y < to->height; y++)
        for (uint32_t x = 0; x < to->width; x++)
            to->at[(size_t)y * to->width + x] = from->at[(size_t)2 * y * from->width + 2 * x];
}

/* Places the planes one behind the other; returns how many floats they take. */
static size_t place(struct scale_space *space, uint32_t width, uint32_t height)
{
    float *at = space->block;
    size_t used = 2 * (size_t)width * height; /* the picture, and scratch */
    space->picture = (struct scale_plane){width, height, at};
    space->n_octaves = 0;
    for (unsigned o = 0; o < SCALE_MAX_OCTAVES; o++) {
        if (width < SCALE_MIN_SIDE || height < SCALE_MIN_SIDE)
            break;
        for (unsigned i = 0; i < SCALE_LEVELS; i++) {
            space->level[o][i] = (struct scale_plane){width, height, at == NULL ? NULL : at + used};
            used += (size_t)width * height;
        }
        space->n_octaves++;
        width = (width + 1) / 2;
        height = (height + 1) / 2;
    }
    return used;
}

enum lk_status scale_space_init(struct scale_space *space, const struct lk_alloc *alloc,
                                const struct work *work, struct lk_error *err)
{
    struct scale_space made = {0};
    made.n_bytes = place(&made, work->width, work->height) * sizeof(float);
    made.block = alloc->alloc(alloc->ctx, made.n_bytes);
    if (made.block == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the %zu bytes of a scale space", made.n_bytes);
    place(&made, work->width, work->height);
    for (size_t i = 0; i < (size_t)work->width * work->height; i++)
        made.picture.at[i] = (float)work->luma[i];
    *space = made;
    return LK_OK;
}

void scale_space_fini(struct scale_space *space, const struct lk_alloc *alloc)
{
    if (space->block != NULL)
        alloc->free(alloc->ctx, space->block, space->n_bytes);
    *space = (struct scale_space){0};
}

void scale_space_octave(struct scale_space *space, unsigned o)
{
    struct scale_plane *level = space->level[o];
    float *scratch = space->block + (size_t)space->picture.width * space->picture.height;
    if (o > 0)
        halve(&space->level[o - 1][SCALE_PER_OCTAVE], &level[0]);
    for (unsigned i = o == 0 ? 0 : 1; i < SCALE_LEVELS; i++) {
        const struct scale_plane *from = i == 0 ? &space->picture : &level[i - 1];
        const uint32_t radius = anchor_blur_radius[i];
        blur_rows(from, anchor_blur[i], radius, scratch);
        blur_columns(scratch, anchor_blur[i], radius, &level[i]);
    }
}

float scale_space_sigma(unsigned o, unsigned i)
{
    return anchor_level_sigma[i] * (float)(1u << o);
}
