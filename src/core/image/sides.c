/* Each side is looked at along its own direction: top and bottom across rows, left and right across
 * columns. */
#include "core/image/sides.h"

#include "base/err.h"

#include <string.h>

enum {
    SMOOTH_LEVELS = 6, /* over two pixels */
    FULL_STEP = 32,    /* levels above which a step counts no more */
    MIN_SHARE = 8,     /* an eighth of a line at least is flagged */
};

/* How pixel (i along a line, boundary `at`) is found. */
struct walk {
    int n, length;   /* pixels along a line; boundaries across */
    int along, step; /* from one to the next */
};

static struct walk walk_of(const struct view *v, int side)
{
    if (side == SIDE_TOP || side == SIDE_BOTTOM)
        return (struct walk){v->width, v->height, 1, v->width};
    return (struct walk){v->height, v->width, v->width, 1};
}

static uint8_t is_smooth(const uint8_t *p, int left, int right, int up, int down)
{
    int across = apart(p[left], p[right]), along = apart(p[up], p[down]);
    return (across > along ? across : along) <= SMOOTH_LEVELS;
}

void flag_smooth(struct view *v)
{
    int w = v->width;
    memset(v->flags, 0, (size_t)w * (size_t)v->height);
    for (int y = 0; y < v->height; y++) {
        const uint8_t *p = v->luma + y * w;
        uint8_t *smooth = v->smooth + y * w;
        int up = y > 0 ? -w : 0, down = y + 1 < v->height ? w : 0, last = w - 1;
        smooth[0] = is_smooth(p, 0, last > 0, up, down);
        for (int x = 1; x < last; x++)
            smooth[x] = is_smooth(p + x, -1, 1, up, down);
        if (last > 0)
            smooth[last] = is_smooth(p + last, -1, 0, up, down);
    }
}

static void fill_line(const struct view *v, int side, struct line *line)
{
    struct walk walk = walk_of(v, side);
    line->before[0] = 0;
    for (int i = 0; i < walk.n; i++) {
        bool flagged =
            !line->border && (v->flags[i * walk.along + line->at * walk.step] >> side & 1) != 0;
        line->before[i + 1] = (uint16_t)(line->before[i] + flagged);
    }
}

/* How much speaks for a side at each boundary: flagged pixels, each with the height of its step. */
struct weights {
    int weight[N_SIDES][SIDES_MAX_LENGTH + 1];
    int n_flagged[N_SIDES][SIDES_MAX_LENGTH + 1];
};

static void weigh_pixel(const struct view *v, int x, int y, int flags, struct weights *w)
{
    const uint8_t *p = v->luma + y * v->width + x;
    for (int side = 0; side < N_SIDES; side++) {
        if ((flags >> side & 1) == 0)
            continue;
        bool across = side == SIDE_TOP || side == SIDE_BOTTOM;
        int d = apart(p[0], across ? p[-v->width] : p[-1]), at = across ? y : x;
        w->weight[side][at] += d < FULL_STEP ? d : FULL_STEP;
        w->n_flagged[side][at]++;
    }
}

static void weigh(const struct view *v, struct weights *w)
{
    memset(w, 0, sizeof *w);
    for (int y = 0; y < v->height; y++)
        for (int x = 0; x < v->width; x++) {
            int flags = v->flags[y * v->width + x];
            if (flags != 0)
                weigh_pixel(v, x, y, flags, w);
        }
}

static void find_side(const struct view *v, int side, int n_max, int *weight, const int *n_flagged,
                      struct side_lines *out)
{
    struct walk walk = walk_of(v, side);
    for (int at = 0; at <= walk.length; at++)
        if (n_flagged[at] * MIN_SHARE < walk.n)
            weight[at] = 0;
    out->line[0].at = side == SIDE_TOP || side == SIDE_LEFT ? 0 : walk.length;
    out->n = 1;
    while (out->n <= n_max) {
        int best = 0;
        for (int at = 0; at <= walk.length; at++)
            if (weight[at] > weight[best])
                best = at;
        if (weight[best] == 0)
            break;
        out->line[out->n++].at = best;
        for (int at = best - 3; at <= best + 3; at++)
            if (at >= 0 && at <= walk.length)
                weight[at] = 0;
    }
    for (int i = 0; i < out->n; i++) {
        out->line[i].border = i == 0;
        fill_line(v, side, &out->line[i]);
    }
}

void find_lines(struct sides_work *work, int n_max)
{
    struct weights w;
    weigh(&work->view, &w);
    for (int side = 0; side < N_SIDES; side++)
        find_side(&work->view, side, n_max, w.weight[side], w.n_flagged[side], &work->sides[side]);
}

enum lk_status sides_work_new(const struct lk_alloc *alloc, const uint8_t *luma, uint32_t width,
                              uint32_t height, struct sides_work **out, struct lk_error *err)
{
    if (width == 0 || height == 0 || width > SIDES_MAX_LENGTH || height > SIDES_MAX_LENGTH)
        return FAIL(err, LK_INVALID, "a working copy of %u x %u; sides are 1 to %d pixels", width,
                    height, SIDES_MAX_LENGTH);
    size_t n_pixels = (size_t)width * height, n_bytes = sizeof(struct sides_work) + 2 * n_pixels;
    struct sides_work *work = alloc->alloc(alloc->ctx, n_bytes);
    if (work == NULL)
        return FAIL(err, LK_NOMEM, "no memory to find the photograph");
    work->view =
        (struct view){luma, work->planes, work->planes + n_pixels, (int)width, (int)height};
    work->n_bytes = n_bytes;
    *out = work;
    return LK_OK;
}

void sides_work_free(struct sides_work *work, const struct lk_alloc *alloc)
{
    alloc->free(alloc->ctx, work, work->n_bytes);
}
