/* Tags of the first directory and of the Exif directory it points to (CIPA DC-008). A UserComment
 * begins with 8 bytes that name its characters: "ASCII\0\0\0", "UNICODE\0" (UTF-16 in the byte
 * order of the block, or in the other one by mistake) or zeros; XPComment is UTF-16, little end
 * first. */
#include "exif_facts.h"

#include "inspect/generator.h"
#include "inspect/tiff_block.h"

#include <string.h>

enum {
    TAG_DESCRIPTION = 0x010e,
    TAG_MAKE = 0x010f,
    TAG_MODEL = 0x0110,
    TAG_SOFTWARE = 0x0131,
    TAG_EXIF = 0x8769,
    TAG_USER_COMMENT = 0x9286,
    TAG_XP_COMMENT = 0x9c9c,
};

static void put_utf8(char *out, size_t *n, uint32_t c)
{
    if (c < 0x80) {
        out[(*n)++] = (char)c;
    } else if (c < 0x800) {
        out[(*n)++] = (char)(0xc0 | c >> 6);
        out[(*n)++] = (char)(0x80 | (c & 0x3f));
    } else {
        out[(*n)++] = (char)(0xe0 | c >> 12);
        out[(*n)++] = (char)(0x80 | (c >> 6 & 0x3f));
        out[(*n)++] = (char)(0x80 | (c & 0x3f));
    }
}

/* UTF-16 to UTF-8; a pair of surrogates, which none of our fields needs, becomes one "?". */
static struct span from_utf16(struct job *job, struct span in, bool is_big)
{
    char *out = arena_alloc(job->arena, in.n / 2 * 3 + 1);
    size_t n = 0;
    if (out == NULL) {
        job_note(job, INSPECT_NOTE_TOO_LARGE);
        return (struct span){0};
    }
    for (size_t i = 0; i + 1 < in.n; i += 2) {
        uint32_t c =
            is_big ? (uint32_t)in.p[i] << 8 | in.p[i + 1] : (uint32_t)in.p[i + 1] << 8 | in.p[i];
        if (c >= 0xd800 && c < 0xe000)
            c = c < 0xdc00 ? '?' : 0xfeff;
        if (c != 0xfeff)
            put_utf8(out, &n, c);
    }
    return (struct span){(const uint8_t *)out, n};
}

static struct span comment(struct job *job, const struct tiff_block *tiff, struct span data)
{
    if (span_begins(data, "UNICODE", 7)) {
        data = span_after(data, 8);
        size_t n_high = 0;
        for (size_t i = 0; i + 1 < data.n; i += 2)
            n_high += data.p[i] == 0;
        bool looks_big = 2 * n_high > data.n / 2, looks_little = n_high < data.n / 8;
        return from_utf16(job, data, looks_big || (tiff->is_big && !looks_little));
    }
    return span_after(data, 8);
}

static struct span without_end(struct span s)
{
    const uint8_t *end = s.n > 0 ? memchr(s.p, 0, s.n) : NULL;
    return end == NULL ? s : (struct span){s.p, (size_t)(end - s.p)};
}

static void take(struct job *job, const struct tiff_block *tiff, const struct tiff_entry *entry)
{
    struct span text = without_end(entry->data);
    switch (entry->tag) {
    case TAG_MAKE:
        job_fact(job, INSPECT_CAMERA, "EXIF Make", text);
        break;
    case TAG_MODEL:
        job_fact(job, INSPECT_CAMERA, "EXIF Model", text);
        break;
    case TAG_SOFTWARE:
        job_fact(job, INSPECT_TOOL, "EXIF Software", text);
        break;
    case TAG_DESCRIPTION:
        (void)generator_settings(job, "EXIF ImageDescription", text);
        break;
    case TAG_USER_COMMENT:
        (void)generator_settings(job, "EXIF UserComment", comment(job, tiff, entry->data));
        break;
    case TAG_XP_COMMENT:
        (void)generator_settings(job, "EXIF XPComment", from_utf16(job, entry->data, false));
        break;
    default:
        break;
    }
}

void exif_facts(struct job *job, struct span bytes)
{
    struct tiff_block tiff;
    struct tiff_entry entry;
    uint32_t exif_directory = 0;
    if (!tiff_open(&tiff, bytes)) {
        job_note(job, INSPECT_NOTE_DAMAGED);
        return;
    }
    for (unsigned i = 0; tiff_entry(&tiff, tiff.first, i, &entry); i++) {
        if (entry.tag == TAG_EXIF && entry.type == TIFF_LONG)
            exif_directory = entry.value;
        else
            take(job, &tiff, &entry);
    }
    for (unsigned i = 0; exif_directory != 0 && tiff_entry(&tiff, exif_directory, i, &entry); i++)
        take(job, &tiff, &entry);
}
