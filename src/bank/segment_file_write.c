/* Sections go out chunk by chunk, through one buffer in which they are sealed; the table of checks,
 * then the header, last: a file that was not finished does not begin like one. */
#include "segment_file_check.h"

#include "base/err.h"
#include "sys/file.h"
#include "sys/rand.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct writer {
    int fd;
    struct layout layout;
    struct checker *checker;
    uint8_t *table;
};

static enum lk_status put_chunk(const struct writer *w, uint32_t number,
                                const uint8_t bytes[LAYOUT_CHUNK], struct lk_error *err)
{
    return file_pwrite(w->fd, bytes, LAYOUT_CHUNK, (int64_t)number * LAYOUT_CHUNK, err);
}

static enum lk_status write_all(struct writer *w, const struct segment_image *image,
                                struct lk_error *err)
{
    struct layout *l = &w->layout;
    uint8_t bytes[LAYOUT_CHUNK];
    for (uint32_t chunk = 0; chunk < l->n_data; chunk++) {
        uint32_t number = layout_number(l, chunk);
        layout_gather(l, image, chunk, bytes);
        check_put(w->checker, number, 0, bytes, w->table + chunk * layout_entry_bytes(l));
        TRY(put_chunk(w, number, bytes, err));
    }
    for (uint32_t i = 0; i < l->n_table; i++)
        TRY(put_chunk(w, 1 + i, w->table + (size_t)i * LAYOUT_CHUNK, err));
    check_all_sections(w->checker, l, w->table);
    layout_put(l, checker_key(w->checker), bytes);
    TRY(put_chunk(w, 0, bytes, err));
    return file_sync(w->fd, err);
}

/* A new segment has a new key, which the master key wraps. */
static enum lk_status prepare(struct writer *w, const uint8_t *key, struct lk_error *err)
{
    struct layout *l = &w->layout;
    TRY(seal_init(err));
    w->checker = seal_locked_new(sizeof *w->checker);
    w->table = calloc((size_t)l->n_table + 1, LAYOUT_CHUNK);
    if (w->checker == NULL || w->table == NULL)
        return FAIL(err, LK_NOMEM, "no memory to write a segment");
    rand_bytes(l->segment_id, sizeof l->segment_id);
    checker_init(w->checker, l->segment_id, NULL);
    if (key == NULL)
        return LK_OK;
    w->checker->is_sealed = true;
    rand_bytes(w->checker->key, sizeof w->checker->key);
    struct seal_part id = {l->segment_id, sizeof l->segment_id};
    seal_put(key, "segment.key", id, w->checker->key, sizeof w->checker->key, l->wrapped_key);
    return LK_OK;
}

static enum lk_status create(const char *path, int *fd, struct lk_error *err)
{
    struct lk_error why;
    enum lk_status status =
        file_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600, fd, &why);
    if (status == LK_IO && access(path, F_OK) == 0)
        return FAIL(err, LK_CONFLICT, "there is a file '%s' already", path);
    return status == LK_OK ? LK_OK : FAIL(err, status, "%s", why.text);
}

enum lk_status segment_file_write(const char *path, const struct segment_image *image,
                                  const uint8_t *key, uint8_t segment_id[SEGMENT_FILE_ID_BYTES],
                                  struct lk_error *err)
{
    struct writer w = {.fd = -1};
    TRY(layout_of_image(&w.layout, image, key != NULL, err));
    enum lk_status status = prepare(&w, key, err);
    if (status == LK_OK)
        status = create(path, &w.fd, err);
    if (status == LK_OK) {
        status = write_all(&w, image, err);
        close(w.fd);
        if (status != LK_OK)
            unlink(path);
    }
    if (status == LK_OK)
        memcpy(segment_id, w.layout.segment_id, SEGMENT_FILE_ID_BYTES);
    seal_locked_free(w.checker);
    free(w.table);
    return status;
}
