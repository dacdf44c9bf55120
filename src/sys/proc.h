/* sys/proc.h - our own helper programs: found, and run once over some bytes.
 *
 * Helpers get an empty environment, no signals' leftovers, and no descriptor but the three that
 * every program has. Threads: any; never uses fork(2). */
#ifndef SYS_PROC_H
#define SYS_PROC_H

#include "base/buf.h"

#define PROC_PATH_BYTES 4352

/* Where the helper `name` is: what the environment variable says, beside this program, or in
 * ../libexec/likeness. Errors: LK_NOT_FOUND, LK_IO. */
enum lk_status proc_find(const char *name, const char *variable, char path[PROC_PATH_BYTES],
                         struct lk_error *err) LK_MUST_CHECK;

struct proc_filter {
    const char *path;
    const void *input; /* to its standard input */
    size_t n_input;
    int timeout_ms;
    struct buf *out;  /* its standard output, up to out->max */
    struct buf *said; /* its standard error; what is beyond said->max is dropped */
    int exit_code;    /* receives it; -1: it died by a signal */
};

/* Runs the program until it ends. Errors: LK_NOT_FOUND, LK_IO (it cannot be started), LK_LIMIT (its
 * output passed out->max), LK_BUSY (it took longer; it was killed), LK_NOMEM. */
enum lk_status proc_filter(struct proc_filter *p, struct lk_error *err) LK_MUST_CHECK;

#endif
