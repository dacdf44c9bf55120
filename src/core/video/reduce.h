/* core/video/reduce.h - a frame's luma made small in one pass.
 *
 * Squares of s x s pixels become their mean, s being as large as leaves the short side REDUCED_SIDE
 * or more; what does not fill a square is left out on both sides alike, under 1/160 of the side. */
#ifndef CORE_VIDEO_REDUCE_H
#define CORE_VIDEO_REDUCE_H

#include <likeness/video.h>

enum { REDUCED_SIDE = 160 };

/* A small plane, rows contiguous; owns its memory and keeps it for the next frame. */
struct reduced {
    uint8_t *luma;
    uint32_t width, height;
    uint8_t *scratch;
    size_t room, scratch_room; /* bytes */
};

/* Reduces a frame and applies its orientation. Errors: LK_INVALID (sizes, stride, orientation),
 * LK_NOMEM. Integers only: the same on every machine. */
enum lk_status reduced_set(struct reduced *r, const struct lk_alloc *alloc,
                           const struct lk_luma *luma, struct lk_error *err) LK_MUST_CHECK;
void reduced_fini(struct reduced *r, const struct lk_alloc *alloc);

#endif
