/* ledger/ledger.h - the tamper-evident log of what was demanded and answered
 * (docs/formats/ledger.md).
 *
 * The store's events, in their order, are the leaves of a Merkle tree. An event is a leaf from the
 * transaction on that records it; ledger_publish() hashes the new ones into tiles and signs a
 * checkpoint over all. Whoever has kept a checkpoint can then be shown, by files that anybody may
 * fetch, that nothing under it was changed, dropped or put in later. That an event was true when it
 * was entered, nothing here proves.
 *
 * Threads: any, and any number of processes: the store's write transaction keeps them in line. */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "ledger/checkpoint.h"
#include "ledger/leaf.h"
#include "ledger/tile.h"

struct store;
struct keys;
struct ledger; /* opaque */

#define LEDGER_NAME "likeness/ledger"

/* origin: the name of the log, by custom its address without https:// (example.org/ledger); the
 * store remembers it. NULL: the one it remembers, else LEDGER_NAME. The store and its keys are
 * borrowed. Errors: LK_INVALID (origin), LK_NOMEM. */
enum lk_status ledger_open(struct store *store, const struct keys *keys, const char *origin,
                           struct ledger **out, struct lk_error *err) LK_MUST_CHECK;
void ledger_close(struct ledger *ledger); /* NULL is fine */

/* The key that checkpoints are signed with, for whoever checks them. Borrowed. */
const struct note_key *ledger_key(const struct ledger *ledger);

/* Hashes every leaf there is and signs a checkpoint, unless the newest covers them all already; *c
 * receives it. Errors: LK_CORRUPT (the tree does not begin with what was signed before: it is not
 * signed), LK_BUSY, LK_IO. */
enum lk_status ledger_publish(struct ledger *ledger, struct checkpoint *c,
                              struct lk_error *err) LK_MUST_CHECK;

/* How many leaves the tree has as published; new events follow at the next ledger_publish(). */
enum lk_status ledger_size(struct ledger *ledger, uint64_t *n, struct lk_error *err) LK_MUST_CHECK;

/* Calls each() for the leaves [from, to), by index, as far as there are any; events that are not
 * published yet too. Stops when each() returns another status than LK_OK, and returns that. The
 * leaf is borrowed; each() runs inside a read transaction. */
typedef enum lk_status ledger_each(void *ctx, uint64_t index, const struct leaf *leaf,
                                   struct lk_error *err);
enum lk_status ledger_leaves(struct ledger *ledger, uint64_t from, uint64_t to, ledger_each *each,
                             void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* The newest signed checkpoint. Errors: LK_NOT_FOUND (none yet). */
enum lk_status ledger_note(struct ledger *ledger, struct buf *out,
                           struct lk_error *err) LK_MUST_CHECK;

/* The bytes of a tile, hashes or leaves. Errors: LK_NOT_FOUND (there are not so many). */
enum lk_status ledger_tile(struct ledger *ledger, const struct tile *tile, struct buf *out,
                           struct lk_error *err) LK_MUST_CHECK;

/* A receipt for the leaf under the newest checkpoint; its extra bytes are the leaf. Errors:
 * LK_NOT_FOUND (there is no such leaf, or it is not published yet). */
enum lk_status ledger_receipt(struct ledger *ledger, uint64_t index, struct buf *out,
                              struct lk_error *err) LK_MUST_CHECK;

/* That the tree of n leaves begins with that of n_old. Errors: LK_INVALID (more than published). */
enum lk_status ledger_growth(struct ledger *ledger, uint64_t n_old, uint64_t n,
                             struct tree_proof *out, struct lk_error *err) LK_MUST_CHECK;

#endif
