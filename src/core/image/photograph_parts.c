/* Finds the rectangles of a collage: as photograph.c, but the outside may be anything.
 *
 *     +---------+---------+     +--------------+
 *     |    A    |    B    |     |  .---------. |
 *     +---------+---------+     |  |    A    | |
 *     |    C    |    D    |     |  '---------' |
 *     +---------+---------+     +--------------+
 *
 * A straight line through a photograph is rarely sharp from end to end; between two photographs
 * nearly all of it is (of true sides 95 % are covered to two thirds, of lines elsewhere 1 %). */
#include "core/image/photograph.h"

#include "base/err.h"
#include "core/image/sides.h"

enum {
    STEP_LEVELS = 10,
    N_LINES = 8,
    MIN_PICTURE = 48,         /* pixels a side */
    MIN_COVERED_PERCENT = 65, /* of each side */
    MIN_SHARE = 5,            /* a part is at least a fifth of the picture, each way */
    MAX_OVERLAP = 5,          /* parts share less than a fifth of the smaller one */
};

/* A step that is higher than what follows it inside. */
static inline int is_part_side(const uint8_t *luma, const uint8_t *smooth, ptrdiff_t inward)
{
    (void)smooth;
    int here = apart(luma[inward], luma[-2 * inward]);
    return (here >= STEP_LEVELS) & (here >= apart(luma[4 * inward], luma[inward]));
}

struct part {
    int x0, y0, x1, y1;
    int score; /* percent covered, summed over the sides that are not the border */
};

static bool overlaps(const struct part *a, const struct part *b)
{
    int x0 = a->x0 > b->x0 ? a->x0 : b->x0, x1 = a->x1 < b->x1 ? a->x1 : b->x1;
    int y0 = a->y0 > b->y0 ? a->y0 : b->y0, y1 = a->y1 < b->y1 ? a->y1 : b->y1;
    if (x1 <= x0 || y1 <= y0)
        return false;
    int area_a = (a->x1 - a->x0) * (a->y1 - a->y0), area_b = (b->x1 - b->x0) * (b->y1 - b->y0);
    return (x1 - x0) * (y1 - y0) * MAX_OVERLAP >= (area_a < area_b ? area_a : area_b);
}

/* Percent covered; 0 for the border, -1 where it is too little. */
static int side_score(const struct line *line, int from, int to)
{
    if (line->border)
        return 0;
    int percent = line_covered(line, from, to) * 100 / (to - from);
    return percent < MIN_COVERED_PERCENT ? -1 : percent;
}

/* Adds up the sides of a part; false where one is bare. */
static bool score_part(struct part *p, const struct line *const line[N_SIDES])
{
    p->score = 0;
    for (int side = 0; side < N_SIDES; side++) {
        bool across = side == SIDE_TOP || side == SIDE_BOTTOM;
        int score = side_score(line[side], across ? p->x0 : p->y0, across ? p->x1 : p->y1);
        if (score < 0)
            return false;
        p->score += score;
    }
    return p->score > 0;
}

static bool is_free(const struct part *p, const struct part *taken, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (overlaps(p, &taken[i]))
            return false;
    return true;
}

/* The best part that overlaps none of those taken. */
static bool next_part(const struct sides_work *work, struct part *parts, size_t n)
{
    const struct side_lines *sides = work->sides;
    const int n_top = sides[SIDE_TOP].n, n_bottom = sides[SIDE_BOTTOM].n;
    const int n_left = sides[SIDE_LEFT].n, n_right = sides[SIDE_RIGHT].n;
    struct part best = {.score = 0};
    for (int k = 0; k < n_top * n_bottom * n_left * n_right; k++) {
        const struct line *const line[N_SIDES] = {
            &sides[SIDE_TOP].line[k % n_top],
            &sides[SIDE_BOTTOM].line[k / n_top % n_bottom],
            &sides[SIDE_LEFT].line[k / n_top / n_bottom % n_left],
            &sides[SIDE_RIGHT].line[k / n_top / n_bottom / n_left],
        };
        struct part p = {line[SIDE_LEFT]->at, line[SIDE_TOP]->at, line[SIDE_RIGHT]->at,
                         line[SIDE_BOTTOM]->at, 0};
        if ((p.x1 - p.x0) * MIN_SHARE < work->view.width ||
            (p.y1 - p.y0) * MIN_SHARE < work->view.height)
            continue;
        if (score_part(&p, line) && p.score > best.score && is_free(&p, parts, n))
            best = p;
    }
    parts[n] = best;
    return best.score > 0;
}

static size_t find(struct sides_work *work, struct lk_rect out[PHOTOGRAPH_MAX_PARTS])
{
    flag_smooth(&work->view);
    flag_sides(&work->view, is_part_side);
    find_lines(work, N_LINES);
    struct part parts[PHOTOGRAPH_MAX_PARTS];
    size_t n = 0;
    while (n < PHOTOGRAPH_MAX_PARTS && next_part(work, parts, n)) {
        const struct part *p = &parts[n];
        out[n++] = (struct lk_rect){(uint32_t)p->x0, (uint32_t)p->y0, (uint32_t)(p->x1 - p->x0),
                                    (uint32_t)(p->y1 - p->y0)};
    }
    return n;
}

enum lk_status photograph_parts(const struct lk_alloc *alloc, const uint8_t *luma, uint32_t width,
                                uint32_t height, struct lk_rect out[PHOTOGRAPH_MAX_PARTS],
                                size_t *n, struct lk_error *err)
{
    struct sides_work *work;
    TRY(sides_work_new(alloc, luma, width, height, &work, err));
    *n = width >= MIN_PICTURE && height >= MIN_PICTURE ? find(work, out) : 0;
    sides_work_free(work, alloc);
    return LK_OK;
}
