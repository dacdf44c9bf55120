/* paper/paper.h - documents on paper: described here, set as PDF by the helper likeness-paper.
 *
 * The helper shapes every script (pango) and draws (cairo), in a process of its own that reads
 * fonts and nothing else, for libraries of that size have no business beside our keys. Texts may
 * come from anybody: what is no text, and letters that turn the direction of others, are replaced
 * or made visible here. Equal descriptions give equal bytes on one machine. Threads: any. */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H

#include "base/buf.h"
#include "paper/doc.h"

#define PAPER_MAX_PDF_BYTES (32u << 20)
#define PAPER_TIMEOUT_MS    60000

/* Begins a description in `out`, which should be empty. id: what stands at the head of each page,
 * letters and digits. */
void paper_begin(struct buf *out, const char *id, int64_t made_ms);

/* The language and direction of what follows; the first is that of the pages. */
void paper_lang(struct buf *out, const char *code, enum doc_dir dir);

/* A block; `value` counts for rows alone. NULL is "". */
void paper_put(struct buf *out, enum doc_kind kind, const char *text, const char *value);

/* Has a description set. path: of the helper, or NULL: found (sys/proc.h; LIKENESS_PAPER). Appends
 * the PDF. *n_missing receives how many letters had no font, each of which is shown as its number.
 * Errors: LK_NOT_FOUND (no helper), LK_INVALID (the description), LK_LIMIT, LK_BUSY (more than
 * PAPER_TIMEOUT_MS), LK_INTERNAL (the helper failed), LK_IO, LK_NOMEM.
 * Cost: about 0.2 s, most of it finding fonts. */
enum lk_status paper_set(const struct buf *description, const char *path, struct buf *pdf,
                         size_t *n_missing, struct lk_error *err) LK_MUST_CHECK;

#endif
