/* Applying the change log to the bank.
 *
 *     store: 1 add a | 2 add b | 3 withdraw a | 4 add c ...
 *                              ^ last_change            read after it, in blocks, in order
 *
 * Additions gather and go into the bank together, and so do withdrawals, which are dear one by one;
 * each first lets the other in. last_change moves with the bank, never before it, so a failure in
 * the middle repeats nothing and skips nothing. An addition whose entry is withdrawn by now has no
 * record any more and is passed over.
 */
#include "cases/case_seal.h"

#include "base/err.h"

#include <string.h>

enum {
    BLOCK_CHANGES = 4096,
    BLOCK_BYTES = 8 << 20, /* of decoded records, then they go into the bank */
    ARENA_BYTES = 64 << 20
};

struct follower {
    struct registry *r;
    struct arena arena;
    struct bank_entry *pending; /* BLOCK_CHANGES places */
    size_t n_pending;
    uint8_t (*gone)[BANK_ID_BYTES]; /* BLOCK_CHANGES places */
    size_t n_gone;
    size_t n_seen;
    uint64_t last;    /* number of the last change seen */
    int64_t case_row; /* whose key this is; 0: none */
    uint8_t key[SEAL_KEY_BYTES];
};

static enum lk_status flush(struct follower *f, struct lk_error *err)
{
    if (f->n_pending > 0)
        TRY(bank_add(f->r->bank, f->pending, f->n_pending, f->last, err));
    if (f->n_gone > 0)
        TRY(bank_remove(f->r->bank, (const void *)f->gone, f->n_gone, err));
    bank_set_cursor(f->r->bank, f->last);
    f->n_pending = f->n_gone = 0;
    arena_fini(&f->arena);
    arena_init(&f->arena, lk_alloc_heap(), ARENA_BYTES);
    atomic_store(&f->r->last_change, f->last);
    return LK_OK;
}

static enum lk_status decode(struct follower *f, const struct change *c, struct bank_entry *entry,
                             struct lk_error *err)
{
    if (c->case_row != f->case_row) {
        TRY(case_unwrap_by_master(f->r, c->case_id, c->key_by_master, c->n_key_by_master, f->key,
                                  err));
        f->case_row = c->case_row;
    }
    memcpy(entry->id, c->entry_id, sizeof entry->id);
    entry->tier = c->tier;
    entry->scope = c->scope;
    struct lk_error why;
    enum lk_status status = case_open_entry(&f->arena, f->key, c->entry_id, c->record, c->n_record,
                                            &entry->sequence, &why);
    if (status != LK_OK)
        return FAIL(err, status, "change %llu: %s", (unsigned long long)c->seq, why.text);
    return LK_OK;
}

static enum lk_status withdraw(struct follower *f, const struct change *c, struct lk_error *err)
{
    if (f->n_pending > 0)
        TRY(flush(f, err));
    if (bank_has(f->r->bank, c->entry_id))
        memcpy(f->gone[f->n_gone++], c->entry_id, BANK_ID_BYTES);
    return LK_OK;
}

static enum lk_status change_tier(struct follower *f, const struct change *c, struct lk_error *err)
{
    TRY(flush(f, err));
    enum lk_status status = bank_set_tier(f->r->bank, c->entry_id, c->tier, err);
    return status == LK_NOT_FOUND ? LK_OK : status;
}

static enum lk_status apply(void *ctx, const struct change *c, struct lk_error *err)
{
    struct follower *f = ctx;
    if (c->op == CHANGE_ADD && c->record != NULL) {
        if (f->n_gone > 0)
            TRY(flush(f, err));
        TRY(decode(f, c, &f->pending[f->n_pending], err));
        f->n_pending++;
    } else if (c->op == CHANGE_WITHDRAW) {
        TRY(withdraw(f, c, err));
    } else if (c->op == CHANGE_TIER) {
        TRY(change_tier(f, c, err));
    }
    f->last = c->seq;
    f->n_seen++;
    return f->arena.used > BLOCK_BYTES ? flush(f, err) : LK_OK;
}

static enum lk_status read_block(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    struct follower *f = ctx;
    return store_changes_after(tx, f->last, BLOCK_CHANGES, apply, f, err);
}

static enum lk_status follow_all(struct follower *f, struct lk_error *err)
{
    do {
        f->n_seen = 0;
        TRY(store_read(f->r->store, read_block, f, err));
        TRY(flush(f, err));
    } while (f->n_seen == BLOCK_CHANGES);
    return LK_OK;
}

/* Most looks find nothing new and should not cost the memory of a block. */
static enum lk_status read_last(struct store_tx *tx, void *ctx, struct lk_error *err)
{
    return change_last(tx, ctx, err);
}

static enum lk_status follow_locked(struct registry *r, struct lk_error *err)
{
    uint64_t last = 0, applied = atomic_load(&r->last_change);
    TRY(store_read(r->store, read_last, &last, err));
    if (last == applied)
        return LK_OK;
    struct follower f = {.r = r, .last = applied};
    size_t n_bytes = BLOCK_CHANGES * (sizeof *f.pending + sizeof *f.gone);
    f.pending = lk_alloc_heap()->alloc(NULL, n_bytes);
    if (f.pending == NULL)
        return FAIL(err, LK_NOMEM, "no memory to follow the change log");
    f.gone = (void *)(f.pending + BLOCK_CHANGES);
    arena_init(&f.arena, lk_alloc_heap(), ARENA_BYTES);
    enum lk_status status = follow_all(&f, err);
    arena_fini(&f.arena);
    lk_alloc_heap()->free(NULL, f.pending, n_bytes);
    seal_wipe(f.key, sizeof f.key);
    return status;
}

enum lk_status registry_follow(struct registry *r, struct lk_error *err)
{
    pthread_mutex_lock(&r->follow_lock);
    atomic_store(&r->last_poll_ns, clock_monotonic_ns());
    uint64_t before = atomic_load(&r->last_change);
    enum lk_status status = follow_locked(r, err);
    if (atomic_load(&r->last_change) != before) {
        pthread_mutex_lock(&r->news_lock);
        pthread_cond_broadcast(&r->news);
        pthread_mutex_unlock(&r->news_lock);
    }
    atomic_store(&r->behind, status != LK_OK);
    pthread_mutex_unlock(&r->follow_lock);
    return status;
}

enum lk_status registry_catch_up(struct registry *r, struct lk_error *err)
{
    int64_t age_ns = clock_monotonic_ns() - atomic_load(&r->last_poll_ns);
    if (age_ns < r->poll_ns && !atomic_load(&r->behind))
        return LK_OK;
    return registry_follow(r, err);
}

void registry_committed(struct registry *r)
{
    struct lk_error unheard; /* r->behind says it to whoever matches next */
    if (registry_follow(r, &unheard) != LK_OK)
        atomic_store(&r->behind, true);
}
