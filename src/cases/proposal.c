#include "cases/proposal.h"

#include "base/err.h"
#include "base/url.h"
#include "cases/case_keys.h"
#include "cases/case_seal.h"
#include "cases/desk_act.h"
#include "cases/desk_inside.h"
#include "cases/place.h"
#include "store/proposal_rows.h"

#include <string.h>

enum { ARENA_BYTES = 8 << 20 };

struct proposing {
    struct registry *r;
    uint8_t id[STORE_ID_BYTES];
    struct case_row row;
    uint8_t key[SEAL_KEY_BYTES];
    const struct proposal_found *found; /* to add */
    bool dry;
    enum proposal_fate fate;
    struct arena *arena; /* to list */
    struct proposal *list;
    size_t n;
    int64_t settle; /* row, to settle; its state, and who decided */
    unsigned state;
    const struct staff_hand *by;
};

static enum lk_status open_case(struct store_tx *tx, struct proposing *p, struct lk_error *err)
{
    TRY(case_row_by_id(tx, p->id, &p->row, err));
    if (!p->row.has_keys)
        return FAIL(err, LK_CONFLICT, "the case is closed");
    return case_unwrap_by_master(p->r, p->row.public_id, p->row.key_by_master,
                                 sizeof p->row.key_by_master, p->key, err);
}

static size_t seal(const struct proposing *p, const char *text, uint8_t *out)
{
    size_t n = strlen(text);
    seal_put(p->key, LABEL_PLACE, (struct seal_part){p->id, sizeof p->id}, text, n, out);
    return n + SEAL_OVERHEAD_BYTES;
}

static enum lk_status count(void *ctx, const struct proposal_row *row, struct lk_error *err)
{
    size_t *n = ctx;
    (void)row, (void)err;
    ++*n;
    return LK_OK;
}

static enum lk_status insert(struct store_tx *tx, struct proposing *p, const uint8_t *hash,
                             struct lk_error *err)
{
    uint8_t place[PROPOSAL_MAX_URL_BYTES + SEAL_OVERHEAD_BYTES];
    uint8_t note[PROPOSAL_MAX_NOTE_BYTES + SEAL_OVERHEAD_BYTES];
    const struct proposal_found *found = p->found;
    size_t n_waiting = 0;
    TRY(proposal_rows_of_case(tx, p->row.row, PROPOSAL_OPEN, count, &n_waiting, err));
    if (n_waiting >= PROPOSAL_MAX_OF_CASE)
        return FAIL(err, LK_LIMIT, "%d proposed addresses of the case wait already: settle some",
                    PROPOSAL_MAX_OF_CASE);
    struct proposal_row row = {
        .case_row = p->row.row,
        .watch = found->watch,
        .entry = found->entry,
        .grade = found->grade,
        .found_ms = found->found_ms,
        .state = PROPOSAL_OPEN,
    };
    memcpy(row.place_hash, hash, sizeof row.place_hash);
    row.place = place;
    row.n_place = seal(p, found->url, place);
    if (found->note != NULL) {
        row.note = note;
        row.n_note = seal(p, found->note, note);
    }
    return proposal_row_add(tx, &row, err);
}

static enum lk_status add(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct proposing *p = ctx;
    uint8_t hash[SEAL_HASH_BYTES];
    bool proposed = false, noticed = false;
    TRY(open_case(tx, p, err));
    place_hash(p->r, p->found->url, hash);
    TRY(proposal_row_knows(tx, p->row.row, hash, &proposed, &noticed, err));
    p->fate = noticed ? PROPOSAL_NOTICED : proposed ? PROPOSAL_KNOWN : PROPOSAL_NEW;
    return p->dry || p->fate != PROPOSAL_NEW ? LK_OK : insert(tx, p, hash, err);
}

static enum lk_status check(const struct proposal_found *found, struct lk_error *err)
{
    char normal[URL_ROOM(PROPOSAL_MAX_URL_BYTES)];
    size_t n = strlen(found->url);
    if (n > PROPOSAL_MAX_URL_BYTES)
        return FAIL(err, LK_INVALID, "an address holds at most %d bytes, not %zu",
                    PROPOSAL_MAX_URL_BYTES, n);
    if (!url_normalise(found->url, n, normal))
        return FAIL(err, LK_INVALID, "this is no address that begins with http:// or https://");
    TRY(refusal_check_text(found->url, n, PROPOSAL_MAX_URL_BYTES, "an address", err));
    if (found->note == NULL)
        return LK_OK;
    return refusal_check_text(found->note, strlen(found->note), PROPOSAL_MAX_NOTE_BYTES, "a note",
                              err);
}

