/* sys/locked.h - large memory for what must not reach a swap file or a core dump.
 *
 * Pages come straight from the kernel: cleared, aligned to 2 MiB, in huge pages where it has them,
 * left out of core dumps, and, when locked, out of forked children; they are locked as they are
 * first touched, so that several threads can fill a block at the speed of the memory. How much a
 * process may lock is a limit of the system (RLIMIT_MEMLOCK); what happens when it is too small is
 * the caller's choice. Threads: any; a block is its owner's. */
#ifndef SYS_LOCKED_H
#define SYS_LOCKED_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>

enum locked_need {
    LOCKED_NO,      /* do not lock; huge pages and no dumps all the same */
    LOCKED_PREFER,  /* lock, or go on without and say so in is_locked */
    LOCKED_REQUIRE, /* lock, or fail */
};

struct locked {
    void *bytes;    /* NULL when n_bytes is 0 */
    size_t n_bytes; /* as asked for */
    bool is_locked;
};

/* Errors: LK_NOMEM; LK_LIMIT (LOCKED_REQUIRE: the text names the limit and the way out). */
enum lk_status locked_take(size_t n_bytes, enum locked_need need, struct locked *out,
                           struct lk_error *err) LK_MUST_CHECK;

/* Gives the pages back to the kernel, which clears them before anybody sees them. A block of zeros
 * (struct locked) is fine. */
void locked_free(struct locked *block);

#endif
