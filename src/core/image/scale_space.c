/* Each level is the one before, blurred by what is missing. */
#include "core/image/scale_space.h"

#include "base/err.h"
#include "core/image/anchor_tables.h"
#include "core/kernels/anchor.h"
#include "core/kernels/cpu.h"

_Static_assert(WORK_SIDE <= ANCHOR_MAX_WIDTH, "rows of a plane are within what kernels take");

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
        const struct anchor_blur_job job = {
            .from = i == 0 ? space->picture.at : level[i - 1].at,
            .to = level[i].at,
            .scratch = scratch,
            .kernel = anchor_blur[i],
            .width = level[i].width,
            .height = level[i].height,
            .radius = anchor_blur_radius[i],
        };
        anchor_kernels_get(cpu_mask())->blur(&job);
    }
}

float scale_space_sigma(unsigned o, unsigned i)
{
    return anchor_level_sigma[i] * (float)(1u << o);
}
