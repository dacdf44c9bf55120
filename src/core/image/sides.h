/* core/image/sides.h - straight lines in a picture that may be sides of a rectangle.
 *
 * A pixel is flagged for a side when the rectangle would begin (or end) right there: enum side says
 * where the side lies, a boundary is named by the row or column that follows it. Rows and columns
 * with many flags are candidates; how much of one is covered between any two places is then one
 * subtraction. */
#ifndef CORE_IMAGE_SIDES_H
#define CORE_IMAGE_SIDES_H

#include <likeness/alloc.h>
#include <likeness/status.h>
#include <stdbool.h>
#include <stdint.h>

#define SIDES_MAX_LENGTH 384 /* of a picture, either way */
#define SIDES_MAX_LINES  12  /* candidates a side, besides the picture's border */
#define SIDES_REACH      5   /* boundaries nearer to the border than this are not looked at */

enum side { SIDE_TOP, SIDE_BOTTOM, SIDE_LEFT, SIDE_RIGHT, N_SIDES };

static inline int apart(int a, int b)
{
    return a > b ? a - b : b - a;
}

/* A picture that is looked at, and what was seen. */
struct view {
    const uint8_t *luma; /* rows contiguous */
    uint8_t *smooth;     /* as many: 1 where neighbours are alike, else 0 */
    uint8_t *flags;      /* as many: 1 << enum side, where such a side may run */
    int width, height;
};

/* Does the rectangle begin at *luma, going by `inward` pixels a step? Looks at no more than
 * SIDES_REACH pixels either way. 1 or 0; no branches, so that the loops below become vectors. */
typedef int side_test(const uint8_t *luma, const uint8_t *smooth, ptrdiff_t inward);

struct line {
    int at;
    bool border;                           /* of the picture: nothing to be covered */
    uint16_t before[SIDES_MAX_LENGTH + 1]; /* flagged pixels before each place along it */
};

struct side_lines {
    struct line line[SIDES_MAX_LINES + 1]; /* the border first */
    int n;
};

/* All that is needed to look at one picture. */
struct sides_work {
    struct view view;
    struct side_lines sides[N_SIDES];
    size_t n_bytes;
    uint8_t planes[]; /* the view's */
};

/* Errors: LK_INVALID (a side that is not 1 .. SIDES_MAX_LENGTH), LK_NOMEM. */
enum lk_status sides_work_new(const struct lk_alloc *alloc, const uint8_t *luma, uint32_t width,
                              uint32_t height, struct sides_work **out,
                              struct lk_error *err) LK_MUST_CHECK;
void sides_work_free(struct sides_work *work, const struct lk_alloc *alloc);

/* Sees what is smooth, and clears the flags. */
void flag_smooth(struct view *v);

/* One side of all pixels: boundary `at` of a side that closes the rectangle lies after its last
 * pixel, so the test starts one pixel before. */
static inline void flag_side(struct view *v, int side, side_test *test)
{
    bool across = side == SIDE_TOP || side == SIDE_BOTTOM;
    bool opens = side == SIDE_TOP || side == SIDE_LEFT;
    int from_y = across ? SIDES_REACH : 0, to_y = across ? v->height - SIDES_REACH : v->height - 1;
    int from_x = across ? 0 : SIDES_REACH, to_x = across ? v->width - 1 : v->width - SIDES_REACH;
    ptrdiff_t step = across ? v->width : 1, inward = opens ? step : -step;
    for (int y = from_y; y <= to_y; y++) {
        const uint8_t *luma = v->luma + (ptrdiff_t)y * v->width;
        const uint8_t *smooth = v->smooth + (ptrdiff_t)y * v->width;
        uint8_t *restrict flags = v->flags + (ptrdiff_t)y * v->width;
        for (int x = from_x; x <= to_x; x++) {
            ptrdiff_t first = opens ? x : x - step;
            flags[x] |= (uint8_t)(test(luma + first, smooth + first, inward) << side);
        }
    }
}

static inline void flag_sides(struct view *v, side_test *test)
{
    flag_side(v, SIDE_TOP, test);
    flag_side(v, SIDE_BOTTOM, test);
    flag_side(v, SIDE_LEFT, test);
    flag_side(v, SIDE_RIGHT, test);
}

/* The up to n_max strongest places for each side, none within three pixels of a stronger one. */
void find_lines(struct sides_work *work, int n_max);

/* Pixels between two places along the line that are flagged. */
static inline int line_covered(const struct line *line, int from, int to)
{
    return line->before[to] - line->before[from];
}

#endif
