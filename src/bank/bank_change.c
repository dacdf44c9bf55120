/* Changes, one after another under the change lock. What comes in is complete in memory but
 * pending, then durable, then in force; what goes is durably marked, then hidden and wiped in
 * memory, then overwritten in its file:
 *
 *   add       table, pending | log, synced | in force
 *   withdraw  states, synced | hidden and wiped in memory | overwritten, synced
 *
 * A crash before the first sync of a withdrawal may leave the entry in force: nobody was told
 * otherwise. After it the entry is gone, and opening finishes the rest. */
#include "bank.h"

#include "bank_inside.h"
#include "base/err.h"
#include "sys/clock.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FROZEN = 8 };

enum lk_status bank_may_change(struct bank *bank, struct lk_error *err)
{
    if (bank->mode != BANK_WRITE)
        return FAIL(err, LK_DENIED, "the bank is open for reading only");
    if (bank->dir != NULL)
        TRY(dir_settle(bank->dir, err));
    views_reap(&bank->views);
    return LK_OK;
}

static enum lk_status lock(struct bank *bank, struct lk_error *err)
{
    pthread_mutex_lock(&bank->change);
    enum lk_status status = bank_may_change(bank, err);
    if (status != LK_OK)
        pthread_mutex_unlock(&bank->change);
    return status;
}

static uint64_t prints_of(const struct table *t)
{
    uint64_t n = 0;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        n += atomic_load_explicit(&t->n_prints[kind], memory_order_relaxed);
    return n;
}

/* Whether it should become a segment: it has many prints, or slots of what was withdrawn. */
static bool is_full(const struct bank *bank)
{
    const struct table *t = views_now(&bank->views)->tables[0]->table;
    return prints_of(t) >= bank->limits.table_prints ||
           atomic_load_explicit(&t->n_slots, memory_order_relaxed) >= bank->limits.table_prints;
}

void bank_manifest_of(struct bank *bank, const struct bank_view *view, struct manifest *m)
{
    const struct manifest *now = &bank->dir->manifest;
    *m = *now;
    m->cursor = bank_cursor(bank);
    m->next_number = bank->next_number;
    m->n_items = 0;
    /* Segments that could not be opened stay in it: somebody may restore them. */
    for (size_t i = 0; i < now->n_items; i++) {
        bool is_open = now->items[i].kind == MANIFEST_LOG;
        const struct bank_view *had = views_now(&bank->views);
        for (size_t k = 0; k < had->n_segments && !is_open; k++)
            is_open = had->segments[k]->number == now->items[i].number;
        if (!is_open)
            m->items[m->n_items++] = now->items[i];
    }
    for (size_t i = 0; i < view->n_segments && m->n_items < MANIFEST_MAX_ITEMS; i++)
        m->items[m->n_items++] = (struct manifest_item){MANIFEST_SEGMENT, view->segments[i]->number,
                                                        view->segments[i]->due_ms};
    for (size_t i = view->n_tables; i-- > 0 && m->n_items < MANIFEST_MAX_ITEMS;)
        m->items[m->n_items++] = (struct manifest_item){MANIFEST_LOG, view->tables[i]->number, 0};
}

enum lk_status bank_publish(struct bank *bank, struct bank_view *view, bool *published,
                            struct lk_error *err)
{
    enum lk_status status = LK_OK;
    *published = true;
    if (bank->dir != NULL) {
        struct manifest m;
        bank_manifest_of(bank, view, &m);
        status = dir_replace(bank->dir, &m, published, err);
    }
    if (*published)
        views_publish(&bank->views, view);
    else
        views_drop(bank->alloc, view);
    return status;
}

