/* core/image/variants.h - whole prints of more than the picture as it is.
 *
 * Registered are the eight turns, and centre crops to the shapes that sites cut pictures to.
 * Queried are, besides the picture, the picture with dark and light exchanged, and the photographs
 * that seem to lie in it: in a frame, or side by side. */
#ifndef CORE_IMAGE_VARIANTS_H
#define CORE_IMAGE_VARIANTS_H

#include "core/image/work.h"

#include <likeness/fingerprint.h>

enum { VARIANTS_N_CROPS = 9, VARIANTS_MAX_INSIDE = 5 };

/* The records of a picture's own prints: all turns, or the first. Returns how many. */
size_t variants_whole(const struct lk_image_prints *prints, uint32_t width, uint32_t height,
                      bool registration, struct lk_record *records);

/* The record of the same picture with dark and light exchanged: each frequency has the other sign.
 */
struct lk_record variants_inverted(const struct lk_record *record);

/* Centre crop i, as it is and mirrored; none (*n = 0) where the picture has that shape already.
 * Errors: LK_NOMEM. */
enum lk_status variants_crop(const struct work *work, const struct lk_alloc *alloc, unsigned i,
                             struct lk_record records[2], size_t *n,
                             struct lk_error *err) LK_MUST_CHECK;

/* The photographs inside, at most VARIANTS_MAX_INSIDE; those without a print worth searching are
 * left out. *framed receives what lies inside the frame, all where there is none.
 * Errors: LK_NOMEM. */
enum lk_status variants_inside(const struct work *work, const struct lk_alloc *alloc,
                               struct lk_rect *framed, struct lk_record *records, size_t *n,
                               struct lk_error *err) LK_MUST_CHECK;

#endif
