#include "exchange/query_read.h"

#include "base/err.h"
#include "exchange/sequence_json.h"

enum { JSON_MAX_QUERIES = 1000, PRINT_QUALITY = 100, MIDDLE = 128, WHOLE_SIZE = 255 };

static enum lk_status no_memory(struct lk_error *err)
{
    return FAIL(err, LK_NOMEM, "no memory for queries of this size: ask for fewer at once");
}

struct lk_record query_bare_record(void)
{
    return (struct lk_record){.frame = {MIDDLE, MIDDLE, WHOLE_SIZE, 0},
                              .kind = LK_WHOLE,
                              .front_end = LK_FULLRES,
                              .quality = PRINT_QUALITY};
}

/* ---- bare prints: "hex", or {"print", "quality", "front_end"} ---- */

static enum lk_status read_print(const struct json_tree *v, struct lk_record *r,
                                 struct lk_error *err)
{
    static const char *const members[] = {"print", "quality", "front_end"};
    size_t n = 0, n_name = 0;
    int64_t quality = PRINT_QUALITY;
    unsigned front_end = LK_FULLRES;
    const char *hex = json_as_text(v, &n);
    if (hex == NULL) {
        TRY(json_only(v, "print", members, sizeof members / sizeof members[0], err));
        const struct json_tree *q = json_get(v, "quality");
        if (q != NULL && !json_as_int(q, 0, 100, &quality))
            return FAIL(err, LK_INVALID, "quality must be a whole number from 0 to 100");
        const char *name = json_get_text(v, "front_end", &n_name);
        if (json_get(v, "front_end") != NULL)
            front_end = name == NULL ? 0 : lk_front_end_from_name(name, n_name);
        if (front_end == 0 || front_end > LK_SCALED)
            return FAIL(err, LK_INVALID, "front_end is fullres, ref512 or scaled");
        hex = json_get_text(v, "print", &n);
        if (hex == NULL)
            return FAIL(err, LK_INVALID, "print is missing or not a text");
    }
    *r = query_bare_record();
    r->front_end = (uint8_t)front_end;
    r->quality = (uint8_t)quality;
    return lk_print_from_hex(&r->print, hex, n, err);
}

static enum lk_status read_prints(const struct json_tree *list, struct arena *arena,
                                  struct queries *out, struct lk_error *err)
{
    size_t n = json_array_length(list);
    if (!json_is_array(list))
        return FAIL(err, LK_INVALID, "prints must be a list");
    if (n > JSON_MAX_QUERIES)
        return FAIL(err, LK_LIMIT, "%zu prints; the limit of a JSON request is %d", n,
                    JSON_MAX_QUERIES);
    struct lk_record *records = arena_zalloc(arena, n, sizeof *records);
    struct lk_sequence *sequences = arena_zalloc(arena, n, sizeof *sequences);
    if (records == NULL || sequences == NULL)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        struct lk_error why = {0};
        enum lk_status status = read_print(json_at(list, i), &records[i], &why);
        if (status != LK_OK)
            return FAIL(err, status, "print %zu: %s", i, why.text);
        sequences[i] =
            (struct lk_sequence){.medium = LK_IMAGE, .records = &records[i], .n_records = 1};
    }
    out->sequences = sequences;
    out->n = n;
    return LK_OK;
}

static enum lk_status read_refs(const struct json_tree *list, struct arena *arena,
                                struct queries *out, struct lk_error *err)
{
    if (json_is_null(list))
        return LK_OK;
    if (json_array_length(list) != out->n)
        return FAIL(err, LK_INVALID, "refs must be a list as long as the queries: %zu", out->n);
    struct match_ref *refs = arena_zalloc(arena, out->n, sizeof *refs);
    if (refs == NULL)
        return no_memory(err);
    for (size_t i = 0; i < out->n; i++) {
        const struct json_tree *v = json_at(list, i);
        refs[i].text = json_as_text(v, &refs[i].n);
        bool good = refs[i].text != NULL ? refs[i].n >= 1 && refs[i].n <= MATCH_MAX_REF_BYTES
                                         : json_is_null(v);
        if (!good)
            return FAIL(err, LK_INVALID, "ref %zu must be null or a text of 1 to %d bytes", i,
                        MATCH_MAX_REF_BYTES);
    }
    out->refs = refs;
    return LK_OK;
}

enum lk_status query_read_json(const struct json_tree *tree, struct arena *arena,
                               struct queries *out, struct lk_error *err)
{
    static const char *const members[] = {"sequences", "prints", "refs"};
    TRY(json_only(tree, "match", members, sizeof members / sizeof members[0], err));
    const struct json_tree *list = json_get(tree, "sequences");
    const struct json_tree *prints = json_get(tree, "prints");
    if ((list == NULL) == (prints == NULL))
        return FAIL(err, LK_INVALID, "either sequences or prints is needed, not both");
    struct lk_sequence *sequences;
    if (list != NULL) {
        TRY(sequence_json_read_list(list, JSON_MAX_QUERIES, arena, &sequences, &out->n, err));
        out->sequences = sequences;
    } else {
        TRY(read_prints(prints, arena, out, err));
    }
    return read_refs(json_get(tree, "refs"), arena, out, err);
}

/* ---- the binary message ---- */

enum lk_status query_read_message(const void *bytes, size_t n, struct arena *arena,
                                  struct queries *out, struct lk_error *err)
{
    struct lk_message m;
    TRY(lk_message_begin(bytes, n, &m, err));
    if (m.n_sequences > MATCH_MAX_QUERIES)
        return FAIL(err, LK_LIMIT, "%zu sequences; the limit is %d", m.n_sequences,
                    MATCH_MAX_QUERIES);
    size_t room = m.n_bytes / LK_RECORD_MIN_BYTES;
    struct lk_record *records = arena_zalloc(arena, room, sizeof *records);
    struct lk_sequence *sequences = arena_zalloc(arena, m.n_sequences, sizeof *sequences);
    if (records == NULL || sequences == NULL)
        return no_memory(err);
    for (size_t i = 0; i < m.n_sequences; i++) {
        TRY(lk_message_next(&m, records, room, &sequences[i], err));
        records += sequences[i].n_records;
        room -= sequences[i].n_records;
    }
    out->sequences = sequences;
    out->n = m.n_sequences;
    return LK_OK;
}
