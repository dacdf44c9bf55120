/* bank/bank_segment.h - a segment as the bank searches it: image, states, an index for each kind.
 *
 * The image lies in a file (mapped, or unsealed into memory) or in memory alone. A byte an entry
 * says whether it is in force; in a directory these bytes stand in a file of their own, state-N,
 * where they are changed in place. Threads: one changes, any number read; as with tables, whoever
 * reads prints looks at the state again afterwards. */
#ifndef BANK_BANK_SEGMENT_H
#define BANK_BANK_SEGMENT_H

#include "bank.h"
#include "image_build.h"
#include "segment_file.h"
#include "state.h"
#include "state_file.h"

struct bank_segment {
    const struct lk_alloc *alloc;
    uint64_t number;
    struct segment_image *image; /* of `file`, or of `memory` */
    struct segment_file *file;   /* NULL: in memory alone */
    struct image_memory memory;
    struct state_file state_file;
    _Atomic uint8_t *states; /* enum bank_state, by ordinal */
    struct probe_tables tables[LK_KIND_MAX + 1];
    struct segment_kernels kernels;
    _Atomic uint64_t n_entries, n_digests; /* in force */
    _Atomic uint64_t n_prints[LK_KIND_MAX + 1];
    uint32_t n_unwiped;   /* withdrawn, and not yet overwritten in the file */
    bool states_unsure;   /* writing them failed: the file must be brought up to date */
    bool rewrite;         /* overwriting would cost more than writing it anew */
    atomic_bool verified; /* every byte was compared with its check, or comes from memory */
    atomic_bool damaged;  /* served as far as it goes, never merged */
    int64_t due_ms;       /* when it must be written anew; 0: never */
    uint64_t n_file_bytes;
};

/* A segment in memory, which takes `memory` over. Errors: LK_NOMEM; memory is then the caller's. */
enum lk_status bank_segment_new(const struct lk_alloc *alloc, uint64_t number,
                                struct image_memory *memory, struct bank_segment **out,
                                struct lk_error *err) LK_MUST_CHECK;

/* Opens PATH/segment-N and PATH/state-N. Errors: those of segment_file_open() and
 * state_file_open(). */
struct bank_segment_place {
    const char *segment_path, *state_path;
    const uint8_t *bank_id, *key;
    uint64_t number;
    bool write;
};
enum lk_status bank_segment_open(const struct lk_alloc *alloc,
                                 const struct bank_segment_place *place, struct bank_segment **out,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Nobody may be reading. NULL is fine. */
void bank_segment_free(struct bank_segment *s);

static inline uint8_t bank_segment_state(const struct bank_segment *s, uint32_t ordinal)
{
    return atomic_load_explicit(&s->states[ordinal], memory_order_acquire);
}

static inline bool bank_segment_in_force(const struct bank_segment *s, uint32_t ordinal)
{
    return ordinal < s->image->n_entries && state_tier(bank_segment_state(s, ordinal)) != 0;
}

/* The ordinal of the entry in force of this id, or SEGMENT_NO_ENTRY. */
uint32_t bank_segment_find(const struct bank_segment *s, const uint8_t id[BANK_ID_BYTES]);

/* Puts the rows within the radius of prints[i], which are in the order of the index
 * (index_row_of()), into hits[i], for each of n; their labels are ordinal << 16 | record. Some may
 * have been withdrawn meanwhile. `lean`: as lk_index_search_lean(). false when there was no memory
 * for it: some are missing. */
bool bank_segment_search(const struct bank_segment *s, unsigned kind, const struct lk_print *prints,
                         size_t n, unsigned radius_bits, bool lean, struct hits *hits);

/* A copy of one record, of an entry in force; false when it is not, or the segment is damaged. */
bool bank_segment_copy_record(const struct bank_segment *s, uint32_t ordinal, size_t record,
                              struct lk_record *out);

/* The entry with its records copied to records[0..LK_MAX_RECORDS); `prints` false leaves their
 * prints zero. false when it is not in force. */
bool bank_segment_show(const struct bank_segment *s, uint32_t ordinal, bool prints,
                       struct lk_record *records, struct bank_entry *out);

/* Makes the states of n ordinals (rising) durable, then changes them in memory. With LK_IO some may
 * be changed: memory never says less is withdrawn than the file may. */
enum lk_status bank_segment_mark(struct bank_segment *s, const uint32_t *ordinals,
                                 const uint8_t *states, size_t n,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Takes the prints of n withdrawn entries out of memory and out of the file, or decides that the
 * whole is to be written anew (s->rewrite) and only hides them. Errors: LK_IO, LK_NOMEM: hidden,
 * and to be finished by bank_segment_finish(). */
enum lk_status bank_segment_wipe(struct bank_segment *s, const uint32_t *ordinals, size_t n,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Whether something is to be finished, and doing it: states that failed to be written, withdrawn
 * entries that were not overwritten. */
bool bank_segment_unfinished(const struct bank_segment *s);
enum lk_status bank_segment_finish(struct bank_segment *s, struct lk_error *err) LK_MUST_CHECK;

uint64_t bank_segment_bytes(const struct bank_segment *s);

#endif
