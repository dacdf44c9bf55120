/* 8 bytes, then chunks "length32 TYPE data crc32":
 *
 *     tEXt  keyword \0 Latin-1            zTXt  keyword \0 0 zlib
 *     iTXt  keyword \0 packed 0 language \0 translated keyword \0 UTF-8, or zlib if packed is 1
 *     eXIf  TIFF block                    caBX  C2PA manifest store
 *
 * Checksums are not checked: a chunk that was changed still says what it says. */
#include "file.h"

#include "base/be.h"
#include "inspect/exif_facts.h"
#include "inspect/generator.h"
#include "inspect/inflate.h"
#include "inspect/xmp.h"

#include <string.h>

/* Behind the first NUL; *first: before it. */
static struct span after_nul(struct span s, struct span *first)
{
    const uint8_t *nul = s.n > 0 ? memchr(s.p, 0, s.n) : NULL;
    size_t n = nul == NULL ? s.n : (size_t)(nul - s.p);
    *first = (struct span){s.p, n};
    return span_after(s, n + 1);
}

static bool is_key(struct span key, const char *name)
{
    return key.n == strlen(name) && memcmp(key.p, name, key.n) == 0;
}

static void take_text(struct job *job, struct span key, struct span text)
{
    static const char *const tools[] = {"Software", "Source", "Creator", "generator"};
    static const char *const settings[] = {"sd-metadata", "invokeai_metadata", "invokeai_graph",
                                           "Dream",       "fooocus_scheme",    "generation_data"};
    if (is_key(key, "XML:com.adobe.xmp")) {
        xmp_read(job, text);
        return;
    }
    const char *name = job_text(job, (struct span){key.p, key.n < 79 ? key.n : 79});
    if (name == NULL)
        return;
    const char *where = job_join(job, "PNG ", name);
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
        if (is_key(key, tools[i])) {
            job_fact(job, INSPECT_TOOL, where, text);
            return;
        }
    if (generator_settings(job, where, text))
        return;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (is_key(key, settings[i]))
            job_fact(job, INSPECT_PROMPT, where, text);
}

static struct span unpacked(struct job *job, struct span packed)
{
    uint8_t *room = arena_alloc(job->arena, JOB_MAX_TEXT);
    bool whole = false;
    size_t n = room == NULL ? 0 : inflate_zlib(packed, room, JOB_MAX_TEXT, &whole);
    if (!whole)
        job_note(job,
                 n == JOB_MAX_TEXT || room == NULL ? INSPECT_NOTE_TOO_LARGE : INSPECT_NOTE_DAMAGED);
    return (struct span){room, n};
}

static void take_chunk(struct job *job, const uint8_t *type, uint64_t at, size_t n)
{
    struct span key, skipped;
    if (memcmp(type, "caBX", 4) == 0) {
        job->manifest = job_read(job, at, n, JOB_MAX_MANIFEST);
        job->manifest_at = at - 8;
        job->manifest_end = at + n + 4;
    } else if (memcmp(type, "eXIf", 4) == 0) {
        exif_facts(job, job_read(job, at, n, JOB_MAX_TEXT));
    } else if (memcmp(type, "tEXt", 4) == 0) {
        struct span text = after_nul(job_read(job, at, n, JOB_MAX_TEXT), &key);
        take_text(job, key, text);
    } else if (memcmp(type, "zTXt", 4) == 0) {
        struct span packed = after_nul(job_read(job, at, n, JOB_MAX_TEXT), &key);
        if (packed.n > 0)
            take_text(job, key, unpacked(job, span_after(packed, 1)));
    } else if (memcmp(type, "iTXt", 4) == 0) {
        struct span text = after_nul(job_read(job, at, n, JOB_MAX_TEXT), &key);
        bool is_packed = text.n > 0 && text.p[0] == 1;
        text = after_nul(after_nul(span_after(text, 2), &skipped), &skipped);
        if (text.n > 0)
            take_text(job, key, is_packed ? unpacked(job, text) : text);
    }
}

void png_walk(struct job *job)
{
    uint64_t at = 8;
    for (unsigned i = 0; i < JOB_MAX_PARTS; i++) {
        uint8_t head[8];
        if (!source_get(job->source, at, head, sizeof head)) {
            job_note(job, INSPECT_NOTE_DAMAGED);
            return;
        }
        uint64_t n = be_get32(head);
        if (memcmp(head + 4, "IEND", 4) == 0)
            return;
        take_chunk(job, head + 4, at + 8, (size_t)n);
        at += n + 12;
    }
    job_note(job, INSPECT_NOTE_TOO_LARGE);
}
