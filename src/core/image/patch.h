/* core/image/patch.h - the patch around an anchor, brought to 32 x 32, and its gradient print.
 *
 * The print has 256 bits: for each of four half-wave rectified gradients (rightward, leftward,
 * downward, upward: where grey rises that way) the signs of 64 cosine coefficients of low frequency
 * under a Gaussian window. Gradients do not see brightness, dividing by the root of their size
 * takes contrast away, the window forgives what moves or is covered at the rim, and a sign has no
 * scale. The patch has no orientation of its own: a picture that was turned is met by registering
 * turned patches. */
#ifndef CORE_IMAGE_PATCH_H
#define CORE_IMAGE_PATCH_H

#include "core/image/anchors.h"
#include "core/kernels/anchor.h"

enum { PATCH_SIDE = ANCHOR_PATCH_SIDE };

struct patch {
    _Alignas(ANCHOR_ALIGN) float at[ANCHOR_PATCH_PIXELS];
};

/* Samples the patch of `sigma` pixels around (x, y), turned by `turn`, from the level whose blur
 * fits the distance of samples. Beyond the edge the picture is mirrored. All octaves must be made.
 */
void patch_sample(const struct scale_space *space, const struct anchor *anchor, float sigma,
                  enum lk_small_turn turn, struct patch *out);

/* The print of a patch. Returns its quality 0..100: how much neighbours differ, and 10 is a grey
 * level. */
unsigned patch_print(const struct patch *patch, struct lk_print *out);

/* The print of the patch mirrored left to right, from the print alone: rightward and leftward
 * change places, and odd horizontal frequencies their sign. */
struct lk_print patch_print_mirrored(const struct lk_print *print);

/* The print of the patch with dark and light exchanged: so are all channels. */
struct lk_print patch_print_inverted(const struct lk_print *print);

/* Turns the patch by a quarter, anticlockwise: enum lk_turn's LK_TURN_90. */
void patch_turn(const struct patch *patch, struct patch *out);

#endif
