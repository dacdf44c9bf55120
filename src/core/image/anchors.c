/* Extrema of the difference of Gaussians, their place by a parabola through their neighbours, no
 * edges (Lowe 2004, sections 3 and 4). Our own are the choice among them and all figures: many weak
 * blobs help more than they cost, since whatever is not in the copy finds nothing. */
#include "core/image/anchors.h"

#include "base/err.h"
#include "core/image/anchor_tables.h"
#include "core/kernels/anchor.h"
#include "core/kernels/cpu.h"

#include <math.h>
#include <string.h>

enum {
    SIZE_STEPS = 40, /* an octave */
    SIZE_AT_LONG_SIDE = 400,
    BORDER = 2,
    MAX_MOVES = 4,
    ALIKE_STEPS = 14, /* sizes within 28 percent */
    N_BANDS = 3,
};

static const float weakest = 0.15f; /* grey levels */
static const float edge_ratio = 14.0f;
static const float reach = 6.0f;  /* half the side of a patch, in sigma */
static const float inside = 0.6f; /* as much of that lies inside on every side */
static const float apart = 0.5f;  /* in sigma of the stronger one */

/* From large to small, in pixels of the working copy, with the share of each. The lowest limit is
 * what keeps patches at 7 percent of the long side and more. */
static const struct {
    float from, to, share;
} bands[N_BANDS] = {{9.0f, 30.0f, 0.30f}, {4.5f, 9.0f, 0.35f}, {2.25f, 4.5f, 0.35f}};

