/* Slots live in chunks that double in size, so that a number leads to its place without a
 * directory that would have to grow; contents in blocks that are only ever filled. */
#include "table.h"

#include "base/err.h"

#include <string.h>

enum { FIRST_CHUNK = 1024, FIRST_BLOCK = 64 << 10, LARGEST_BLOCK = 4 << 20, INDEX_AT_ONCE = 4096 };

struct table_block {
    struct table_block *next;
    size_t n_bytes, used; /* of the whole block, and of its words */
    uint64_t words[];
};

typedef uint64_t __attribute__((may_alias)) word;

/* Words are written and read one by one, so that a copy made while they are wiped is old or zero,
 * never undefined. */
static void copy_words(void *to, const uint64_t *from, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++) {
        uint64_t value = __atomic_load_n((const word *)&from[i], __ATOMIC_RELAXED);
        memcpy((char *)to + i * sizeof value, &value, sizeof value);
    }
}

static void wipe_words(uint64_t *p, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++)
        __atomic_store_n((word *)&p[i], 0, __ATOMIC_RELAXED);
}

_Static_assert(sizeof(struct lk_record) % sizeof(uint64_t) == 0, "records are whole words");
enum { RECORD_WORDS = sizeof(struct lk_record) / sizeof(uint64_t) };

static size_t content_words(size_t n_records, size_t n_digests)
{
    return n_records * RECORD_WORDS + (n_digests * sizeof(struct lk_digest) + 7) / 8;
}

static void free_all(struct table *t)
{
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        lk_index_free(t->index[kind]);
    refs_fini(&t->by_id);
    refs_fini(&t->by_digest);
    for (size_t i = 0; i < TABLE_CHUNKS; i++)
        if (t->chunks[i] != NULL)
            t->alloc->free(t->alloc->ctx, t->chunks[i],
                           ((size_t)FIRST_CHUNK << i) * sizeof(struct table_entry));
    while (t->blocks != NULL) {
        struct table_block *next = t->blocks->next;
        wipe_words(t->blocks->words, t->blocks->used);
        t->alloc->free(t->alloc->ctx, t->blocks, t->blocks->n_bytes);
        t->blocks = next;
    }
}

enum lk_status table_new(const struct lk_alloc *alloc, uint64_t seed, struct table **out,
                         struct lk_error *err)
{
    struct table *t = alloc->alloc(alloc->ctx, sizeof *t);
    if (t == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a table of entries");
    *t = (struct table){.alloc = alloc, .seed = seed, .n_bytes = sizeof *t};
    refs_init(&t->by_id, alloc);
    refs_init(&t->by_digest, alloc);
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++) {
        enum lk_status status = lk_index_new(alloc, kind, &t->index[kind], err);
        if (status != LK_OK) {
            table_free(t);
            return status;
        }
    }
    *out = t;
    return LK_OK;
}

void table_free(struct table *t)
{
    if (t == NULL)
        return;
    const struct lk_alloc *alloc = t->alloc;
    free_all(t);
    alloc->free(alloc->ctx, t, sizeof *t);
}

static unsigned chunk_of(uint32_t slot, uint32_t *at)
{
    uint64_t number = (uint64_t)slot + FIRST_CHUNK;
    unsigned top = 63 - (unsigned)__builtin_clzll(number);
    *at = (uint32_t)(number - (UINT64_C(1) << top));
    return top - 10;
}
_Static_assert(FIRST_CHUNK == 1 << 10, "chunk_of() counts from 2^10");

struct table_entry *table_at(const struct table *t, uint32_t slot)
{
    uint32_t at;
    unsigned chunk = chunk_of(slot, &at);
    return &t->chunks[chunk][at];
}

static bool in_force(const struct table_entry *e, bool pending)
{
    uint8_t state = table_state(e);
    return state_tier(state) != 0 || (pending && state == STATE_PENDING);
}

uint32_t table_find(const struct table *t, const uint8_t id[BANK_ID_BYTES], bool pending)
{
    struct refs_walk walk = refs_begin(&t->by_id, refs_hash(t->seed, id, BANK_ID_BYTES));
    uint32_t slot;
    while ((slot = refs_next(&walk)) != REFS_NONE) {
        const struct table_entry *e = table_at(t, slot);
        if (memcmp(e->id, id, BANK_ID_BYTES) == 0 && in_force(e, pending))
            break;
    }
    return slot;
}

static struct lk_digest digest_at(const struct table_entry *e, size_t i)
{
    struct lk_digest digests[LK_MAX_DIGESTS];
    uint64_t words[(sizeof digests + 7) / 8];
    size_t n = content_words(e->n_records, e->n_digests) - content_words(e->n_records, 0);
    copy_words(words, e->content + content_words(e->n_records, 0), n);
    memcpy(digests, words, e->n_digests * sizeof *digests);
    return digests[i];
}

