#include "cases/again.h"
#include "cases/case.h"
#include "cases/case_seal.h"

#include "base/err.h"
#include "sys/rand.h"

#include <string.h>

enum {
    MAX_DRAWS = 16, /* 8 digits: even with a million cases, one draw in a hundred collides */
    ARENA_BYTES = 32 << 20,
    RESULT_BYTES = CODE_TEXT_BYTES + 4 + 8
};

/* What an idempotency row keeps: code text, n_items u32, expires_ms i64, little-endian. */
static void pack_result(const struct case_opened *o, uint8_t out[RESULT_BYTES])
{
    memcpy(out, o->code, CODE_TEXT_BYTES);
    for (int i = 0; i < 4; i++)
        out[CODE_TEXT_BYTES + i] = (uint8_t)(o->n_items >> (8 * i));
    for (int i = 0; i < 8; i++)
        out[CODE_TEXT_BYTES + 4 + i] = (uint8_t)((uint64_t)o->expires_ms >> (8 * i));
}

static void unpack_result(const uint8_t in[RESULT_BYTES], struct case_opened *o)
{
    uint64_t n = 0, ms = 0;
    memcpy(o->code, in, CODE_TEXT_BYTES);
    for (int i = 3; i >= 0; i--)
        n = n << 8 | in[CODE_TEXT_BYTES + i];
    for (int i = 7; i >= 0; i--)
        ms = ms << 8 | in[CODE_TEXT_BYTES + 4 + i];
    o->n_items = (size_t)n;
    o->expires_ms = (int64_t)ms;
    o->repeated = true;
}

static enum lk_status check_items(const struct case_request *q, struct lk_error *err)
{
    if (q->n_sequences == 0)
        return FAIL(err, LK_INVALID, "a case needs at least one item");
    if (q->n_sequences > CASE_MAX_ITEMS)
        return FAIL(err, LK_LIMIT, "%zu items are more than the %d that one case holds",
                    q->n_sequences, CASE_MAX_ITEMS);
    size_t n_records = 0;
    for (size_t i = 0; i < q->n_sequences; i++) {
        struct lk_error why;
        const struct lk_sequence *s = &q->sequences[i];
        enum lk_status status = registry_refusal(s, &why);
        if (status != LK_OK)
            return FAIL(err, status, "item %zu: %s", i + 1, why.text);
        n_records += s->n_records;
    }
    if (n_records > CASE_MAX_TOTAL_RECORDS)
        return FAIL(err, LK_LIMIT, "%zu prints are more than the %d that one case holds", n_records,
                    CASE_MAX_TOTAL_RECORDS);
    return LK_OK;
}

static enum lk_status check_texts(const struct case_request *q, struct lk_error *err)
{
    if (q->n_locations > CASE_MAX_LOCATIONS)
        return FAIL(err, LK_LIMIT, "%zu locations are more than the %d that one case holds",
                    q->n_locations, CASE_MAX_LOCATIONS);
    for (size_t i = 0; i < q->n_locations; i++) {
        struct lk_error why;
        const struct case_text *text = &q->locations[i];
        if (text->n == 0)
            return FAIL(err, LK_INVALID, "location %zu is empty", i + 1);
        enum lk_status status =
            refusal_check_text(text->text, text->n, CASE_MAX_LOCATION_BYTES, "the text", &why);
        if (status != LK_OK)
            return FAIL(err, status, "location %zu: %s", i + 1, why.text);
    }
    return refusal_check_text(q->note.text, q->note.n, CASE_MAX_NOTE_BYTES, "the note", err);
}

/* A case ready to be written. */
struct opening {
    struct registry *r;
    const struct again *again;
    struct case_row row;
    struct entry_row entries[CASE_MAX_ITEMS];
    size_t n_entries;
    struct seal_part texts[CASE_MAX_LOCATIONS + 1]; /* the note first */
    size_t n_texts;
    struct case_opened out;
    bool collided;
};

static enum lk_status seal_all(struct arena *arena, const struct case_request *q,
                               const uint8_t key[SEAL_KEY_BYTES], struct opening *o,
                               struct lk_error *err)
{
    for (size_t i = 0; i < q->n_sequences; i++)
        TRY(case_seal_entry(arena, key, &q->sequences[i], (unsigned)i + 1, &o->entries[i], err));
    o->n_entries = q->n_sequences;
    o->texts[0] = (struct seal_part){NULL, 0};
    if (q->note.n > 0)
        TRY(case_seal_text(arena, key, o->row.public_id, 0, &q->note, &o->texts[0], err));
    for (size_t i = 0; i < q->n_locations; i++)
        TRY(case_seal_text(arena, key, o->row.public_id, (unsigned)i + 1, &q->locations[i],
                           &o->texts[i + 1], err));
    o->n_texts = q->n_locations + 1;
    return LK_OK;
}

