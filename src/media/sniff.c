/* Signatures, at their places. */
#include "media.h"

#include <string.h>

struct signature {
    uint16_t at;
    uint8_t n, sort; /* enum media_sort */
    const char *bytes;
};

static const struct signature signatures[] = {
    {0, 3, MEDIA_PICTURE, "\xff\xd8\xff"},
    {0, 8, MEDIA_PICTURE, "\x89PNG\r\n\x1a\n"},
    {8, 4, MEDIA_PICTURE, "WEBP"},
    {0, 2, MEDIA_PICTURE, "BM"},
    {0, 4, MEDIA_PICTURE, "II*\0"},
    {0, 4, MEDIA_PICTURE, "MM\0*"},
    {0, 2, MEDIA_PICTURE, "P5"},
    {0, 2, MEDIA_PICTURE, "P6"},
    {4, 8, MEDIA_PICTURE, "ftypheic"},
    {4, 8, MEDIA_PICTURE, "ftypheix"},
    {4, 8, MEDIA_PICTURE, "ftypheim"},
    {4, 8, MEDIA_PICTURE, "ftypheis"},
    {4, 8, MEDIA_PICTURE, "ftypmif1"},
    {4, 8, MEDIA_PICTURE, "ftypavif"},
    {0, 6, MEDIA_TIMED, "GIF87a"},
    {0, 6, MEDIA_TIMED, "GIF89a"},
    {4, 4, MEDIA_TIMED, "ftyp"},
    {4, 4, MEDIA_TIMED, "moov"},
    {4, 4, MEDIA_TIMED, "mdat"},
    {4, 4, MEDIA_TIMED, "wide"},
    {4, 4, MEDIA_TIMED, "free"},
    {4, 4, MEDIA_TIMED, "skip"},
    {0, 4, MEDIA_TIMED, "\x1a\x45\xdf\xa3"}, /* Matroska, WebM */
    {8, 4, MEDIA_TIMED, "AVI "},
    {8, 4, MEDIA_TIMED, "WAVE"},
    {0, 4, MEDIA_TIMED, "OggS"},
    {0, 4, MEDIA_TIMED, "fLaC"},
    {0, 3, MEDIA_TIMED, "ID3"},
    {0, 5, MEDIA_TIMED, "#!AMR"},
};

/* Sound in frames that begin with eleven ones: MPEG audio and ADTS. */
static bool is_mpeg_sound(const uint8_t *head, size_t n)
{
    return n >= 2 && head[0] == 0xff && (head[1] & 0xe0) == 0xe0;
}

/* Packets of 188 bytes (of 192 with a time code before each). */
static bool is_transport(const uint8_t *head, size_t n)
{
    enum { SYNC = 0x47, PACKET = 188, TIMED_PACKET = 192, TIME_CODE = 4 };
    return (n > 2 * PACKET && head[0] == SYNC && head[PACKET] == SYNC &&
            head[2 * PACKET] == SYNC) ||
           (n > TIME_CODE + 2 * TIMED_PACKET && head[TIME_CODE] == SYNC &&
            head[TIME_CODE + TIMED_PACKET] == SYNC && head[TIME_CODE + 2 * TIMED_PACKET] == SYNC);
}

enum media_sort media_sort_of(const uint8_t *head, size_t n)
{
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const struct signature *s = &signatures[i];
        if (n >= (size_t)s->at + s->n && memcmp(head + s->at, s->bytes, s->n) == 0)
            return (enum media_sort)s->sort;
    }
    return is_mpeg_sound(head, n) || is_transport(head, n) ? MEDIA_TIMED : MEDIA_UNKNOWN;
}