static uint64_t hash_digest(const struct table *t, const struct lk_digest *digest)
{
    return refs_hash(t->seed + digest->type, digest->bytes, LK_DIGEST_BYTES);
}

struct refs_walk table_with_digest(const struct table *t, const struct lk_digest *digest)
{
    return refs_begin(&t->by_digest, hash_digest(t, digest));
}

uint32_t table_next_with(const struct table *t, struct refs_walk *walk,
                         const struct lk_digest *digest)
{
    uint32_t ref;
    while ((ref = refs_next(walk)) != REFS_NONE) {
        const struct table_entry *e = table_at(t, ref / LK_MAX_DIGESTS);
        struct lk_digest found = digest_at(e, ref % LK_MAX_DIGESTS);
        if (found.type == digest->type &&
            memcmp(found.bytes, digest->bytes, LK_DIGEST_BYTES) == 0 && in_force(e, false))
            return ref / LK_MAX_DIGESTS;
    }
    return REFS_NONE;
}

static bool hash_of_id(const void *ctx, uint32_t slot, uint64_t *hash)
{
    const struct table *t = ctx;
    const struct table_entry *e = table_at(t, slot);
    *hash = refs_hash(t->seed, e->id, BANK_ID_BYTES);
    return in_force(e, true);
}

static bool hash_of_digest(const void *ctx, uint32_t ref, uint64_t *hash)
{
    const struct table *t = ctx;
    const struct table_entry *e = table_at(t, ref / LK_MAX_DIGESTS);
    struct lk_digest digest = digest_at(e, ref % LK_MAX_DIGESTS);
    *hash = hash_digest(t, &digest);
    return in_force(e, true);
}

/* Room for slots up to n. */
static bool reserve_slots(struct table *t, uint32_t n)
{
    uint32_t at;
    for (unsigned i = 0; n > 0 && i <= chunk_of(n - 1, &at); i++) {
        if (t->chunks[i] != NULL)
            continue;
        size_t n_bytes = ((size_t)FIRST_CHUNK << i) * sizeof(struct table_entry);
        t->chunks[i] = t->alloc->alloc(t->alloc->ctx, n_bytes);
        if (t->chunks[i] == NULL)
            return false;
        t->n_bytes += n_bytes;
    }
    return true;
}

static uint64_t *take_words(struct table *t, size_t n_words)
{
    struct table_block *b = t->blocks;
    if (b == NULL || sizeof *b + (b->used + n_words) * sizeof *b->words > b->n_bytes) {
        size_t n_bytes = b == NULL ? FIRST_BLOCK : b->n_bytes * 2;
        if (n_bytes > LARGEST_BLOCK)
            n_bytes = LARGEST_BLOCK;
        if (n_bytes < sizeof *b + n_words * sizeof *b->words)
            n_bytes = sizeof *b + n_words * sizeof *b->words;
        struct table_block *grown = t->alloc->alloc(t->alloc->ctx, n_bytes);
        if (grown == NULL)
            return NULL;
        *grown = (struct table_block){.next = b, .n_bytes = n_bytes};
        t->blocks = b = grown;
        t->n_bytes += n_bytes;
    }
    uint64_t *words = b->words + b->used;
    b->used += n_words;
    return words;
}

static bool put_entry(struct table *t, uint32_t slot, const struct bank_entry *in,
                      const struct log_place *place)
{
    const struct lk_sequence *seq = &in->sequence;
    struct table_entry *e = table_at(t, slot);
    *e = (struct table_entry){.log_offset = place->offset,
                              .log_bytes = place->n_bytes,
                              .scope = in->scope,
                              .duration_ms = seq->duration_ms,
                              .n_records = (uint16_t)seq->n_records,
                              .medium = seq->medium,
                              .n_digests = seq->n_digests};
    memcpy(e->id, in->id, BANK_ID_BYTES);
    e->content = take_words(t, content_words(e->n_records, e->n_digests));
    if (e->content == NULL)
        return false;
    if (e->n_records > 0)
        memcpy(e->content, seq->records, e->n_records * sizeof *seq->records);
    memcpy(e->content + content_words(e->n_records, 0), seq->digests,
           e->n_digests * sizeof *seq->digests);
    refs_put(&t->by_id, slot, refs_hash(t->seed, e->id, BANK_ID_BYTES));
    for (uint32_t i = 0; i < e->n_digests; i++)
        refs_put(&t->by_digest, slot * LK_MAX_DIGESTS + i, hash_digest(t, &seq->digests[i]));
    return true;
}