/* Draws a code and everything that hangs on it. */
static enum lk_status prepare(struct arena *arena, const struct case_request *q, struct opening *o,
                              struct lk_error *err)
{
    struct code code;
    struct case_secret secret;
    uint8_t key[SEAL_KEY_BYTES];
    code_draw(&code);
    case_row_begin(o->r, &o->row);
    o->row.has_code = true;
    rand_bytes(o->row.salt, sizeof o->row.salt);
    case_lookup(o->r, &code, o->row.lookup_hash);
    enum lk_status status = case_stretch(o->r, &code, o->row.salt, &secret, err);
    if (status == LK_OK) {
        rand_bytes(key, sizeof key);
        memcpy(o->row.verifier, secret.verifier, sizeof secret.verifier);
        case_wrap(o->r, &o->row, secret.kek, key);
        status = seal_all(arena, q, key, o, err);
        code_format(&code, o->out.code);
        o->out.n_items = q->n_sequences;
        o->out.expires_ms = o->row.expires_ms;
    }
    seal_wipe(&code, sizeof code);
    seal_wipe(&secret, sizeof secret);
    seal_wipe(key, sizeof key);
    return status;
}

static enum lk_status look(struct store_tx *tx, struct opening *o, bool *found,
                           struct lk_error *err)
{
    uint8_t result[RESULT_BYTES];
    TRY(again_look(o->r, tx, o->again, result, sizeof result, found, err));
    if (*found)
        unpack_result(result, &o->out);
    seal_wipe(result, sizeof result);
    return LK_OK;
}

static enum lk_status look_first(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    bool found = false;
    return look(tx, ctx, &found, err);
}

static enum lk_status write_case(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct opening *o = ctx;
    uint8_t result[RESULT_BYTES];
    bool found = false;
    TRY(look(tx, o, &found, err));
    if (found)
        return LK_OK;
    enum lk_status status = case_row_add(tx, &o->row, o->texts[0].p, o->texts[0].n, err);
    o->collided = status == LK_CONFLICT;
    TRY(status);
    for (size_t i = 0; i < o->n_entries; i++)
        o->entries[i].case_row = o->row.row;
    TRY(entry_rows_add(tx, o->entries, o->n_entries, err));
    for (size_t i = 1; i < o->n_texts; i++)
        TRY(location_row_add(tx, o->row.row, (unsigned)i, o->texts[i].p, o->texts[i].n, err));
    pack_result(&o->out, result);
    status = again_keep(o->r, tx, o->again, result, sizeof result, err);
    seal_wipe(result, sizeof result);
    return status;
}

static enum lk_status open_drawn(const struct case_request *q, struct opening *o,
                                 struct lk_error *err)
{
    enum lk_status status = LK_OK;
    for (int i = 0; i < MAX_DRAWS; i++) {
        struct arena arena;
        arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
        o->collided = false;
        status = prepare(&arena, q, o, err);
        if (status == LK_OK)
            status = store_write(o->r->store, write_case, o, err);
        arena_fini(&arena);
        if (!o->collided)
            break;
    }
    return status;
}

static enum lk_status open_new(struct registry *r, const struct case_request *q,
                               const struct again *again, struct case_opened *out,
                               struct lk_error *err)
{
    const struct lk_alloc *heap = lk_alloc_heap();
    struct opening *o = heap->alloc(NULL, sizeof *o);
    if (o == NULL)
        return FAIL(err, LK_NOMEM, "no memory to open a case");
    memset(o, 0, sizeof *o);
    o->r = r;
    o->again = again;
    enum lk_status status = again->asked ? store_read(r->store, look_first, o, err) : LK_OK;
    if (status == LK_OK && !o->out.repeated)
        status = open_drawn(q, o, err);
    if (status == LK_OK)
        *out = o->out;
    seal_wipe(o, sizeof *o);
    heap->free(NULL, o, sizeof *o);
    return status;
}

enum lk_status case_open(struct registry *r, const struct case_request *request,
                         struct case_opened *out, struct lk_error *err)
{
    struct again again;
    TRY(check_items(request, err));
    TRY(check_texts(request, err));
    TRY(again_init(r, "case", 0, &request->idempotency, &again, err));
    enum lk_status status = open_new(r, request, &again, out, err);
    seal_wipe(&again, sizeof again);
    TRY(status);
    registry_committed(r);
    if (!out->repeated)
        registry_add_count(r, COUNT_CASES_OPENED, 1);
    return LK_OK;
}
