#include "sys/qr.h"

#include "base/err.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { QUIET = 4 }; /* modules around it */

enum lk_status qr_make(const char *text, struct qr *out, struct lk_error *err)
{
    size_t n = strlen(text);
    if (n == 0)
        return FAIL(err, LK_INVALID, "a QR code of no text");
    if (n > QR_MAX_TEXT_BYTES)
        return FAIL(err, LK_LIMIT, "a QR code holds %d bytes here, not %zu", QR_MAX_TEXT_BYTES, n);
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return FAIL(err, errno == ENOMEM ? LK_NOMEM : LK_LIMIT, "no QR code of this text");
    unsigned side = (unsigned)code->width;
    if (side <= QR_MAX_SIDE) {
        out->side = side;
        for (unsigned i = 0; i < side * side; i++)
            out->is_dark[i] = code->data[i] & 1;
    }
    memset(code->data, 0, (size_t)side * side); /* the text may be a secret */
    QRcode_free(code);
    return side <= QR_MAX_SIDE ? LK_OK : FAIL(err, LK_LIMIT, "a QR code of %u modules", side);
}

/* One rectangle a run of dark modules, all in one path. */
void qr_put_svg(const struct qr *qr, struct buf *out)
{
    unsigned whole = qr->side + 2 * QUIET;
    buf_fmt(out,
            "<svg aria-hidden=\"true\" xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\""
            " height=\"%u\" viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">"
            "<rect width=\"%u\" height=\"%u\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
            4 * whole, 4 * whole, whole, whole, whole, whole);
    for (unsigned y = 0; y < qr->side; y++) {
        const uint8_t *row = &qr->is_dark[y * qr->side];
        for (unsigned x = 0, n; x < qr->side; x += n) {
            for (n = 1; x + n < qr->side && row[x + n] == row[x]; n++)
                continue;
            if (row[x])
                buf_fmt(out, "M%u %uh%uv1h-%uz", x + QUIET, y + QUIET, n, n);
        }
    }
    buf_str(out, "\"/></svg>");
}

static bool is_light(const struct qr *qr, unsigned x, unsigned y)
{
    unsigned column = x - QUIET, row = y - QUIET; /* below the quiet zone: huge, so outside */
    return column >= qr->side || row >= qr->side || !qr->is_dark[row * qr->side + column];
}

void qr_put_text(const struct qr *qr, struct buf *out)
{
    static const char *const halves[2][2] = {{" ", "\u2584"}, {"\u2580", "\u2588"}};
    unsigned whole = qr->side + 2 * QUIET;
    for (unsigned y = 0; y < whole; y += 2) {
        for (unsigned x = 0; x < whole; x++)
            buf_str(out, halves[is_light(qr, x, y)][y + 1 < whole && is_light(qr, x, y + 1)]);
        buf_char(out, '\n');
    }
}
