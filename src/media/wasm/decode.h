/* media/wasm/decode.h - JPEG, PNG and GIF to pixels, inside the person's browser.
 *
 * Hardened browsers disturb what a canvas gives back, so the page decodes by itself what it can.
 * Only the module is linked with this; on machines of ours the jailed decoder does the work. */
#ifndef MEDIA_WASM_DECODE_H
#define MEDIA_WASM_DECODE_H

#include <likeness/image.h>

#define DECODE_MAX_PIXELS 100000000u

/* Decodes the first picture of a file, transparency over white, turned as its EXIF says.
 * pixels->data comes from malloc() and is the caller's. Errors: LK_UNSUPPORTED (another format, or
 * a kind of it that is not decoded here), LK_CORRUPT (cut short or damaged), LK_LIMIT (sides,
 * pixels), LK_NOMEM. */
enum lk_status decode_file(const uint8_t *bytes, size_t n, struct lk_pixels *pixels,
                           struct lk_error *err) LK_MUST_CHECK;

/* Lays pixels of `channels` with alpha last (2 or 4) over white, in place: 1 or 3 channels, rows
 * without gaps. */
void decode_over_white(uint8_t *data, size_t n_pixels, unsigned channels);

#endif
