#include "ledger/tile.h"

#include "base/fmt.h"

#include <stdarg.h>
#include <string.h>

enum { MAX_GROUPS = 7 }; /* of three digits: 10^21 is above 2^62 / 256 */

struct path {
    char *p;
    size_t n;
};

static void put(void *ctx, const char *text, size_t n)
{
    struct path *path = ctx;
    if (path->n + n < TILE_PATH_BYTES) {
        memcpy(path->p + path->n, text, n);
        path->n += n;
    }
}

static void put_fmt(struct path *path, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fmt_v(put, path, format, args);
    va_end(args);
}

void tile_path(const struct tile *tile, char out[TILE_PATH_BYTES])
{
    struct path path = {out, 0};
    unsigned groups[MAX_GROUPS];
    size_t n = 0;
    uint64_t rest = tile->number;
    do {
        groups[n++] = (unsigned)(rest % 1000);
        rest /= 1000;
    } while (rest > 0);
    if (tile->level == TILE_ENTRIES)
        put_fmt(&path, "tile/entries");
    else
        put_fmt(&path, "tile/%u", tile->level);
    while (n > 1)
        put_fmt(&path, "/x%03u", groups[--n]);
    put_fmt(&path, "/%03u", groups[0]);
    if (tile->width < TILE_WIDTH)
        put_fmt(&path, ".p/%u", tile->width);
    out[path.n] = '\0';
}

static bool take(const char **path, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*path, word, n) != 0)
        return false;
    *path += n;
    return true;
}

/* Up to three digits; returns how many. */
static unsigned take_digits(const char **path, unsigned *value)
{
    unsigned n = 0;
    for (*value = 0; n < 3 && **path >= '0' && **path <= '9'; n++)
        *value = *value * 10 + (unsigned)(*(*path)++ - '0');
    return n;
}

static bool take_number(const char **path, uint64_t *number)
{
    *number = 0;
    for (unsigned groups = 1; groups <= MAX_GROUPS - 1; groups++) {
        unsigned value;
        bool more = take(path, "x");
        if (take_digits(path, &value) != 3)
            return false;
        *number = *number * 1000 + value;
        if (!more)
            return true;
        if (!take(path, "/"))
            return false;
    }
    return false;
}

bool tile_read(struct tile *tile, const char *path)
{
    const char *at = path;
    char again[TILE_PATH_BYTES];
    tile->width = TILE_WIDTH;
    if (!take(&at, "tile/"))
        return false;
    if (take(&at, "entries/"))
        tile->level = TILE_ENTRIES;
    else if (take_digits(&at, &tile->level) == 0 || tile->level >= TILE_LEVELS || !take(&at, "/"))
        return false;
    if (!take_number(&at, &tile->number))
        return false;
    if (take(&at, ".p/") &&
        (take_digits(&at, &tile->width) == 0 || tile->width == 0 || tile->width >= TILE_WIDTH))
        return false;
    tile_path(tile, again); /* zeros in front, groups that are empty: not the one spelling */
    return *at == '\0' && strcmp(again, path) == 0;
}
