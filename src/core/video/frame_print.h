/* core/video/frame_print.h - the print of a part of a small plane.
 *
 * PDQ brings a picture to 64 x 64 by two running means, which on a plane as small as these would
 * shift it by a good part of a pixel. Here each of the 64 x 64 is the mean of the area it stands
 * for, fractions of pixels counted: within a few bits of the whole print of the same still. */
#ifndef CORE_VIDEO_FRAME_PRINT_H
#define CORE_VIDEO_FRAME_PRINT_H

#include "core/video/reduce.h"

enum { FRAME_PRINT_MIN_SIDE = 24 };

/* Prints of `part`, at least FRAME_PRINT_MIN_SIDE on a side and inside the plane. */
void frame_print(const struct reduced *plane, const struct lk_rect *part,
                 struct lk_image_prints *out);

#endif
