/* Numbers are little-endian:
 *
 *   0  "LKSFIX\r\n"     8 version u32    12 n u32    16 segment id[16]
 *   32 n times: number of the chunk u32, CRC-32C of its bytes u32
 *   .  CRC-32C u32 of all before, then zeros up to a multiple of 64 KiB
 *   .  n chunks
 *
 * The prologue is written last. Until every byte has arrived, some sum is wrong. */
#include "segment_file_fix.h"

#include "base/err.h"
#include "base/le.h"
#include "core/kernels/cpu.h"
#include "core/kernels/crc32c.h"
#include "sys/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char magic[8] = {'L', 'K', 'S', 'F', 'I', 'X', '\r', '\n'};

enum { AT_VERSION = 8, AT_N = 12, AT_ID = 16, AT_LIST = 32, ITEM_BYTES = 8 };

/* Of the prologue: up to its sum; with the sum; with the zeros behind it. */
static size_t summed_bytes(uint32_t n)
{
    return AT_LIST + (size_t)n * ITEM_BYTES;
}

static size_t used_bytes(uint32_t n)
{
    return summed_bytes(n) + 4;
}

static size_t prologue_bytes(uint32_t n)
{
    return (used_bytes(n) + LAYOUT_CHUNK - 1) / LAYOUT_CHUNK * LAYOUT_CHUNK;
}

static int64_t chunk_offset(uint32_t n, uint32_t i)
{
    return (int64_t)(prologue_bytes(n) + (uint64_t)i * LAYOUT_CHUNK);
}

static uint32_t sum(const uint8_t *bytes, size_t n)
{
    return crc32c_select(cpu_mask())(0, bytes, n);
}

static uint32_t number_of(const struct fix *fix, uint32_t i)
{
    return le_get32(fix->list + AT_LIST + (size_t)i * ITEM_BYTES);
}

void fix_close(struct fix *fix)
{
    if (fix->fd >= 0)
        close(fix->fd);
    free(fix->list);
    *fix = (struct fix){.fd = -1};
}

static enum lk_status start(struct fix *fix, uint32_t n, struct lk_error *err)
{
    fix->n = n;
    fix->list = calloc(1, prologue_bytes(n));
    if (fix->list == NULL)
        return FAIL(err, LK_NOMEM, "no memory to overwrite %u pieces of a segment", n);
    fix->segment_id = fix->list + AT_ID;
    return LK_OK;
}

/* Reads n bytes; *ok turns false when they are not all there. */
static enum lk_status read_all(int fd, void *bytes, size_t n, int64_t offset, bool *ok,
                               struct lk_error *err)
{
    size_t got;
    TRY(file_pread(fd, bytes, n, offset, &got, err));
    *ok = *ok && got == n;
    return LK_OK;
}

static bool list_is_right(const struct fix *fix)
{
    size_t n = summed_bytes(fix->n);
    if (sum(fix->list, n) != le_get32(fix->list + n) || number_of(fix, 0) != 0)
        return false;
    for (size_t i = used_bytes(fix->n); i < prologue_bytes(fix->n); i++)
        if (fix->list[i] != 0)
            return false;
    for (uint32_t i = 1; i < fix->n; i++)
        if (number_of(fix, i) <= number_of(fix, i - 1))
            return false;
    return true;
}

static enum lk_status chunks_are_right(const struct fix *fix, bool *ok, struct lk_error *err)
{
    uint8_t bytes[LAYOUT_CHUNK];
    for (uint32_t i = 0; *ok && i < fix->n; i++) {
        TRY(read_all(fix->fd, bytes, sizeof bytes, chunk_offset(fix->n, i), ok, err));
        const uint8_t *item = fix->list + AT_LIST + (size_t)i * ITEM_BYTES;
        *ok = *ok && sum(bytes, sizeof bytes) == le_get32(item + 4);
    }
    return LK_OK;
}

