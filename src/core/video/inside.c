#include "core/video/inside.h"

#include "base/err.h"
#include "core/image/photograph.h"
#include "core/image/sides.h"

/* A small part of a pattern, one dot or one tile, is like that of any other pattern. */
enum { SAME_PIXELS = 2, MIN_SIDE = 48, FRAMED_PART = 12, GUESSED_PART = 6 };

/* A plane that photographs may be looked for in: the frame's own, or every second row and column
 * averaged where that is too large. */
struct small {
    const uint8_t *luma;
    uint8_t *made; /* NULL: the frame's own */
    uint32_t width, height, times;
};

static enum lk_status small_of(const struct lk_alloc *alloc, const struct reduced *plane,
                               struct small *out, struct lk_error *err)
{
    *out = (struct small){plane->luma, NULL, plane->width, plane->height, 1};
    if (plane->width <= SIDES_MAX_LENGTH && plane->height <= SIDES_MAX_LENGTH)
        return LK_OK;
    out->times = 2;
    out->width = plane->width / 2;
    out->height = plane->height / 2;
    out->made = alloc->alloc(alloc->ctx, (size_t)out->width * out->height);
    if (out->made == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a frame of a video");
    out->luma = out->made;
    for (uint32_t y = 0; y < out->height; y++)
        for (uint32_t x = 0; x < out->width; x++) {
            const uint8_t *p = plane->luma + (size_t)2 * y * plane->width + 2 * x;
            out->made[(size_t)y * out->width + x] =
                (uint8_t)((p[0] + p[1] + p[plane->width] + p[plane->width + 1] + 2) / 4);
        }
    return LK_OK;
}

static bool is_near(uint32_t a, uint32_t b)
{
    return a <= b + SAME_PIXELS && b <= a + SAME_PIXELS;
}

static bool is_same(const struct lk_rect *a, const struct lk_rect *b)
{
    return is_near(a->x, b->x) && is_near(a->y, b->y) && is_near(a->width, b->width) &&
           is_near(a->height, b->height);
}

static void put(const struct reduced *plane, const struct lk_rect *known, const struct small *small,
                struct lk_rect found, uint32_t least_part, struct lk_rect parts[INSIDE_MAX_PARTS],
                size_t *n)
{
    const struct lk_rect whole = {0, 0, plane->width, plane->height};
    const uint32_t t = small->times;
    found = (struct lk_rect){found.x * t, found.y * t, found.width * t, found.height * t};
    if (*n == INSIDE_MAX_PARTS || found.width < MIN_SIDE || found.height < MIN_SIDE ||
        found.width * found.height * least_part < plane->width * plane->height ||
        is_same(&found, known) || is_same(&found, &whole))
        return;
    for (size_t i = 0; i < *n; i++)
        if (is_same(&parts[i], &found))
            return;
    parts[(*n)++] = found;
}

static enum lk_status find(const struct lk_alloc *alloc, const struct reduced *plane,
                           const struct lk_rect *known, bool all, const struct small *small,
                           struct lk_rect parts[INSIDE_MAX_PARTS], size_t *n, struct lk_error *err)
{
    struct lk_rect framed, apart[PHOTOGRAPH_MAX_PARTS];
    size_t n_apart = 0;
    TRY(photograph_find(alloc, small->luma, small->width, small->height, &framed, err));
    put(plane, known, small, framed, FRAMED_PART, parts, n);
    if (all)
        TRY(photograph_parts(alloc, small->luma, small->width, small->height, apart, &n_apart,
                             err));
    for (size_t i = 0; i < n_apart; i++)
        put(plane, known, small, apart[i], GUESSED_PART, parts, n);
    return LK_OK;
}

enum lk_status inside_find(const struct lk_alloc *alloc, const struct reduced *plane,
                           const struct lk_rect *known, bool all,
                           struct lk_rect parts[INSIDE_MAX_PARTS], size_t *n, struct lk_error *err)
{
    struct small small;
    *n = 0;
    TRY(small_of(alloc, plane, &small, err));
    /* a strip of another shape than any film */
    enum lk_status status = LK_OK;
    if (small.width <= SIDES_MAX_LENGTH && small.height <= SIDES_MAX_LENGTH)
        status = find(alloc, plane, known, all, &small, parts, n, err);
    if (small.made != NULL)
        alloc->free(alloc->ctx, small.made, (size_t)small.width * small.height);
    return status;
}
