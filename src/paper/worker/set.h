/* worker/set.h - a description, set on pages. */
#ifndef WORKER_SET_H
#define WORKER_SET_H

#include "base/buf.h"
#include "paper/doc.h"

#define SET_MAX_PAGES 2000

/* Appends the PDF; *n_missing receives how many letters had no font. Errors: LK_LIMIT (pages,
 * bytes), LK_NOMEM, LK_INTERNAL. */
enum lk_status set_document(const struct doc *doc, struct buf *pdf, size_t *n_missing,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
