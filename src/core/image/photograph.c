/* Finds the rectangle whose sides are straight lines with a smooth ground outside.
 *
 * Every pixel gets flags: is the ground around it smooth; is it on the first row of something that
 * lies below a smooth ground (a top side), and so for the other three sides. Rows and columns with
 * many such flags are lines that may be sides. Of all rectangles between such lines and the
 * picture's own border, the one wins whose sides are best covered:
 *
 *     +-------------------+  border: counts as a side that is neither covered nor bare
 *     |  12:30   # # #    |
 *     |  (o) name         |  text and icons cover too little of a line to be a side
 *     |###################|  <- top side: covered pixels - bare pixels
 *     |#    photograph   #|
 *     |###################|  <- bottom side
 *     |  o o o   12 likes |
 *     +-------------------+ */
#include "core/image/photograph.h"

#include "base/err.h"
#include "core/image/sides.h"

#include <string.h>

enum {
    STEP_LEVELS = 10,  /* between the photograph and its ground */
    GROUND_LEVELS = 3, /* that a drawn ground keeps within, either way */
    MIN_SIDE = 24,
    N_PROPOSALS = 8,
    MAX_FRAMES = 3, /* a window holds a page, which holds a card, which holds the photograph */
};

/* A side whose outside is smooth; a thin line on a ground is none. */
static inline int is_frame_side(const uint8_t *luma, const uint8_t *smooth, ptrdiff_t inward)
{
    return smooth[-4 * inward] & (apart(luma[inward], luma[-2 * inward]) >= STEP_LEVELS) &
           (apart(luma[4 * inward], luma[-3 * inward]) >= STEP_LEVELS / 2);
}

/* Covered minus bare pixels of one side from `from` to `to`; INT16_MIN where too much is bare. */
static int side_score(const struct line *line, int from, int to)
{
    if (line->border)
        return 0;
    int covered = line_covered(line, from, to), length = to - from;
    return covered * 3 < length ? INT16_MIN : 2 * covered - length;
}

struct proposal {
    int x0, y0, x1, y1, score;
};

/* The best so far, best first. */
struct proposals {
    struct proposal best[N_PROPOSALS];
    int n;
};

static void propose(struct proposals *p, const struct proposal *made)
{
    int i = p->n < N_PROPOSALS ? p->n++ : N_PROPOSALS;
    for (; i > 0 && p->best[i - 1].score < made->score; i--)
        if (i < N_PROPOSALS)
            p->best[i] = p->best[i - 1];
    if (i < N_PROPOSALS)
        p->best[i] = *made;
}

static void try_sides(const struct side_lines sides[N_SIDES], const struct line *top,
                      const struct line *bottom, struct proposals *out)
{
    for (int l = 0; l < sides[SIDE_LEFT].n; l++)
        for (int r = 0; r < sides[SIDE_RIGHT].n; r++) {
            const struct line *left = &sides[SIDE_LEFT].line[l];
            const struct line *right = &sides[SIDE_RIGHT].line[r];
            struct proposal p = {left->at, top->at, right->at, bottom->at, 0};
            if (p.x1 - p.x0 < MIN_SIDE)
                continue;
            p.score = side_score(top, p.x0, p.x1) + side_score(bottom, p.x0, p.x1) +
                      side_score(left, p.y0, p.y1) + side_score(right, p.y0, p.y1);
            int n_cut = !top->border + !bottom->border + !left->border + !right->border;
            int length = !top->border || !bottom->border ? p.x1 - p.x0 : p.y1 - p.y0;
            /* one line alone may be a wall's: it must be covered from end to end */
            if (p.score > 0 && (n_cut > 1 || p.score * 5 >= length * 4))
                propose(out, &p);
        }
}

/* What lies outside a proposal. */
struct ground {
    int n, n_smooth;
    int levels[256];
};

static void see_ground(const struct view *v, const struct proposal *p, struct ground *out)
{
    memset(out, 0, sizeof *out);
    for (int y = 0; y < v->height; y++)
        for (int x = 0; x < v->width; x++) {
            /* the pixels that its sides run through are neither */
            if (y >= p->y0 - 1 && y <= p->y1 && x >= p->x0 - 1 && x <= p->x1)
                continue;
            out->n++;
            out->n_smooth += v->smooth[y * v->width + x];
            out->levels[v->luma[y * v->width + x]]++;
        }
}

