/* node/journal.h - a sealed file that grows at its end: what a node notes record by record.
 *
 * Records gather in memory until journal_commit() seals them together as one frame and syncs it, so
 * a commit is there as a whole or not at all. What a crash left of the last frame is cut off at the
 * next opening. Not thread-safe: the owner has a lock. */
#ifndef NODE_JOURNAL_H
#define NODE_JOURNAL_H

#include "base/buf.h"
#include "store/keys.h"

struct journal; /* opaque */

#define JOURNAL_HEAD_BYTES       8
#define JOURNAL_MAX_RECORD_BYTES 1024

/* One record of the file, in order; borrowed. What it returns ends the reading unless LK_OK. */
typedef enum lk_status journal_visit(void *ctx, const uint8_t *bytes, size_t n,
                                     struct lk_error *err);

/* Opens `path`, or makes it, and visits every record. head: what the file begins with, and its
 * kind; keys must outlive the journal. Errors: LK_CORRUPT (damaged before its last frame, of
 * another kind, or sealed under another key), LK_IO, LK_NOMEM, and what `visit` returns. */
enum lk_status journal_open(const char *path, const char head[JOURNAL_HEAD_BYTES],
                            const struct keys *keys, journal_visit *visit, void *ctx,
                            struct journal **out, struct lk_error *err) LK_MUST_CHECK;
void journal_close(struct journal *j); /* what was not committed is dropped; NULL is fine */

/* Notes a record of 1..JOURNAL_MAX_RECORD_BYTES. A failure shows at journal_commit(). */
void journal_add(struct journal *j, const void *bytes, size_t n);

/* Forgets what was noted since the last commit. */
void journal_drop(struct journal *j);

/* Everything noted since the last one, durably. Nothing noted: nothing is done. Errors: LK_IO,
 * LK_NOMEM: nothing of it is in the file, and it is forgotten. */
enum lk_status journal_commit(struct journal *j, struct lk_error *err) LK_MUST_CHECK;

/* Replaces the file as a whole by what `write` notes in the journal that it gets. Errors: those of
 * journal_commit(): the file before is still there. */
enum lk_status journal_rewrite(struct journal *j, void (*write)(void *ctx, struct journal *anew),
                               void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
