/* core/image/background.h - anchored prints that say nothing.
 *
 * Buttons, avatars, letters and stickers look alike wherever they are drawn; two strangers'
 * photographs with the same sticker are not one picture. The background set holds the anchored
 * prints that unrelated drawings have in common (tools/background/ draws them and counts). An
 * anchor near one of them is neither registered nor searched. */
#ifndef CORE_IMAGE_BACKGROUND_H
#define CORE_IMAGE_BACKGROUND_H

#include <likeness/match.h>
#include <likeness/print.h>

#define BACKGROUND_RADIUS (LK_ANCHOR_RADIUS + 6) /* bits: who is not near must not meet who is */

/* Is this anchored print within BACKGROUND_RADIUS of one of the set? Cost: a microsecond with
 * AVX2, fifteen in plain C. Threads: any. */
bool background_has(const struct lk_print *print);

/* How many prints the set has, and one of them: for tests. */
unsigned background_count(void);
struct lk_print background_get(unsigned i);

#endif