/* A drawn ground has one level, but for text and icons. No sky and no wall has. */
static bool is_one_level(const struct ground *ground)
{
    int most = 0;
    for (int i = 0; i < 256; i++) {
        int n = 0;
        for (int k = i - GROUND_LEVELS; k <= i + GROUND_LEVELS; k++)
            n += k >= 0 && k < 256 ? ground->levels[k] : 0;
        most = n > most ? n : most;
    }
    return most * 5 >= ground->n * 3;
}

/* A story fills the ground with the photograph itself, blurred: two bars of one size. */
static bool is_between_bars(const struct view *v, const struct proposal *p,
                            const struct ground *ground)
{
    int above = p->y0, below = v->height - p->y1, left = p->x0, right = v->width - p->x1;
    bool tall = left + right == 0 && above > 0 && apart(above, below) * 50 <= v->height;
    bool wide = above + below == 0 && left > 0 && apart(left, right) * 50 <= v->width;
    return (tall || wide) && ground->n_smooth * 4 >= ground->n * 3;
}

static bool is_framed(const struct view *v, const struct proposal *p)
{
    int all = v->width * v->height, inside = (p->x1 - p->x0) * (p->y1 - p->y0);
    if (inside * 10 < all || inside == all)
        return false;
    struct ground ground;
    see_ground(v, p, &ground);
    return ground.n > 0 && (is_one_level(&ground) || is_between_bars(v, p, &ground));
}

static struct lk_rect find(struct sides_work *work)
{
    struct view *v = &work->view;
    const struct side_lines *sides = work->sides;
    flag_smooth(v);
    flag_sides(v, is_frame_side);
    find_lines(work, SIDES_MAX_LINES);
    struct proposals proposals = {.n = 0};
    for (int t = 0; t < sides[SIDE_TOP].n; t++)
        for (int b = 0; b < sides[SIDE_BOTTOM].n; b++) {
            const struct line *top = &sides[SIDE_TOP].line[t];
            const struct line *bottom = &sides[SIDE_BOTTOM].line[b];
            if (bottom->at - top->at >= MIN_SIDE)
                try_sides(sides, top, bottom, &proposals);
        }
    for (int i = 0; i < proposals.n; i++) {
        const struct proposal *p = &proposals.best[i];
        if (is_framed(v, p))
            return (struct lk_rect){(uint32_t)p->x0, (uint32_t)p->y0, (uint32_t)(p->x1 - p->x0),
                                    (uint32_t)(p->y1 - p->y0)};
    }
    return (struct lk_rect){0, 0, (uint32_t)v->width, (uint32_t)v->height};
}

/* What find() finds in a part of the picture, in the picture's own places. `part` is kept where
 * nothing more is to be cut. */
static enum lk_status find_inside(const struct lk_alloc *alloc, const uint8_t *luma, uint32_t width,
                                  struct lk_rect *part, struct lk_error *err)
{
    struct sides_work *work;
    const size_t n_bytes = (size_t)part->width * part->height;
    uint8_t *copy = alloc->alloc(alloc->ctx, n_bytes);
    if (copy == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a part of a picture");
    for (uint32_t y = 0; y < part->height; y++)
        memcpy(copy + (size_t)y * part->width, luma + (size_t)(part->y + y) * width + part->x,
               part->width);
    enum lk_status status = sides_work_new(alloc, copy, part->width, part->height, &work, err);
    if (status == LK_OK) {
        const struct lk_rect found = find(work);
        *part = (struct lk_rect){part->x + found.x, part->y + found.y, found.width, found.height};
        sides_work_free(work, alloc);
    }
    alloc->free(alloc->ctx, copy, n_bytes);
    return status;
}

enum lk_status photograph_find(const struct lk_alloc *alloc, const uint8_t *luma, uint32_t width,
                               uint32_t height, struct lk_rect *out, struct lk_error *err)
{
    *out = (struct lk_rect){0, 0, width, height};
    if (width == 0 || height == 0)
        return FAIL(err, LK_INVALID, "the picture is %u x %u", width, height);
    for (int pass = 0; pass < MAX_FRAMES; pass++) {
        const struct lk_rect before = *out;
        if (out->width < 2 * MIN_SIDE || out->height < 2 * MIN_SIDE)
            break;
        TRY(find_inside(alloc, luma, width, out, err));
        if (out->width == before.width && out->height == before.height)
            break;
    }
    return LK_OK;
}
