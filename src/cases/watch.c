#include "cases/watch.h"
#include "cases/canary_inside.h"

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
    bool is_for_all; /* the pages of every case; then id counts not */
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

/* To what an address is sealed: its case, or nothing. */
static struct seal_part id_part(const uint8_t id[STORE_ID_BYTES])
{
    return (struct seal_part){id, STORE_ID_BYTES};
}

/* The key of a case, or that of the pages which are watched for every case. */
static enum lk_status find_key(const struct watching *w, int64_t case_row,
                               const uint8_t id[STORE_ID_BYTES],
                               const uint8_t key_by_master[CASE_WRAPPED_BYTES],
                               uint8_t key[SEAL_KEY_BYTES], struct lk_error *err)
{
    if (case_row != 0)
        return case_unwrap_by_master(w->r, id, key_by_master, CASE_WRAPPED_BYTES, key, err);
    memcpy(key, keys_get(w->r->keys, KEY_WATCH), SEAL_KEY_BYTES);
    return LK_OK;
}

/* The case that is meant; zeros: every case. */
static enum lk_status find_case(struct store_tx *tx, const struct watching *w, struct case_row *out,
                                struct lk_error *err)
{
    *out = (struct case_row){.has_keys = true};
    return w->is_for_all ? LK_OK : case_row_by_id(tx, w->id, out, err);
}

static enum lk_status add(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct watching *w = ctx;
    struct case_row row;
    uint8_t key[SEAL_KEY_BYTES], sealed[PROPOSAL_MAX_URL_BYTES + SEAL_OVERHEAD_BYTES];
    size_t n_watches = 0, n = strlen(w->url);
    const size_t most = w->is_for_all ? WATCH_MAX_OF_ALL : WATCH_MAX_OF_CASE;
    TRY(find_case(tx, w, &row, err));
    if (!row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    TRY(watch_rows_of_case(tx, row.row, count, &n_watches, err));
    if (n_watches >= most)
        return FAIL(err, LK_LIMIT, "at most %zu pages are watched for %s", most,
                    w->is_for_all ? "every case" : "a case");
    TRY(find_key(w, row.row, row.public_id, row.key_by_master, key, err));
    seal_put(key, LABEL_PLACE, id_part(row.public_id), w->url, n, sealed);
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

/* case_id NULL: every case. */
static enum lk_status mean(struct watching *w, const char *case_id, struct lk_error *err)
{
    w->is_for_all = case_id == NULL;
    return case_id == NULL ? LK_OK : desk_parse_id(case_id, w->id, err);
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
    TRY(mean(&w, case_id, err));
    return store_write(r->store, add, &w, err);
}

static enum lk_status delete_row(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    const struct watching *w = ctx;
    struct case_row row;
    TRY(find_case(tx, w, &row, err));
    return watch_row_delete(tx, row.row, w->row, err);
}

enum lk_status watch_remove(struct registry *r, const char *case_id, int64_t row,
                            struct lk_error *err)
{
    struct watching w = {.row = row};
    TRY(mean(&w, case_id, err));
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
    if (row->case_row != 0)
        hex_encode(row->public_id, STORE_ID_BYTES, out->case_id);
    TRY(find_key(w, row->case_row, row->public_id, row->key_by_master, key, err));
    enum lk_status status = case_open_text(w->arena, key, LABEL_PLACE, id_part(row->public_id),
                                           row->address, row->n_address, &url, err);
    seal_wipe(key, sizeof key);
    out->url = url.p;
    return status;
}

static enum lk_status list_case(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct watching *w = ctx;
    struct case_row row;
    TRY(find_case(tx, w, &row, err));
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
    struct watching w = {
        .r = r, .arena = arena, .most = case_id == NULL ? WATCH_MAX_OF_ALL : WATCH_MAX_OF_CASE};
    TRY(mean(&w, case_id, err));
    return read_list(&w, list_case, out, n, err);
}

enum lk_status watch_due(struct registry *r, struct arena *arena, struct watch **out, size_t *n,
                         struct lk_error *err)
{
    struct watching w = {
        .r = r, .arena = arena, .most = WATCH_MAX_DUE, .now_ms = clock_now_ms(&r->clock)};
    return read_list(&w, list_due, out, n, err);
}

struct hit {
    int64_t case_row, entry_row;
    char case_id[2 * STORE_ID_BYTES + 1];
    unsigned grade;
};

struct comparing {
    const struct watch *watch;
    const struct bank_matches *matches;
    struct hit hits[WATCH_MAX_CASES]; /* one a case */
    size_t n;
};

static bool is_new_case(const struct comparing *c, int64_t case_row)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->hits[i].case_row == case_row)
            return false;
    return c->n < WATCH_MAX_CASES;
}

