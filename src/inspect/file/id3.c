/* "ID3" version16 flags size (4 bytes of 7 bits), then frames "NAME size flags16 data"; the size
 * has 7 bits a byte from version 4 on. Texts begin with how they are written: 0 Latin-1, 1 UTF-16
 * with a mark, 2 UTF-16 big end first, 3 UTF-8. GEOB: encoding, type \0, file name, description,
 * object. Tags as a whole written in other ways (unsynchronised, extended) are noted and left. */
#include "file.h"

#include "base/be.h"
#include "inspect/generator.h"

#include <string.h>

static uint32_t seven_bits(const uint8_t *p)
{
    return (uint32_t)(p[0] & 127) << 21 | (uint32_t)(p[1] & 127) << 14 |
           (uint32_t)(p[2] & 127) << 7 | (p[3] & 127);
}

/* UTF-16 is cut to what Latin-1 has: names of programs need no more. */
static struct span text_of(struct job *job, struct span s)
{
    uint8_t encoding = s.n > 0 ? s.p[0] : 0;
    s = span_after(s, 1);
    if (encoding != 1 && encoding != 2)
        return s;
    bool is_big = encoding == 2 || (s.n >= 2 && s.p[0] == 0xfe);
    uint8_t *out = arena_alloc(job->arena, s.n / 2 + 1);
    size_t n = 0;
    for (size_t i = 0; out != NULL && i + 1 < s.n; i += 2) {
        uint8_t high = s.p[is_big ? i : i + 1], low = s.p[is_big ? i + 1 : i];
        if (high != 0xfe && high != 0xff)
            out[n++] = high == 0 ? low : '?';
    }
    return (struct span){out, n};
}

static void take_object(struct job *job, struct span s, uint64_t frame_at, uint64_t frame_end)
{
    static const char *const types[] = {"application/x-c2pa-manifest-store", "application/c2pa"};
    bool is_wide = s.n > 0 && (s.p[0] == 1 || s.p[0] == 2);
    s = span_after(s, 1);
    bool is_c2pa = false;
    for (size_t i = 0; i < 2; i++)
        is_c2pa |= span_begins(s, types[i], strlen(types[i]) + 1);
    const uint8_t *nul = s.n > 0 ? memchr(s.p, 0, s.n) : NULL;
    if (!is_c2pa || nul == NULL)
        return;
    s = span_after(s, (size_t)(nul - s.p) + 1);
    for (unsigned texts = 0; texts < 2 && s.n > 0;) { /* file name and description */
        bool ends = is_wide ? s.n >= 2 && s.p[0] == 0 && s.p[1] == 0 : s.p[0] == 0;
        s = span_after(s, is_wide ? 2 : 1);
        texts += ends;
    }
    job->manifest = s;
    job->manifest_at = frame_at;
    job->manifest_end = frame_end;
}

static void take_frame(struct job *job, const uint8_t *name, uint64_t at, struct span s)
{
    if (memcmp(name, "GEOB", 4) == 0) {
        take_object(job, s, at, at + 10 + s.n);
    } else if (memcmp(name, "TSSE", 4) == 0 || memcmp(name, "TENC", 4) == 0) {
        job_fact(job, INSPECT_TOOL, memcmp(name, "TSSE", 4) == 0 ? "ID3 TSSE" : "ID3 TENC",
                 text_of(job, s));
    } else if (memcmp(name, "COMM", 4) == 0 && s.n > 4) {
        /* encoding, language, description, text: as words, the language left out */
        uint8_t *joined = arena_alloc(job->arena, s.n - 3);
        if (joined == NULL)
            return;
        joined[0] = s.p[0];
        memcpy(joined + 1, s.p + 4, s.n - 4);
        generator_comment(job, "ID3 COMM", text_of(job, (struct span){joined, s.n - 3}));
    }
}

void id3_walk(struct job *job)
{
    uint8_t head[10];
    if (!source_get(job->source, 0, head, sizeof head) || memcmp(head, "ID3", 3) != 0)
        return; /* no tag: the sound begins at once */
    const uint8_t version = head[3];
    uint64_t at = sizeof head, end = at + seven_bits(head + 6);
    if (version < 3 || version > 4 || (head[5] & 0xc0) != 0) {
        job_note(job, INSPECT_NOTE_UNKNOWN);
        return;
    }
    for (unsigned i = 0; i < JOB_MAX_PARTS && at + sizeof head <= end; i++) {
        if (!source_get(job->source, at, head, sizeof head)) {
            job_note(job, INSPECT_NOTE_DAMAGED);
            return;
        }
        if (head[0] == 0)
            return; /* padding */
        uint32_t size = version >= 4 ? seven_bits(head + 4) : be_get32(head + 4);
        if (size > end - at - sizeof head) {
            job_note(job, INSPECT_NOTE_DAMAGED);
            return;
        }
        take_frame(job, head, at, job_read(job, at + sizeof head, size, JOB_MAX_MANIFEST));
        at += sizeof head + size;
    }
}
