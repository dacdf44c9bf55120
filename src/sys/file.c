#include "file.h"

#include "base/err.h"
#include "fault.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_PATH_BYTES = 4096 };

static enum lk_status from_errno(int error, const char *what, const char *path,
                                 struct lk_error *err)
{
    enum lk_status status = LK_IO;
    if (error == ENOENT || error == ENOTDIR)
        status = LK_NOT_FOUND;
    else if (error == EACCES || error == EPERM)
        status = LK_DENIED;
    char text[96];
    const char *reason = strerror_r(error, text, sizeof text);
    if (path != NULL)
        return FAIL(err, status, "cannot %s '%s': %s", what, path, reason);
    return FAIL(err, status, "cannot %s: %s", what, reason);
}

enum lk_status file_open(const char *path, int flags, mode_t mode, int *fd, struct lk_error *err)
{
    *fd = -1;
    int error;
    do {
        error = fault_check(FAULT_OPEN);
        if (error == 0 && (*fd = open(path, flags | O_CLOEXEC, mode)) < 0)
            error = errno;
    } while (error == EINTR);
    return error == 0 ? LK_OK : from_errno(error, "open", path, err);
}

enum lk_status file_pread(int fd, void *bytes, size_t n, int64_t offset, size_t *got,
                          struct lk_error *err)
{
    *got = 0;
    while (*got < n) {
        int error = fault_check(FAULT_READ);
        ssize_t r = -1;
        if (error == 0) {
            char *at = (char *)bytes + *got;
            r = offset < 0 ? read(fd, at, n - *got)
                           : pread(fd, at, n - *got, offset + (int64_t)*got);
            error = r < 0 ? errno : 0;
        }
        if (error == EINTR)
            continue;
        if (error != 0)
            return from_errno(error, "read", NULL, err);
        if (r == 0)
            break;
        *got += (size_t)r;
    }
    return LK_OK;
}

enum lk_status file_read(int fd, void *bytes, size_t n, size_t *got, struct lk_error *err)
{
    return file_pread(fd, bytes, n, -1, got, err);
}

static ssize_t write_some(int fd, const char *p, size_t n, int64_t offset)
{
    return offset < 0 ? write(fd, p, n) : pwrite(fd, p, n, offset);
}

enum lk_status file_pwrite(int fd, const void *bytes, size_t n, int64_t offset,
                           struct lk_error *err)
{
    const char *p = bytes;
    while (n > 0) {
        int error = fault_check(FAULT_WRITE);
        if (error == EINTR)
            continue;
        if (error != 0) {
            if (fault_half_write() && n > 1 && write_some(fd, p, n / 2, offset) < 0)
                error = errno;
            fault_die(error);
            return from_errno(error, "write", NULL, err);
        }
        ssize_t w = write_some(fd, p, n, offset);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return from_errno(errno, "write", NULL, err);
        p += w;
        n -= (size_t)w;
        if (offset >= 0)
            offset += w;
    }
    return LK_OK;
}

enum lk_status file_write(int fd, const void *bytes, size_t n, struct lk_error *err)
{
    return file_pwrite(fd, bytes, n, -1, err);
}

enum lk_status file_truncate(int fd, int64_t n_bytes, struct lk_error *err)
{
    int error;
    do {
        error = fault_check(FAULT_WRITE);
        fault_die(error);
        if (error == 0 && ftruncate(fd, n_bytes) != 0)
            error = errno;
    } while (error == EINTR);
    return error == 0 ? LK_OK : from_errno(error, "change the size of the file", NULL, err);
}

enum lk_status file_size(int fd, int64_t *n_bytes, struct lk_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return from_errno(errno, "look at the file", NULL, err);
    *n_bytes = st.st_size;
    return LK_OK;
}

enum lk_status file_sync(int fd, struct lk_error *err)
{
    int error;
    do {
        error = fault_check(FAULT_SYNC);
        if (error == 0 && fdatasync(fd) != 0)
            error = errno;
    } while (error == EINTR);
    return error == 0 ? LK_OK : from_errno(error, "make the file durable", NULL, err);
}

