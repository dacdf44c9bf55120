#include "cases/case.h"
#include "cases/case_seal.h"

#include "base/err.h"

struct collecting {
    const struct case_access *access;
    struct arena *arena;
    struct case_prints *out;
};

static enum lk_status add_entry(void *ctx, const struct entry_row *entry, struct lk_error *err)
{
    struct collecting *c = ctx;
    if (c->out->n == CASE_MAX_ITEMS)
        return FAIL(err, LK_LIMIT, "the case has more than %d items", CASE_MAX_ITEMS);
    c->out->items[c->out->n].number = entry->number;
    return case_open_entry(c->arena, c->access->key, entry->public_id, entry->record,
                           entry->n_record, &c->out->items[c->out->n++].sequence, err);
}

static enum lk_status read_entries(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct collecting *c = ctx;
    return entry_rows_records(tx, c->access->case_id, add_entry, ctx, err);
}

enum lk_status case_prints(struct registry *r, const struct case_access *access,
                           struct arena *arena, struct case_prints *out, struct lk_error *err)
{
    struct collecting c = {access, arena, out};
    *out = (struct case_prints){arena_zalloc(arena, CASE_MAX_ITEMS, sizeof *out->items), 0};
    if (out->items == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the prints of a case");
    return access->has_key ? store_read(r->store, read_entries, &c, err) : LK_OK;
}