/* Prints of one kind on their way into its index. */
struct gather {
    struct lk_print *prints;
    uint64_t *labels;
    size_t room;
};

static const struct lk_record *records_of(const struct table_entry *e)
{
    return (const void *)e->content;
}

static void take_out(struct table *t, const struct lk_record *record, uint64_t label)
{
    enum lk_status gone = lk_index_remove(t->index[record->kind], &record->print, label, NULL);
    (void)gone; /* it is in there, or its entry would not be here */
}

/* Takes the first n_prints prints of a kind, among those of n entries, out of its index. */
static void unindex(struct table *t, unsigned kind, uint32_t first, size_t n, uint64_t n_prints)
{
    for (uint32_t slot = first; slot < first + n; slot++) {
        const struct lk_record *r = records_of(table_at(t, slot));
        size_t n_records = table_at(t, slot)->n_records;
        for (size_t i = 0; i < n_records && n_prints > 0; i++) {
            if (r[i].kind != kind)
                continue;
            take_out(t, &r[i], table_label(slot, i));
            n_prints--;
        }
    }
}

static enum lk_status index_kind(struct table *t, unsigned kind, uint32_t first, size_t n,
                                 const struct gather *g, struct lk_error *err)
{
    size_t n_held = 0;
    uint64_t n_in = 0;
    enum lk_status status = LK_OK;
    for (uint32_t slot = first; slot < first + n && status == LK_OK; slot++) {
        const struct table_entry *e = table_at(t, slot);
        const struct lk_record *records = records_of(e);
        for (size_t i = 0; i < e->n_records && status == LK_OK; i++) {
            if (records[i].kind != kind)
                continue;
            g->prints[n_held] = records[i].print;
            g->labels[n_held++] = table_label(slot, i);
            if (n_held < g->room)
                continue;
            status = lk_index_insert(t->index[kind], g->prints, g->labels, n_held, err);
            n_in += status == LK_OK ? n_held : 0;
            n_held = 0;
        }
    }
    if (status == LK_OK && n_held > 0) {
        status = lk_index_insert(t->index[kind], g->prints, g->labels, n_held, err);
        n_in += status == LK_OK ? n_held : 0;
    }
    if (status != LK_OK)
        unindex(t, kind, first, n, n_in);
    return status;
}

static enum lk_status index_all(struct table *t, uint32_t first, size_t n, struct lk_error *err)
{
    struct gather g = {.room = 0};
    for (uint32_t slot = first; slot < first + n && g.room < INDEX_AT_ONCE; slot++)
        g.room += table_at(t, slot)->n_records;
    if (g.room == 0)
        return LK_OK;
    if (g.room > INDEX_AT_ONCE)
        g.room = INDEX_AT_ONCE;
    size_t n_bytes = g.room * (sizeof *g.prints + sizeof *g.labels);
    g.prints = t->alloc->alloc(t->alloc->ctx, n_bytes);
    if (g.prints == NULL)
        return FAIL(err, LK_NOMEM, "no memory to index %zu entries", n);
    g.labels = (uint64_t *)(g.prints + g.room);
    enum lk_status status = LK_OK;
    unsigned kind = 1;
    while (kind <= LK_KIND_MAX && (status = index_kind(t, kind, first, n, &g, err)) == LK_OK)
        kind++;
    while (status != LK_OK && --kind >= 1)
        unindex(t, kind, first, n, UINT64_MAX);
    wipe_words((uint64_t *)g.prints, n_bytes / sizeof(uint64_t));
    t->alloc->free(t->alloc->ctx, g.prints, n_bytes);
    return status;
}

/* Makes slots out of entries; *n_put says how many there are now. */
static enum lk_status put_all(struct table *t, uint32_t first, const struct bank_entry *entries,
                              size_t n, const struct log_place *places, size_t *n_put,
                              struct lk_error *err)
{
    size_t n_digests = 0;
    for (size_t i = 0; i < n; i++)
        n_digests += entries[i].sequence.n_digests;
    if (!reserve_slots(t, first + (uint32_t)n) || !refs_reserve(&t->by_id, n, hash_of_id, t) ||
        (n_digests > 0 && !refs_reserve(&t->by_digest, n_digests, hash_of_digest, t)))
        return FAIL(err, LK_NOMEM, "no memory for %zu more entries", n);
    for (*n_put = 0; *n_put < n; (*n_put)++) {
        const struct bank_entry *in = &entries[*n_put];
        if (table_find(t, in->id, true) != REFS_NONE)
            return FAIL(err, LK_CONFLICT, "an entry of this id is in the bank already");
        if (!put_entry(t, first + (uint32_t)*n_put, in, &places[*n_put]))
            return FAIL(err, LK_NOMEM, "no memory for an entry of %zu records",
                        in->sequence.n_records);
    }
    return LK_OK;
}

