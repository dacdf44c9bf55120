/* core/image/work.h - the working copy: luma, its long side at most WORK_SIDE.
 *
 * Anchors, centre crops and the search for a frame work on this copy, so that what they cost and
 * find does not depend on the size of the picture. Each pixel is the mean of the area it stands
 * for, in integers: the same everywhere. A smaller picture stays as it is. */
#ifndef CORE_IMAGE_WORK_H
#define CORE_IMAGE_WORK_H

#include <likeness/image.h>

enum { WORK_SIDE = 384 };

struct work {
    uint32_t width, height;
    uint8_t *luma; /* rows contiguous */
};

/* Makes the working copy of `pixels`, which must be 1 .. LK_MAX_SIDE on a side with 1 or 3
 * channels. work_fini() gives it back. Cost: about 1 ns a pixel. Errors: LK_NOMEM. Threads: any. */
enum lk_status work_init(struct work *work, const struct lk_alloc *alloc,
                         const struct lk_pixels *pixels, struct lk_error *err) LK_MUST_CHECK;
void work_fini(struct work *work, const struct lk_alloc *alloc);

#endif
