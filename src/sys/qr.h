/* sys/qr.h - a text as a QR code (ISO/IEC 18004), through libqrencode, which is included only here:
 * for secrets that go from a screen into a telephone, so nothing may fetch or keep a picture.
 * Threads: any. */
#ifndef SYS_QR_H
#define SYS_QR_H

#include "base/buf.h"

#include <stdint.h>

#define QR_MAX_TEXT_BYTES 400
#define QR_MAX_SIDE       97 /* modules: version 20 */

struct qr {
    unsigned side;                              /* modules, without the quiet zone */
    uint8_t is_dark[QR_MAX_SIDE * QR_MAX_SIDE]; /* row by row: 0 or 1 */
};

/* Error correction M. Errors: LK_LIMIT (more than QR_MAX_TEXT_BYTES), LK_INVALID (no text),
 * LK_NOMEM. */
enum lk_status qr_make(const char *text, struct qr *out, struct lk_error *err) LK_MUST_CHECK;

/* Appends one <svg> element, at most QR_MAX_SVG_BYTES, dark on white whatever the page is, with its
 * quiet zone; hidden from screen readers, for whom the text itself must stand beside it. No id, no
 * style, no script, so it may stand in a page of any policy. */
#define QR_MAX_SVG_BYTES (128 << 10)
void qr_put_svg(const struct qr *qr, struct buf *out);

/* Appends lines for a terminal, two modules a character (U+2580 and its kin), dark on light as long
 * as the terminal writes light on dark. */
void qr_put_text(const struct qr *qr, struct buf *out);

#endif
