/* After CIPA DC-008 (Exif), TIFF 6.0, and where each container keeps it:
 *
 *     JPEG  ff d8, then segments ff MARKER length16; in APP1 (e1) after "Exif\0\0"
 *     PNG   8 bytes, then chunks length32 TYPE data crc32; in eXIf
 *     WebP  RIFF size WEBP, then chunks TYPE length32le data (even); in EXIF
 *     TIFF  the file itself
 *
 * All hold a TIFF block (tiff_block.h); tag 0x0112 of its first directory is the orientation. */
#include "exif.h"

#include "base/be.h"
#include "base/le.h"
#include "inspect/tiff_block.h"

#include <string.h>

enum { NO_TURN = 1, TAG_ORIENTATION = 0x0112 };

/* Some writers of PNG and WebP keep the mark that belongs to JPEG; tiff_open() passes over it. */
static unsigned from_exif(const uint8_t *p, size_t n)
{
    struct tiff_block tiff;
    struct tiff_entry entry;
    if (!tiff_open(&tiff, (struct span){p, n}))
        return NO_TURN;
    for (unsigned i = 0; tiff_entry(&tiff, tiff.first, i, &entry); i++) {
        if (entry.tag != TAG_ORIENTATION)
            continue;
        if (entry.type != TIFF_SHORT || entry.data.n < 2)
            return NO_TURN;
        uint32_t value = tiff_number(&tiff, entry.data.p, 2);
        return value >= 1 && value <= 8 ? value : NO_TURN;
    }
    return NO_TURN;
}

static unsigned from_jpeg(const uint8_t *p, size_t n)
{
    enum { SOI = 0xd8, APP1 = 0xe1, SOS = 0xda, EOI = 0xd9, RST0 = 0xd0, TEM = 0x01 };
    size_t at = 2;
    while (n - at >= 4) {
        if (p[at] != 0xff)
            return NO_TURN;
        uint8_t marker = p[at + 1];
        if (marker == 0xff) { /* padding */
            at++;
            continue;
        }
        if (marker == SOS || marker == EOI)
            return NO_TURN;
        at += 2;
        if ((marker >= RST0 && marker <= SOI) || marker == TEM)
            continue;
        size_t length = be_get16(p + at);
        if (length < 2 || length > n - at)
            return NO_TURN;
        if (marker == APP1 && length >= 8 && memcmp(p + at + 2, "Exif\0\0", 6) == 0)
            return from_exif(p + at + 2, length - 2);
        at += length;
    }
    return NO_TURN;
}

static unsigned from_png(const uint8_t *p, size_t n)
{
    size_t at = 8;
    while (n - at >= 12) {
        size_t length = be_get32(p + at);
        if (length > n - at - 12)
            return NO_TURN;
        if (memcmp(p + at + 4, "eXIf", 4) == 0)
            return from_exif(p + at + 8, length);
        at += length + 12;
    }
    return NO_TURN;
}

static unsigned from_webp(const uint8_t *p, size_t n)
{
    size_t at = 12;
    while (n - at >= 8) {
        size_t length = le_get32(p + at + 4);
        if (length > n - at - 8)
            return NO_TURN;
        if (memcmp(p + at, "EXIF", 4) == 0)
            return from_exif(p + at + 8, length);
        at += 8 + length;
        if (length % 2 != 0 && at < n)
            at++;
    }
    return NO_TURN;
}

unsigned exif_orientation(const uint8_t *bytes, size_t n)
{
    if (n >= 4 && bytes[0] == 0xff && bytes[1] == 0xd8)
        return from_jpeg(bytes, n);
    if (n >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        return from_png(bytes, n);
    if (n >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0)
        return from_webp(bytes, n);
    return from_exif(bytes, n);
}
