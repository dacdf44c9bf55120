/* JPEG: ff d8, then segments "ff marker length:be16 body"; after a start of scan (da) come entropy
 * coded bytes, in which ff is followed by 00 or by a restart marker (d0..d7), until the next
 * segment or the end (d9).
 *
 * GIF: 13 bytes of header, colours (3 * 2^(k+1) bytes if bit 7 of byte 10), then blocks: 21 label
 * sub-blocks (an extension), 2c and 9 bytes (a picture), colours again, 1 byte, sub-blocks. Sub-
 * blocks are a length, that many bytes, and end with the length 0. */
#include "media/wasm/whole.h"

enum { SOS = 0xda, EOI = 0xd9, RST0 = 0xd0, TEM = 0x01 };

/* From inside of a scan to the ff of the next marker; n if there is none. */
static size_t scan_end(const uint8_t *p, size_t at, size_t n)
{
    for (; at + 1 < n; at++)
        if (p[at] == 0xff && p[at + 1] != 0 && p[at + 1] != 0xff &&
            !(p[at + 1] >= RST0 && p[at + 1] < EOI - 1))
            return at;
    return n;
}

bool whole_jpeg(const uint8_t *p, size_t n)
{
    size_t at = 2;
    bool scanned = false;
    while (at + 2 <= n && p[at] == 0xff) {
        unsigned marker = p[at + 1];
        if (marker == EOI)
            return scanned;
        if (marker == 0xff) {
            at++;
        } else if (marker == TEM || (marker >= RST0 && marker < EOI)) {
            at += 2;
        } else {
            if (at + 4 > n)
                return false;
            at += 2 + ((size_t)p[at + 2] << 8 | p[at + 3]);
            if (marker == SOS) {
                scanned = true;
                at = scan_end(p, at, n);
            }
        }
    }
    return false;
}

static size_t colours(unsigned flags)
{
    return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Behind the sub-blocks that begin at `at`; 0 when they are cut short. */
static size_t skip_sub_blocks(const uint8_t *p, size_t at, size_t n)
{
    while (at < n) {
        if (p[at] == 0)
            return at + 1;
        at += 1 + p[at];
    }
    return 0;
}

bool whole_gif(const uint8_t *p, size_t n)
{
    if (n < 13)
        return false;
    size_t at = 13 + colours(p[10]);
    while (at + 10 < n) {
        if (p[at] == 0x2c)
            return skip_sub_blocks(p, at + 10 + colours(p[at + 9]) + 1, n) != 0;
        if (p[at] != 0x21)
            return false;
        at = skip_sub_blocks(p, at + 2, n);
        if (at == 0)
            return false;
    }
    return false;
}
