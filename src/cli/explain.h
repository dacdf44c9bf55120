/* cli/explain.h - likeness match --explain: the drawing of a match, in a file. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include <likeness/match.h>

#define EXPLAIN_OPTION                                                                             \
    {                                                                                              \
        "explain", "OUT.svg", "draw what agrees in the first match, without any pixel"             \
    }

/* Writes the drawing to the file `path`, which it replaces. Errors: LK_IO, LK_DENIED, LK_NOMEM. */
enum lk_status explain_write(const char *path, const struct lk_verdict *verdict,
                             const struct lk_sequence *query, const struct lk_frame *entry_whole,
                             struct lk_error *err) LK_MUST_CHECK;

#endif
