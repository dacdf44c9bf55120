#include "cases/desk.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/case_seal.h"
#include "cases/desk_inside.h"

#include <string.h>

struct listing {
    struct arena *arena;
    struct desk_case *cases;
    size_t n;
};

static enum lk_status add_case(void *ctx, const struct text_case *c, struct lk_error *err)
{
    struct listing *l = ctx;
    (void)err;
    struct desk_case *out = &l->cases[l->n++];
    *out =
        (struct desk_case){.n_texts = c->n_texts, .is_waiting = c->is_waiting, .day_ms = c->day_ms};
    hex_encode(c->public_id, sizeof c->public_id, out->id);
    return LK_OK;
}

static enum lk_status list_cases(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return text_rows_cases(tx, CASE_MESSAGE, DESK_MAX_CASES, add_case, ctx, err);
}

enum lk_status desk_list(struct registry *r, struct arena *arena, struct desk_case **cases,
                         size_t *n, struct lk_error *err)
{
    struct listing l = {.arena = arena};
    l.cases = arena_zalloc(arena, DESK_MAX_CASES, sizeof *l.cases);
    if (l.cases == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the list of cases");
    TRY(store_read(r->store, list_cases, &l, err));
    *cases = l.cases;
    *n = l.n;
    return LK_OK;
}

struct reading {
    struct arena *arena;
    uint8_t id[STORE_ID_BYTES];
    uint8_t secret[SEAL_BOX_KEY_BYTES];
    struct case_written *texts;
    size_t n;
};

static enum lk_status add_text(void *ctx, const struct text_row *text, struct lk_error *err)
{
    struct reading *r = ctx;
    if (text->desk == NULL || r->n == CASE_MAX_TEXTS)
        return LK_OK;
    struct case_written *out = &r->texts[r->n++];
    *out = case_written_of(text);
    return case_open_box(r->arena, r->secret, text->desk, text->n_desk, out, err);
}

static enum lk_status read_case(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct reading *r = ctx;
    struct case_row row;
    TRY(case_row_by_id(tx, r->id, &row, err));
    return text_rows_of_case(tx, row.row, add_text, r, err);
}

enum lk_status desk_read(struct registry *r, const char *id, struct arena *arena,
                         struct case_written **texts, size_t *n, struct lk_error *err)
{
    struct reading reading = {.arena = arena};
    uint8_t public_key[SEAL_BOX_KEY_BYTES];
    if (!r->has_desk_secret)
        return FAIL(err, LK_UNSUPPORTED, "the desk's secret key is not kept here");
    TRY(desk_parse_id(id, reading.id, err));
    reading.texts = arena_zalloc(arena, CASE_MAX_TEXTS, sizeof *reading.texts);
    if (reading.texts == NULL)
        return FAIL(err, LK_NOMEM, "no memory to read a case");
    seal_box_of_seed(keys_get(r->keys, KEY_DESK), public_key, reading.secret);
    enum lk_status status = store_read(r->store, read_case, &reading, err);
    seal_wipe(reading.secret, sizeof reading.secret);
    *texts = reading.texts;
    *n = reading.n;
    return status;
}
