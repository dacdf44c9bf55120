/* The file: head (8 bytes), a random id (16), then frames. A frame is the length of its plain bytes
 * (4), and these sealed to the file's id and the frame's number. In them each record stands behind
 * its length (2). The first frame is empty: with it another key shows at once.
 *
 * A frame is synced before the next is begun, so a crash spoils nothing but the last. */
#include "node/journal.h"

#include "base/err.h"
#include "base/le.h"
#include "sys/file.h"
#include "sys/rand.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LABEL "node.journal"

enum {
    ID_BYTES = 16,
    PATH_BYTES = 4096,
    LENGTH_BYTES = 4,
    FULL_BYTES = 1 << 20, /* a frame with so much in it is written before a record is added */
    FRAME_MAX_BYTES = 64 << 20,
    BEGIN_BYTES = JOURNAL_HEAD_BYTES + ID_BYTES,
};

struct journal {
    char path[PATH_BYTES];
    char head[JOURNAL_HEAD_BYTES];
    uint8_t bound[ID_BYTES + 8]; /* the file's id, the number of the next frame */
    const struct keys *keys;
    int fd;
    int64_t end; /* where the next frame goes */
    struct buf noted;
    bool is_rewrite; /* frames are written as they fill: the file is in force only when whole */
    enum lk_status status;
};

static enum lk_status damaged(const struct journal *j, struct lk_error *err)
{
    return FAIL(err, LK_CORRUPT, "'%s' is damaged, of another kind, or sealed under another key",
                j->path);
}

static void next_frame(struct journal *j, size_t n_sealed)
{
    le_put64(j->bound + ID_BYTES, le_get64(j->bound + ID_BYTES) + 1);
    j->end += (int64_t)(LENGTH_BYTES + n_sealed);
}

/* ---- writing ---- */

static enum lk_status write_frame(struct journal *j, struct lk_error *err)
{
    size_t n = j->noted.n, n_sealed = n + SEAL_OVERHEAD_BYTES;
    TRY(buf_status(&j->noted, "what a node notes", err));
    uint8_t *frame = malloc(LENGTH_BYTES + n_sealed);
    if (frame == NULL)
        return FAIL(err, LK_NOMEM, "no memory for what a node notes");
    le_put32(frame, (uint32_t)n);
    seal_put(keys_get(j->keys, KEY_WRAP), LABEL, (struct seal_part){j->bound, sizeof j->bound},
             n == 0 ? "" : j->noted.p, n, frame + LENGTH_BYTES);
    enum lk_status status = file_pwrite(j->fd, frame, LENGTH_BYTES + n_sealed, j->end, err);
    free(frame);
    TRY(status);
    next_frame(j, n_sealed);
    buf_clear(&j->noted);
    return LK_OK;
}

void journal_add(struct journal *j, const void *bytes, size_t n)
{
    struct lk_error why;
    if (j->is_rewrite && j->noted.n >= FULL_BYTES && j->status == LK_OK)
        j->status = write_frame(j, &why);
    buf_u16le(&j->noted, (uint16_t)n);
    buf_put(&j->noted, bytes, n);
}

void journal_drop(struct journal *j)
{
    buf_clear(&j->noted);
}

enum lk_status journal_commit(struct journal *j, struct lk_error *err)
{
    if (j->noted.n == 0 && j->noted.status == LK_OK)
        return LK_OK;
    int64_t end = j->end;
    uint64_t number = le_get64(j->bound + ID_BYTES);
    enum lk_status status = write_frame(j, err);
    if (status == LK_OK)
        status = file_sync(j->fd, err);
    if (status == LK_OK)
        return LK_OK;
    struct lk_error why;
    j->end = end;
    le_put64(j->bound + ID_BYTES, number);
    buf_clear(&j->noted);
    (void)!file_truncate(j->fd, end, &why); /* what may be left, the next frame is written over */
    return status;
}

