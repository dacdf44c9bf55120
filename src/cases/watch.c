#include "cases/watch.h"

#include "base/err.h"
#include "base/hex.h"
#include "base/url.h"
#include "cases/case_seal.h"
#include "cases/desk_inside.h"
#include "cases/proposal.h"
#include "store/entry_rows.h"
#include "store/watch_rows.h"

#include <string.h>

struct watching {
    struct registry *r;
    uint8_t id[STORE_ID_BYTES];
    const char *url;
    int64_t every_ms, now_ms, row;
    struct arena *arena;
    struct watch *list;
    size_t n, most;
};

static enum lk_status count(void *ctx, const struct watch_row *row, struct lk_error *err)
{
    size_t *n = ctx;
    (void)row, (void)err;
    ++*n;
    return LK_OK;
}

static enum lk_status add(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct watching *w = ctx;
    struct case_row row;
    uint8_t key[SEAL_KEY_BYTES], sealed[PROPOSAL_MAX_URL_BYTES + SEAL_OVERHEAD_BYTES];
    size_t n_watches = 0, n = strlen(w->url);
    TRY(case_row_by_id(tx, w->id, &row, err));
    if (!row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    TRY(watch_rows_of_case(tx, row.row, count, &n_watches, err));
    if (n_watches >= WATCH_MAX_OF_CASE)
        return FAIL(err, LK_LIMIT, "a case watches at most %d pages", WATCH_MAX_OF_CASE);
    TRY(case_unwrap_by_master(w->r, row.public_id, row.key_by_master, sizeof row.key_by_master, key,
                              err));
    seal_put(key, LABEL_PLACE, (struct seal_part){row.public_id, STORE_ID_BYTES}, w->url, n,
             sealed);
    seal_wipe(key, sizeof key);
    struct watch_row watch = {
        .case_row = row.row,
        .address = sealed,
        .n_address = n + SEAL_OVERHEAD_BYTES,
        .every_ms = w->every_ms,
        .next_ms = w->now_ms,
    };
    return watch_row_add(tx, &watch, err);
}

enum lk_status watch_add(struct registry *r, const char *case_id, const char *url, int64_t every_ms,
                         struct lk_error *err)
{
    struct watching w = {
        .r = r, .url = url, .every_ms = every_ms, .now_ms = clock_now_ms(&r->clock)};
    char normal[URL_ROOM(PROPOSAL_MAX_URL_BYTES)];
    size_t n = strlen(url);
    if (n > PROPOSAL_MAX_URL_BYTES || !url_normalise(url, n, normal))
        return FAIL(err, LK_INVALID,
                    "a page to watch begins with http:// or https:// and has at "
                    "most %d bytes",
                    PROPOSAL_MAX_URL_BYTES);
    TRY(desk_parse_id(case_id, w.id, err));
    return store_write(r->store, add, &w, err);
}

static enum lk_status delete_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct watching *w = ctx;
    struct case_row row;
    TRY(case_row_by_id(tx, w->id, &row, err));
    return watch_row_delete(tx, row.row, w->row, err);
}

enum lk_status watch_remove(struct registry *r, const char *case_id, int64_t row,
                            struct lk_error *err)
{
    struct watching w = {.row = row};
    TRY(desk_parse_id(case_id, w.id, err));
    return store_write(r->store, delete_row, &w, err);
}

static enum lk_status keep(void *ctx, const struct watch_row *row, struct lk_error *err)
{
    struct watching *w = ctx;
    uint8_t key[SEAL_KEY_BYTES];
    struct seal_part url = {0};
    if (w->n == w->most)
        return LK_OK;
    struct watch *out = &w->list[w->n++];
    *out = (struct watch){
        .row = row->row,
        .case_row = row->case_row,
        .every_ms = row->every_ms,
        .looked_ms = row->looked_ms,
        .result = row->result,
        .n_media = row->n_media,
        .n_found = row->n_found,
    };
    hex_encode(row->public_id, STORE_ID_BYTES, out->case_id);
    TRY(case_unwrap_by_master(w->r, row->public_id, row->key_by_master, sizeof row->key_by_master,
                              key, err));
    enum lk_status status = case_open_text(w->arena, key, LABEL_PLACE,
                                           (struct seal_part){row->public_id, STORE_ID_BYTES},
                                           row->address, row->n_address, &url, err);
    seal_wipe(key, sizeof key);
    out->url = url.p;
    return status;
}

