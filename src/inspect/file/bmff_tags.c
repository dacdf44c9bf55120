/* What stands in "udta" and "meta":
 *
 *     udta  boxes of texts "length16 language16 text" (QuickTime), XMP_, meta
 *     meta  [version8 flags24] boxes: hdlr, keys, ilst, and of a picture iinf, iloc
 *     keys  version8 flags24 count32, then "size32 mdta name"
 *     ilst  boxes named like a tag or numbered after keys, with a box "data": type32 locale32 text
 *     iinf  version8 flags24 count, then boxes infe: which item is EXIF, which is XMP
 *     iloc  where in the file each item stands */
#include "file.h"

#include "base/be.h"
#include "inspect/exif_facts.h"
#include "inspect/generator.h"
#include "inspect/xmp.h"

#include <string.h>

enum { MAX_TAG = 1 << 20 };

/* Tags of iTunes and QuickTime, with A9 for the copyright sign, and names of "keys". */
static const struct tag {
    const char *name;
    const char *where;
    enum inspect_kind kind;
    bool is_free; /* anybody's words: taken only if a program wrote them */
} tags[] = {
    {"\xa9too", "MP4 encoder", INSPECT_TOOL, false},
    {"\xa9swr", "MP4 software", INSPECT_TOOL, false},
    {"\xa9mak", "MP4 make", INSPECT_CAMERA, false},
    {"\xa9mod", "MP4 model", INSPECT_CAMERA, false},
    {"\xa9"
     "cmt",
     "MP4 comment", INSPECT_TOOL, true},
    {"\xa9inf", "MP4 information", INSPECT_TOOL, true},
    {"\xa9"
     "des",
     "MP4 description", INSPECT_TOOL, true},
    {"desc", "MP4 description", INSPECT_TOOL, true},
    {"ldes", "MP4 description", INSPECT_TOOL, true},
    {"\xa9"
     "ART",
     "MP4 artist", INSPECT_TOOL, true},
    {"com.apple.quicktime.software", "MP4 software", INSPECT_TOOL, false},
    {"com.apple.quicktime.make", "MP4 make", INSPECT_CAMERA, false},
    {"com.apple.quicktime.model", "MP4 model", INSPECT_CAMERA, false},
    {"com.apple.quicktime.comment", "MP4 comment", INSPECT_TOOL, true},
    {"com.apple.quicktime.description", "MP4 description", INSPECT_TOOL, true},
    {"com.android.manufacturer", "MP4 make", INSPECT_CAMERA, false},
    {"com.android.model", "MP4 model", INSPECT_CAMERA, false},
    {"encoder", "MP4 encoder", INSPECT_TOOL, false},
    {"software", "MP4 software", INSPECT_TOOL, false},
    {"comment", "MP4 comment", INSPECT_TOOL, true},
    {"description", "MP4 description", INSPECT_TOOL, true},
    {"prompt", "MP4 prompt", INSPECT_PROMPT, true},
    {"workflow", "MP4 workflow", INSPECT_PROMPT, true},
};

static const struct tag *find_tag(const void *name, size_t n)
{
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (strlen(tags[i].name) == n && memcmp(tags[i].name, name, n) == 0)
            return &tags[i];
    return NULL;
}

static void take_tag(struct job *job, const struct tag *tag, struct span text)
{
    if (tag == NULL || text.n == 0)
        return;
    if (tag->is_free)
        generator_comment(job, tag->where, text);
    else
        job_fact(job, tag->kind, tag->where, text);
}

void bmff_user_data(struct job *job, uint64_t at, uint64_t end)
{
    struct bmff_box box;
    for (unsigned i = 0; i < JOB_MAX_PARTS && bmff_box(job->source, at, end, &box); i++) {
        const struct tag *tag = find_tag(box.type, 4);
        if (bmff_is(&box, "meta")) {
            bmff_meta(job, box.body, box.end);
        } else if (bmff_is(&box, "XMP_")) {
            xmp_read(job, job_read(job, box.body, box.end - box.body, JOB_MAX_TEXT));
        } else if (tag != NULL) {
            struct span s = job_read(job, box.body, box.end - box.body, MAX_TAG);
            size_t n = s.n >= 4 ? be_get16(s.p) : 0;
            s = span_after(s, 4);
            take_tag(job, tag, (struct span){s.p, n < s.n ? n : s.n});
        }
        at = box.end;
    }
}

/* The name of the number-th of "keys", from 1 on. */
static const struct tag *numbered_tag(struct span keys, uint32_t number)
{
    keys = span_after(keys, 8);
    for (uint32_t i = 1; keys.n >= 8; i++) {
        size_t n = be_get32(keys.p);
        if (n < 8 || n > keys.n)
            return NULL;
        if (i == number)
            return find_tag(keys.p + 8, n - 8);
        keys = span_after(keys, n);
    }
    return NULL;
}

static void take_list(struct job *job, const struct bmff_box *list, struct span keys)
{
    enum { BEFORE = 8 }; /* type and locale */
    struct bmff_box box, data;
    uint64_t at = list->body;
    for (unsigned i = 0; i < JOB_MAX_PARTS && bmff_box(job->source, at, list->end, &box); i++) {
        const struct tag *tag = find_tag(box.type, 4);
        if (tag == NULL)
            tag = numbered_tag(keys, be_get32(box.type));
        if (tag != NULL && bmff_box(job->source, box.body, box.end, &data) &&
            bmff_is(&data, "data"))
            take_tag(job, tag,
                     span_after(job_read(job, data.body, data.end - data.body, MAX_TAG), BEFORE));
        at = box.end;
    }
}

