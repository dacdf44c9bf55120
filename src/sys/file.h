/* sys/file.h - files, with every error said and every fault injectable (sys/fault.h).
 *
 * All functions retry EINTR and short transfers. Errors are LK_IO with the path or the operation
 * and the reason, LK_NOT_FOUND for a missing file, LK_DENIED for missing rights, LK_LIMIT where a
 * maximum is given. */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include "base/buf.h"

#include <fcntl.h>
#include <sys/types.h>

/* open(2) with O_CLOEXEC. *fd is -1 on failure. */
enum lk_status file_open(const char *path, int flags, mode_t mode, int *fd,
                         struct lk_error *err) LK_MUST_CHECK;

/* Reads until n bytes or the end of the file; *got receives how many. */
enum lk_status file_read(int fd, void *bytes, size_t n, size_t *got,
                         struct lk_error *err) LK_MUST_CHECK;
enum lk_status file_pread(int fd, void *bytes, size_t n, int64_t offset, size_t *got,
                          struct lk_error *err) LK_MUST_CHECK;

/* Writes all n bytes. After a failure part of them may be in the file. */
enum lk_status file_write(int fd, const void *bytes, size_t n, struct lk_error *err) LK_MUST_CHECK;
enum lk_status file_pwrite(int fd, const void *bytes, size_t n, int64_t offset,
                           struct lk_error *err) LK_MUST_CHECK;

enum lk_status file_truncate(int fd, int64_t n_bytes, struct lk_error *err) LK_MUST_CHECK;
enum lk_status file_size(int fd, int64_t *n_bytes, struct lk_error *err) LK_MUST_CHECK;

/* fdatasync(2): the content is on the device when it returns. */
enum lk_status file_sync(int fd, struct lk_error *err) LK_MUST_CHECK;

/* Makes a new or renamed name in the directory that holds `path` durable. */
enum lk_status file_sync_parent(const char *path, struct lk_error *err) LK_MUST_CHECK;

enum lk_status file_rename(const char *from, const char *to, struct lk_error *err) LK_MUST_CHECK;

/* Removes a file; that there is none is fine. Asks for faults as FAULT_RENAME. */
enum lk_status file_remove(const char *path, struct lk_error *err) LK_MUST_CHECK;

/* Takes the exclusive lock of the file, without waiting. Errors: LK_BUSY when another process has
 * it. Released when fd is closed. */
enum lk_status file_lock(int fd, struct lk_error *err) LK_MUST_CHECK;

/* Appends the whole file to out, whose maximum is the limit. "-" reads standard input. */
enum lk_status file_read_all(const char *path, struct buf *out, struct lk_error *err) LK_MUST_CHECK;

/* Replaces `path` as a whole: either the old content or the new one is there, whatever happens. */
enum lk_status file_replace(const char *path, const void *bytes, size_t n, mode_t mode,
                            struct lk_error *err) LK_MUST_CHECK;

/* The same through `temp`, a name in the same directory that whoever opens it knows to remove.
 * *placed says whether `path` is the new one, which may be so though making that durable failed. */
enum lk_status file_place(const char *path, const char *temp, const void *bytes, size_t n,
                          mode_t mode, bool *placed, struct lk_error *err) LK_MUST_CHECK;

/* mkdir(2), and every missing parent; an existing directory is fine. */
enum lk_status file_make_dirs(const char *path, mode_t mode, struct lk_error *err) LK_MUST_CHECK;

#endif
