/* Shapes first, meaning last: every member is checked for its type and range here, and the whole
 * by lk_sequence_check(), so that the JSON and the binary form accept the same sequences. */
#include "sequence_json.h"

#include "base/err.h"
#include "base/hex.h"

#include <string.h>

enum { MIDDLE = 128, WHOLE_SIZE = 255 };

static const char *const sequence_members[] = {"medium", "records", "digests", "duration_ms"};
static const char *const record_members[] = {"kind",    "front_end", "quality", "turn", "print",
                                             "time_ms", "x",         "y",       "size"};
static const char *const digest_members[] = {"type", "value"};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct digest_kind {
    const char *name;
    size_t n_bytes;
} digest_kinds[] = {
    [LK_DIGEST_KEYED_SHA256] = {"keyed_sha256", LK_DIGEST_BYTES},
    [LK_DIGEST_MD5] = {"md5", 16},
    [LK_DIGEST_SHA1] = {"sha1", 20},
};

static void write_unless(struct json *j, const char *key, uint64_t v, uint64_t standard)
{
    if (v != standard)
        json_put_u64(j, key, v);
}

static void write_record(struct json *j, const struct lk_record *r)
{
    char hex[LK_PRINT_HEX_CHARS + 1];
    lk_print_to_hex(&r->print, hex);
    json_object(j);
    json_put_text(j, "kind", lk_kind_name(r->kind));
    if (r->front_end != 0)
        json_put_text(j, "front_end", lk_front_end_name(r->front_end));
    json_put_u64(j, "quality", r->quality);
    json_put_u64(j, "turn", r->frame.turn);
    write_unless(j, "time_ms", r->time_ms, 0);
    write_unless(j, "x", r->frame.x, MIDDLE);
    write_unless(j, "y", r->frame.y, MIDDLE);
    write_unless(j, "size", r->frame.size, WHOLE_SIZE);
    json_put_text(j, "print", hex);
    json_end_object(j);
}

void sequence_json_write(struct json *j, const struct lk_sequence *sequence)
{
    json_object(j);
    json_put_text(j, "medium", lk_medium_name(sequence->medium));
    write_unless(j, "duration_ms", sequence->duration_ms, 0);
    json_key(j, "records");
    json_array(j);
    for (size_t i = 0; i < sequence->n_records; i++)
        write_record(j, &sequence->records[i]);
    json_end_array(j);
    if (sequence->n_digests > 0) {
        json_key(j, "digests");
        json_array(j);
        for (size_t i = 0; i < sequence->n_digests; i++) {
            const struct lk_digest *d = &sequence->digests[i];
            const struct digest_kind *kind = &digest_kinds[d->type];
            json_object(j);
            json_put_text(j, "type", kind->name);
            json_key(j, "value");
            json_hex(j, d->bytes, kind->n_bytes);
            json_end_object(j);
        }
        json_end_array(j);
    }
    json_end_object(j);
}

/* An absent number keeps its default, which is in *out already. */
static enum lk_status number(const struct json_tree *v, const char *key, int64_t high, int64_t *out,
                             struct lk_error *err)
{
    const struct json_tree *member = json_get(v, key);
    if (member == NULL || json_as_int(member, 0, high, out))
        return LK_OK;
    return FAIL(err, LK_INVALID, "%s must be a whole number from 0 to %lld", key, (long long)high);
}

static enum lk_status name(const struct json_tree *v, const char *key, bool required,
                           unsigned (*from_name)(const char *, size_t), unsigned *out,
                           struct lk_error *err)
{
    size_t n = 0;
    const char *text = json_get_text(v, key, &n);
    *out = text == NULL ? 0 : from_name(text, n);
    if (*out == 0 && (required || json_get(v, key) != NULL))
        return FAIL(err, LK_INVALID, "%s is missing or not a name that is known", key);
    return LK_OK;
}

static enum lk_status read_record(const struct json_tree *v, struct lk_record *r,
                                  struct lk_error *err)
{
    TRY(json_only(v, "record", record_members, COUNT(record_members), err));
    unsigned kind, front_end;
    TRY(name(v, "kind", true, lk_kind_from_name, &kind, err));
    TRY(name(v, "front_end", false, lk_front_end_from_name, &front_end, err));
    int64_t time_ms = 0, x = MIDDLE, y = MIDDLE, size = WHOLE_SIZE, turn = 0, quality = -1;
    TRY(number(v, "time_ms", UINT32_MAX, &time_ms, err));
    TRY(number(v, "x", 255, &x, err));
    TRY(number(v, "y", 255, &y, err));
    TRY(number(v, "size", 255, &size, err));
    TRY(number(v, "turn", 255, &turn, err));
    TRY(number(v, "quality", 100, &quality, err));
    if (quality < 0)
        return FAIL(err, LK_INVALID, "quality is missing");
    size_t n = 0;
    const char *hex = json_get_text(v, "print", &n);
    if (hex == NULL)
        return FAIL(err, LK_INVALID, "print is missing or not a text");
    *r = (struct lk_record){
        .time_ms = (uint32_t)time_ms,
        .frame = {(uint8_t)x, (uint8_t)y, (uint8_t)size, (uint8_t)turn},
        .kind = (uint8_t)kind,
        .front_end = (uint8_t)front_end,
        .quality = (uint8_t)quality,
    };
    return lk_print_from_hex(&r->print, hex, n, err);
}

