#include "ledger_source.h"

#include "base/err.h"
#include "sys/fetch.h"
#include "sys/file.h"

#include <likeness/alloc.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = LEDGER_PLACE_BYTES + TILE_PATH_BYTES + 2, DEADLINE_MS = 60000 };

#define MAX_FILE_BYTES ((size_t)32 << 20)

static enum lk_status get_file(void *ctx, const char *path, struct buf *out, struct lk_error *err)
{
    const struct ledger_source *s = ctx;
    char whole[PATH_BYTES];
    snprintf(whole, sizeof whole, "%s/%s", s->place, path);
    return file_read_all(whole, out, err);
}

static enum lk_status get_url(void *ctx, const char *path, struct buf *out, struct lk_error *err)
{
    const struct ledger_source *s = ctx;
    char whole[PATH_BYTES];
    static const struct fetch_config config = {.is_chosen = true, .user_agent = "likeness-ledger"};
    snprintf(whole, sizeof whole, "%s/%s", s->place, path);
    const struct fetch_request request = {
        .url = whole, .deadline_ms = DEADLINE_MS, .max_bytes = MAX_FILE_BYTES, .body = out};
    struct fetch_result result;
    TRY(fetch(&config, &request, &result, err));
    if (result.end != FETCH_DONE)
        return FAIL(err, LK_IO, "%s cannot be fetched: %s", path, fetch_end_name(result.end));
    if (result.status != 200)
        return FAIL(err, result.status == 404 ? LK_NOT_FOUND : LK_IO,
                    "%s cannot be fetched: the answer was %u", path, result.status);
    return LK_OK;
}

enum lk_status ledger_source_init(struct ledger_source *s, const char *place, struct lk_error *err)
{
    bool is_url = strncmp(place, "http://", 7) == 0 || strncmp(place, "https://", 8) == 0;
    size_t n = strlen(place);
    while (n > 1 && place[n - 1] == '/')
        n--;
    if (n >= sizeof s->place)
        return FAIL(err, LK_LIMIT, "the place of a ledger has at most %zu bytes",
                    sizeof s->place - 1);
    s->source = (struct audit_source){is_url ? get_url : get_file, s};
    memcpy(s->place, place, n);
    s->place[n] = '\0';
    return LK_OK;
}

static enum lk_status write_file(const char *dir, const char *path, const struct buf *bytes,
                                 struct lk_error *err)
{
    char whole[PATH_BYTES];
    if (snprintf(whole, sizeof whole, "%s/%s", dir, path) >= (int)sizeof whole)
        return FAIL(err, LK_LIMIT, "the name of the directory is too long");
    char *slash = strrchr(whole, '/');
    *slash = '\0';
    TRY(file_make_dirs(whole, 0755, err));
    *slash = '/';
    return file_replace(whole, bytes->p, bytes->n, 0644, err);
}

static enum lk_status export_level(struct ledger *ledger, unsigned level, uint64_t n,
                                   const char *dir, struct buf *bytes, struct lk_error *err)
{
    for (uint64_t k = 0; k * TILE_WIDTH < n; k++) {
        char path[TILE_PATH_BYTES];
        uint64_t left = n - k * TILE_WIDTH;
        const struct tile tile = {level, k, left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH};
        tile_path(&tile, path);
        buf_clear(bytes);
        TRY(ledger_tile(ledger, &tile, bytes, err));
        TRY(write_file(dir, path, bytes, err));
    }
    return LK_OK;
}

enum lk_status ledger_export(struct ledger *ledger, uint64_t size, const char *dir,
                             struct lk_error *err)
{
    struct buf bytes;
    buf_init(&bytes, lk_alloc_heap(), MAX_FILE_BYTES);
    enum lk_status status = export_level(ledger, TILE_ENTRIES, size, dir, &bytes, err);
    uint64_t n = size;
    for (unsigned level = 0; level < TILE_LEVELS && n > 0 && status == LK_OK; level++) {
        status = export_level(ledger, level, n, dir, &bytes, err);
        n /= TILE_WIDTH;
    }
    buf_clear(&bytes);
    if (status == LK_OK)
        status = ledger_note(ledger, &bytes, err);
    if (status == LK_OK)
        status = write_file(dir, "checkpoint", &bytes, err);
    buf_fini(&bytes);
    return status;
}
