/* core/image/photograph.h - where in a picture the photograph lies.
 *
 * A screenshot, a story or a meme holds a photograph inside a frame. The frame is drawn: it is flat
 * or smooth but for some text and icons, and it meets the photograph along straight lines. What is
 * found this way is a proposal; a photograph without a frame is returned whole. */
#ifndef CORE_IMAGE_PHOTOGRAPH_H
#define CORE_IMAGE_PHOTOGRAPH_H

#include <likeness/fingerprint.h>

/* Finds the photograph in a working copy: luma, rows contiguous, both sides at most 384. *out is
 * the whole copy when there is no frame to cut. Integers only, so the same on every machine.
 * Memory: one byte a pixel from `alloc`, given back. Cost: about a millisecond.
 * Errors: LK_INVALID (sizes), LK_NOMEM. Threads: any. */
enum lk_status photograph_find(const struct lk_alloc *alloc, const uint8_t *luma, uint32_t width,
                               uint32_t height, struct lk_rect *out,
                               struct lk_error *err) LK_MUST_CHECK;

#define PHOTOGRAPH_MAX_PARTS 4

/* Finds the photographs of a collage in a working copy: rectangles between straight lines that are
 * sharp from end to end, whatever lies outside: side by side, two by two, one pasted on another.
 * The clearest first; none when there are no such lines. Of plain photographs some have such lines
 * too (walls, doors, shelves): good for looking again inside of each, not for cutting.
 * Memory, errors, threads: as above. Cost: two milliseconds. */
enum lk_status photograph_parts(const struct lk_alloc *alloc, const uint8_t *luma, uint32_t width,
                                uint32_t height, struct lk_rect out[PHOTOGRAPH_MAX_PARTS],
                                size_t *n, struct lk_error *err) LK_MUST_CHECK;

#endif