static enum lk_status read_whole(struct fix *fix, bool *ok, struct lk_error *err)
{
    uint8_t head[AT_LIST];
    int64_t size;
    *ok = true;
    TRY(read_all(fix->fd, head, sizeof head, 0, ok, err));
    TRY(file_size(fix->fd, &size, err));
    if (!*ok)
        return LK_OK;
    uint32_t n = le_get32(head + AT_N);
    *ok = memcmp(head, magic, sizeof magic) == 0 &&
          le_get32(head + AT_VERSION) == SEGMENT_FILE_VERSION && n > 0 &&
          n <= (uint64_t)size / LAYOUT_CHUNK && size == chunk_offset(n, n);
    if (!*ok)
        return LK_OK;
    TRY(start(fix, n, err));
    TRY(read_all(fix->fd, fix->list, prologue_bytes(n), 0, ok, err));
    *ok = *ok && list_is_right(fix);
    return chunks_are_right(fix, ok, err);
}

enum lk_status fix_open(const char *path, struct fix *out, struct lk_error *err)
{
    *out = (struct fix){.fd = -1};
    struct lk_error why;
    enum lk_status status = file_open(path, O_RDONLY, 0, &out->fd, &why);
    if (status == LK_NOT_FOUND)
        return LK_OK;
    if (status != LK_OK)
        return FAIL(err, status, "%s", why.text);
    bool ok = false;
    status = read_whole(out, &ok, err);
    if (status != LK_OK || !ok)
        fix_close(out);
    return status;
}

uint32_t fix_find(const struct fix *fix, uint32_t number)
{
    if (!fix_is_there(fix))
        return FIX_NONE;
    uint32_t from = 0, to = fix->n;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (number_of(fix, middle) < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from < fix->n && number_of(fix, from) == number ? from : FIX_NONE;
}

enum lk_status fix_read(const struct fix *fix, uint32_t i, uint8_t bytes[LAYOUT_CHUNK],
                        struct lk_error *err)
{
    bool ok = true;
    TRY(read_all(fix->fd, bytes, LAYOUT_CHUNK, chunk_offset(fix->n, i), &ok, err));
    return ok ? LK_OK : FAIL(err, LK_IO, "a file beside a segment was cut while it was read");
}

enum lk_status fix_apply(const struct fix *fix, int segment_fd, struct lk_error *err)
{
    uint8_t bytes[LAYOUT_CHUNK];
    for (uint32_t i = 0; i < fix->n; i++) {
        TRY(fix_read(fix, i, bytes, err));
        TRY(file_pwrite(segment_fd, bytes, sizeof bytes, (int64_t)number_of(fix, i) * LAYOUT_CHUNK,
                        err));
    }
    return file_sync(segment_fd, err);
}

enum lk_status fix_begin(const char *path, const uint8_t segment_id[SEGMENT_FILE_ID_BYTES],
                         const uint32_t *numbers, uint32_t n, struct fix *out, struct lk_error *err)
{
    *out = (struct fix){.fd = -1};
    TRY(start(out, n, err));
    memcpy(out->list, magic, sizeof magic);
    le_put32(out->list + AT_VERSION, SEGMENT_FILE_VERSION);
    le_put32(out->list + AT_N, n);
    memcpy(out->list + AT_ID, segment_id, SEGMENT_FILE_ID_BYTES);
    for (uint32_t i = 0; i < n; i++)
        le_put32(out->list + AT_LIST + (size_t)i * ITEM_BYTES, numbers[i]);
    enum lk_status status =
        file_open(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600, &out->fd, err);
    if (status != LK_OK)
        fix_close(out);
    return status;
}

enum lk_status fix_put(struct fix *fix, uint32_t i, const uint8_t bytes[LAYOUT_CHUNK],
                       struct lk_error *err)
{
    le_put32(fix->list + AT_LIST + (size_t)i * ITEM_BYTES + 4, sum(bytes, LAYOUT_CHUNK));
    return file_pwrite(fix->fd, bytes, LAYOUT_CHUNK, chunk_offset(fix->n, i), err);
}

enum lk_status fix_finish(struct fix *fix, const char *path, struct lk_error *err)
{
    size_t n = summed_bytes(fix->n);
    le_put32(fix->list + n, sum(fix->list, n));
    TRY(file_pwrite(fix->fd, fix->list, prologue_bytes(fix->n), 0, err));
    TRY(file_sync(fix->fd, err));
    return file_sync_parent(path, err);
}
