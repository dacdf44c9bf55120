/*  --BOUNDARY CRLF  headers CRLF CRLF  bytes CRLF  --BOUNDARY CRLF ...  --BOUNDARY--  */
#include "http/parts.h"

#include "base/err.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { BOUNDARY_CHARS = 70, DELIMITER_BYTES = BOUNDARY_CHARS + 5 };

static enum lk_status read_boundary(const char *content_type, char delimiter[DELIMITER_BYTES],
                                    struct lk_error *err)
{
    const char *at = content_type == NULL ? NULL : strcasestr(content_type, "boundary=");
    size_t n = 0;
    if (at != NULL) {
        at += strlen("boundary=");
        bool quoted = *at == '"';
        at += quoted;
        n = strcspn(at, quoted ? "\"" : "; \t");
    }
    if (n == 0 || n > BOUNDARY_CHARS)
        return FAIL(err, LK_INVALID, "the content type has no boundary of 1 to %d characters",
                    BOUNDARY_CHARS);
    memcpy(delimiter, "\r\n--", 4);
    memcpy(delimiter + 4, at, n);
    delimiter[4 + n] = '\0';
    return LK_OK;
}

/* The value of name="..." in the headers of a part; NULL: none. */
static const char *read_name(const char *head, size_t n, struct arena *arena)
{
    static const char mark[] = " name=\"";
    const char *at = memmem(head, n, mark, sizeof mark - 1);
    if (at == NULL)
        return NULL;
    at += sizeof mark - 1;
    const char *end = memchr(at, '"', n - (size_t)(at - head));
    return end == NULL ? NULL : arena_copy(arena, at, (size_t)(end - at));
}

static enum lk_status read_part(const char *from, const char *to, struct arena *arena,
                                struct part *out, struct lk_error *err)
{
    const char *body = memmem(from, (size_t)(to - from), "\r\n\r\n", 4);
    if (body == NULL)
        return FAIL(err, LK_INVALID, "a part of the body has no end of its headers");
    *out = (struct part){.name = read_name(from, (size_t)(body - from), arena),
                         .bytes = body + 4,
                         .n = (size_t)(to - body) - 4};
    return out->name != NULL ? LK_OK : FAIL(err, LK_INVALID, "a part of the body has no name");
}

enum lk_status parts_read(const char *content_type, const char *body, size_t n, struct arena *arena,
                          struct part parts[PARTS_MAX], size_t *n_parts, struct lk_error *err)
{
    char delimiter[DELIMITER_BYTES];
    *n_parts = 0;
    TRY(read_boundary(content_type, delimiter, err));
    size_t n_delimiter = strlen(delimiter);
    const char *end = body + n;
    const char *at = n >= n_delimiter && memcmp(body, delimiter + 2, n_delimiter - 2) == 0
                         ? body + n_delimiter - 2
                         : memmem(body, n, delimiter, n_delimiter);
    if (at != NULL && at != body + n_delimiter - 2)
        at += n_delimiter;
    while (at != NULL && !(end - at >= 2 && memcmp(at, "--", 2) == 0)) {
        const char *next = memmem(at, (size_t)(end - at), delimiter, n_delimiter);
        if (next == NULL)
            break;
        if (*n_parts == PARTS_MAX)
            return FAIL(err, LK_LIMIT, "more than %d parts", PARTS_MAX);
        TRY(read_part(at, next, arena, &parts[(*n_parts)++], err));
        at = next + n_delimiter;
    }
    return at != NULL && end - at >= 2 && memcmp(at, "--", 2) == 0
               ? LK_OK
               : FAIL(err, LK_INVALID, "the body has no end: its last boundary is missing");
}

const struct part *parts_get(const struct part *parts, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(parts[i].name, name) == 0)
            return &parts[i];
    return NULL;
}
