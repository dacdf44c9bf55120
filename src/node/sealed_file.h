/* node/sealed_file.h - a small file sealed as a whole, and replaced as a whole: the content before
 * or the content after, whatever happens. Threads: any. */
#ifndef NODE_SEALED_FILE_H
#define NODE_SEALED_FILE_H

#include "base/buf.h"
#include "store/keys.h"

#define SEALED_FILE_HEAD_BYTES 8
#define SEALED_FILE_MAX_BYTES  (1u << 30)

/* What is in it, appended to `plain`, which the caller wipes and frees. head: what the file begins
 * with, and its kind. Errors: LK_NOT_FOUND, LK_CORRUPT (damaged, of another kind or version, or
 * sealed under another key), LK_IO, LK_NOMEM. */
enum lk_status sealed_file_load(const char *path, const char head[SEALED_FILE_HEAD_BYTES],
                                const struct keys *keys, struct buf *plain,
                                struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_IO, LK_NOMEM: the one before is still there. */
enum lk_status sealed_file_save(const char *path, const char head[SEALED_FILE_HEAD_BYTES],
                                const struct keys *keys, const struct buf *plain,
                                struct lk_error *err) LK_MUST_CHECK;

#endif