enum lk_status proposal_add(struct registry *r, const char *case_id,
                            const struct proposal_found *found, bool dry, enum proposal_fate *fate,
                            struct lk_error *err)
{
    struct proposing p = {.r = r, .found = found, .dry = dry};
    TRY(check(found, err));
    TRY(desk_parse_id(case_id, p.id, err));
    enum lk_status status =
        dry ? store_read(r->store, add, &p, err) : store_write(r->store, add, &p, err);
    seal_wipe(p.key, sizeof p.key);
    *fate = p.fate;
    return status;
}

static enum lk_status open_text(const struct proposing *p, const uint8_t *sealed, size_t n,
                                const char **out, struct lk_error *err)
{
    struct seal_part text = {0};
    TRY(case_open_text(p->arena, p->key, LABEL_PLACE, (struct seal_part){p->id, sizeof p->id},
                       sealed, n, &text, err));
    *out = text.p;
    return LK_OK;
}

static enum lk_status keep(void *ctx, const struct proposal_row *row, struct lk_error *err)
{
    struct proposing *p = ctx;
    if (p->n == PROPOSAL_MAX_OF_CASE)
        return LK_OK;
    struct proposal *out = &p->list[p->n++];
    *out = (struct proposal){
        .row = row->row,
        .found_ms = row->found_ms,
        .watch = row->watch,
        .entry = row->entry,
        .grade = row->grade,
        .state = row->state,
    };
    TRY(open_text(p, row->place, row->n_place, &out->url, err));
    return row->note == NULL ? LK_OK : open_text(p, row->note, row->n_note, &out->note, err);
}

static enum lk_status list(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct proposing *p = ctx;
    TRY(open_case(tx, p, err));
    return proposal_rows_of_case(tx, p->row.row, PROPOSAL_OPEN, keep, p, err);
}

enum lk_status proposal_list(struct registry *r, const char *case_id, struct arena *arena,
                             struct proposal **out, size_t *n, struct lk_error *err)
{
    struct proposing p = {.r = r, .arena = arena};
    TRY(desk_parse_id(case_id, p.id, err));
    p.list = arena_zalloc(arena, PROPOSAL_MAX_OF_CASE, sizeof *p.list);
    if (p.list == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the proposed addresses of a case");
    enum lk_status status = store_read(r->store, list, &p, err);
    seal_wipe(p.key, sizeof p.key);
    *out = p.list;
    *n = p.n;
    return status;
}

static enum lk_status settle(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct proposing *p = ctx;
    TRY(proposal_row_settle(tx, p->settle, p->state, err));
    if (p->state == PROPOSAL_TAKEN)
        return LK_OK; /* in the trail as an added address */
    TRY(case_row_by_id(tx, p->id, &p->row, err));
    return desk_act_put(tx, p->by, ACT_DECLINED_LINK, p->row.row, p->settle,
                        clock_now_ms(&p->r->clock), err);
}

static const struct proposal *find(const struct proposal *list, size_t n, int64_t row)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].row == row)
            return &list[i];
    return NULL;
}

static enum lk_status settle_one(struct registry *r, const struct staff_hand *by, unsigned state,
                                 const char *case_id, int64_t row, struct arena *arena,
                                 struct lk_error *err)
{
    struct proposal *all;
    size_t n = 0, n_added = 0;
    struct proposing p = {.r = r, .settle = row, .state = state, .by = by};
    TRY(desk_parse_id(case_id, p.id, err));
    TRY(proposal_list(r, case_id, arena, &all, &n, err));
    const struct proposal *found = find(all, n, row);
    if (found == NULL)
        return FAIL(err, LK_NOT_FOUND, "no proposed address of that number waits in this case");
    if (state == PROPOSAL_TAKEN)
        TRY(desk_case_add_links(r, by, case_id, found->url, &n_added, err));
    return store_write(r->store, settle, &p, err);
}

static enum lk_status settle_row(struct registry *r, const struct staff_hand *by, unsigned state,
                                 const char *case_id, int64_t row, struct lk_error *err)
{
    struct arena arena;
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = settle_one(r, by, state, case_id, row, &arena, err);
    arena_fini(&arena);
    return status;
}

enum lk_status proposal_take(struct registry *r, const struct staff_hand *by, const char *case_id,
                             int64_t row, struct lk_error *err)
{
    return settle_row(r, by, PROPOSAL_TAKEN, case_id, row, err);
}

enum lk_status proposal_decline(struct registry *r, const struct staff_hand *by,
                                const char *case_id, int64_t row, struct lk_error *err)
{
    return settle_row(r, by, PROPOSAL_DECLINED, case_id, row, err);
}
