/* core/image/anchors.h - blobs: places of a picture that can be found again in its copies.
 *
 * A blob is an extremum over place and blur of the difference of neighbouring levels of a scale
 * space. Cropping, framing and resizing move it with the picture, and it tells by itself how large
 * the patch around it is that a print is made of. */
#ifndef CORE_IMAGE_ANCHORS_H
#define CORE_IMAGE_ANCHORS_H

#include "core/image/scale_space.h"

#include <likeness/fingerprint.h>

struct anchor {
    float x, y;     /* in pixels of the picture */
    float strength; /* of the blob, in grey levels */
    uint16_t size;  /* as in struct lk_frame, and beyond 254 */
    uint16_t rank;  /* once chosen: how many stronger ones of its range of sizes were */
};

struct anchor_list {
    struct anchor *p;
    size_t n, room;
};

/* Room for the blobs of such a picture. anchor_list_fini() gives it back. Errors: LK_NOMEM. */
enum lk_status anchor_list_init(struct anchor_list *list, const struct lk_alloc *alloc,
                                const struct work *work, struct lk_error *err) LK_MUST_CHECK;
void anchor_list_fini(struct anchor_list *list, const struct lk_alloc *alloc);

/* Adds the blobs of octave o, in an order that depends on the picture alone. */
void anchors_detect(const struct scale_space *space, unsigned o, struct anchor_list *list);

/* Chooses up to n anchors of the part `within`, the strongest of each range of sizes, none beside a
 * stronger one of like size, none whose patch lies mostly outside. chosen has room for n. Leaves
 * `list` marked up: it is of no further use. Returns how many. */
size_t anchors_choose(struct anchor_list *list, const struct work *work,
                      const struct lk_rect *within, size_t n, struct anchor *chosen);

/* Sigma of an anchor of this size in a picture whose long side has n pixels. */
float anchor_sigma(unsigned size, uint32_t long_side);

#endif
