#include "cases/canary.h"

#include "base/err.h"
#include "cases/canary_inside.h"
#include "cases/canary_picture.h"
#include "cases/case_seal.h"
#include "store/canary_rows.h"
#include "store/feed_rows.h"
#include "store/partner_rows.h"
#include "sys/rand.h"

#include <string.h>

enum { ARENA_BYTES = 64 << 20, NEAR_BITS = 2 };

/* ---- making and taking back ---- */

struct making {
    const char *name;
    struct case_row row;
    struct entry_row *entries;
    size_t n;
    int64_t now_ms;
};

static enum lk_status find_partner(struct store_tx *tx, const char *name, int64_t *row,
                                   struct lk_error *err)
{
    struct lk_error missing;
    enum lk_status status = partner_row_named(tx, name, PARTNER_PLATFORM, row, &missing);
    if (status == LK_NOT_FOUND)
        status = partner_row_named(tx, name, PARTNER_PEER, row, &missing);
    if (status == LK_NOT_FOUND)
        return FAIL(err, LK_NOT_FOUND,
                    "no platform and no bank of another country with a key is named '%.100s'",
                    name);
    return status == LK_OK ? LK_OK : FAIL(err, status, "%s", missing.text);
}

static enum lk_status write_all(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct making *m = ctx;
    int64_t partner = 0;
    TRY(find_partner(tx, m->name, &partner, err));
    TRY(case_row_add(tx, &m->row, err));
    for (size_t i = 0; i < m->n; i++) {
        m->entries[i].case_row = m->row.row;
        m->entries[i].scope = FEED_SCOPE_ONLY | (uint32_t)partner;
    }
    TRY(entry_rows_add(tx, m->entries, m->n, err));
    for (size_t i = 0; i < m->n; i++) {
        struct entry_row entry;
        TRY(entry_row_find(tx, m->entries[i].public_id, &entry, err));
        TRY(canary_row_add(tx, entry.row, partner, m->now_ms, err));
    }
    return LK_OK;
}

static enum lk_status seal_all(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                               struct making *m, struct lk_error *err)
{
    for (size_t i = 0; i < m->n; i++) {
        struct lk_sequence sequence;
        TRY(canary_picture(arena, &sequence, err));
        TRY(case_seal_entry(arena, key, &sequence, (unsigned)i + 1, &m->entries[i], err));
    }
    return LK_OK;
}

