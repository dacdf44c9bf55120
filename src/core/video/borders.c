/* A line belongs to a border when its pixels hardly differ among themselves and its mean hardly
 * differs from that of the outermost line. Columns are looked at between the rows that are left. */
#include "core/video/borders.h"

#include <string.h>

enum {
    SPREAD = 14, /* grey levels within a line, noise of coding included */
    DRIFT = 6,   /* between the means of lines */
    KEEP_PART = 4,
};
enum side { LEFT, TOP, RIGHT, BOTTOM };

/* n pixels from p, `step` apart. */
static bool is_flat(const uint8_t *p, size_t step, uint32_t n, int *mean)
{
    unsigned least = 255, most = 0;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < n; i++, p += step) {
        least = *p < least ? *p : least;
        most = *p > most ? *p : most;
        sum += *p;
    }
    *mean = (int)(sum / n);
    return most - least <= SPREAD;
}

/* How many of up to `limit` lines are flat: the first at p, of n pixels `step` apart, the next
 * `next` away. */
static uint16_t count_flat(const uint8_t *p, ptrdiff_t next, size_t step, uint32_t n,
                           uint32_t limit)
{
    int first = 0, mean;
    uint16_t i = 0;
    for (; i < limit; i++, p += next) {
        if (!is_flat(p, step, n, &mean))
            break;
        if (i == 0)
            first = mean;
        if (mean - first > DRIFT || first - mean > DRIFT)
            break;
    }
    return i;
}

/* The flat lines on each side; false when all of it is flat. */
static bool measure(const struct reduced *f, uint16_t flat[BORDER_SIDES])
{
    const ptrdiff_t w = f->width;
    const uint8_t *p = f->luma, *last = p + (size_t)(f->height - 1) * f->width;
    flat[TOP] = count_flat(p, w, 1, f->width, f->height);
    if (flat[TOP] == f->height)
        return false;
    flat[BOTTOM] = count_flat(last, -w, 1, f->width, f->height - flat[TOP]);
    const uint32_t inside = f->height - flat[TOP] - flat[BOTTOM];
    if (inside == 0)
        return false;
    p += flat[TOP] * w;
    flat[LEFT] = count_flat(p, 1, f->width, inside, f->width);
    if (flat[LEFT] == f->width)
        return false;
    flat[RIGHT] = count_flat(p + w - 1, -1, f->width, inside, f->width - flat[LEFT]);
    return flat[LEFT] + flat[RIGHT] < f->width;
}

static uint32_t least_flat(const struct borders *b, enum side side)
{
    uint32_t least = UINT16_MAX;
    for (unsigned i = 0; i < b->n; i++)
        least = b->flat[i][side] < least ? b->flat[i][side] : least;
    return least;
}

struct lk_rect borders_update(struct borders *b, const struct reduced *frame)
{
    const struct lk_rect all = {0, 0, frame->width, frame->height};
    uint16_t flat[BORDER_SIDES];
    if (frame->width != b->width || frame->height != b->height)
        *b = (struct borders){.width = frame->width, .height = frame->height};
    if (measure(frame, flat)) {
        memcpy(b->flat[b->at], flat, sizeof flat);
        b->at = (b->at + 1) % BORDER_FRAMES;
        b->n += b->n < BORDER_FRAMES;
    }
    if (b->n == 0)
        return all;
    struct lk_rect in = {.x = least_flat(b, LEFT), .y = least_flat(b, TOP)};
    const uint32_t across = in.x + least_flat(b, RIGHT), down = in.y + least_flat(b, BOTTOM);
    if (across > all.width - all.width / KEEP_PART || down > all.height - all.height / KEEP_PART)
        return all;
    in.width = all.width - across;
    in.height = all.height - down;
    return in;
}
