/* ledger/audit.h - checks a log from outside, by the files that it publishes, as somebody who does
 * not believe whoever runs it. Needs no store. Threads: any, each with its own source. */
#ifndef LEDGER_AUDIT_H
#define LEDGER_AUDIT_H

#include "ledger/ledger.h"

/* Where the files come from: a directory, an address. Adds the file's bytes to out. Errors:
 * LK_NOT_FOUND and others, which are passed on. */
struct audit_source {
    enum lk_status (*get)(void *ctx, const char *path, struct buf *out, struct lk_error *err);
    void *ctx;
};

/* Fetches the newest checkpoint into note and checks that `key` signed it under its own name.
 * Errors: LK_DENIED (it did not), LK_INVALID. */
enum lk_status audit_checkpoint(const struct audit_source *source, const struct note_key *key,
                                struct buf *note, struct checkpoint *c,
                                struct lk_error *err) LK_MUST_CHECK;

/* Reads every leaf under c and computes everything anew. `since` (may be NULL) is a checkpoint that
 * was kept from before, or that somebody else was shown. Errors: LK_CORRUPT, whose text says what
 * was done to the log and to which leaf; LK_NOT_FOUND (a file is missing). */
enum lk_status audit_all(const struct audit_source *source, const struct checkpoint *c,
                         const struct checkpoint *since, struct lk_error *err) LK_MUST_CHECK;

/* Checks by the hashes alone that the log grew from `before` to c. Errors: as audit_all(). Cost: a
 * few tiles. */
enum lk_status audit_growth(const struct audit_source *source, const struct checkpoint *before,
                            const struct checkpoint *c, struct lk_error *err) LK_MUST_CHECK;

#endif