static enum lk_status make(struct registry *r, struct arena *arena, struct making *m,
                           struct lk_error *err)
{
    uint8_t key[SEAL_KEY_BYTES];
    m->entries = arena_zalloc(arena, m->n, sizeof *m->entries);
    if (m->entries == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu canaries", m->n);
    rand_bytes(key, sizeof key);
    case_row_begin(r, &m->row);
    case_wrap(r, &m->row, NULL, key);
    enum lk_status status = seal_all(arena, key, m, err);
    seal_wipe(key, sizeof key);
    return status == LK_OK ? store_write(r->store, write_all, m, err) : status;
}

enum lk_status canary_add(struct registry *r, const char *partner, size_t n, struct lk_error *err)
{
    struct making m = {.name = partner, .n = n, .now_ms = clock_now_ms(&r->clock)};
    struct arena arena;
    if (n == 0 || n > CANARY_MAX_AT_ONCE)
        return FAIL(err, LK_INVALID, "between 1 and %d canaries can be made at once, not %zu",
                    CANARY_MAX_AT_ONCE, n);
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = make(r, &arena, &m, err);
    arena_fini(&arena);
    TRY(status);
    registry_committed(r);
    return LK_OK;
}

struct taking_back {
    struct registry *r;
    struct store_tx *tx;
    const char *name;
    int64_t case_row; /* the last that was closed */
    size_t n;
};

static enum lk_status take_back(void *ctx, const struct canary_row *canary, struct lk_error *err)
{
    struct taking_back *t = ctx;
    size_t n = 0;
    if (canary->record == NULL || canary->case_row == t->case_row)
        return LK_OK;
    t->case_row = canary->case_row;
    TRY(entry_rows_withdraw(t->tx, canary->case_row, &n, err));
    t->n += n;
    return case_row_close(t->tx, canary->case_row, CASE_ROW_WITHDRAWN,
                          clock_day_start_ms(clock_now_ms(&t->r->clock)), err);
}

static enum lk_status take_all_back(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct taking_back *t = ctx;
    int64_t partner = 0;
    t->tx = tx;
    t->n = 0;
    t->case_row = 0;
    TRY(find_partner(tx, t->name, &partner, err));
    TRY(canary_rows(tx, partner, take_back, t, err));
    return t->n > 0 ? feed_node_rows_owe(tx, clock_now_ms(&t->r->clock), err) : LK_OK;
}

enum lk_status canary_remove(struct registry *r, const char *partner, size_t *n,
                             struct lk_error *err)
{
    struct taking_back t = {.r = r, .name = partner};
    TRY(store_write(r->store, take_all_back, &t, err));
    *n = t.n;
    if (t.n > 0) {
        registry_committed(r);
        registry_scrub(r);
    }
    return LK_OK;
}

/* ---- listing ---- */

struct listing {
    struct arena *arena;
    struct canary_sum *sums;
    size_t n_sums, sums_room;
    struct canary_sighting *sightings;
    size_t n_sightings, sightings_room;
};

/* Room for one more in an array of the arena. */
static void *grown(struct arena *arena, void *p, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return p;
    *room = *room == 0 ? 16 : 2 * *room;
    void *more = arena_zalloc(arena, *room, size);
    if (more != NULL && n > 0)
        memcpy(more, p, n * size);
    return more;
}

static struct canary_sum *sum_of(struct listing *l, const struct canary_row *canary)
{
    for (size_t i = 0; i < l->n_sums; i++)
        if (strlen(l->sums[i].partner) == canary->n_partner &&
            memcmp(l->sums[i].partner, canary->partner, canary->n_partner) == 0)
            return &l->sums[i];
    l->sums = grown(l->arena, l->sums, l->n_sums, &l->sums_room, sizeof *l->sums);
    const char *name = arena_copy(l->arena, canary->partner, canary->n_partner);
    if (l->sums == NULL || name == NULL)
        return NULL;
    l->sums[l->n_sums] = (struct canary_sum){.partner = name, .first_ms = canary->made_ms};
    return &l->sums[l->n_sums++];
}

static enum lk_status add_to_sum(void *ctx, const struct canary_row *canary, struct lk_error *err)
{
    struct canary_sum *sum = sum_of(ctx, canary);
    if (sum == NULL)
        return FAIL(err, LK_NOMEM, "no memory to list the canaries");
    sum->last_ms = canary->made_ms;
    if (canary->record != NULL)
        sum->n_in_force++;
    else
        sum->n_taken_back++;
    return LK_OK;
}

static enum lk_status add_sighting(void *ctx, const struct canary_sighting_row *row,
                                   struct lk_error *err)
{
    struct listing *l = ctx;
    l->sightings =
        grown(l->arena, l->sightings, l->n_sightings, &l->sightings_room, sizeof *l->sightings);
    const char *owner = arena_copy(l->arena, row->owner, row->n_owner);
    const char *asker = arena_copy(l->arena, row->asker, row->n_asker);
    if (l->sightings == NULL || owner == NULL || asker == NULL)
        return FAIL(err, LK_NOMEM, "no memory to list who asked for canaries");
    l->sightings[l->n_sightings++] = (struct canary_sighting){.owner = owner,
                                                              .asker = asker,
                                                              .first_ms = row->first_ms,
                                                              .last_ms = row->last_ms,
                                                              .n_times = row->n_times};
    return LK_OK;
}

static enum lk_status list(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct listing *l = ctx;
    *l = (struct listing){.arena = l->arena};
    TRY(canary_rows(tx, 0, add_to_sum, l, err));
    return canary_sighting_rows(tx, add_sighting, l, err);
}

enum lk_status canary_list(struct registry *r, struct arena *arena, struct canary_sum **sums,
                           size_t *n_sums, struct canary_sighting **sightings, size_t *n_sightings,
                           struct lk_error *err)
{
    struct listing l = {.arena = arena};
    TRY(store_read(r->store, list, &l, err));
    *sums = l.sums;
    *n_sums = l.n_sums;
    *sightings = l.sightings;
    *n_sightings = l.n_sightings;
    return LK_OK;
}

/* ---- in a list that turned up ---- */

struct checking {
    struct registry *r;
    const struct lk_print *prints;
    size_t n_prints;
    struct listing found; /* its sums: the owners */
    uint8_t key[SEAL_KEY_BYTES];
    int64_t case_row; /* whose key this is; 0: none */
};

static bool stands_among(const struct checking *c, const struct lk_sequence *canary)
{
    for (size_t i = 0; i < canary->n_records && i < LK_N_TURNS; i++) /* whole prints come first */
        for (size_t k = 0; k < c->n_prints; k++)
            if (lk_print_distance(&canary->records[i].print, &c->prints[k]) <= NEAR_BITS)
                return true;
    return false;
}

static enum lk_status check_one(void *ctx, const struct canary_row *canary, struct lk_error *err)
{
    struct checking *c = ctx;
    struct lk_sequence sequence;
    struct arena arena;
    if (canary->record == NULL || canary->key_by_master == NULL)
        return LK_OK;
    if (canary->case_row != c->case_row) {
        TRY(case_unwrap_by_master(c->r, canary->case_id, canary->key_by_master,
                                  canary->n_key_by_master, c->key, err));
        c->case_row = canary->case_row;
    }
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = case_open_entry(&arena, c->key, canary->entry_id, canary->record,
                                            canary->n_record, &sequence, err);
    if (status == LK_OK && stands_among(c, &sequence))
        status = add_to_sum(&c->found, canary, err);
    arena_fini(&arena);
    return status;
}

static enum lk_status check(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct checking *c = ctx;
    c->found = (struct listing){.arena = c->found.arena};
    c->case_row = 0;
    return canary_rows(tx, 0, check_one, c, err);
}

enum lk_status canary_check(struct registry *r, const struct lk_print *prints, size_t n_prints,
                            struct arena *arena, const char ***owners, size_t *n_owners,
                            struct lk_error *err)
{
    struct checking c = {.r = r, .prints = prints, .n_prints = n_prints, .found = {.arena = arena}};
    enum lk_status status = store_read(r->store, check, &c, err);
    seal_wipe(c.key, sizeof c.key);
    TRY(status);
    *n_owners = c.found.n_sums;
    *owners = arena_zalloc(arena, c.found.n_sums + 1, sizeof **owners);
    if (*owners == NULL)
        return FAIL(err, LK_NOMEM, "no memory to list the owners of canaries");
    for (size_t i = 0; i < c.found.n_sums; i++)
        (*owners)[i] = c.found.sums[i].partner;
    return LK_OK;
}

/* ---- in a query ---- */

struct noting {
    int64_t asker_row;
    const struct bank_matches *hits;
    int64_t now_ms;
    uint64_t n_first;
};

static bool is_anothers(const struct bank_match *hit, int64_t asker_row)
{
    return canary_is(hit) && (int64_t)(hit->scope & ~FEED_SCOPE_ONLY) != asker_row;
}

static enum lk_status note(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct noting *n = ctx;
    n->n_first = 0;
    for (size_t i = 0; i < n->hits->n; i++) {
        bool first = false;
        if (!is_anothers(&n->hits->p[i], n->asker_row))
            continue;
        TRY(canary_sighting_row_add(tx, n->hits->p[i].id, n->asker_row, n->now_ms, &first, err));
        n->n_first += first;
    }
    return LK_OK;
}

enum lk_status canary_note(struct registry *r, int64_t asker_row, const struct bank_matches *hits,
                           struct lk_error *err)
{
    struct noting n = {asker_row, hits, clock_now_ms(&r->clock), 0};
    bool any = false;
    for (size_t i = 0; i < hits->n && !any; i++)
        any = is_anothers(&hits->p[i], asker_row);
    if (!any)
        return LK_OK;
    TRY(store_write(r->store, note, &n, err));
    registry_add_count(r, COUNT_CANARIES, n.n_first);
    return LK_OK;
}
