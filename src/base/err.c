/* One table says what each status means to HTTP, to the shell and to a script. */
#include "err.h"

#include "fmt.h"

#include <string.h>

static const struct {
    const char *name;
    int http;
    int exit;
} table[LK_N_STATUS] = {
    [LK_OK] = {"ok", 200, 0},
    [LK_INVALID] = {"invalid", 400, 3},
    [LK_UNSUPPORTED] = {"unsupported", 415, 4},
    [LK_CORRUPT] = {"corrupt", 422, 5},
    [LK_LIMIT] = {"limit", 413, 6},
    [LK_NOT_FOUND] = {"not_found", 404, 7},
    [LK_CONFLICT] = {"conflict", 409, 8},
    [LK_DENIED] = {"denied", 403, 9},
    [LK_TIMEOUT] = {"timeout", 504, 10},
    [LK_BUSY] = {"busy", 429, 11},
    [LK_IO] = {"io", 503, 12},
    [LK_NOMEM] = {"nomem", 503, 13},
    [LK_INTERNAL] = {"internal", 500, 14},
};

static unsigned row(enum lk_status status)
{
    unsigned i = (unsigned)status;
    return i < LK_N_STATUS ? i : LK_INTERNAL;
}

const char *lk_status_name(enum lk_status status)
{
    return table[row(status)].name;
}
int lk_status_http(enum lk_status status)
{
    return table[row(status)].http;
}
int lk_status_exit(enum lk_status status)
{
    return table[row(status)].exit;
}

struct text {
    char *p;
    size_t n, cap;
};

static void text_put(void *ctx, const char *piece, size_t n)
{
    struct text *text = ctx;
    if (n > text->cap - text->n)
        n = text->cap - text->n;
    memcpy(text->p + text->n, piece, n);
    text->n += n;
}

enum lk_status lk_error_set(struct lk_error *err, enum lk_status status, const char *format, ...)
{
    if (err != NULL) {
        /* Built aside: an argument may be the old text itself. */
        char line[LK_ERROR_TEXT_BYTES];
        struct text text = {line, 0, sizeof line - 1};
        va_list args;
        va_start(args, format);
        fmt_v(text_put, &text, format, args);
        va_end(args);
        line[text.n] = '\0';
        err->status = status;
        memcpy(err->text, line, text.n + 1);
    }
    return status;
}
