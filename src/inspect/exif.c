/* After CIPA DC-008 (Exif), TIFF 6.0, and where each container keeps it:
 *
 *     JPEG  ff d8, then segments ff MARKER length16; in APP1 (e1) after "Exif\0\0"
 *     PNG   8 bytes, then chunks length32 TYPE data crc32; in eXIf
 *     WebP  RIFF size WEBP, then chunks TYPE length32le data (even); in EXIF
 *     TIFF  the file itself
 *
 * All hold a TIFF block: byte order "II" or "MM", 42, offset of the first directory; a directory is
 * a count16 and entries of 12 bytes {tag16 type16 count32 value32}. Tag 0x0112 is the orientation.
 * Every offset is checked against what is left before it is followed; nothing is followed twice. */
#include "exif.h"

#include <stdbool.h>
#include <string.h>

enum { NO_TURN = 1, TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3 };

static uint32_t read_be(const uint8_t *p, unsigned n_bytes)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < n_bytes; i++)
        v = v << 8 | p[i];
    return v;
}

static uint32_t read_le(const uint8_t *p, unsigned n_bytes)
{
    uint32_t v = 0;
    for (unsigned i = n_bytes; i > 0; i--)
        v = v << 8 | p[i - 1];
    return v;
}

typedef uint32_t read_fn(const uint8_t *p, unsigned n_bytes);

static unsigned from_tiff(const uint8_t *p, size_t n)
{
    if (n < 8)
        return NO_TURN;
    read_fn *read;
    if (memcmp(p, "II\x2a\0", 4) == 0)
        read = read_le;
    else if (memcmp(p, "MM\0\x2a", 4) == 0)
        read = read_be;
    else
        return NO_TURN;
    size_t at = read(p + 4, 4);
    if (at > n || n - at < 2)
        return NO_TURN;
    size_t n_entries = read(p + at, 2);
    at += 2;
    if (n_entries > (n - at) / 12)
        n_entries = (n - at) / 12;
    for (; n_entries > 0; n_entries--, at += 12) {
        const uint8_t *entry = p + at;
        if (read(entry, 2) != TAG_ORIENTATION)
            continue;
        uint32_t value = read(entry + 8, 2);
        bool is_sound = read(entry + 2, 2) == TYPE_SHORT && value >= 1 && value <= 8;
        return is_sound ? value : NO_TURN;
    }
    return NO_TURN;
}

/* Some writers of PNG and WebP keep the mark that belongs to JPEG. */
static unsigned from_exif(const uint8_t *p, size_t n)
{
    if (n >= 6 && memcmp(p, "Exif\0\0", 6) == 0)
        return from_tiff(p + 6, n - 6);
    return from_tiff(p, n);
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
        size_t length = read_be(p + at, 2);
        if (length < 2 || length > n - at)
            return NO_TURN;
        if (marker == APP1 && length >= 8 && memcmp(p + at + 2, "Exif\0\0", 6) == 0)
            return from_tiff(p + at + 8, length - 8);
        at += length;
    }
    return NO_TURN;
}

static unsigned from_png(const uint8_t *p, size_t n)
{
    size_t at = 8;
    while (n - at >= 12) {
        size_t length = read_be(p + at, 4);
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
        size_t length = read_le(p + at + 4, 4);
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
    return from_tiff(bytes, n);
}
