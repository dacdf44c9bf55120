#include "exchange/feed_files.h"

#include "base/err.h"
#include "exchange/feed_chunk.h"
#include "sys/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    PATH_BYTES = 4096,
    CHUNK_BYTES = 4 << 20, /* of stored records; then the next chunk begins */
    ARENA_BYTES = 256 << 20,
    MODE_DIR = 0755, /* a file server reads them; what is in them is sealed */
    MODE_FILE = 0644,
};

struct writing {
    struct registry *r;
    struct feed_node reader;
    const char *place; /* the directory of this snapshot */
    uint8_t cursor[FEED_CURSOR_BYTES];
    uint64_t n_files, n_bytes;
    bool more;
};

static enum lk_status path_of(const char *directory, const char *name, char out[PATH_BYTES],
                              struct lk_error *err)
{
    int n = snprintf(out, PATH_BYTES, "%s/%s", directory, name);
    return n > 0 && n < PATH_BYTES ? LK_OK
                                   : FAIL(err, LK_INVALID, "the path of a snapshot is too long");
}

static enum lk_status file_of(const char *place, uint64_t number, char out[PATH_BYTES],
                              struct lk_error *err)
{
    char name[32];
    snprintf(name, sizeof name, "%llu.lkf", (unsigned long long)number);
    return path_of(place, name, out, err);
}

static enum lk_status write_chunk(struct writing *w, struct arena *arena, struct lk_error *err)
{
    struct feed_page page;
    struct buf bytes;
    char path[PATH_BYTES];
    TRY(feed_read(w->r, &w->reader, w->cursor, FEED_CHUNK_MAX_CHANGES, CHUNK_BYTES, arena, &page,
                  err));
    struct feed_chunk chunk = {
        .made_ms = registry_now_ms(w->r), .more = page.more, .changes = page.changes, .n = page.n};
    w->more = page.more;
    if (memcmp(page.to, page.from, sizeof page.to) == 0)
        return LK_OK; /* nothing came after the one before */
    memcpy(chunk.node, w->reader.id, sizeof chunk.node);
    memcpy(chunk.from, page.from, sizeof chunk.from);
    memcpy(chunk.to, page.to, sizeof chunk.to);
    buf_init(&bytes, &arena->alloc, FEED_CHUNK_MAX_BYTES);
    TRY(feed_chunk_write(&bytes, &chunk, w->reader.box_key, registry_feed_seed(w->r), err));
    TRY(buf_status(&bytes, "a file of a snapshot", err));
    TRY(file_of(w->place, w->n_files, path, err));
    TRY(file_replace(path, bytes.p, bytes.n, MODE_FILE, err));
    memcpy(w->cursor, page.to, sizeof w->cursor);
    w->n_files++;
    w->n_bytes += bytes.n;
    return LK_OK;
}

static enum lk_status write_all(struct writing *w, struct lk_error *err)
{
    enum lk_status status = LK_OK;
    do {
        struct arena arena;
        arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
        status = write_chunk(w, &arena, err);
        arena_fini(&arena);
    } while (status == LK_OK && w->more);
    return status;
}

static enum lk_status remove_files(const char *directory, const char *name, uint64_t n_files,
                                   struct lk_error *err)
{
    char place[PATH_BYTES], path[PATH_BYTES];
    TRY(path_of(directory, name, place, err));
    for (uint64_t i = 0; i < n_files; i++) {
        TRY(file_of(place, i, path, err));
        TRY(file_remove(path, err));
    }
    (void)rmdir(place); /* what else lies there is not ours; the address leads to nothing */
    return LK_OK;
}

enum lk_status feed_files_write(struct registry *r, const struct partner *partner,
                                const char *directory, uint64_t *n_files, uint64_t *n_bytes,
                                struct lk_error *err)
{
    struct feed_snapshot old, new;
    struct lk_error none;
    char place[PATH_BYTES];
    enum lk_status had = feed_snapshot_get(r, partner, &old, &none);
    if (had != LK_OK && had != LK_NOT_FOUND)
        return FAIL(err, had, "%s", none.text);
    feed_snapshot_draw(r, partner, &new);
    TRY(path_of(directory, new.name, place, err));
    TRY(file_make_dirs(place, MODE_DIR, err));
    struct writing w = {.r = r, .reader = feed_snapshot_reader(&new), .place = place};
    enum lk_status status = write_all(&w, err);
    new.n_files = w.n_files;
    if (status == LK_OK)
        status = feed_snapshot_keep(r, &new, err);
    seal_wipe(&new.seed, sizeof new.seed);
    seal_wipe(&new.box_secret, sizeof new.box_secret);
    if (status != LK_OK) {
        (void)remove_files(directory, new.name, w.n_files, &none);
        return status;
    }
    *n_files = w.n_files;
    *n_bytes = w.n_bytes;
    return had == LK_OK ? remove_files(directory, old.name, old.n_files, err) : LK_OK;
}
