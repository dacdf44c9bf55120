/* bank/entries.h - the table of entries: found by id, by number, by digest.
 *
 * An entry has a number (its slot), which the index carries in its labels; numbers of removed
 * entries are used again. 80 bytes a slot, which hold a lone record in place; more records and
 * digests stand in one block of their own. Not locked: bank.c does that. */
#ifndef BANK_ENTRIES_H
#define BANK_ENTRIES_H

#include "bank.h"
#include "base/refset.h"

#define ENTRIES_MAX (UINT32_C(1) << 30) /* times LK_MAX_DIGESTS still a reference */

struct entry {
    uint8_t id[BANK_ID_BYTES];
    uint32_t scope;
    uint32_t duration_ms;
    uint16_t n_records;
    uint8_t tier, medium, n_digests;
    union {
        struct lk_record one; /* n_records == 1 and n_digests == 0 */
        void *many;           /* n_records records, then n_digests digests */
        uint32_t next_free;   /* of a slot that is not in use */
    } u;
};

struct entries {
    const struct lk_alloc *alloc;
    struct entry **chunks;
    size_t n_chunks, room;
    uint32_t n_slots; /* ever used */
    uint32_t free;    /* first of the list of slots to use again, or REFSET_NONE */
    size_t n;         /* entries */
    size_t n_digests;
    size_t many_bytes;
    uint64_t seed; /* of the hashes, so that nobody can aim at a slot */
    struct refset by_id, by_digest;
};

/* Must not move afterwards. */
void entries_init(struct entries *t, const struct lk_alloc *alloc, uint64_t seed);
void entries_fini(struct entries *t);

/* The slot of this id, or REFSET_NONE. */
uint32_t entries_find(const struct entries *t, const uint8_t id[BANK_ID_BYTES]);

struct entry *entries_at(const struct entries *t, uint32_t slot);
const struct lk_record *entry_records(const struct entry *e);

/* As the outside sees it; borrows. */
struct bank_entry entry_show(const struct entry *e);

/* Copies an entry whose id is not there. Errors: LK_NOMEM, LK_LIMIT; nothing has changed then. */
enum lk_status entries_add(struct entries *t, const struct bank_entry *in, uint32_t *slot,
                           struct lk_error *err) LK_MUST_CHECK;

/* Wipes and forgets the entry. */
void entries_remove(struct entries *t, uint32_t slot);

/* Walks the slots of entries with this digest: start with *at = SIZE_MAX; REFSET_NONE at the end.
 */
uint32_t entries_next_with(const struct entries *t, const struct lk_digest *digest, size_t *at);

size_t entries_bytes(const struct entries *t);

#endif
