/* media/helper.h - the helper process: found, started, started again, asked, ended. */
#ifndef MEDIA_HELPER_H
#define MEDIA_HELPER_H

#include "wire.h"

#include <sys/types.h>

/* One running zygote. */
struct helper {
    char *path; /* owned */
    int socket; /* -1: not running */
    pid_t pid;
};

/* Settles which program to run (see media_open) and starts it.
 * Errors: LK_NOT_FOUND, LK_IO, LK_NOMEM, LK_INTERNAL. */
enum lk_status helper_init(struct helper *h, const char *path, struct lk_error *err) LK_MUST_CHECK;
void helper_fini(struct helper *h);

/* Hands over one job without waiting, and starts the program again when it is gone. The
 * descriptors stay the caller's. Not for several threads at once.
 * Errors: LK_BUSY (its queue is full), LK_IO, LK_INTERNAL. */
enum lk_status helper_send(struct helper *h, const struct wire_job *job, const int fds[WIRE_N_FDS],
                           struct lk_error *err) LK_MUST_CHECK;

#endif