static void forget(struct table *t, uint32_t first, size_t n)
{
    for (uint32_t slot = first; slot < first + n; slot++) {
        struct table_entry *e = table_at(t, slot);
        atomic_store_explicit(&e->state, STATE_WIPED, memory_order_release);
        wipe_words(e->content, content_words(e->n_records, e->n_digests));
    }
}

enum lk_status table_add(struct table *t, const struct bank_entry *entries, size_t n,
                         const struct log_place *places, uint32_t *first, struct lk_error *err)
{
    *first = atomic_load_explicit(&t->n_slots, memory_order_relaxed);
    if (n > TABLE_MAX_ENTRIES - *first)
        return FAIL(err, LK_LIMIT, "a bank takes at most 2^30 entries at once");
    size_t n_put = 0;
    enum lk_status status = put_all(t, *first, entries, n, places, &n_put, err);
    if (status == LK_OK)
        status = index_all(t, *first, n, err);
    if (status != LK_OK)
        forget(t, *first, n_put);
    /* Slots that are forgotten stay used: something may lead to them. */
    atomic_store_explicit(&t->n_slots, *first + (uint32_t)n_put, memory_order_release);
    return status;
}

static void count(struct table *t, const struct table_entry *e, uint64_t by)
{
    const struct lk_record *records = records_of(e);
    atomic_fetch_add_explicit(&t->n_entries, by, memory_order_relaxed);
    atomic_fetch_add_explicit(&t->n_digests, by * e->n_digests, memory_order_relaxed);
    for (size_t i = 0; i < e->n_records; i++)
        atomic_fetch_add_explicit(&t->n_prints[records[i].kind], by, memory_order_relaxed);
}

void table_bring_in_force(struct table *t, uint32_t first, size_t n,
                          const struct bank_entry *entries)
{
    for (size_t i = 0; i < n; i++) {
        struct table_entry *e = table_at(t, first + (uint32_t)i);
        atomic_store_explicit(&e->state, state_of_tier(entries[i].tier), memory_order_release);
        count(t, e, 1);
    }
}

void table_take_back(struct table *t, uint32_t first, size_t n)
{
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        unindex(t, kind, first, n, UINT64_MAX);
    forget(t, first, n);
}

void table_withdraw(struct table *t, uint32_t slot)
{
    struct table_entry *e = table_at(t, slot);
    atomic_store_explicit(&e->state, STATE_WITHDRAWN, memory_order_seq_cst);
    count(t, e, UINT64_MAX); /* one less */
    const struct lk_record *records = records_of(e);
    for (size_t i = 0; i < e->n_records; i++)
        take_out(t, &records[i], table_label(slot, i));
    wipe_words(e->content, content_words(e->n_records, e->n_digests));
}

bool table_copy_record(const struct table *t, uint32_t slot, size_t record, struct lk_record *out)
{
    const struct table_entry *e = table_at(t, slot);
    if (!in_force(e, false) || record >= e->n_records)
        return false;
    copy_words(out, e->content + content_words(record, 0), RECORD_WORDS);
    atomic_thread_fence(memory_order_acquire);
    return in_force(e, false);
}

bool table_show(const struct table *t, uint32_t slot, struct lk_record *records,
                struct bank_entry *out)
{
    const struct table_entry *e = table_at(t, slot);
    unsigned tier = state_tier(table_state(e));
    if (tier == 0)
        return false;
    *out = (struct bank_entry){.tier = (uint8_t)tier,
                               .scope = e->scope,
                               .sequence = {.medium = e->medium,
                                            .n_digests = e->n_digests,
                                            .duration_ms = e->duration_ms,
                                            .records = records,
                                            .n_records = e->n_records}};
    memcpy(out->id, e->id, BANK_ID_BYTES);
    copy_words(records, e->content, content_words(e->n_records, 0));
    for (size_t i = 0; i < e->n_digests; i++)
        out->sequence.digests[i] = digest_at(e, i);
    atomic_thread_fence(memory_order_acquire);
    return in_force(e, false);
}

size_t table_bytes(const struct table *t)
{
    size_t n = t->n_bytes + t->by_id.n_bytes + t->by_digest.n_bytes;
    for (unsigned kind = 1; kind <= LK_KIND_MAX; kind++)
        n += lk_index_stats(t->index[kind]).n_bytes;
    return n;
}
