/* node/lines.h - contents as lines of JSON, as a platform asks, archives and scans them. */
#ifndef NODE_LINES_H
#define NODE_LINES_H

#include "http/request.h"

#include <likeness/print.h>

/* What a line says beside its prints. In the arena; NULL: not said. */
struct node_line {
    const char *name;   /* "ref", "id" or "path": the platform's own of the content */
    const char *poster; /* an opaque token of who posts it */
};

struct node_lines {
    struct lk_sequence *sequences;
    struct node_line *lines;
    size_t n;
};

/* Reads a body of lines: {"print": "<hex>"} or {"sequence": {...}}, with a name or without; what
 * `likeness hash --json` says besides is passed over, and so are empty lines. Each sequence has
 * passed lk_sequence_check(). Errors: LK_INVALID naming the line, LK_LIMIT (MATCH_MAX_QUERIES),
 * LK_NOMEM. */
enum lk_status lines_read(const struct request *req, struct node_lines *out,
                          struct lk_error *err) LK_MUST_CHECK;

/* What stands in the address of a request for one content: ?ref= and ?poster=. Errors: LK_INVALID.
 */
enum lk_status lines_of_query(const struct request *req, struct node_line *out,
                              struct lk_error *err) LK_MUST_CHECK;

#endif
