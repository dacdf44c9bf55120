#include "node/sealed_file.h"

#include "base/err.h"
#include "sys/file.h"

#include <string.h>

#define LABEL "node.file"

enum { HEAD_BYTES = SEALED_FILE_HEAD_BYTES };

static enum lk_status unseal(const char *path, const char head[HEAD_BYTES], const struct keys *keys,
                             const struct buf *file, struct buf *plain, struct lk_error *err)
{
    if (file->n < HEAD_BYTES + SEAL_OVERHEAD_BYTES || memcmp(file->p, head, HEAD_BYTES) != 0)
        return FAIL(err, LK_CORRUPT, "'%s' is no file of this kind and version", path);
    size_t n = file->n - HEAD_BYTES - SEAL_OVERHEAD_BYTES;
    uint8_t *at = buf_room(plain, n);
    if (at == NULL)
        return buf_status(plain, path, err);
    if (!seal_take(keys_get(keys, KEY_WRAP), LABEL, (struct seal_part){head, HEAD_BYTES},
                   file->p + HEAD_BYTES, file->n - HEAD_BYTES, at))
        return FAIL(err, LK_CORRUPT, "'%s' is damaged, or sealed under another key", path);
    return LK_OK;
}

enum lk_status sealed_file_load(const char *path, const char head[HEAD_BYTES],
                                const struct keys *keys, struct buf *plain, struct lk_error *err)
{
    struct buf file;
    buf_init(&file, lk_alloc_heap(), SEALED_FILE_MAX_BYTES);
    enum lk_status status = file_read_all(path, &file, err);
    if (status == LK_OK)
        status = unseal(path, head, keys, &file, plain, err);
    buf_fini(&file);
    return status;
}

enum lk_status sealed_file_save(const char *path, const char head[HEAD_BYTES],
                                const struct keys *keys, const struct buf *plain,
                                struct lk_error *err)
{
    struct buf file;
    TRY(buf_status(plain, path, err));
    buf_init(&file, lk_alloc_heap(), SEALED_FILE_MAX_BYTES);
    buf_put(&file, head, HEAD_BYTES);
    uint8_t *at = buf_room(&file, plain->n + SEAL_OVERHEAD_BYTES);
    if (at != NULL)
        seal_put(keys_get(keys, KEY_WRAP), LABEL, (struct seal_part){head, HEAD_BYTES}, plain->p,
                 plain->n, at);
    enum lk_status status = buf_status(&file, path, err);
    if (status == LK_OK)
        status = file_replace(path, file.p, file.n, 0600, err);
    buf_fini(&file);
    return status;
}
