/* ledger/checkpoint.h - checkpoints (c2sp.org/tlog-checkpoint): what a log signs of its tree, and
 * receipts (c2sp.org/tlog-proof): that one leaf is under such a checkpoint, to be kept and checked
 * without the log. Both are texts that come from strangers. Threads: any. */
#ifndef LEDGER_CHECKPOINT_H
#define LEDGER_CHECKPOINT_H

#include "ledger/note.h"
#include "ledger/tree.h"

struct checkpoint {
    char origin[NOTE_MAX_NAME_BYTES + 1]; /* the name of the log */
    uint64_t size;                        /* leaves */
    struct tree_hash root;
};

/* The text that is signed, without signatures. */
void checkpoint_put(const struct checkpoint *c, struct buf *out);

/* Reads the text of a note; lines after the third are allowed and mean nothing here. Errors:
 * LK_INVALID. */
enum lk_status checkpoint_read(struct checkpoint *c, const char *text, size_t n,
                               struct lk_error *err) LK_MUST_CHECK;

#define RECEIPT_MAX_EXTRA_BYTES 1024
#define RECEIPT_MAX_BYTES       (NOTE_MAX_BYTES + 8192)

struct receipt {
    uint8_t extra[RECEIPT_MAX_EXTRA_BYTES]; /* ours: the bytes of the leaf */
    size_t n_extra;
    uint64_t index; /* of the leaf, from 0 */
    struct tree_proof proof;
    const char *note; /* the signed checkpoint; borrowed */
    size_t n_note;
};

void receipt_put(const struct receipt *r, struct buf *out);

/* Errors: LK_INVALID, LK_LIMIT. */
enum lk_status receipt_read(struct receipt *r, const char *text, size_t n,
                            struct lk_error *err) LK_MUST_CHECK;

/* A decimal number as these formats have it: digits, no zero in front, below 2^63. */
bool checkpoint_number(const char *text, size_t n, uint64_t *out) LK_MUST_CHECK;

#endif
