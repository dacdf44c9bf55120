/* ledger/ledger_inside.h - for the files of this folder alone. */
#ifndef LEDGER_LEDGER_INSIDE_H
#define LEDGER_LEDGER_INSIDE_H

#include "ledger/ledger.h"
#include "sys/seal.h"

struct store_tx;
struct event_seen;

struct ledger {
    struct store *store;
    struct note_key key;
    uint8_t seed[SEAL_KEY_BYTES];
};

/* The leaf that an event is. Errors: LK_CORRUPT (a text that no leaf holds). */
enum lk_status ledger_leaf_of(const struct event_seen *event, struct leaf *leaf,
                              struct lk_error *err) LK_MUST_CHECK;

/* Where the hashes of the published tree are read: a tree_get whose ctx is this. */
struct tile_reader {
    struct store_tx *tx;
    unsigned level;
    uint64_t number;
    size_t n; /* bytes; 0: none is held */
    uint8_t bytes[TILE_WIDTH * TREE_HASH_BYTES];
};
enum lk_status tile_reader_get(void *ctx, unsigned level, uint64_t index, struct tree_hash *out,
                               struct lk_error *err) LK_MUST_CHECK;

#endif
