/* c2pa.hash.data: SHA-256 of the file without the ranges it leaves out.
 *
 * c2pa.hash.bmff, .v2, .v3: SHA-256 over the boxes at the top level, without those it leaves out by
 * name and content; from v2 on the place of each box, 8 bytes, goes before its bytes. Trees of
 * hashes (fragmented files), parts of boxes and boxes within boxes are not read.
 *
 * The rest (c2pa.hash.boxes, .collection.data) is told as a binding that is not known here. */
#include "c2pa.h"

#include "base/be.h"
#include "base/sha256.h"
#include "inspect/file/file.h"

#include <string.h>

enum { PIECE = 1 << 16, MAX_BOXES = 10000, MAX_EXCLUSIONS = 64 };

struct binding {
    struct job *job;
    struct inspect_credential *credential;
    struct sha256 sha;
    uint8_t *piece;
    bool with_place; /* of each box */
};

static enum inspect_check refuse(struct inspect_credential *c, enum inspect_reason why)
{
    c->content_why = why;
    return INSPECT_NOT_CHECKED;
}

static bool add_range(struct binding *b, uint64_t at, uint64_t end)
{
    while (at < end) {
        size_t n = end - at < PIECE ? (size_t)(end - at) : PIECE;
        if (!source_get(b->job->source, at, b->piece, n))
            return false;
        sha256_add(&b->sha, b->piece, n);
        at += n;
    }
    return true;
}

static enum inspect_check compare(struct binding *b, const struct cbor *hash)
{
    uint8_t digest[SHA256_BYTES];
    sha256_end(&b->sha, digest);
    b->credential->content_why = INSPECT_NO_REASON;
    bool same = hash->type == CBOR_BYTES && hash->bytes.n == sizeof digest &&
                memcmp(hash->bytes.p, digest, sizeof digest) == 0;
    return same ? INSPECT_HOLDS : INSPECT_FAILS;
}

/* How much of at..end is not the manifest itself. */
static uint64_t beside_manifest(const struct job *job, uint64_t at, uint64_t end)
{
    uint64_t from = at > job->manifest_at ? at : job->manifest_at;
    uint64_t to = end < job->manifest_end ? end : job->manifest_end;
    return end - at - (to > from ? to - from : 0);
}

static enum inspect_check check_data(struct binding *b, const struct cbor *assertion,
                                     const struct cbor *hash)
{
    struct inspect_credential *c = b->credential;
    struct cbor list, item, start, length;
    uint64_t at = 0, n = 0, size = b->job->source->size;
    bool has_list = cbor_find(assertion, "exclusions", &list) && list.type == CBOR_ARRAY;
    for (struct span rest = list.bytes; has_list && cbor_next(&list, &rest, &n, &item);) {
        if (!cbor_find(&item, "start", &start) || !cbor_find(&item, "length", &length) ||
            start.type != CBOR_NUMBER || length.type != CBOR_NUMBER || start.value < at ||
            start.value > size || length.value > size - start.value)
            return refuse(c, INSPECT_DAMAGED);
        if (!add_range(b, at, start.value))
            return refuse(c, INSPECT_DAMAGED);
        at = start.value + length.value;
        c->uncovered_bytes += beside_manifest(b->job, start.value, at);
    }
    return add_range(b, at, size) ? compare(b, hash) : refuse(c, INSPECT_DAMAGED);
}

/* --- boxes */

enum left_out { STAYS, LEFT_OUT, UNKNOWN_RULE };

static bool is_set(const struct cbor *exclusion, const char *name, struct cbor *value)
{
    enum { NOTHING = 22 };
    return cbor_find(exclusion, name, value) &&
           !(value->type == CBOR_SIMPLE && value->value == NOTHING);
}

/* Whether all pieces of "data" stand where they say, from the head of the box on. */
static enum left_out data_fits(const struct binding *b, const struct bmff_box *box,
                               const struct cbor *data)
{
    struct cbor item, offset, value;
    uint64_t n = 0;
    uint8_t found[64];
    for (struct span rest = data->bytes; cbor_next(data, &rest, &n, &item);) {
        if (!cbor_find(&item, "offset", &offset) || !cbor_find(&item, "value", &value) ||
            offset.type != CBOR_NUMBER || value.type != CBOR_BYTES || value.bytes.n > sizeof found)
            return UNKNOWN_RULE;
        uint64_t size = box->end - box->at;
        if (offset.value > size || value.bytes.n > size - offset.value ||
            !source_get(b->job->source, box->at + offset.value, found, value.bytes.n) ||
            memcmp(found, value.bytes.p, value.bytes.n) != 0)
            return STAYS;
    }
    return LEFT_OUT;
}