static enum lk_status read_digest(const struct json_tree *v, struct lk_digest *d,
                                  struct lk_error *err)
{
    TRY(json_only(v, "digest", digest_members, COUNT(digest_members), err));
    *d = (struct lk_digest){0};
    size_t n = 0;
    const char *type = json_get_text(v, "type", NULL);
    const char *value = json_get_text(v, "value", &n);
    for (uint8_t i = LK_DIGEST_KEYED_SHA256; type != NULL && i < COUNT(digest_kinds); i++)
        if (strcmp(type, digest_kinds[i].name) == 0)
            d->type = i;
    if (d->type == 0)
        return FAIL(err, LK_INVALID, "the type of a digest is md5, sha1 or keyed_sha256");
    size_t bytes = digest_kinds[d->type].n_bytes;
    if (value == NULL || n != 2 * bytes || !hex_decode(value, d->bytes, bytes))
        return FAIL(err, LK_INVALID, "the value of a digest of type %s has %zu hexadecimal digits",
                    type, 2 * bytes);
    return LK_OK;
}

static enum lk_status read_digests(const struct json_tree *list, struct lk_sequence *out,
                                   struct lk_error *err)
{
    if (list == NULL)
        return LK_OK;
    size_t n = json_array_length(list);
    if (!json_is_array(list) || n > LK_MAX_DIGESTS)
        return FAIL(err, LK_INVALID, "digests must be a list of at most %d", LK_MAX_DIGESTS);
    out->n_digests = (uint8_t)n;
    for (size_t i = 0; i < n; i++)
        TRY(read_digest(json_at(list, i), &out->digests[i], err));
    return LK_OK;
}

/* The same error, with the place in the list before it. */
static enum lk_status at(const char *what, size_t i, enum lk_status status, struct lk_error *err)
{
    if (status == LK_OK || err == NULL)
        return status;
    return FAIL(err, status, "%s %zu: %s", what, i, err->text);
}

enum lk_status sequence_json_read(const struct json_tree *tree, struct arena *arena,
                                  struct lk_sequence *out, struct lk_error *err)
{
    TRY(json_only(tree, "sequence", sequence_members, COUNT(sequence_members), err));
    struct lk_sequence sequence = {0};
    unsigned medium;
    TRY(name(tree, "medium", true, lk_medium_from_name, &medium, err));
    sequence.medium = (uint8_t)medium;
    int64_t duration_ms = 0;
    TRY(number(tree, "duration_ms", UINT32_MAX, &duration_ms, err));
    sequence.duration_ms = (uint32_t)duration_ms;

    const struct json_tree *list = json_get(tree, "records");
    size_t n = json_array_length(list);
    if ((list != NULL && !json_is_array(list)) || n > LK_MAX_RECORDS)
        return FAIL(err, LK_INVALID, "records must be a list of at most %d", LK_MAX_RECORDS);
    struct lk_record *records = arena_zalloc(arena, n, sizeof *records);
    if (records == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu records within the limit of a request", n);
    for (size_t i = 0; i < n; i++)
        TRY(at("record", i, read_record(json_at(list, i), &records[i], err), err));
    sequence.records = records;
    sequence.n_records = n;
    TRY(read_digests(json_get(tree, "digests"), &sequence, err));
    TRY(lk_sequence_check(&sequence, err));
    *out = sequence;
    return LK_OK;
}

enum lk_status sequence_json_read_list(const struct json_tree *list, size_t max,
                                       struct arena *arena, struct lk_sequence **out, size_t *n,
                                       struct lk_error *err)
{
    if (!json_is_array(list))
        return FAIL(err, LK_INVALID, "a list of sequences is expected");
    size_t count = json_array_length(list);
    if (count > max)
        return FAIL(err, LK_LIMIT, "%zu sequences; the limit is %zu", count, max);
    struct lk_sequence *sequences = arena_zalloc(arena, count, sizeof *sequences);
    if (sequences == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu sequences within the limit of a request",
                    count);
    for (size_t i = 0; i < count; i++)
        TRY(at("sequence", i, sequence_json_read(json_at(list, i), arena, &sequences[i], err),
               err));
    *out = sequences;
    *n = count;
    return LK_OK;
}
