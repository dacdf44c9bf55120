/* ff d8, then segments "ff MARKER length16 body":
 *
 *     APP1  (e1)  "Exif\0\0" TIFF block, or "http://ns.adobe.com/xap/1.0/\0" XMP
 *     APP11 (eb)  "JP" instance16 packet32, then a piece of a JUMBF box, of which each piece
 * repeats the header (length32 type32, and length64 when length32 is 1) APP13 (ed)
 * "Photoshop 3.0\0", then "8BIM" resource16 name size32 data; 0x0404 is IPTC-IIM COM   (fe)  a
 * comment
 *
 * A scan (da) ends what is looked at: what matters stands before the first. */
#include "file.h"

#include "base/be.h"
#include "base/buf.h"
#include "inspect/exif_facts.h"
#include "inspect/generator.h"
#include "inspect/xmp.h"

#include <string.h>

enum {
    TEM = 0x01,
    RST0 = 0xd0,
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    APP1 = 0xe1,
    APP11 = 0xeb,
    APP13 = 0xed,
    COM = 0xfe
};
enum { JUMBF_HEADER = 8, NO_INSTANCE = 1 << 16 };

static const char xmp_mark[] = "http://ns.adobe.com/xap/1.0/";
static const char photoshop_mark[] = "Photoshop 3.0";

struct jpeg {
    struct job *job;
    struct buf manifest;
    uint32_t instance; /* of the JUMBF box that is being put together; NO_INSTANCE: none */
};

static void take_photoshop(struct job *job, struct span s)
{
    enum { IPTC = 0x0404 };
    while (s.n >= 12 && span_begins(s, "8BIM", 4)) {
        unsigned id = be_get16(s.p + 4);
        size_t name = (size_t)(s.p[6] | 1) + 1; /* length and text, padded to an even number */
        s = span_after(s, 6 + name);
        if (s.n < 4)
            return;
        size_t n = be_get32(s.p);
        s = span_after(s, 4);
        if (n > s.n) {
            job_note(job, INSPECT_NOTE_DAMAGED);
            return;
        }
        if (id == IPTC)
            iptc_read(job, (struct span){s.p, n});
        s = span_after(s, n + n % 2);
    }
}

/* A piece of a manifest store. Boxes of other kinds of JUMBF are left alone. */
static void take_jumbf(struct jpeg *j, uint64_t segment_at, struct span s)
{
    enum { BEFORE = 8 }; /* "JP", instance, packet */
    struct job *job = j->job;
    if (s.n < BEFORE + JUMBF_HEADER || memcmp(s.p, "JP", 2) != 0)
        return;
    uint32_t instance = be_get16(s.p + 2);
    struct span box = span_after(s, BEFORE);
    if (memcmp(box.p + 4, "jumb", 4) != 0)
        return;
    size_t header = be_get32(box.p) == 1 ? 2 * JUMBF_HEADER : JUMBF_HEADER;
    if (be_get32(s.p + 4) == 1 && j->instance == NO_INSTANCE) {
        /* the description box tells whether it is a manifest store */
        struct span type = span_after(box, header + 8);
        if (!span_begins(type, "c2pa", 4))
            return;
        j->instance = instance;
        job->manifest_at = segment_at;
        buf_put(&j->manifest, box.p, box.n);
    } else if (instance == j->instance) {
        struct span rest = span_after(box, header);
        buf_put(&j->manifest, rest.p, rest.n);
    } else {
        return;
    }
    job->manifest_end = segment_at + 4 + s.n;
}

static void take_segment(struct jpeg *j, uint8_t marker, uint64_t at, size_t n)
{
    struct job *job = j->job;
    if (marker != APP1 && marker != APP11 && marker != APP13 && marker != COM)
        return;
    struct span s = job_read(job, at, n, JOB_MAX_TEXT);
    if (marker == APP11)
        take_jumbf(j, at - 4, s);
    else if (marker == COM)
        generator_comment(job, "JPEG comment", s);
    else if (marker == APP1 && span_begins(s, "Exif\0\0", 6))
        exif_facts(job, s);
    else if (marker == APP1 && span_begins(s, xmp_mark, sizeof xmp_mark))
        xmp_read(job, span_after(s, sizeof xmp_mark));
    else if (marker == APP13 && span_begins(s, photoshop_mark, sizeof photoshop_mark))
        take_photoshop(job, span_after(s, sizeof photoshop_mark));
}

void jpeg_walk(struct job *job)
{
    struct jpeg j = {.job = job, .instance = NO_INSTANCE};
    buf_init(&j.manifest, &job->arena->alloc, JOB_MAX_MANIFEST);
    uint64_t at = 2;
    for (unsigned i = 0; i < JOB_MAX_PARTS; i++) {
        uint8_t head[4];
        if (!source_get(job->source, at, head, 2) || head[0] != 0xff) {
            job_note(job, INSPECT_NOTE_DAMAGED);
            break;
        }
        if (head[1] == 0xff) { /* padding */
            at++;
            continue;
        }
        if (head[1] == SOS || head[1] == EOI)
            break;
        if ((head[1] >= RST0 && head[1] <= SOI) || head[1] == TEM) {
            at += 2;
            continue;
        }
        size_t length = source_get(job->source, at, head, 4) ? be_get16(head + 2) : 0;
        if (length < 2) {
            job_note(job, INSPECT_NOTE_DAMAGED);
            break;
        }
        take_segment(&j, head[1], at + 4, length - 2);
        at += 2 + length;
    }
    if (j.manifest.status != LK_OK)
        job_note(job, INSPECT_NOTE_TOO_LARGE);
    else
        job->manifest = (struct span){(const uint8_t *)j.manifest.p, j.manifest.n};
}
