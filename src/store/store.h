/* store/store.h - durable records: transactions for many callers over one writing connection.
 *
 * Writers hand over a function. Whoever finds nobody leading becomes the leader, runs every
 * function that waits, each in a savepoint, commits once, and wakes the others: a hundred waiting
 * callers share one sync. What a function returns decides about its own savepoint alone; a commit
 * that fails fails them all. LK_OK means: on the device.
 *
 * The rows and their SQL are in the *_rows.h beside this; engines are behind store/engine.h.
 * Threads: any. Functions run on the leader's thread, one at a time; they must not wait for anyone
 * and must not call store_write() or store_read(). */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <likeness/status.h>
#include <stddef.h>
#include <stdint.h>

struct store;    /* opaque */
struct store_tx; /* one transaction, for the *_rows.h */

struct store_config {
    const char *url;    /* path of an SQLite file */
    unsigned n_readers; /* read connections, 1..64; 0: 4 */
};

/* Opens the store, makes it if need be, and brings its schema up to date in one transaction.
 * Errors: LK_UNSUPPORTED (made by a newer version, or an engine that is not built in), LK_INVALID
 * (another program's file), LK_IO, LK_CORRUPT, LK_BUSY, LK_NOMEM. */
enum lk_status store_open(const struct store_config *config, struct store **out,
                          struct lk_error *err) LK_MUST_CHECK;

/* No call may be under way. NULL is fine. */
void store_close(struct store *store);

typedef enum lk_status store_fn(struct store_tx *tx, void *ctx, struct lk_error *err);

/* Runs fn in a transaction that is durable when this returns LK_OK. Errors: what fn returns (then
 * nothing it did stays), LK_BUSY, LK_IO, LK_NOMEM. After LK_IO from the commit itself the change
 * is almost surely not there; only a crash at that moment can have kept it. */
enum lk_status store_write(struct store *store, store_fn *fn, void *ctx,
                           struct lk_error *err) LK_MUST_CHECK;

/* Runs fn on a snapshot; waits for a free connection. */
enum lk_status store_read(struct store *store, store_fn *fn, void *ctx,
                          struct lk_error *err) LK_MUST_CHECK;

/* Overwrites on the device what was deleted, in the file and in the engine's log. Called after
 * keys were destroyed. Errors: LK_BUSY (readers were in the way: call it again later), LK_IO. */
enum lk_status store_scrub(struct store *store, struct lk_error *err) LK_MUST_CHECK;

struct store_stats {
    uint64_t n_writes;  /* functions run by store_write() */
    uint64_t n_commits; /* transactions that carried them */
};
struct store_stats store_stats(struct store *store);

#endif