static enum left_out rule_for(const struct binding *b, const struct bmff_box *box,
                              const struct cbor *exclusion)
{
    static const char *const finer[] = {"subset", "version", "flags"};
    struct cbor path, value;
    if (!cbor_find(exclusion, "xpath", &path) || path.type != CBOR_TEXT)
        return UNKNOWN_RULE;
    if (path.bytes.n < 5 || path.bytes.p[0] != '/' || memcmp(path.bytes.p + 1, box->type, 4) != 0)
        return STAYS;
    if (path.bytes.n != 5)
        return UNKNOWN_RULE;
    if (is_set(exclusion, "length", &value) && value.value != box->end - box->at)
        return STAYS;
    for (size_t i = 0; i < sizeof finer / sizeof finer[0]; i++)
        if (is_set(exclusion, finer[i], &value))
            return UNKNOWN_RULE;
    return is_set(exclusion, "data", &value) ? data_fits(b, box, &value) : LEFT_OUT;
}

static enum left_out rule_of(const struct binding *b, const struct bmff_box *box,
                             const struct cbor *exclusions)
{
    struct cbor item;
    uint64_t n = 0;
    for (struct span rest = exclusions->bytes; cbor_next(exclusions, &rest, &n, &item);) {
        enum left_out rule = n > MAX_EXCLUSIONS ? UNKNOWN_RULE : rule_for(b, box, &item);
        if (rule != STAYS)
            return rule;
    }
    return STAYS;
}

/* Boxes that hold no content: leaving them out leaves nothing open. */
static bool is_empty_talk(const struct bmff_box *box)
{
    return bmff_is(box, "ftyp") || bmff_is(box, "free") || bmff_is(box, "skip") ||
           bmff_is(box, "mfra");
}

static enum inspect_check check_boxes(struct binding *b, const struct cbor *assertion,
                                      const struct cbor *hash)
{
    struct inspect_credential *c = b->credential;
    const struct inspect_source *s = b->job->source;
    struct cbor exclusions, merkle;
    struct bmff_box box;
    unsigned i = 0;
    if (is_set(assertion, "merkle", &merkle) || !cbor_find(assertion, "exclusions", &exclusions) ||
        exclusions.type != CBOR_ARRAY)
        return refuse(c, INSPECT_BINDING);
    for (uint64_t at = 0; at < s->size; at = box.end, i++) {
        if (i == MAX_BOXES)
            return refuse(c, INSPECT_TOO_LARGE);
        if (!bmff_box(s, at, s->size, &box))
            return refuse(c, INSPECT_DAMAGED);
        enum left_out rule = rule_of(b, &box, &exclusions);
        if (rule == UNKNOWN_RULE)
            return refuse(c, INSPECT_BINDING);
        if (rule == LEFT_OUT) {
            c->uncovered_bytes +=
                is_empty_talk(&box) ? 0 : beside_manifest(b->job, box.at, box.end);
            continue;
        }
        uint8_t place[8];
        be_put64(place, box.at);
        if (b->with_place)
            sha256_add(&b->sha, place, sizeof place);
        if (!add_range(b, box.at, box.end))
            return refuse(c, INSPECT_DAMAGED);
    }
    return compare(b, hash);
}

void c2pa_binding(struct job *job, struct inspect_credential *c, const char *label,
                  const struct cbor *assertion, const char *algorithm,
                  const struct inspect_options *options)
{
    struct binding b = {
        .job = job, .credential = c, .with_place = strcmp(label, "c2pa.hash.bmff") != 0};
    struct cbor hash, own;
    bool is_sha256 = is_set(assertion, "alg", &own) ? cbor_is_text(&own, "sha256")
                                                    : strcmp(algorithm, "sha256") == 0;
    bool is_data = strcmp(label, "c2pa.hash.data") == 0;
    if (!is_data && strncmp(label, "c2pa.hash.bmff", strlen("c2pa.hash.bmff")) != 0)
        return;
    if (!is_sha256) {
        c->content_why = INSPECT_ALGORITHM;
        return;
    }
    if (options->max_hashed_bytes != 0 && job->source->size > options->max_hashed_bytes) {
        c->content_why = INSPECT_TOO_LARGE;
        return;
    }
    if (!cbor_find(assertion, "hash", &hash))
        return;
    b.piece = arena_alloc(job->arena, PIECE);
    if (b.piece == NULL) {
        c->content_why = INSPECT_TOO_LARGE;
        return;
    }
    sha256_init(&b.sha);
    c->content = is_data ? check_data(&b, assertion, &hash) : check_boxes(&b, assertion, &hash);
}
