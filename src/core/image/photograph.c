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

#include <string.h>

enum {
    SMOOTH = 1 << 0,
    TOP = 1 << 1, /* and BOTTOM, LEFT, RIGHT: 1 << (1 + enum side) */

    N_SIDES = 4,
    N_LINES = 12,      /* candidates a side, besides the border */
    REACH = 5,         /* pixels that the test of a side looks out and in */
    SMOOTH_LEVELS = 6, /* over two pixels */
    STEP_LEVELS = 10,  /* between the photograph and its ground */
    GROUND_LEVELS = 3, /* that a drawn ground keeps within, either way */
    MIN_SIDE = 24,
    N_PROPOSALS = 8,
};

enum side { SIDE_TOP, SIDE_BOTTOM, SIDE_LEFT, SIDE_RIGHT };

struct view {
    const uint8_t *luma;
    uint8_t *flags;
    int width, height;
};

/* A candidate: the boundary before row (or column) `at`, and how many flagged pixels lie before
 * each place along it. */
struct line {
    int at;
    bool border;
    uint16_t before[PHOTOGRAPH_MAX_SIDE + 1];
};

struct side_lines {
    struct line line[N_LINES + 1];
    int n;
};

static int apart(int a, int b)
{
    return a > b ? a - b : b - a;
}

static void flag_smooth(struct view *v)
{
    for (int y = 0; y < v->height; y++)
        for (int x = 0; x < v->width; x++) {
            int up = y > 0 ? y - 1 : y, down = y + 1 < v->height ? y + 1 : y;
            int left = x > 0 ? x - 1 : x, right = x + 1 < v->width ? x + 1 : x;
            const uint8_t *p = v->luma + (size_t)y * (size_t)v->width;
            int dx = apart(p[left], p[right]);
            int dy = apart(v->luma[up * v->width + x], v->luma[down * v->width + x]);
            v->flags[y * v->width + x] = dx <= SMOOTH_LEVELS && dy <= SMOOTH_LEVELS ? SMOOTH : 0;
        }
}

/* Is there a side at boundary `at` (before pixel `at`) of the pixels luma[0], luma[step], ...?
 * `inward` is +1 where the photograph follows, -1 where it precedes. */
static bool is_side(const uint8_t *luma, const uint8_t *flags, int step, int at, int inward)
{
    int in = inward > 0 ? at : at - 1, out = inward > 0 ? at - 1 : at;
    int ground = luma[(out - inward) * step];
    return flags[(out - 3 * inward) * step] & SMOOTH &&
           apart(luma[(in + inward) * step], ground) >= STEP_LEVELS &&
           apart(luma[(in + 4 * inward) * step], luma[(out - 2 * inward) * step]) >=
               STEP_LEVELS / 2;
}

static void flag_sides(struct view *v)
{
    int w = v->width, h = v->height;
    for (int side = 0; side < N_SIDES; side++) {
        bool across = side == SIDE_TOP || side == SIDE_BOTTOM;
        int inward = side == SIDE_TOP || side == SIDE_LEFT ? 1 : -1;
        int length = across ? h : w, n = across ? w : h, step = across ? w : 1;
        for (int i = 0; i < n; i++) {
            int first = across ? i : i * w;
            for (int at = REACH; at <= length - REACH; at++)
                if (is_side(v->luma + first, v->flags + first, step, at, inward))
                    v->flags[first + at * step] |= (uint8_t)(TOP << side);
        }
    }
}

/* How much speaks for a side at `at`: flagged pixels, each with the height of its step. */
static int line_weight(const struct view *v, int side, int at, int *n_flagged)
{
    bool across = side == SIDE_TOP || side == SIDE_BOTTOM;
    int n = across ? v->width : v->height, along = across ? 1 : v->width;
    int step = across ? v->width : 1, weight = 0;
    *n_flagged = 0;
    for (int i = 0; i < n; i++) {
        int k = i * along + at * step;
        if ((v->flags[k] & (TOP << side)) == 0)
            continue;
        int d = apart(v->luma[k], v->luma[k - step]);
        weight += d < 32 ? d : 32;
        ++*n_flagged;
    }
    return weight;
}

