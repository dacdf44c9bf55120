/* core/video/inside.h - videos within frames.
 *
 * A video that is shown under a caption, in an app's page or small within another has straight
 * sides in the frame. The search for photographs in pictures finds them (core/image/photograph.h);
 * what it proposes is printed besides. */
#ifndef CORE_VIDEO_INSIDE_H
#define CORE_VIDEO_INSIDE_H

#include "core/video/reduce.h"

enum { INSIDE_MAX_PARTS = 5 };

/* Parts of the plane, at most INSIDE_MAX_PARTS, each a twelfth of it or more (where `all` only
 * guesses, a sixth), that look like videos of their own; `all`: also those whose ground is not
 * plain, for looking up alone, as plain frames have such sides too. None of them is `known`, give
 * or take two pixels. Cost: about a millisecond, with `all` three. Errors: LK_NOMEM. */
enum lk_status inside_find(const struct lk_alloc *alloc, const struct reduced *plane,
                           const struct lk_rect *known, bool all,
                           struct lk_rect parts[INSIDE_MAX_PARTS], size_t *n,
                           struct lk_error *err) LK_MUST_CHECK;

#endif
