/* "GIF89a", 7 bytes of screen, colours (3 * 2^(k+1) bytes if bit 7 of byte 10), then blocks: 2c and
 * 9 bytes (a picture), colours again, 1 byte, sub-blocks; 21 label sub-blocks (an extension); 3b
 * the end. A sub-block is a length and as many bytes; length 0 is the last. Extensions that matter:
 *
 *     fe a comment      ff "XMP DataXMP" the packet as it stands, which sub-blocks then run through
 *     ff "C2PA_GIF" 01 00 00, the manifest store in sub-blocks */
#include "file.h"

#include "base/buf.h"
#include "inspect/generator.h"
#include "inspect/xmp.h"

#include <string.h>

struct gif {
    struct job *job;
    uint64_t at;
};

static bool next_byte(struct gif *g, uint8_t *byte)
{
    return source_get(g->job->source, g->at++, byte, 1);
}

/* Reads sub-blocks up to the last into `out`, or passes over them if that is NULL. */
static bool sub_blocks(struct gif *g, struct buf *out)
{
    uint8_t n, bytes[255];
    while (next_byte(g, &n) && n > 0) {
        if (!source_get(g->job->source, g->at, bytes, n))
            return false;
        if (out != NULL)
            buf_put(out, bytes, n);
        g->at += n;
    }
    return g->at <= g->job->source->size;
}

static bool take_application(struct gif *g)
{
    struct job *job = g->job;
    uint8_t n, name[11];
    uint64_t begin = g->at - 2;
    if (!next_byte(g, &n) || n != sizeof name || !source_get(job->source, g->at, name, n))
        return false;
    g->at += n;
    if (memcmp(name, "XMP DataXMP", sizeof name) == 0) {
        uint64_t at = g->at;
        if (!sub_blocks(g, NULL))
            return false;
        xmp_read(job, job_read(job, at, g->at - at, JOB_MAX_TEXT));
        return true;
    }
    if (memcmp(name, "C2PA_GIF", 8) != 0)
        return sub_blocks(g, NULL);
    struct buf manifest;
    buf_init(&manifest, &job->arena->alloc, JOB_MAX_MANIFEST);
    bool ok = sub_blocks(g, &manifest);
    if (manifest.status != LK_OK)
        job_note(job, INSPECT_NOTE_TOO_LARGE);
    else
        job->manifest = (struct span){(const uint8_t *)manifest.p, manifest.n};
    job->manifest_at = begin;
    job->manifest_end = g->at;
    return ok;
}

static bool take_comment(struct gif *g)
{
    struct buf text;
    buf_init(&text, &g->job->arena->alloc, JOB_MAX_TEXT);
    bool ok = sub_blocks(g, &text);
    generator_comment(g->job, "GIF comment", (struct span){(const uint8_t *)text.p, text.n});
    return ok;
}

static bool take_extension(struct gif *g)
{
    enum { COMMENT = 0xfe, APPLICATION = 0xff };
    uint8_t label;
    if (!next_byte(g, &label))
        return false;
    return label == COMMENT       ? take_comment(g)
           : label == APPLICATION ? take_application(g)
                                  : sub_blocks(g, NULL);
}

static uint64_t colours(uint8_t flags)
{
    return (flags & 0x80) != 0 ? 3ull << ((flags & 7) + 1) : 0;
}

static bool pass_picture(struct gif *g)
{
    uint8_t head[9];
    if (!source_get(g->job->source, g->at, head, sizeof head))
        return false;
    g->at += sizeof head + colours(head[8]) + 1;
    return sub_blocks(g, NULL);
}

void gif_walk(struct job *job)
{
    enum { EXTENSION = 0x21, PICTURE = 0x2c, END = 0x3b };
    struct gif g = {.job = job, .at = 13};
    uint8_t flags, kind;
    bool ok = source_get(job->source, 10, &flags, 1);
    if (ok)
        g.at += colours(flags);
    for (unsigned i = 0; ok && i < JOB_MAX_PARTS; i++) {
        ok = next_byte(&g, &kind);
        if (ok && kind == END)
            return;
        ok = ok && (kind == EXTENSION ? take_extension(&g) : kind == PICTURE && pass_picture(&g));
    }
    job_note(job, ok ? INSPECT_NOTE_TOO_LARGE : INSPECT_NOTE_DAMAGED);
}
