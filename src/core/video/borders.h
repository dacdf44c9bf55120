/* core/video/borders.h - flat borders around a video's picture.
 *
 * Letterboxes, side bars, a small picture on plain ground: rows and columns of one grey, the same
 * over many frames. A dark scene is flat at its edges too, but not for long: of each side the least
 * that was flat in the last frames is believed. */
#ifndef CORE_VIDEO_BORDERS_H
#define CORE_VIDEO_BORDERS_H

#include "core/video/reduce.h"

enum { BORDER_FRAMES = 30, BORDER_SIDES = 4 };

/* All zero at first. */
struct borders {
    uint16_t flat[BORDER_FRAMES][BORDER_SIDES]; /* left, top, right, bottom: a ring */
    unsigned n, at;
    uint32_t width, height; /* of the frames in the ring: another size begins anew */
};

/* Looks at one more frame; returns the part of it that lies inside the borders, at least a quarter
 * of each side; all of it where there are none, or where the whole frame is flat. */
struct lk_rect borders_update(struct borders *b, const struct reduced *frame);

#endif