enum lk_status file_sync_parent(const char *path, struct lk_error *err)
{
    char dir[MAX_PATH_BYTES];
    const char *slash = strrchr(path, '/');
    size_t n = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    if (n >= sizeof dir)
        return FAIL(err, LK_LIMIT, "path is longer than %d bytes", MAX_PATH_BYTES - 1);
    memcpy(dir, slash == NULL ? "." : path, n);
    dir[n] = '\0';
    int fd;
    TRY(file_open(dir, O_RDONLY | O_DIRECTORY, 0, &fd, err));
    int error;
    do {
        error = fault_check(FAULT_SYNC);
        /* Some file systems cannot sync a directory and say EINVAL: then there is nothing to do. */
        if (error == 0 && fsync(fd) != 0 && errno != EINVAL)
            error = errno;
    } while (error == EINTR);
    close(fd);
    return error == 0 ? LK_OK : from_errno(error, "make durable", dir, err);
}

enum lk_status file_rename(const char *from, const char *to, struct lk_error *err)
{
    int error = fault_check(FAULT_RENAME);
    if (error == 0 && rename(from, to) != 0)
        error = errno;
    return error == 0 ? LK_OK : from_errno(error, "rename to", to, err);
}

enum lk_status file_remove(const char *path, struct lk_error *err)
{
    int error = fault_check(FAULT_RENAME);
    if (error == 0 && unlink(path) != 0 && errno != ENOENT)
        error = errno;
    return error == 0 ? LK_OK : from_errno(error, "remove", path, err);
}

enum lk_status file_lock(int fd, struct lk_error *err)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return LK_OK;
    if (errno == EWOULDBLOCK)
        return FAIL(err, LK_BUSY, "another process is using the file");
    return from_errno(errno, "lock the file", NULL, err);
}

enum lk_status file_read_all(const char *path, struct buf *out, struct lk_error *err)
{
    int fd = STDIN_FILENO;
    bool is_stdin = strcmp(path, "-") == 0;
    if (!is_stdin)
        TRY(file_open(path, O_RDONLY, 0, &fd, err));
    enum lk_status status = LK_OK;
    for (;;) {
        char piece[65536];
        size_t got = 0;
        status = file_read(fd, piece, sizeof piece, &got, err);
        if (status != LK_OK || got == 0)
            break;
        buf_put(out, piece, got);
        status = buf_status(out, is_stdin ? "standard input" : path, err);
        if (status != LK_OK)
            break;
    }
    if (!is_stdin)
        close(fd);
    return status;
}

enum lk_status file_place(const char *path, const char *temp, const void *bytes, size_t n,
                          mode_t mode, bool *placed, struct lk_error *err)
{
    int fd;
    *placed = false;
    TRY(file_open(temp, O_WRONLY | O_CREAT | O_TRUNC, mode, &fd, err));
    enum lk_status status = file_write(fd, bytes, n, err);
    if (status == LK_OK)
        status = file_sync(fd, err);
    close(fd);
    if (status == LK_OK)
        status = file_rename(temp, path, err);
    *placed = status == LK_OK;
    if (status != LK_OK) {
        unlink(temp);
        return status;
    }
    return file_sync_parent(path, err);
}

enum lk_status file_replace(const char *path, const void *bytes, size_t n, mode_t mode,
                            struct lk_error *err)
{
    char temp[MAX_PATH_BYTES];
    int len = snprintf(temp, sizeof temp, "%s.new-%ld", path, (long)getpid());
    if (len < 0 || (size_t)len >= sizeof temp)
        return FAIL(err, LK_LIMIT, "path is longer than %d bytes", MAX_PATH_BYTES - 1);
    bool placed;
    return file_place(path, temp, bytes, n, mode, &placed, err);
}

enum lk_status file_make_dirs(const char *path, mode_t mode, struct lk_error *err)
{
    char dir[MAX_PATH_BYTES];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof dir)
        return FAIL(err, LK_LIMIT, "a path has 1 to %d bytes", MAX_PATH_BYTES - 1);
    memcpy(dir, path, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (dir[i] != '/' && dir[i] != '\0')
            continue;
        char kept = dir[i];
        dir[i] = '\0';
        if (mkdir(dir, mode) != 0 && errno != EEXIST)
            return from_errno(errno, "make the directory", dir, err);
        dir[i] = kept;
    }
    return LK_OK;
}
