#include "entries.h"

#include "base/err.h"

#include <string.h>

enum { CHUNK_SLOTS = 1024, FIRST_ROOM = 8 };

/* n bytes, a multiple of 8. */
static uint64_t hash_bytes(uint64_t hash, const uint8_t *bytes, size_t n)
{
    for (; n >= 8; bytes += 8, n -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        hash = refset_mix(hash ^ word);
    }
    return hash;
}

static uint64_t hash_of_id(const void *ctx, uint32_t slot)
{
    const struct entries *t = ctx;
    return hash_bytes(t->seed, entries_at(t, slot)->id, BANK_ID_BYTES);
}

static const struct lk_digest *entry_digests(const struct entry *e)
{
    return e->n_digests == 0 ? NULL
                             : (const void *)((const struct lk_record *)e->u.many + e->n_records);
}

static const struct lk_digest *digest_at(const struct entries *t, uint32_t ref)
{
    return &entry_digests(entries_at(t, ref / LK_MAX_DIGESTS))[ref % LK_MAX_DIGESTS];
}

static uint64_t hash_digest(const struct entries *t, const struct lk_digest *digest)
{
    return hash_bytes(t->seed + digest->type, digest->bytes, LK_DIGEST_BYTES);
}

static uint64_t hash_of_digest(const void *ctx, uint32_t ref)
{
    return hash_digest(ctx, digest_at(ctx, ref));
}

void entries_init(struct entries *t, const struct lk_alloc *alloc, uint64_t seed)
{
    *t = (struct entries){.alloc = alloc, .free = REFSET_NONE, .seed = seed};
    refset_init(&t->by_id, alloc, hash_of_id, t);
    refset_init(&t->by_digest, alloc, hash_of_digest, t);
}

static bool stands_in_place(const struct entry *e)
{
    return e->n_records == 1 && e->n_digests == 0;
}

static size_t many_bytes(const struct entry *e)
{
    return e->n_records * sizeof(struct lk_record) + e->n_digests * sizeof(struct lk_digest);
}

/* Prints leave memory with the entry. The barrier keeps the compiler from seeing a dead store. */
static void wipe(void *p, size_t n)
{
    memset(p, 0, n);
    __asm__ volatile("" : : "r"(p) : "memory");
}

static void free_many(struct entries *t, struct entry *e)
{
    if (stands_in_place(e))
        return;
    wipe(e->u.many, many_bytes(e));
    t->alloc->free(t->alloc->ctx, e->u.many, many_bytes(e));
    t->many_bytes -= many_bytes(e);
}

void entries_fini(struct entries *t)
{
    for (uint32_t slot = 0; slot < t->n_slots; slot++) {
        struct entry *e = entries_at(t, slot);
        if (e->tier != 0)
            free_many(t, e);
    }
    for (size_t i = 0; i < t->n_chunks; i++) {
        wipe(t->chunks[i], CHUNK_SLOTS * sizeof(struct entry));
        t->alloc->free(t->alloc->ctx, t->chunks[i], CHUNK_SLOTS * sizeof(struct entry));
    }
    t->alloc->free(t->alloc->ctx, t->chunks, t->room * sizeof *t->chunks);
    refset_fini(&t->by_id);
    refset_fini(&t->by_digest);
}

struct entry *entries_at(const struct entries *t, uint32_t slot)
{
    return &t->chunks[slot / CHUNK_SLOTS][slot % CHUNK_SLOTS];
}

uint32_t entries_find(const struct entries *t, const uint8_t id[BANK_ID_BYTES])
{
    uint64_t hash = hash_bytes(t->seed, id, BANK_ID_BYTES);
    size_t at = SIZE_MAX;
    uint32_t slot;
    do
        slot = refset_next(&t->by_id, hash, &at);
    while (slot != REFSET_NONE && memcmp(entries_at(t, slot)->id, id, BANK_ID_BYTES) != 0);
    return slot;
}

uint32_t entries_next_with(const struct entries *t, const struct lk_digest *digest, size_t *at)
{
    uint64_t hash = hash_digest(t, digest);
    uint32_t ref;
    while ((ref = refset_next(&t->by_digest, hash, at)) != REFSET_NONE) {
        const struct lk_digest *found = digest_at(t, ref);
        if (found->type == digest->type &&
            memcmp(found->bytes, digest->bytes, LK_DIGEST_BYTES) == 0)
            return ref / LK_MAX_DIGESTS;
    }
    return REFSET_NONE;
}

const struct lk_record *entry_records(const struct entry *e)
{
    return stands_in_place(e) ? &e->u.one : e->u.many;
}

