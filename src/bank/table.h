/* bank/table.h - entries that came in lately, in memory, one log for each table.
 *
 * Entries get slots 0, 1, 2 ... that are never used twice, and stay where they are until the whole
 * table goes: so readers need no lock. A slot is complete before anything leads to it; afterwards
 * only its state changes, and its prints are wiped once it is withdrawn. Whoever reads prints looks
 * at the state again afterwards (table_copy_record() and table_show() do).
 *
 * Threads: one changes, any number read. */
#ifndef BANK_TABLE_H
#define BANK_TABLE_H

#include "bank.h"
#include "log_format.h"
#include "refs.h"
#include "state.h"

#define TABLE_MAX_ENTRIES (UINT32_C(1) << 30) /* times LK_MAX_DIGESTS still a reference */

struct table_entry {
    uint8_t id[BANK_ID_BYTES];
    uint64_t log_offset; /* of its record in the table's log */
    uint32_t log_bytes;
    uint32_t scope;
    uint64_t *content; /* n_records records, then n_digests digests; wiped in words */
    uint32_t duration_ms;
    uint16_t n_records;
    uint8_t medium, n_digests;
    _Atomic uint8_t state; /* enum bank_state */
};

enum { TABLE_CHUNKS = 22 }; /* of 1024, 2048, 4096 ... slots */

struct table_block;

struct table {
    const struct lk_alloc *alloc;
    uint64_t seed; /* of the hashes */
    struct table_entry *chunks[TABLE_CHUNKS];
    _Atomic uint32_t n_slots;   /* ever used */
    struct table_block *blocks; /* of contents, the newest first */
    struct refs by_id, by_digest;
    struct lk_index *index[LK_KIND_MAX + 1]; /* by enum lk_kind; labels: slot << 16 | record */
    _Atomic uint64_t n_entries, n_digests;   /* in force */
    _Atomic uint64_t n_prints[LK_KIND_MAX + 1];
    _Atomic uint64_t n_bytes; /* of chunks and blocks */
};

/* Errors: LK_NOMEM. */
enum lk_status table_new(const struct lk_alloc *alloc, uint64_t seed, struct table **out,
                         struct lk_error *err) LK_MUST_CHECK;

/* Wipes and frees. Nobody may be reading. NULL is fine. */
void table_free(struct table *t);

struct table_entry *table_at(const struct table *t, uint32_t slot);

static inline uint8_t table_state(const struct table_entry *e)
{
    return atomic_load_explicit(&e->state, memory_order_acquire);
}

/* The entry in force of this id, or REFS_NONE; `pending` also finds those being added. */
uint32_t table_find(const struct table *t, const uint8_t id[BANK_ID_BYTES], bool pending);

/* Walks the slots of entries in force with this digest. */
struct refs_walk table_with_digest(const struct table *t, const struct lk_digest *digest);
uint32_t table_next_with(const struct table *t, struct refs_walk *walk,
                         const struct lk_digest *digest);

/* Copies n entries in, pending: in slots *first and on, found by nobody until
 * table_bring_in_force(). places: of their records in the log.
 * Errors: LK_CONFLICT (an id comes twice or is there), LK_NOMEM, LK_LIMIT: nothing was added. */
enum lk_status table_add(struct table *t, const struct bank_entry *entries, size_t n,
                         const struct log_place *places, uint32_t *first,
                         struct lk_error *err) LK_MUST_CHECK;
void table_bring_in_force(struct table *t, uint32_t first, size_t n,
                          const struct bank_entry *entries);

/* Undoes table_add(). */
void table_take_back(struct table *t, uint32_t first, size_t n);

/* The entry is gone for readers; then its prints are wiped. Needs no memory. */
void table_withdraw(struct table *t, uint32_t slot);

/* A copy of one record. false when the entry was withdrawn meanwhile. */
bool table_copy_record(const struct table *t, uint32_t slot, size_t record, struct lk_record *out);

/* The entry with its records copied to records[0..n_records). false when it is not in force. */
bool table_show(const struct table *t, uint32_t slot, struct lk_record *records,
                struct bank_entry *out);

size_t table_bytes(const struct table *t);

static inline uint64_t table_label(uint32_t slot, size_t record)
{
    return (uint64_t)slot << 16 | record;
}

#endif