static enum lk_status list_case(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct watching *w = ctx;
    struct case_row row;
    TRY(case_row_by_id(tx, w->id, &row, err));
    return watch_rows_of_case(tx, row.row, keep, w, err);
}

static enum lk_status list_due(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct watching *w = ctx;
    return watch_rows_due(tx, w->now_ms, w->most, keep, w, err);
}

static enum lk_status read_list(struct watching *w, store_fn *fn, struct watch **out, size_t *n,
                                struct lk_error *err)
{
    w->list = arena_zalloc(w->arena, w->most, sizeof *w->list);
    if (w->list == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the pages that are watched");
    TRY(store_read(w->r->store, fn, w, err));
    *out = w->list;
    *n = w->n;
    return LK_OK;
}

enum lk_status watch_list(struct registry *r, const char *case_id, struct arena *arena,
                          struct watch **out, size_t *n, struct lk_error *err)
{
    struct watching w = {.r = r, .arena = arena, .most = WATCH_MAX_OF_CASE};
    TRY(desk_parse_id(case_id, w.id, err));
    return read_list(&w, list_case, out, n, err);
}

enum lk_status watch_due(struct registry *r, struct arena *arena, struct watch **out, size_t *n,
                         struct lk_error *err)
{
    struct watching w = {
        .r = r, .arena = arena, .most = WATCH_MAX_DUE, .now_ms = clock_now_ms(&r->clock)};
    return read_list(&w, list_due, out, n, err);
}

struct comparing {
    const struct watch *watch;
    const struct bank_matches *hits;
    struct entry_row entry;
    unsigned grade; /* 0: none of the case's */
};

/* The best hit that is an entry of the case, in force. */
static enum lk_status find_own(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct comparing *c = ctx;
    c->grade = 0;
    for (size_t i = 0; i < c->hits->n && c->grade == 0; i++) {
        struct lk_error gone;
        enum lk_status status = entry_row_find(tx, c->hits->p[i].id, &c->entry, &gone);
        if (status != LK_OK && status != LK_NOT_FOUND)
            return FAIL(err, status, "%s", gone.text);
        if (status == LK_OK && c->entry.case_row == c->watch->case_row && c->entry.in_force)
            c->grade = c->hits->p[i].verdict.grade;
    }
    return LK_OK;
}

enum lk_status watch_compare(struct registry *r, const struct watch *watch,
                             const struct lk_sequence *sequence, const char *media_url, bool *found,
                             struct lk_error *err)
{
    struct bank_matches hits = {0};
    struct comparing c = {.watch = watch, .hits = &hits};
    enum proposal_fate fate;
    *found = false;
    TRY(registry_catch_up(r, err));
    TRY(bank_match(r->bank, sequence, 1, lk_alloc_heap(), &hits, err));
    enum lk_status status = store_read(r->store, find_own, &c, err);
    bank_matches_free(lk_alloc_heap(), &hits);
    if (status != LK_OK || c.grade == 0)
        return status;
    *found = true;
    const struct proposal_found proposal = {
        .url = media_url,
        .note = strlen(watch->url) <= PROPOSAL_MAX_NOTE_BYTES ? watch->url : NULL,
        .found_ms = clock_now_ms(&r->clock),
        .watch = watch->row,
        .entry = c.entry.row,
        .grade = c.grade,
    };
    return proposal_add(r, watch->case_id, &proposal, false, &fate, err);
}

static enum lk_status note(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return watch_row_note(tx, ctx, err);
}

enum lk_status watch_note(struct registry *r, const struct watch *watch, struct lk_error *err)
{
    int64_t now_ms = clock_now_ms(&r->clock);
    struct watch_row row = {
        .row = watch->row,
        .next_ms = now_ms + watch->every_ms,
        .looked_ms = now_ms,
        .result = watch->result,
        .n_media = watch->n_media,
        .n_found = watch->n_found,
    };
    return store_write(r->store, note, &row, err);
}