struct bank_entry entry_show(const struct entry *e)
{
    struct bank_entry out = {.tier = e->tier,
                             .scope = e->scope,
                             .sequence = {.medium = e->medium,
                                          .n_digests = e->n_digests,
                                          .duration_ms = e->duration_ms,
                                          .records = entry_records(e),
                                          .n_records = e->n_records}};
    memcpy(out.id, e->id, BANK_ID_BYTES);
    if (e->n_digests > 0)
        memcpy(out.sequence.digests, entry_digests(e), e->n_digests * sizeof(struct lk_digest));
    return out;
}

static bool add_chunk(struct entries *t)
{
    if (t->n_chunks == t->room) {
        size_t room = t->room == 0 ? FIRST_ROOM : t->room * 2;
        void *grown = t->alloc->resize(t->alloc->ctx, t->chunks, t->room * sizeof *t->chunks,
                                       room * sizeof *t->chunks);
        if (grown == NULL)
            return false;
        t->chunks = grown;
        t->room = room;
    }
    struct entry *chunk = t->alloc->alloc(t->alloc->ctx, CHUNK_SLOTS * sizeof *chunk);
    if (chunk == NULL)
        return false;
    t->chunks[t->n_chunks++] = chunk;
    return true;
}

static bool reserve(struct entries *t, size_t n_digests)
{
    if (!refset_reserve(&t->by_id, 1) ||
        (n_digests > 0 && !refset_reserve(&t->by_digest, n_digests)))
        return false;
    return t->free != REFSET_NONE || t->n_slots < t->n_chunks * CHUNK_SLOTS || add_chunk(t);
}

static uint32_t take_slot(struct entries *t)
{
    uint32_t slot = t->free;
    if (slot == REFSET_NONE)
        return t->n_slots++;
    t->free = entries_at(t, slot)->u.next_free;
    return slot;
}

enum lk_status entries_add(struct entries *t, const struct bank_entry *in, uint32_t *slot,
                           struct lk_error *err)
{
    const struct lk_sequence *seq = &in->sequence;
    if (t->n == ENTRIES_MAX)
        return FAIL(err, LK_LIMIT, "a bank holds at most 2^30 entries");
    struct entry e = {.scope = in->scope,
                      .duration_ms = seq->duration_ms,
                      .n_records = (uint16_t)seq->n_records,
                      .tier = in->tier,
                      .medium = seq->medium,
                      .n_digests = seq->n_digests};
    memcpy(e.id, in->id, BANK_ID_BYTES);
    if (stands_in_place(&e)) {
        e.u.one = seq->records[0];
    } else {
        e.u.many = t->alloc->alloc(t->alloc->ctx, many_bytes(&e));
        if (e.u.many == NULL)
            return FAIL(err, LK_NOMEM, "no memory for an entry of %zu records", seq->n_records);
    }
    if (!reserve(t, e.n_digests)) {
        if (!stands_in_place(&e))
            t->alloc->free(t->alloc->ctx, e.u.many, many_bytes(&e));
        return FAIL(err, LK_NOMEM, "no memory for the table of %zu entries", t->n + 1);
    }
    if (!stands_in_place(&e)) {
        struct lk_record *records = e.u.many;
        if (e.n_records > 0)
            memcpy(records, seq->records, e.n_records * sizeof *records);
        memcpy(records + e.n_records, seq->digests, e.n_digests * sizeof(struct lk_digest));
        t->many_bytes += many_bytes(&e);
    }
    *slot = take_slot(t);
    *entries_at(t, *slot) = e;
    refset_put(&t->by_id, *slot);
    for (uint32_t i = 0; i < e.n_digests; i++)
        refset_put(&t->by_digest, *slot * LK_MAX_DIGESTS + i);
    t->n_digests += e.n_digests;
    t->n++;
    return LK_OK;
}

void entries_remove(struct entries *t, uint32_t slot)
{
    struct entry *e = entries_at(t, slot);
    refset_remove(&t->by_id, slot);
    for (uint32_t i = 0; i < e->n_digests; i++)
        refset_remove(&t->by_digest, slot * LK_MAX_DIGESTS + i);
    t->n_digests -= e->n_digests;
    t->n--;
    free_many(t, e);
    wipe(e, sizeof *e);
    e->u.next_free = t->free;
    t->free = slot;
}

size_t entries_bytes(const struct entries *t)
{
    return t->n_chunks * CHUNK_SLOTS * sizeof(struct entry) + t->room * sizeof *t->chunks +
           t->many_bytes + (t->by_id.n_slots + t->by_digest.n_slots) * sizeof(uint32_t);
}
