/* Adding to an open case. Entries are sealed under the case's key, texts to the person's own key
 * and the desk's; a case from before there were own keys takes no more texts. */
#include "cases/case.h"
#include "cases/case_seal.h"
#include "store/desk_rows.h"

#include "base/err.h"

enum { ARENA_BYTES = 32 << 20 };

struct adding {
    struct registry *r;
    const struct case_access *access;
    const struct case_request *request;
    struct arena arena;
    struct case_row row;
    struct entry_row *entries;
    struct text_row *texts;
};

static enum lk_status read_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct adding *a = ctx;
    return case_row_get(tx, a->access->case_id, &a->row, err);
}

static enum lk_status check_open(const struct adding *a, struct lk_error *err)
{
    if (!a->row.has_keys || !a->access->has_key)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    if (a->request->n_texts > 0 && !a->row.has_own)
        return FAIL(err, LK_CONFLICT, "this case is older than its kind of texts: open a new one");
    return LK_OK;
}

static enum lk_status seal_all(struct adding *a, struct lk_error *err)
{
    const struct case_request *q = a->request;
    a->entries = arena_zalloc(&a->arena, q->n_sequences + 1, sizeof *a->entries);
    a->texts = arena_zalloc(&a->arena, q->n_texts + 1, sizeof *a->texts);
    if (a->entries == NULL || a->texts == NULL)
        return FAIL(err, LK_NOMEM, "no memory to add to the case");
    for (size_t i = 0; i < q->n_sequences; i++) {
        TRY(case_seal_entry(&a->arena, a->access->key, &q->sequences[i], 0, &a->entries[i], err));
        a->entries[i].case_row = a->row.row;
    }
    return case_seal_texts(a->r, &a->arena, &a->row, q->texts, q->n_texts, TEXT_BY_PERSON, a->texts,
                           err);
}

static enum lk_status write_all(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct adding *a = ctx;
    const struct case_request *q = a->request;
    size_t n_entries = 0, n_texts = 0;
    TRY(case_row_get(tx, a->access->case_id, &a->row, err));
    TRY(check_open(a, err)); /* it may have been closed meanwhile */
    TRY(entry_rows_count(tx, a->row.row, &n_entries, err));
    TRY(text_rows_count(tx, a->row.row, &n_texts, err));
    if (n_entries + q->n_sequences > CASE_MAX_ITEMS || n_texts + q->n_texts > CASE_MAX_TEXTS)
        return FAIL(err, LK_LIMIT, "one case holds %d items and %d texts", CASE_MAX_ITEMS,
                    CASE_MAX_TEXTS);
    for (size_t i = 0; i < q->n_sequences; i++)
        a->entries[i].number = (unsigned)(n_entries + i + 1);
    if (q->n_sequences > 0)
        TRY(entry_rows_add(tx, a->entries, q->n_sequences, err));
    for (size_t i = 0; i < q->n_texts; i++)
        TRY(text_row_add(tx, &a->texts[i], err));
    return desk_row_refresh(tx, a->row.row, clock_day_start_ms(clock_now_ms(&a->r->clock)), err);
}

static enum lk_status add(struct adding *a, struct lk_error *err)
{
    TRY(store_read(a->r->store, read_row, a, err));
    TRY(check_open(a, err));
    TRY(seal_all(a, err));
    return store_write(a->r->store, write_all, a, err);
}

enum lk_status case_add(struct registry *r, const struct case_access *access,
                        const struct case_request *request, struct lk_error *err)
{
    struct adding a = {.r = r, .access = access, .request = request};
    if (request->n_sequences == 0 && request->n_texts == 0)
        return FAIL(err, LK_INVALID, "there is nothing to add");
    TRY(case_check_items(request, err));
    TRY(case_check_texts(request, err));
    arena_init(&a.arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = add(&a, err);
    arena_fini(&a.arena);
    if (status == LK_OK && request->n_sequences > 0)
        registry_committed(r);
    return status;
}