static void fill_line(const struct view *v, int side, struct line *line)
{
    bool across = side == SIDE_TOP || side == SIDE_BOTTOM;
    int n = across ? v->width : v->height, along = across ? 1 : v->width;
    int step = across ? v->width : 1;
    line->before[0] = 0;
    for (int i = 0; i < n; i++) {
        bool flagged =
            !line->border && (v->flags[i * along + line->at * step] & (TOP << side)) != 0;
        line->before[i + 1] = (uint16_t)(line->before[i] + flagged);
    }
}

/* The strongest places for one side, none within three pixels of a stronger one. */
static void find_lines(const struct view *v, int side, struct side_lines *out)
{
    bool across = side == SIDE_TOP || side == SIDE_BOTTOM;
    int length = across ? v->height : v->width, n = across ? v->width : v->height;
    int weight[PHOTOGRAPH_MAX_SIDE + 1] = {0};
    for (int at = REACH; at <= length - REACH; at++) {
        int n_flagged;
        weight[at] = line_weight(v, side, at, &n_flagged);
        if (n_flagged * 8 < n)
            weight[at] = 0;
    }
    bool near = side == SIDE_TOP || side == SIDE_LEFT;
    out->line[0] = (struct line){.at = near ? 0 : length, .border = true};
    out->n = 1;
    while (out->n <= N_LINES) {
        int best = 0;
        for (int at = REACH; at <= length - REACH; at++)
            if (weight[at] > weight[best])
                best = at;
        if (weight[best] == 0)
            break;
        out->line[out->n++].at = best;
        for (int at = best - 3; at <= best + 3; at++)
            if (at >= 0 && at <= length)
                weight[at] = 0;
    }
    for (int i = 0; i < out->n; i++) {
        out->line[i].border = i == 0;
        fill_line(v, side, &out->line[i]);
    }
}

/* Covered minus bare pixels of one side from `from` to `to`; INT16_MIN where too much is bare. */
static int side_score(const struct line *line, int from, int to)
{
    if (line->border)
        return 0;
    int covered = line->before[to] - line->before[from], length = to - from;
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
            out->n_smooth += v->flags[y * v->width + x] & SMOOTH;
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

static struct lk_rect find(struct view *v, struct side_lines sides[N_SIDES])
{
    flag_smooth(v);
    flag_sides(v);
    for (int side = 0; side < N_SIDES; side++)
        find_lines(v, side, &sides[side]);
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

enum lk_status photograph_find(const struct lk_alloc *alloc, const uint8_t *luma, uint32_t width,
                               uint32_t height, struct lk_rect *out, struct lk_error *err)
{
    if (width == 0 || height == 0 || width > PHOTOGRAPH_MAX_SIDE || height > PHOTOGRAPH_MAX_SIDE)
        return FAIL(err, LK_INVALID, "a working copy of %u x %u; sides are 1 to %d pixels", width,
                    height, PHOTOGRAPH_MAX_SIDE);
    *out = (struct lk_rect){0, 0, width, height};
    if (width < 2 * MIN_SIDE || height < 2 * MIN_SIDE)
        return LK_OK;
    size_t n_flags = (size_t)width * height, n_sides = N_SIDES * sizeof(struct side_lines);
    uint8_t *flags = alloc->alloc(alloc->ctx, n_flags);
    struct side_lines *sides = alloc->alloc(alloc->ctx, n_sides);
    enum lk_status status = LK_OK;
    if (flags == NULL || sides == NULL) {
        status = FAIL(err, LK_NOMEM, "no memory to find the photograph");
    } else {
        struct view view = {luma, flags, (int)width, (int)height};
        *out = find(&view, sides);
    }
    alloc->free(alloc->ctx, flags, flags == NULL ? 0 : n_flags);
    alloc->free(alloc->ctx, sides, sides == NULL ? 0 : n_sides);
    return status;
}