static enum lk_status new_table(struct bank *bank, struct bank_table **out, struct lk_error *err)
{
    struct bank_table *bt = bank->alloc->alloc(bank->alloc->ctx, sizeof *bt);
    if (bt == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a table of entries");
    *bt = (struct bank_table){.number = bank->next_number++, .log = {.fd = -1}};
    enum lk_status status = table_new(bank->alloc, bank->seed, &bt->table, err);
    if (status == LK_OK && bank->dir != NULL) {
        char path[DIR_PATH_BYTES];
        dir_path(bank->dir, DIR_LOG, bt->number, path);
        status = log_file_create(path, bank->dir->manifest.bank_id, bt->number, bank->dir->key,
                                 bank->alloc, &bt->log, err);
        if (status == LK_OK)
            status = file_sync_parent(path, err);
    }
    if (status == LK_OK)
        *out = bt;
    else
        bank_table_free(bank->alloc, bt);
    return status;
}

enum lk_status bank_freeze(struct bank *bank, struct lk_error *err)
{
    const struct bank_view *now = views_now(&bank->views);
    if (atomic_load(&now->tables[0]->table->n_slots) == 0)
        return LK_OK;
    struct bank_view *view = views_make(bank->alloc, now->n_tables + 1, now->n_segments);
    if (view == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a table of entries");
    enum lk_status status = new_table(bank, &view->tables[0], err);
    if (status != LK_OK) {
        views_drop(bank->alloc, view);
        return status;
    }
    struct bank_table *bt = view->tables[0];
    memcpy(view->tables + 1, now->tables, now->n_tables * sizeof *now->tables);
    memcpy(view->segments, now->segments, now->n_segments * sizeof *now->segments);
    bool published;
    status = bank_publish(bank, view, &published, err);
    if (!published)
        bank_table_free(bank->alloc, bt); /* its log is swept away with the next success */
    return status;
}

/* Entries must not come faster than they can be written as segments; but where that fails, there
 * is no use in waiting. */
static void wait_for_work(struct bank *bank)
{
    pthread_mutex_lock(&bank->signal);
    while (bank->has_thread && !atomic_load(&bank->stop) && bank->n_failures == 0 &&
           (bank->work_due || bank->working)) {
        struct bank_reader reader = views_enter(&bank->views);
        bool many = reader.view->n_tables > MAX_FROZEN;
        views_leave(&bank->views, reader);
        if (!many)
            break;
        pthread_cond_wait(&bank->idle, &bank->signal);
    }
    pthread_mutex_unlock(&bank->signal);
}

/* Whether none of the entries is in an older table or a segment; table_add() looks in its own. */
static enum lk_status check_new(const struct bank_view *view, const struct bank_entry *entries,
                                size_t n, struct lk_error *err)
{
    for (size_t i = 0; i < n; i++) {
        bool has = false;
        for (size_t k = 1; k < view->n_tables && !has; k++)
            has = table_find(view->tables[k]->table, entries[i].id, false) != REFS_NONE;
        for (size_t k = 0; k < view->n_segments && !has; k++)
            has = bank_segment_find(view->segments[k], entries[i].id) != SEGMENT_NO_ENTRY;
        if (has)
            return FAIL(err, LK_CONFLICT, "an entry of this id is in the bank already");
    }
    return LK_OK;
}

static enum lk_status add_planned(struct bank *bank, const struct bank_entry *entries, size_t n,
                                  uint64_t cursor, struct log_place *places, struct lk_error *err)
{
    struct bank_table *bt = views_now(&bank->views)->tables[0];
    uint32_t first;
    bool has_log = bt->log.fd >= 0;
    if (has_log)
        log_file_plan(&bt->log, entries, n, places);
    else
        memset(places, 0, n * sizeof *places);
    TRY(table_add(bt->table, entries, n, places, &first, err));
    if (has_log) {
        enum lk_status status = log_file_append(&bt->log, entries, n, cursor, err);
        if (status != LK_OK) {
            table_take_back(bt->table, first, n);
            return status;
        }
    }
    table_bring_in_force(bt->table, first, n, entries);
    bank_set_cursor(bank, cursor);
    return LK_OK;
}

static enum lk_status add_locked(struct bank *bank, const struct bank_entry *entries, size_t n,
                                 uint64_t cursor, struct lk_error *err)
{
    if (is_full(bank) && bank_freeze(bank, NULL) == LK_OK) /* where not, the old table goes on */
        bank_work_arose(bank);
    TRY(check_new(views_now(&bank->views), entries, n, err));
    size_t n_bytes = n * sizeof(struct log_place);
    struct log_place *places = bank->alloc->alloc(bank->alloc->ctx, n_bytes);
    if (places == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu more entries", n);
    if (cursor == 0)
        cursor = bank_cursor(bank);
    enum lk_status status = add_planned(bank, entries, n, cursor, places, err);
    bank->alloc->free(bank->alloc->ctx, places, n_bytes);
    return status;
}

static enum lk_status check_tier(unsigned tier, struct lk_error *err)
{
    if (tier < LK_TIER_SELF || tier > LK_TIER_CONFIRMED)
        return FAIL(err, LK_INVALID, "tier %u is not known", tier);
    return LK_OK;
}

enum lk_status bank_add(struct bank *bank, const struct bank_entry *entries, size_t n,
                        uint64_t cursor, struct lk_error *err)
{
    for (size_t i = 0; i < n; i++) {
        TRY(check_tier(entries[i].tier, err));
        TRY(lk_sequence_check(&entries[i].sequence, err));
    }
    struct bank_keyed keyed;
    TRY(bank_key_entries(bank, entries, n, &keyed, err));
    wait_for_work(bank);
    enum lk_status status = lock(bank, err);
    if (status == LK_OK) {
        status = n == 0 ? LK_OK : add_locked(bank, keyed.entries, n, cursor, err);
        pthread_mutex_unlock(&bank->change);
    }
    bank_keyed_free(bank, &keyed);
    return status;
}

/* Where an entry that changes is: tables count from 0, segments follow them. */
struct place {
    uint32_t source, number;
};

static enum lk_status missing(struct lk_error *err)
{
    return FAIL(err, LK_NOT_FOUND, "no entry of this id is in the bank");
}

static enum lk_status find(const struct bank_view *view, const uint8_t id[BANK_ID_BYTES],
                           struct place *out, struct lk_error *err)
{
    for (size_t i = 0; i < view->n_tables; i++) {
        uint32_t slot = table_find(view->tables[i]->table, id, false);
        *out = (struct place){(uint32_t)i, slot};
        if (slot != REFS_NONE)
            return LK_OK;
    }
    for (size_t i = 0; i < view->n_segments; i++) {
        uint32_t ordinal = bank_segment_find(view->segments[i], id);
        *out = (struct place){(uint32_t)(view->n_tables + i), ordinal};
        if (ordinal != SEGMENT_NO_ENTRY)
            return LK_OK;
    }
    return missing(err);
}

static struct log_place log_place_of(const struct bank_table *bt, uint32_t slot, uint8_t state)
{
    const struct table_entry *e = table_at(bt->table, slot);
    return (struct log_place){e->log_offset, e->log_bytes, state};
}

/* The places are rising by number, and slots rise with the log. */
static enum lk_status withdraw_from_table(struct bank *bank, struct bank_table *bt,
                                          const struct place *places, size_t n,
                                          struct lk_error *err)
{
    struct log_place *in_log = NULL;
    enum lk_status status = LK_OK;
    if (bt->log.fd >= 0) {
        in_log = bank->alloc->alloc(bank->alloc->ctx, n * sizeof *in_log);
        if (in_log == NULL)
            return FAIL(err, LK_NOMEM, "no memory to withdraw %zu entries", n);
        for (size_t i = 0; i < n; i++)
            in_log[i] = log_place_of(bt, places[i].number, STATE_WITHDRAWN);
        status = log_file_mark(&bt->log, in_log, n, err);
    }
    /* When in doubt an entry is gone: somebody asked for it. */
    for (size_t i = 0; i < n; i++)
        table_withdraw(bt->table, places[i].number);
    if (in_log != NULL && status == LK_OK)
        status = log_file_wipe(&bt->log, in_log, n, err);
    bt->unfinished |= status != LK_OK;
    bank->alloc->free(bank->alloc->ctx, in_log, n * sizeof *in_log);
    return status;
}

static enum lk_status withdraw_from_segment(struct bank *bank, struct bank_segment *s,
                                            const struct place *places, size_t n,
                                            struct lk_error *err)
{
    const struct lk_alloc *alloc = bank->alloc;
    size_t n_bytes = n * (sizeof(uint32_t) + 1);
    uint32_t *ordinals = alloc->alloc(alloc->ctx, n_bytes);
    if (ordinals == NULL)
        return FAIL(err, LK_NOMEM, "no memory to withdraw %zu entries", n);
    uint8_t *states = (uint8_t *)(ordinals + n);
    memset(states, STATE_WITHDRAWN, n);
    for (size_t i = 0; i < n; i++)
        ordinals[i] = places[i].number;
    enum lk_status status = bank_segment_mark(s, ordinals, states, n, err);
    if (status == LK_OK)
        status = bank_segment_wipe(s, ordinals, n, err);
    alloc->free(alloc->ctx, ordinals, n_bytes);
    return status;
}

static int by_source_and_number(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* `places` has room for n; each place once, sorted. */
static enum lk_status find_all(const struct bank_view *view, const uint8_t (*ids)[BANK_ID_BYTES],
                               size_t n, struct place *places, size_t *n_places,
                               struct lk_error *err)
{
    for (size_t i = 0; i < n; i++)
        TRY(find(view, ids[i], &places[i], err));
    qsort(places, n, sizeof *places, by_source_and_number);
    *n_places = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || by_source_and_number(&places[i], &places[*n_places - 1]) != 0)
            places[(*n_places)++] = places[i];
    return LK_OK;
}

/* A sealed segment that something was withdrawn from is written anew under another key before long;
 * that it is due must survive a restart. */
static void keep_due_times(struct bank *bank, const struct bank_view *view)
{
    struct clock clock = clock_real();
    bool is_news = false, placed;
    for (size_t i = 0; i < view->n_segments && bank->dir != NULL && bank->dir->key != NULL; i++) {
        struct bank_segment *s = view->segments[i];
        if (s->due_ms != 0 || atomic_load(&s->n_entries) == s->image->n_entries)
            continue;
        s->due_ms = clock_now_ms(&clock) + bank->limits.reseal_ms;
        is_news = true;
    }
    if (!is_news)
        return;
    struct manifest m;
    bank_manifest_of(bank, view, &m);
    enum lk_status kept = dir_replace(bank->dir, &m, &placed, NULL);
    (void)kept; /* where not, the next manifest has it */
}

/* Every source is tried: one that fails must not keep entries of the others in force. */
static enum lk_status withdraw_all(struct bank *bank, const struct place *places, size_t n,
                                   struct lk_error *err)
{
    const struct bank_view *view = views_now(&bank->views);
    enum lk_status first = LK_OK;
    for (size_t i = 0, k; i < n; i += k) {
        uint32_t source = places[i].source;
        for (k = 1; i + k < n && places[i + k].source == source; k++)
            continue;
        struct lk_error *own = first == LK_OK ? err : NULL;
        enum lk_status status =
            source < view->n_tables
                ? withdraw_from_table(bank, view->tables[source], places + i, k, own)
                : withdraw_from_segment(bank, view->segments[source - view->n_tables], places + i,
                                        k, own);
        first = first == LK_OK ? status : first;
    }
    if (first != LK_OK || view->n_segments > 0 || bank_is_husk(view->tables[0]))
        bank_work_arose(bank);
    keep_due_times(bank, view);
    return first;
}

enum lk_status bank_remove(struct bank *bank, const uint8_t (*ids)[BANK_ID_BYTES], size_t n,
                           struct lk_error *err)
{
    TRY(lock(bank, err));
    enum lk_status status = LK_OK;
    size_t n_places = 0;
    struct place *places = NULL;
    if (n > 0) {
        places = bank->alloc->alloc(bank->alloc->ctx, n * sizeof *places);
        status = places != NULL ? find_all(views_now(&bank->views), ids, n, places, &n_places, err)
                                : FAIL(err, LK_NOMEM, "no memory to withdraw %zu entries", n);
        if (status == LK_OK)
            status = withdraw_all(bank, places, n_places, err);
    }
    pthread_mutex_unlock(&bank->change);
    bank->alloc->free(bank->alloc->ctx, places, n * sizeof *places);
    return status;
}

static enum lk_status set_tier_in_table(struct bank_table *bt, uint32_t slot, uint8_t state,
                                        struct lk_error *err)
{
    struct table_entry *e = table_at(bt->table, slot);
    if (bt->log.fd >= 0) {
        struct log_place place = log_place_of(bt, slot, state);
        enum lk_status status = log_file_mark(&bt->log, &place, 1, err);
        if (status != LK_OK) {
            place.state = table_state(e);
            bt->unfinished |= log_file_mark(&bt->log, &place, 1, NULL) != LK_OK;
            return status;
        }
    }
    atomic_store_explicit(&e->state, state, memory_order_release);
    return LK_OK;
}

enum lk_status bank_set_tier(struct bank *bank, const uint8_t id[BANK_ID_BYTES], unsigned tier,
                             struct lk_error *err)
{
    TRY(check_tier(tier, err));
    TRY(lock(bank, err));
    const struct bank_view *view = views_now(&bank->views);
    struct place place;
    uint8_t state = state_of_tier(tier);
    enum lk_status status = find(view, id, &place, err);
    if (status == LK_OK && place.source < view->n_tables)
        status = set_tier_in_table(view->tables[place.source], place.number, state, err);
    else if (status == LK_OK)
        status = bank_segment_mark(view->segments[place.source - view->n_tables], &place.number,
                                   &state, 1, err);
    pthread_mutex_unlock(&bank->change);
    return status;
}

bool bank_is_unfinished(const struct bank *bank)
{
    const struct bank_view *view = views_now(&bank->views);
    bool unfinished = false;
    for (size_t i = 0; i < view->n_tables; i++)
        unfinished |= view->tables[i]->unfinished;
    for (size_t i = 0; i < view->n_segments; i++)
        unfinished |= bank_segment_unfinished(view->segments[i]);
    return unfinished;
}

/* Writes every state of a table's log as memory has it, and wipes what is withdrawn. */
static enum lk_status finish_table(struct bank *bank, struct bank_table *bt, struct lk_error *err)
{
    uint32_t n_slots = atomic_load(&bt->table->n_slots);
    size_t n_bytes = (size_t)n_slots * sizeof(struct log_place), n = 0, n_gone = 0;
    struct log_place *places = bank->alloc->alloc(bank->alloc->ctx, n_bytes);
    if (places == NULL)
        return FAIL(err, LK_NOMEM, "no memory to finish a change");
    for (uint32_t slot = 0; slot < n_slots; slot++) {
        uint8_t state = table_state(table_at(bt->table, slot));
        if (state_is_known(state) && state != STATE_WIPED) /* else it never was in the log */
            places[n++] = log_place_of(bt, slot, state);
    }
    enum lk_status status = log_file_mark(&bt->log, places, n, err);
    for (size_t i = 0; i < n; i++)
        if (places[i].state == STATE_WITHDRAWN)
            places[n_gone++] = places[i];
    if (status == LK_OK && n_gone > 0)
        status = log_file_wipe(&bt->log, places, n_gone, err);
    bt->unfinished = status != LK_OK;
    bank->alloc->free(bank->alloc->ctx, places, n_bytes);
    return status;
}

enum lk_status bank_finish(struct bank *bank, struct lk_error *err)
{
    const struct bank_view *view = views_now(&bank->views);
    for (size_t i = 0; i < view->n_tables; i++)
        if (view->tables[i]->unfinished)
            TRY(finish_table(bank, view->tables[i], err));
    for (size_t i = 0; i < view->n_segments; i++)
        if (bank_segment_unfinished(view->segments[i]))
            TRY(bank_segment_finish(view->segments[i], err));
    return LK_OK;
}