/* Does a match with an entry count for this watch? */
static bool counts(const struct comparing *c, const struct entry_row *entry, unsigned grade)
{
    if (!entry->in_force || !is_new_case(c, entry->case_row))
        return false;
    return c->watch->case_row == 0 ? grade < LK_REVIEW : entry->case_row == c->watch->case_row;
}

/* The best match of each case that counts. */
static enum lk_status find_hits(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct comparing *c = ctx;
    for (size_t i = 0; i < c->matches->n; i++) {
        if (canary_is(&c->matches->p[i]))
            continue;
        unsigned grade = c->matches->p[i].verdict.grade;
        struct entry_row entry;
        struct case_row row;
        struct lk_error gone;
        enum lk_status status = entry_row_find(tx, c->matches->p[i].id, &entry, &gone);
        if (status != LK_OK && status != LK_NOT_FOUND)
            return FAIL(err, status, "%s", gone.text);
        if (status != LK_OK || !counts(c, &entry, grade))
            continue;
        TRY(case_row_get(tx, entry.case_row, &row, err));
        struct hit *hit = &c->hits[c->n++];
        *hit = (struct hit){.case_row = row.row, .entry_row = entry.row, .grade = grade};
        hex_encode(row.public_id, STORE_ID_BYTES, hit->case_id);
    }
    return LK_OK;
}

static enum lk_status propose(struct registry *r, const struct watch *watch, const struct hit *hit,
                              const char *media_url, struct lk_error *err)
{
    enum proposal_fate fate;
    const struct proposal_found proposal = {
        .url = media_url,
        .note = strlen(watch->url) <= PROPOSAL_MAX_NOTE_BYTES ? watch->url : NULL,
        .found_ms = clock_now_ms(&r->clock),
        .watch = watch->row,
        .entry = hit->entry_row,
        .grade = hit->grade,
    };
    return proposal_add(r, hit->case_id, &proposal, false, &fate, err);
}

/* What concerns one case alone keeps nothing from the others. */
static bool is_of_one_case(enum lk_status status)
{
    return status == LK_LIMIT || status == LK_CONFLICT || status == LK_NOT_FOUND;
}

enum lk_status watch_compare(struct registry *r, const struct watch *watch,
                             const struct lk_sequence *sequence, const char *media_url, bool *found,
                             struct lk_error *err)
{
    struct bank_matches matches = {0};
    struct comparing c = {.watch = watch, .matches = &matches};
    *found = false;
    TRY(registry_catch_up(r, err));
    TRY(bank_match(r->bank, sequence, 1, lk_alloc_heap(), &matches, err));
    enum lk_status status = store_read(r->store, find_hits, &c, err);
    bank_matches_free(lk_alloc_heap(), &matches);
    TRY(status);
    *found = c.n > 0;
    for (size_t i = 0; i < c.n; i++) {
        status = propose(r, watch, &c.hits[i], media_url, err);
        if (status != LK_OK && (watch->case_row != 0 || !is_of_one_case(status)))
            return status;
    }
    return LK_OK;
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
