/* A pipe's bytes as a file in memory. */
#include "media.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES = 1 << 16, MAX_BYTES = 1 << 30 };

static enum lk_status put(int fd, const uint8_t *bytes, size_t n, struct lk_error *err)
{
    while (n > 0) {
        const ssize_t w = write(fd, bytes, n);
        if (w < 0 && errno != EINTR)
            return FAIL(err, LK_IO, "cannot copy the input: %s", strerrordesc_np(errno));
        if (w > 0) {
            bytes += w;
            n -= (size_t)w;
        }
    }
    return LK_OK;
}

static enum lk_status copy(int from, int to, struct lk_error *err)
{
    uint8_t buffer[COPY_BYTES];
    size_t n = 0;
    for (;;) {
        const ssize_t got = read(from, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return FAIL(err, LK_IO, "the input could not be read to its end");
        if (got == 0)
            return LK_OK;
        n += (size_t)got;
        if (n > MAX_BYTES)
            return FAIL(err, LK_LIMIT,
                        "more than %d bytes come from the pipe, which is the limit; name the file "
                        "instead",
                        MAX_BYTES);
        TRY(put(to, buffer, (size_t)got, err));
    }
}

enum lk_status media_spool(int fd, int *out, struct lk_error *err)
{
    struct stat st;
    const bool is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    *out = is_file ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : memfd_create("media", MFD_CLOEXEC);
    if (*out < 0)
        return FAIL(err, LK_IO, "cannot keep the input: %s", strerrordesc_np(errno));
    if (is_file)
        return LK_OK;
    enum lk_status status = copy(fd, *out, err);
    if (status == LK_OK && lseek(*out, 0, SEEK_SET) != 0)
        status = FAIL(err, LK_IO, "cannot keep the input: %s", strerrordesc_np(errno));
    if (status != LK_OK)
        close(*out);
    return status;
}