/* --- items of pictures */

struct reader {
    struct span left;
    bool failed;
};

static uint64_t take_number(struct reader *r, unsigned n_bytes)
{
    uint64_t v = 0;
    if (r->left.n < n_bytes) {
        r->failed = true;
        return 0;
    }
    for (unsigned i = 0; i < n_bytes; i++)
        v = v << 8 | r->left.p[i];
    r->left = span_after(r->left, n_bytes);
    return v;
}

enum item { ITEM_OTHER, ITEM_EXIF, ITEM_XMP };

/* Of one box infe, behind its header. */
static enum item item_kind(struct span s, uint32_t *id)
{
    static const char xmp_name[] = "application/rdf+xml";
    struct reader r = {.left = s};
    unsigned version = (unsigned)take_number(&r, 1);
    (void)take_number(&r, 3);
    *id = (uint32_t)take_number(&r, version >= 3 ? 4 : 2);
    (void)take_number(&r, 2);
    if (version < 2 || r.failed || r.left.n < 4)
        return ITEM_OTHER;
    if (span_begins(r.left, "Exif", 4))
        return ITEM_EXIF;
    if (!span_begins(r.left, "mime", 4))
        return ITEM_OTHER;
    struct span name = span_after(r.left, 4);
    const uint8_t *nul = name.n > 0 ? memchr(name.p, 0, name.n) : NULL;
    if (nul == NULL)
        return ITEM_OTHER;
    name = span_after(name, (size_t)(nul - name.p) + 1);
    return span_begins(name, xmp_name, sizeof xmp_name - 1) ? ITEM_XMP : ITEM_OTHER;
}

/* Where the item stands, if in one piece of the file. */
static bool item_place(struct span iloc, uint32_t id, uint64_t *at, uint64_t *n)
{
    struct reader r = {.left = iloc};
    *at = *n = 0;
    unsigned version = (unsigned)take_number(&r, 1);
    (void)take_number(&r, 3);
    unsigned sizes = (unsigned)take_number(&r, 2);
    unsigned n_offset = sizes >> 12, n_length = sizes >> 8 & 15, n_base = sizes >> 4 & 15;
    unsigned n_index = version == 1 || version == 2 ? sizes & 15 : 0;
    uint64_t n_items = take_number(&r, version < 2 ? 2 : 4);
    if (n_offset > 8 || n_length > 8 || n_base > 8 || n_index > 8)
        return false;
    for (uint64_t i = 0; i < n_items && !r.failed; i++) {
        uint32_t item = (uint32_t)take_number(&r, version < 2 ? 2 : 4);
        unsigned method = version == 1 || version == 2 ? take_number(&r, 2) & 15 : 0;
        (void)take_number(&r, 2);
        uint64_t base = take_number(&r, n_base), n_extents = take_number(&r, 2);
        for (uint64_t k = 0; k < n_extents && !r.failed; k++) {
            (void)take_number(&r, n_index);
            *at = base + take_number(&r, n_offset);
            *n = take_number(&r, n_length);
        }
        if (item == id)
            return !r.failed && method == 0 && n_extents == 1;
    }
    return false;
}

static void take_item(struct job *job, enum item kind, uint64_t at, uint64_t n)
{
    struct span s = job_read(job, at, n, JOB_MAX_TEXT);
    if (kind == ITEM_XMP)
        xmp_read(job, s);
    else if (s.n >= 4) /* how far the TIFF block is from here */
        exif_facts(job, span_after(s, 4 + (size_t)be_get32(s.p)));
}

static void take_items(struct job *job, const struct bmff_box *iinf, struct span iloc)
{
    struct bmff_box box;
    uint8_t version;
    uint64_t place, n;
    if (!source_get(job->source, iinf->body, &version, 1))
        return;
    uint64_t at = iinf->body + (version == 0 ? 6 : 8);
    for (unsigned i = 0; i < JOB_MAX_PARTS && bmff_box(job->source, at, iinf->end, &box); i++) {
        uint32_t id;
        uint8_t head[256]; /* enough for the names that matter */
        size_t n_head =
            box.end - box.body < sizeof head ? (size_t)(box.end - box.body) : sizeof head;
        if (!source_get(job->source, box.body, head, n_head))
            return;
        enum item kind = item_kind((struct span){head, n_head}, &id);
        if (kind != ITEM_OTHER && item_place(iloc, id, &place, &n))
            take_item(job, kind, place, n);
        at = box.end;
    }
}

void bmff_meta(struct job *job, uint64_t at, uint64_t end)
{
    struct bmff_box box, iinf = {0};
    struct span keys = {0}, iloc = {0};
    /* QuickTime's has no version in front of the boxes */
    if (!bmff_box(job->source, at, end, &box) || !bmff_is(&box, "hdlr"))
        at += 4;
    for (unsigned i = 0; i < JOB_MAX_PARTS && bmff_box(job->source, at, end, &box); i++) {
        uint64_t n = box.end - box.body;
        if (bmff_is(&box, "keys"))
            keys = job_read(job, box.body, n, MAX_TAG);
        else if (bmff_is(&box, "ilst"))
            take_list(job, &box, keys);
        else if (bmff_is(&box, "iloc"))
            iloc = job_read(job, box.body, n, MAX_TAG);
        else if (bmff_is(&box, "iinf"))
            iinf = box;
        at = box.end;
    }
    if (iinf.end != 0)
        take_items(job, &iinf, iloc);
}
