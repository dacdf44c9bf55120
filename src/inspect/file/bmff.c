/* ISO 14496-12 (MP4, MOV, M4A) and 23008-12 (HEIC, AVIF): boxes "size32 TYPE [size64 if size is 1]
 * body", size 0 up to the end of the file. At the top level:
 *
 *     uuid d8fec3d6...  version8 flags24 "manifest\0" offset64, then the C2PA manifest store
 *     uuid be7acfcb...  XMP
 *     moov              holds udta and meta, whose tags name programs (bmff_tags.c)
 *     meta              of a picture: items of EXIF and XMP (bmff_tags.c) */
#include "file.h"

#include "base/be.h"
#include "inspect/xmp.h"

#include <string.h>

static const uint8_t c2pa_type[16] = {0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c,
                                      0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81};
static const uint8_t xmp_type[16] = {0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8,
                                     0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac};

bool bmff_box(const struct inspect_source *s, uint64_t at, uint64_t end, struct bmff_box *box)
{
    uint8_t head[16];
    if (at > end || end - at < 8 || !source_get(s, at, head, 8))
        return false;
    uint64_t size = be_get32(head), n_head = 8;
    if (size == 1) {
        if (end - at < 16 || !source_get(s, at, head, 16))
            return false;
        size = be_get64(head + 8);
        n_head = 16;
    } else if (size == 0) {
        size = end - at;
    }
    if (size < n_head || size > end - at)
        return false;
    *box = (struct bmff_box){.at = at, .body = at + n_head, .end = at + size};
    memcpy(box->type, head + 4, 4);
    return true;
}

bool bmff_is(const struct bmff_box *box, const char type[4])
{
    return memcmp(box->type, type, 4) == 0;
}

static void take_manifest(struct job *job, const struct bmff_box *box)
{
    enum { BEFORE = 16 + 4 }; /* user type, version and flags */
    static const char *const purposes[] = {"manifest", "original", "update"};
    struct span s = job_read(job, box->body, box->end - box->body, JOB_MAX_MANIFEST);
    s = span_after(s, BEFORE);
    for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++) {
        size_t n = strlen(purposes[i]) + 1;
        if (!span_begins(s, purposes[i], n) || s.n < n + 8 || job->manifest.n > 0)
            continue;
        job->manifest = span_after(s, n + 8);
        job->manifest_at = box->at;
        job->manifest_end = box->end;
    }
}

static void take_uuid(struct job *job, const struct bmff_box *box)
{
    uint8_t type[16];
    if (box->end - box->body < sizeof type ||
        !source_get(job->source, box->body, type, sizeof type))
        return;
    if (memcmp(type, c2pa_type, sizeof type) == 0)
        take_manifest(job, box);
    else if (memcmp(type, xmp_type, sizeof type) == 0)
        xmp_read(job, span_after(job_read(job, box->body, box->end - box->body, JOB_MAX_TEXT),
                                 sizeof type));
}

static void take_movie(struct job *job, const struct bmff_box *movie)
{
    struct bmff_box box;
    uint64_t at = movie->body;
    for (unsigned i = 0; i < JOB_MAX_PARTS && bmff_box(job->source, at, movie->end, &box); i++) {
        if (bmff_is(&box, "udta"))
            bmff_user_data(job, box.body, box.end);
        else if (bmff_is(&box, "meta"))
            bmff_meta(job, box.body, box.end);
        else if (bmff_is(&box, "uuid"))
            take_uuid(job, &box);
        at = box.end;
    }
}

void bmff_walk(struct job *job)
{
    struct bmff_box box;
    uint64_t at = 0, end = job->source->size;
    for (unsigned i = 0; i < JOB_MAX_PARTS && at < end; i++) {
        if (!bmff_box(job->source, at, end, &box)) {
            job_note(job, INSPECT_NOTE_DAMAGED);
            return;
        }
        if (bmff_is(&box, "uuid"))
            take_uuid(job, &box);
        else if (bmff_is(&box, "moov"))
            take_movie(job, &box);
        else if (bmff_is(&box, "meta"))
            bmff_meta(job, box.body, box.end);
        at = box.end;
    }
    if (at < end)
        job_note(job, INSPECT_NOTE_TOO_LARGE);
}