enum lk_status anchor_list_init(struct anchor_list *list, const struct lk_alloc *alloc,
                                const struct work *work, struct lk_error *err)
{
    size_t room = (size_t)work->width * work->height / 8 + 64;
    struct anchor *p = alloc->alloc(alloc->ctx, room * sizeof *p);
    if (p == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu anchors", room);
    *list = (struct anchor_list){p, 0, room};
    return LK_OK;
}

void anchor_list_fini(struct anchor_list *list, const struct lk_alloc *alloc)
{
    if (list->p != NULL)
        alloc->free(alloc->ctx, list->p, list->room * sizeof *list->p);
    *list = (struct anchor_list){0};
}

/* ---- one octave ---- */

/* The levels of an octave; layer i is the difference of levels i + 1 and i. */
struct layers {
    const float *level[SCALE_LEVELS];
    int w, h;
};

static float diff(const struct layers *l, int i, int at)
{
    return l->level[i + 1][at] - l->level[i][at];
}

/* Does it stand out in the layers on both sides too? */
static bool is_extremum(const struct layers *l, int i, int at)
{
    const float sign = diff(l, i, at) > 0 ? 1.0f : -1.0f, v = sign * diff(l, i, at);
    for (int s = -1; s <= 1; s += 2)
        for (int dy = -1; dy <= 1; dy++)
            for (int dx = -1; dx <= 1; dx++)
                if (sign * diff(l, i + s, at + dy * l->w + dx) >= v)
                    return false;
    return true;
}

/* Differences around a place, in x, y and layer. */
struct slopes {
    float x, y, s, xx, yy, ss, xy, xs, ys;
    float value;
};

static struct slopes slopes_at(const struct layers *l, int i, int at)
{
    const int w = l->w;
    const float v = diff(l, i, at);
    const float east = diff(l, i, at + 1), west = diff(l, i, at - 1);
    const float south = diff(l, i, at + w), north = diff(l, i, at - w);
    const float up = diff(l, i + 1, at), down = diff(l, i - 1, at);
    return (struct slopes){
        .x = (east - west) * 0.5f,
        .y = (south - north) * 0.5f,
        .s = (up - down) * 0.5f,
        .xx = east + west - 2 * v,
        .yy = south + north - 2 * v,
        .ss = up + down - 2 * v,
        .xy = (diff(l, i, at + w + 1) - diff(l, i, at + w - 1) - diff(l, i, at - w + 1) +
               diff(l, i, at - w - 1)) *
              0.25f,
        .xs = (diff(l, i + 1, at + 1) - diff(l, i + 1, at - 1) - diff(l, i - 1, at + 1) +
               diff(l, i - 1, at - 1)) *
              0.25f,
        .ys = (diff(l, i + 1, at + w) - diff(l, i + 1, at - w) - diff(l, i - 1, at + w) +
               diff(l, i - 1, at - w)) *
              0.25f,
        .value = v,
    };
}

/* Where the parabola through the neighbours has its extremum; false where there is none. */
static bool extremum(const struct slopes *d, float offset[3])
{
    const float a = d->yy * d->ss - d->ys * d->ys;
    const float b = d->xy * d->ss - d->ys * d->xs;
    const float c = d->xy * d->ys - d->yy * d->xs;
    const float det = d->xx * a - d->xy * b + d->xs * c;
    if (fabsf(det) < 1e-12f)
        return false;
    const float e = d->y * d->ss - d->ys * d->s;
    const float f = d->y * d->ys - d->yy * d->s;
    offset[0] = -(d->x * a - d->xy * e + d->xs * f) / det;
    offset[1] = -(d->xx * e - d->x * b + d->xs * (d->xy * d->s - d->y * d->xs)) / det;
    offset[2] = -(d->xx * (d->yy * d->s - d->y * d->ys) - d->xy * (d->xy * d->s - d->y * d->xs) +
                  d->x * c) /
                det;
    return true;
}

static bool on_edge(const struct slopes *d)
{
    const float trace = d->xx + d->yy, det = d->xx * d->yy - d->xy * d->xy;
    return det <= 0 || trace * trace * edge_ratio >= (edge_ratio + 1) * (edge_ratio + 1) * det;
}

static int nearest(float v)
{
    return (int)(v < 0 ? v - 0.5f : v + 0.5f);
}

/* A blob, placed between pixels and layers. */
struct blob {
    float x, y, layer, strength;
};

static bool refine(const struct layers *l, int i, int x, int y, struct blob *out)
{
    for (int move = 0; move < MAX_MOVES; move++) {
        const struct slopes d = slopes_at(l, i, y * l->w + x);
        float o[3];
        if (!extremum(&d, o))
            return false;
        if (fabsf(o[0]) < 0.6f && fabsf(o[1]) < 0.6f && fabsf(o[2]) < 0.6f) {
            const float v = d.value + 0.5f * (d.x * o[0] + d.y * o[1] + d.s * o[2]);
            *out = (struct blob){(float)x + o[0], (float)y + o[1], (float)i + o[2], fabsf(v)};
            return out->strength >= weakest && !on_edge(&d);
        }
        if (fabsf(o[0]) > 4 || fabsf(o[1]) > 4 || fabsf(o[2]) > 4)
            return false;
        x += nearest(o[0]);
        y += nearest(o[1]);
        i += nearest(o[2]);
        if (i < 1 || i > SCALE_PER_OCTAVE || x < BORDER || y < BORDER || x >= l->w - BORDER ||
            y >= l->h - BORDER)
            return false;
    }
    return false;
}

/* Base-2 logarithm by squaring, to 1/4096: the same bits everywhere. */
static float log2_of(uint32_t n)
{
    float whole = 0, part = 0, bit = 1, m = (float)n;
    while (m >= 2) {
        m *= 0.5f;
        whole += 1;
    }
    for (int i = 0; i < 12; i++) {
        m *= m;
        bit *= 0.5f;
        if (m >= 2) {
            m *= 0.5f;
            part += bit;
        }
    }
    return whole + part;
}

static uint32_t long_side_of(uint32_t width, uint32_t height)
{
    return width > height ? width : height;
}

/* Where layers of an octave go to. */
struct target {
    struct anchor_list *list;
    float to_picture, size_0; /* of place and layer */
};

static void keep_blob(const struct target *t, const struct blob *b)
{
    const int size = nearest(t->size_0 + SIZE_STEPS / SCALE_PER_OCTAVE * b->layer);
    if (size >= 0 && size <= 254 && t->list->n < t->list->room)
        t->list->p[t->list->n++] = (struct anchor){b->x * t->to_picture, b->y * t->to_picture,
                                                   b->strength, (uint16_t)size, 0};
}

static void keep_flagged(const struct layers *l, int i, int y, const uint8_t *flags,
                         const struct target *t)
{
    struct blob b;
    for (int x = BORDER; x < l->w - BORDER; x++) {
        uint64_t next;
        while (x + (int)sizeof next <= l->w - BORDER &&
               (memcpy(&next, flags + x, sizeof next), next == 0)) /* as nearly everywhere */
            x += (int)sizeof next;
        if (x < l->w - BORDER && flags[x] && is_extremum(l, i, y * l->w + x) &&
            refine(l, i, x, y, &b))
            keep_blob(t, &b);
    }
}

static void detect_layer(const struct layers *l, int i, const struct target *t)
{
    const struct anchor_kernels *kernels = anchor_kernels_get(cpu_mask());
    const uint32_t w = (uint32_t)l->w;
    float rows[3][WORK_SIDE];
    uint8_t flags[WORK_SIDE];
    for (int y = BORDER - 1; y < l->h - BORDER + 1; y++) {
        const size_t at = (size_t)y * w;
        kernels->subtract(l->level[i + 1] + at, l->level[i] + at, w, rows[y % 3]);
        if (y <= BORDER)
            continue;
        kernels->flag_extrema(rows[(y - 2) % 3], rows[(y - 1) % 3], rows[y % 3], w, 0.5f * weakest,
                              flags);
        keep_flagged(l, i, y - 1, flags, t);
    }
}

void anchors_detect(const struct scale_space *space, unsigned o, struct anchor_list *list)
{
    const struct scale_plane *planes = space->level[o];
    const uint32_t long_side = long_side_of(space->picture.width, space->picture.height);
    struct layers l = {.w = (int)planes[0].width, .h = (int)planes[0].height};
    for (int i = 0; i < SCALE_LEVELS; i++)
        l.level[i] = planes[i].at;
    const struct target target = {
        .list = list,
        .to_picture = (float)(1u << o),
        .size_0 =
            ANCHOR_BASE_LOG + SIZE_AT_LONG_SIDE + SIZE_STEPS * ((float)o - log2_of(long_side)),
    };
    /* the first layer of all has nothing but blobs that are too small to be chosen */
    for (int i = o == 0 ? 2 : 1; i <= SCALE_PER_OCTAVE; i++)
        detect_layer(&l, i, &target);
}

/* ---- the choice ---- */

float anchor_sigma(unsigned size, uint32_t long_side)
{
    float sigma = anchor_exp2[size % SIZE_STEPS] * (float)long_side;
    for (unsigned octave = size / SIZE_STEPS; octave < SIZE_AT_LONG_SIDE / SIZE_STEPS; octave++)
        sigma *= 0.5f;
    return sigma;
}

/* Marks what is of no further use. */
static void drop(struct anchor *a)
{
    a->strength = 0;
}

static void drop_beside(struct anchor_list *list, const struct anchor *best, float sigma)
{
    const float limit = apart * sigma * apart * sigma;
    for (size_t i = 0; i < list->n; i++) {
        struct anchor *a = &list->p[i];
        const int steps = (int)a->size - (int)best->size;
        const float dx = a->x - best->x, dy = a->y - best->y;
        if (steps >= -ALIKE_STEPS && steps <= ALIKE_STEPS && dx * dx + dy * dy < limit)
            drop(a);
    }
}

static void drop_outside(struct anchor_list *list, const struct lk_rect *within, uint32_t long_side)
{
    const float left = (float)within->x, right = (float)(within->x + within->width - 1);
    const float top = (float)within->y, bottom = (float)(within->y + within->height - 1);
    for (size_t i = 0; i < list->n; i++) {
        struct anchor *a = &list->p[i];
        const float margin = inside * reach * anchor_sigma(a->size, long_side);
        if (a->x < left + margin || a->y < top + margin || a->x > right - margin ||
            a->y > bottom - margin)
            drop(a);
    }
}

static const struct anchor *strongest(const struct anchor_list *list, unsigned from, unsigned to)
{
    const struct anchor *best = NULL;
    for (size_t i = 0; i < list->n; i++) {
        const struct anchor *a = &list->p[i];
        if (a->size >= from && a->size < to && a->strength > (best == NULL ? 0 : best->strength))
            best = a;
    }
    return best;
}

static unsigned size_of_sigma(float sigma, uint32_t long_side)
{
    unsigned size = 0;
    while (size < 255 && anchor_sigma(size, long_side) < sigma)
        size++;
    return size;
}

size_t anchors_choose(struct anchor_list *list, const struct work *work,
                      const struct lk_rect *within, size_t n, struct anchor *chosen)
{
    const uint32_t long_side = long_side_of(work->width, work->height);
    drop_outside(list, within, long_side);
    size_t n_chosen = 0, quota = 0;
    for (int b = 0; b < N_BANDS; b++) {
        const unsigned from = size_of_sigma(bands[b].from, long_side);
        const unsigned to = size_of_sigma(bands[b].to, long_side);
        /* what larger ones leave over goes to smaller ones */
        quota = b == N_BANDS - 1 ? n : quota + (size_t)((float)n * bands[b].share + 0.5f);
        for (uint16_t rank = 0; n_chosen < quota; rank++) {
            const struct anchor *best = strongest(list, from, to);
            if (best == NULL)
                break;
            chosen[n_chosen] = *best;
            chosen[n_chosen++].rank = rank;
            drop_beside(list, &chosen[n_chosen - 1], anchor_sigma(best->size, long_side));
        }
    }
    return n_chosen;
}
