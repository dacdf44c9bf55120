/* http/parts.h - multipart/form-data (RFC 7578): the parts of a body, borrowed from it. */
#ifndef HTTP_PARTS_H
#define HTTP_PARTS_H

#include "base/arena.h"

struct part {
    const char *name; /* of its Content-Disposition; in the arena */
    const char *bytes;
    size_t n;
};

#define PARTS_MAX 16

/* content_type: of the request, with its boundary. Headers of parts beside the name are passed
 * over. Errors: LK_INVALID (no boundary, no end, a part without a name), LK_LIMIT (PARTS_MAX),
 * LK_NOMEM. Threads: any. */
enum lk_status parts_read(const char *content_type, const char *body, size_t n, struct arena *arena,
                          struct part parts[PARTS_MAX], size_t *n_parts,
                          struct lk_error *err) LK_MUST_CHECK;

/* The first part of this name, or NULL. */
const struct part *parts_get(const struct part *parts, size_t n, const char *name);

#endif