static enum lk_status begin_file(struct journal *j, const char *path, struct lk_error *err)
{
    TRY(file_open(path, O_RDWR | O_CREAT | O_TRUNC, 0600, &j->fd, err));
    rand_bytes(j->bound, ID_BYTES);
    le_put64(j->bound + ID_BYTES, 0);
    TRY(file_pwrite(j->fd, j->head, JOURNAL_HEAD_BYTES, 0, err));
    TRY(file_pwrite(j->fd, j->bound, ID_BYTES, JOURNAL_HEAD_BYTES, err));
    j->end = BEGIN_BYTES;
    return write_frame(j, err);
}

static void free_journal(struct journal *j)
{
    if (j->fd >= 0)
        close(j->fd);
    if (j->noted.n > 0)
        seal_wipe(j->noted.p, j->noted.n);
    buf_fini(&j->noted);
    free(j);
}

static struct journal *new_journal(const char *path, const char head[JOURNAL_HEAD_BYTES],
                                   const struct keys *keys)
{
    struct journal *j = calloc(1, sizeof *j);
    if (j == NULL || strlen(path) + sizeof ".new" > sizeof j->path) {
        free(j);
        return NULL;
    }
    memcpy(j->path, path, strlen(path) + 1);
    memcpy(j->head, head, sizeof j->head);
    j->keys = keys;
    j->fd = -1;
    buf_init(&j->noted, lk_alloc_heap(), FRAME_MAX_BYTES);
    return j;
}

/* Fills the file beside and puts it in place. */
static enum lk_status replace(struct journal *anew, const char *beside,
                              void (*write)(void *ctx, struct journal *anew), void *ctx,
                              struct lk_error *err)
{
    TRY(begin_file(anew, beside, err));
    write(ctx, anew);
    if (anew->status != LK_OK)
        return FAIL(err, anew->status, "'%s' cannot be written anew", anew->path);
    if (anew->noted.n > 0)
        TRY(write_frame(anew, err));
    TRY(buf_status(&anew->noted, "what a node notes", err));
    TRY(file_sync(anew->fd, err));
    TRY(file_rename(beside, anew->path, err));
    return file_sync_parent(anew->path, err);
}

enum lk_status journal_rewrite(struct journal *j, void (*write)(void *ctx, struct journal *anew),
                               void *ctx, struct lk_error *err)
{
    char beside[PATH_BYTES];
    struct journal *anew = new_journal(j->path, j->head, j->keys);
    if (anew == NULL)
        return FAIL(err, LK_NOMEM, "no memory for what a node notes");
    anew->is_rewrite = true;
    memcpy(beside, j->path, strlen(j->path));
    memcpy(beside + strlen(j->path), ".new", sizeof ".new");
    enum lk_status status = replace(anew, beside, write, ctx, err);
    if (status == LK_OK) {
        struct journal old = *j;
        *j = *anew;
        j->is_rewrite = false;
        *anew = old;
    }
    free_journal(anew);
    return status;
}

/* ---- reading ---- */

static enum lk_status visit_records(const struct journal *j, const uint8_t *p, size_t n,
                                    journal_visit *visit, void *ctx, struct lk_error *err)
{
    for (size_t at = 0; at < n;) {
        size_t left = n - at, length = left < 2 ? left : le_get16(p + at);
        if (left < 2 || length > left - 2)
            return damaged(j, err);
        TRY(visit(ctx, p + at + 2, length, err));
        at += 2 + length;
    }
    return LK_OK;
}

