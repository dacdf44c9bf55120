/* Entries in a table, their prints in one index a kind, both behind one lock. */
#include "bank.h"

#include "bank_inside.h"
#include "base/err.h"
#include "sys/rand.h"

/* Without this glibc lets readers in for ever while a writer waits. */
static void init_lock(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t attr;
    pthread_rwlockattr_init(&attr);
#ifdef __GLIBC__
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
    pthread_rwlock_init(lock, &attr);
    pthread_rwlockattr_destroy(&attr);
}

enum lk_status bank_new(const struct lk_alloc *alloc, struct bank **out, struct lk_error *err)
{
    struct bank *bank = alloc->alloc(alloc->ctx, sizeof *bank);
    if (bank == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a bank");
    *bank = (struct bank){.alloc = alloc};
    init_lock(&bank->lock);
    uint64_t seed;
    rand_bytes(&seed, sizeof seed);
    entries_init(&bank->entries, alloc, seed);
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        enum lk_status status = lk_index_new(alloc, kind, &bank->index[kind], err);
        if (status != LK_OK) {
            bank_free(bank);
            return status;
        }
    }
    *out = bank;
    return LK_OK;
}

void bank_free(struct bank *bank)
{
    if (bank == NULL)
        return;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        lk_index_free(bank->index[kind]);
    entries_fini(&bank->entries);
    pthread_rwlock_destroy(&bank->lock);
    bank->alloc->free(bank->alloc->ctx, bank, sizeof *bank);
}

/* Takes the first n_records of an entry out of the indexes, where they are. */
static void unindex(struct bank *bank, uint32_t slot, size_t n_records)
{
    const struct lk_record *records = entry_records(entries_at(&bank->entries, slot));
    for (size_t i = 0; i < n_records; i++) {
        enum lk_status found = lk_index_remove(bank->index[records[i].kind], &records[i].print,
                                               bank_label(slot, i), NULL);
        (void)found; /* its record is in the index, or the entry would not be here */
    }
}

static void remove_slot(struct bank *bank, uint32_t slot)
{
    unindex(bank, slot, entries_at(&bank->entries, slot)->n_records);
    entries_remove(&bank->entries, slot);
}

static enum lk_status add_one(struct bank *bank, const struct bank_entry *in, struct lk_error *err)
{
    if (entries_find(&bank->entries, in->id) != REFSET_NONE)
        return FAIL(err, LK_CONFLICT, "an entry of this id is in the bank already");
    uint32_t slot;
    TRY(entries_add(&bank->entries, in, &slot, err));
    const struct lk_sequence *seq = &in->sequence;
    for (size_t i = 0; i < seq->n_records; i++) {
        uint64_t label = bank_label(slot, i);
        enum lk_status status = lk_index_insert(bank->index[seq->records[i].kind],
                                                &seq->records[i].print, &label, 1, err);
        if (status != LK_OK) {
            unindex(bank, slot, i);
            entries_remove(&bank->entries, slot);
            return status;
        }
    }
    return LK_OK;
}

static enum lk_status check_tier(unsigned tier, struct lk_error *err)
{
    if (tier < LK_TIER_SELF || tier > LK_TIER_CONFIRMED)
        return FAIL(err, LK_INVALID, "tier %u is not known", tier);
    return LK_OK;
}

enum lk_status bank_add(struct bank *bank, const struct bank_entry *entries, size_t n,
                        struct lk_error *err)
{
    for (size_t i = 0; i < n; i++) {
        TRY(check_tier(entries[i].tier, err));
        TRY(lk_sequence_check(&entries[i].sequence, err));
    }
    pthread_rwlock_wrlock(&bank->lock);
    enum lk_status status = LK_OK;
    size_t i = 0;
    while (i < n && (status = add_one(bank, &entries[i], err)) == LK_OK)
        i++;
    while (status != LK_OK && i-- > 0)
        remove_slot(bank, entries_find(&bank->entries, entries[i].id));
    pthread_rwlock_unlock(&bank->lock);
    return status;
}

static enum lk_status missing(struct lk_error *err)
{
    return FAIL(err, LK_NOT_FOUND, "no entry of this id is in the bank");
}

enum lk_status bank_remove(struct bank *bank, const uint8_t id[BANK_ID_BYTES], struct lk_error *err)
{
    pthread_rwlock_wrlock(&bank->lock);
    uint32_t slot = entries_find(&bank->entries, id);
    if (slot != REFSET_NONE)
        remove_slot(bank, slot);
    pthread_rwlock_unlock(&bank->lock);
    return slot != REFSET_NONE ? LK_OK : missing(err);
}

enum lk_status bank_set_tier(struct bank *bank, const uint8_t id[BANK_ID_BYTES], unsigned tier,
                             struct lk_error *err)
{
    TRY(check_tier(tier, err));
    pthread_rwlock_wrlock(&bank->lock);
    uint32_t slot = entries_find(&bank->entries, id);
    if (slot != REFSET_NONE)
        entries_at(&bank->entries, slot)->tier = (uint8_t)tier;
    pthread_rwlock_unlock(&bank->lock);
    return slot != REFSET_NONE ? LK_OK : missing(err);
}

bool bank_has(struct bank *bank, const uint8_t id[BANK_ID_BYTES])
{
    pthread_rwlock_rdlock(&bank->lock);
    bool has = entries_find(&bank->entries, id) != REFSET_NONE;
    pthread_rwlock_unlock(&bank->lock);
    return has;
}

enum lk_status bank_get(struct bank *bank, const uint8_t id[BANK_ID_BYTES], bank_show *show,
                        void *ctx, struct lk_error *err)
{
    pthread_rwlock_rdlock(&bank->lock);
    enum lk_status status;
    uint32_t slot = entries_find(&bank->entries, id);
    if (slot == REFSET_NONE) {
        status = missing(err);
    } else {
        struct bank_entry entry = entry_show(entries_at(&bank->entries, slot));
        status = show(ctx, &entry, err);
    }
    pthread_rwlock_unlock(&bank->lock);
    return status;
}

enum lk_status bank_each(struct bank *bank, bank_show *show, void *ctx, struct lk_error *err)
{
    pthread_rwlock_rdlock(&bank->lock);
    enum lk_status status = LK_OK;
    for (uint32_t slot = 0; slot < bank->entries.n_slots && status == LK_OK; slot++) {
        const struct entry *e = entries_at(&bank->entries, slot);
        if (e->tier == 0) /* not in use */
            continue;
        struct bank_entry entry = entry_show(e);
        status = show(ctx, &entry, err);
    }
    pthread_rwlock_unlock(&bank->lock);
    return status;
}

struct bank_stats bank_stats(struct bank *bank)
{
    pthread_rwlock_rdlock(&bank->lock);
    struct bank_stats stats = {.n_entries = bank->entries.n,
                               .n_digests = bank->entries.n_digests,
                               .n_bytes = sizeof *bank + entries_bytes(&bank->entries)};
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        struct lk_index_stats index = lk_index_stats(bank->index[kind]);
        stats.n_prints[kind] = index.n_prints;
        stats.n_bytes += index.n_bytes;
        if (kind == LK_WHOLE) {
            stats.structure = index.structure;
            stats.kernel = index.kernel;
        }
    }
    pthread_rwlock_unlock(&bank->lock);
    return stats;
}
