/* RIFF size32le FORM, then chunks "TYPE length32le data (even)":
 *
 *     WebP  EXIF TIFF block, "XMP " XMP, C2PA manifest store
 *     WAV   LIST "INFO" then chunks again: ISFT software, ICMT comment; C2PA, "_PMX" XMP, "id3 " */
#include "file.h"

#include "base/le.h"
#include "inspect/exif_facts.h"
#include "inspect/generator.h"
#include "inspect/xmp.h"

#include <string.h>

static struct span without_end(struct span s)
{
    while (s.n > 0 && s.p[s.n - 1] == 0)
        s.n--;
    return s;
}

static void take_info(struct job *job, struct span list)
{
    if (!span_begins(list, "INFO", 4))
        return;
    list = span_after(list, 4);
    while (list.n >= 8) {
        size_t n = le_get32(list.p + 4);
        if (n > list.n - 8)
            n = list.n - 8;
        struct span text = without_end((struct span){list.p + 8, n});
        if (memcmp(list.p, "ISFT", 4) == 0)
            job_fact(job, INSPECT_TOOL, "WAV ISFT", text);
        else if (memcmp(list.p, "ICMT", 4) == 0)
            generator_comment(job, "WAV ICMT", text);
        list = span_after(list, 8 + n + n % 2);
    }
}

static void take_chunk(struct job *job, const uint8_t *type, uint64_t at, uint64_t n)
{
    if (memcmp(type, "C2PA", 4) == 0) {
        job->manifest = job_read(job, at, n, JOB_MAX_MANIFEST);
        job->manifest_at = at - 8;
        job->manifest_end = at + n + n % 2;
    } else if (memcmp(type, "EXIF", 4) == 0) {
        exif_facts(job, job_read(job, at, n, JOB_MAX_TEXT));
    } else if (memcmp(type, "XMP ", 4) == 0 || memcmp(type, "_PMX", 4) == 0) {
        xmp_read(job, job_read(job, at, n, JOB_MAX_TEXT));
    } else if (memcmp(type, "LIST", 4) == 0 && job->report->format == INSPECT_WAV) {
        take_info(job, job_read(job, at, n, JOB_MAX_TEXT));
    }
}

void riff_walk(struct job *job)
{
    uint64_t at = 12;
    for (unsigned i = 0; i < JOB_MAX_PARTS; i++) {
        uint8_t head[8];
        if (!source_get(job->source, at, head, sizeof head))
            return; /* there is no mark at the end */
        uint64_t n = le_get32(head + 4);
        if (n > job->source->size - at - 8) {
            job_note(job, INSPECT_NOTE_DAMAGED);
            return;
        }
        take_chunk(job, head, at + 8, n);
        at += 8 + n + n % 2;
    }
    job_note(job, INSPECT_NOTE_TOO_LARGE);
}