/* The frame at j->end into `plain`. *good false: it is not whole. */
static enum lk_status read_frame(struct journal *j, int64_t size, struct buf *plain, bool *good,
                                 struct lk_error *err)
{
    uint8_t length[LENGTH_BYTES];
    size_t got = 0;
    *good = false;
    TRY(file_pread(j->fd, length, sizeof length, j->end, &got, err));
    size_t n = got == sizeof length ? le_get32(length) : 0, n_sealed = n + SEAL_OVERHEAD_BYTES;
    if (got < sizeof length || n > FRAME_MAX_BYTES ||
        (int64_t)n_sealed > size - j->end - LENGTH_BYTES)
        return LK_OK;
    uint8_t *sealed = malloc(n_sealed);
    buf_clear(plain);
    uint8_t *at = buf_room(plain, n + 1); /* one more: not NULL though it is empty */
    enum lk_status status =
        sealed == NULL || at == NULL
            ? FAIL(err, LK_NOMEM, "no memory to read '%s'", j->path)
            : file_pread(j->fd, sealed, n_sealed, j->end + LENGTH_BYTES, &got, err);
    if (status == LK_OK)
        *good = got == n_sealed &&
                seal_take(keys_get(j->keys, KEY_WRAP), LABEL,
                          (struct seal_part){j->bound, sizeof j->bound}, sealed, n_sealed, at);
    plain->n = n;
    free(sealed);
    if (*good)
        next_frame(j, n_sealed);
    return status;
}

/* What is behind the last good frame is what a crash left of one, or damage when it is more. */
static enum lk_status cut(struct journal *j, int64_t size, struct lk_error *err)
{
    if (le_get64(j->bound + ID_BYTES) == 0 || size - j->end > FRAME_MAX_BYTES)
        return damaged(j, err);
    TRY(file_truncate(j->fd, j->end, err));
    return file_sync(j->fd, err);
}

static enum lk_status read_all(struct journal *j, journal_visit *visit, void *ctx,
                               struct buf *plain, struct lk_error *err)
{
    char head[JOURNAL_HEAD_BYTES];
    int64_t size = 0;
    size_t got = 0, got_id = 0;
    TRY(file_size(j->fd, &size, err));
    TRY(file_pread(j->fd, head, sizeof head, 0, &got, err));
    TRY(file_pread(j->fd, j->bound, ID_BYTES, JOURNAL_HEAD_BYTES, &got_id, err));
    if (got != sizeof head || got_id != ID_BYTES || memcmp(head, j->head, sizeof head) != 0)
        return damaged(j, err);
    j->end = BEGIN_BYTES;
    while (j->end < size) {
        bool good;
        TRY(read_frame(j, size, plain, &good, err));
        if (!good)
            return cut(j, size, err);
        TRY(visit_records(j, (const uint8_t *)plain->p, plain->n, visit, ctx, err));
    }
    return le_get64(j->bound + ID_BYTES) == 0 ? damaged(j, err) : LK_OK;
}

static void write_nothing(void *ctx, struct journal *anew)
{
    (void)ctx, (void)anew;
}

static enum lk_status open_file(struct journal *j, journal_visit *visit, void *ctx,
                                struct lk_error *err)
{
    struct lk_error why;
    struct buf plain;
    enum lk_status status = file_open(j->path, O_RDWR, 0, &j->fd, &why);
    if (status == LK_NOT_FOUND)
        return journal_rewrite(j, write_nothing, NULL, err);
    if (status != LK_OK)
        return FAIL(err, status, "%s", why.text);
    buf_init(&plain, lk_alloc_heap(), FRAME_MAX_BYTES + 1);
    status = read_all(j, visit, ctx, &plain, err);
    if (plain.n > 0)
        seal_wipe(plain.p, plain.n);
    buf_fini(&plain);
    return status;
}

enum lk_status journal_open(const char *path, const char head[JOURNAL_HEAD_BYTES],
                            const struct keys *keys, journal_visit *visit, void *ctx,
                            struct journal **out, struct lk_error *err)
{
    struct journal *j = new_journal(path, head, keys);
    *out = NULL;
    if (j == NULL)
        return FAIL(err, LK_NOMEM, "no memory for what a node notes");
    enum lk_status status = open_file(j, visit, ctx, err);
    if (status != LK_OK)
        free_journal(j);
    else
        *out = j;
    return status;
}

void journal_close(struct journal *j)
{
    if (j != NULL)
        free_journal(j);
}
