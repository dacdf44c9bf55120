/* exchange/tar.h - several files as one: POSIX ustar archives, in the one form that equal files
 * always give.
 *
 * Regular files alone, each with owner 0, mode 0644 and the same time; two blocks of zeros end the
 * archive, and nothing follows. Any tar program reads it. Reading takes exactly that form back and
 * refuses everything else: what cannot be said cannot be hidden. Threads: any. */
#ifndef EXCHANGE_TAR_H
#define EXCHANGE_TAR_H

#include "base/buf.h"

#include <stdbool.h>

#define TAR_MAX_NAME_BYTES 100
#define TAR_MAX_FILES      2000

/* Whether a name may stand in an archive: letters, digits, ".", "-", "_", and "/" between parts of
 * which none is empty or begins with a dot. 1..TAR_MAX_NAME_BYTES of them. */
bool tar_name_is_fit(const char *name, size_t n);

/* Appends one file, or the end. time_s: seconds since 1970, 0..2^33-1. Failures are kept in `out`:
 * LK_LIMIT also for what cannot stand in an archive. */
void tar_put(struct buf *out, const char *name, const void *bytes, size_t n, int64_t time_s);
void tar_end(struct buf *out);

struct tar_file {
    char name[TAR_MAX_NAME_BYTES + 1];
    const char *bytes; /* borrowed from the archive */
    size_t n;
    int64_t time_s;
};

/* Reads the file at *at (0 at first) and moves on. *more false: that was the end, and *out is not
 * set. Errors: LK_CORRUPT, with the place. */
enum lk_status tar_take(const char *archive, size_t n, size_t *at, struct tar_file *out, bool *more,
                        struct lk_error *err) LK_MUST_CHECK;

#endif
