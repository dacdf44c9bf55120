#include "cases/again.h"
#include "cases/case.h"
#include "cases/case_seal.h"
#include "store/desk_rows.h"

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

/* A case ready to be written. */
struct opening {
    struct registry *r;
    const struct again *again;
    struct case_row row;
    struct entry_row entries[CASE_MAX_ITEMS];
    size_t n_entries;
    struct text_row texts[CASE_MAX_TEXTS];
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
    o->n_texts = q->n_texts;
    return case_seal_texts(o->r, arena, &o->row, q->texts, q->n_texts, TEXT_BY_PERSON, o->texts,
                           err);
}

static void wrap_own(struct opening *o, const struct case_request *q,
                     const uint8_t kek[SEAL_KEY_BYTES])
{
    uint8_t own_public[SEAL_BOX_KEY_BYTES], own_secret[SEAL_BOX_KEY_BYTES];
    if (q->own_secret != NULL)
        memcpy(own_secret, q->own_secret, sizeof own_secret);
    else
        seal_box_new(own_public, own_secret);
    case_wrap_own(&o->row, kek, own_secret);
    o->row.has_recovery = q->wants_recovery;
    if (q->wants_recovery)
        seal_box_put(o->r->desk_public, own_secret, sizeof own_secret, o->row.recovery);
    seal_wipe(own_secret, sizeof own_secret);
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
        wrap_own(o, q, secret.kek);
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
    enum lk_status status = case_row_add(tx, &o->row, err);
    o->collided = status == LK_CONFLICT;
    TRY(status);
    for (size_t i = 0; i < o->n_entries; i++)
        o->entries[i].case_row = o->row.row;
    TRY(entry_rows_add(tx, o->entries, o->n_entries, err));
    for (size_t i = 0; i < o->n_texts; i++) {
        o->texts[i].case_row = o->row.row;
        TRY(text_row_add(tx, &o->texts[i], err));
    }
    TRY(desk_row_refresh(tx, o->row.row, o->row.opened_day_ms, err));
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
    if (request->n_sequences == 0 && request->n_texts == 0 && !request->may_be_empty)
        return FAIL(err, LK_INVALID, "a case needs at least one item or text");
    TRY(case_check_items(request, err));
    TRY(case_check_texts(request, err));
    TRY(again_init(r, "case", 0, &request->idempotency, &again, err));
    enum lk_status status = open_new(r, request, &again, out, err);
    seal_wipe(&again, sizeof again);
    TRY(status);
    registry_committed(r);
    if (!out->repeated)
        registry_add_count(r, COUNT_CASES_OPENED, 1);
    return LK_OK;
}
