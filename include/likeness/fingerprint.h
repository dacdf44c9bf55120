/* likeness/fingerprint.h - all the prints of a picture.
 *
 * A whole-image print finds a copy that was saved again, resized or recoloured. What was cropped,
 * framed, mirrored, covered in part or pasted into another picture is found by anchored prints:
 * both sides find the same blobs in scale space, and each blob says by itself which patch around it
 * a print is made of (docs/internals/anchored-prints.md).
 *
 *   registration  whole prints: eight turns, and centre crops to common shapes, each also
 *                 mirrored; anchored prints of up to 64 anchors, each in six forms: as it is and
 *                 mirrored, turned by -10, 0 and +10 degrees. About 410 records.
 *   query         the whole print, also with dark and light exchanged; those of up to five
 *                 photographs that seem to lie in the picture (in a frame, side by side); anchored
 *                 prints of up to 96 anchors, the strongest 18 also turned by quarters and with
 * dark and light exchanged. About 170 records.
 *
 * Frames are in one unit: 1/256 of the picture's long side, so that shapes keep. Of a whole print,
 * x and y are half the width and half the height of the part it was made of; that part lies in the
 * middle. Of an anchor, x and y are its place, whatever its form (the matcher turns it); its size
 * is 40 steps an octave: sigma is 2^(size / 40 - 10) of the long side. */
#ifndef LIKENESS_FINGERPRINT_H
#define LIKENESS_FINGERPRINT_H

#include <likeness/image.h>

#define LK_MAX_IMAGE_RECORDS 512 /* of one picture, whatever for */

enum lk_purpose { LK_REGISTRATION = 1, LK_QUERY = 2 };

/* Part of a picture, in its pixels as they are handed over. All zero: the whole of it. */
struct lk_rect {
    uint32_t x, y, width, height;
};

struct lk_fingerprint_options {
    uint8_t purpose;     /* enum lk_purpose */
    uint8_t front_end;   /* enum lk_front_end, of the whole prints */
    struct lk_rect part; /* registration: only this part of the picture is registered (and the whole
                            print of all of it, when the part is at least half of it) */
};

struct lk_fingerprint; /* opaque: a picture on its way to prints */

/* Takes what it needs from `pixels` (a working copy of at most 384 pixels a side, and the whole
 * print), which may be freed afterwards. Errors: LK_INVALID (as lk_image_print(); purpose; a part
 * that is not inside), LK_NOMEM. */
enum lk_status lk_fingerprint_new(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                                  const struct lk_fingerprint_options *options,
                                  struct lk_fingerprint **out, struct lk_error *err) LK_MUST_CHECK;

/* Does some of the work, a few milliseconds at most; *percent says how much is done. 100: all. */
enum lk_status lk_fingerprint_step(struct lk_fingerprint *f, unsigned *percent,
                                   struct lk_error *err) LK_MUST_CHECK;

/* After 100 percent: the records, borrowed until lk_fingerprint_free(): whole prints first, the
 * picture's own print (turn 0) before all others; then anchors in an order that says nothing, the
 * forms of one anchor together. */
const struct lk_record *lk_fingerprint_records(const struct lk_fingerprint *f, size_t *n);

/* The whole prints of the picture (of the part, where there is one): for lk_image_refusal(). From
 * lk_fingerprint_new() on. */
const struct lk_image_prints *lk_fingerprint_whole(const struct lk_fingerprint *f);

/* NULL is fine. */
void lk_fingerprint_free(struct lk_fingerprint *f);

/* All of it in one call: records has room for LK_MAX_IMAGE_RECORDS. */
enum lk_status lk_image_fingerprint(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                                    const struct lk_fingerprint_options *options,
                                    struct lk_image_prints *whole, struct lk_record *records,
                                    size_t *n_records, struct lk_error *err) LK_MUST_CHECK;

/* Where in the picture the photograph lies: what remains when flat margins and the frame that an
 * app puts around a photograph are cut away. The whole of the picture when nothing was found to
 * cut. A proposal: the person decides. Errors: as lk_image_print(). */
enum lk_status lk_image_photograph(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                                   struct lk_rect *out, struct lk_error *err) LK_MUST_CHECK;

#endif
