/* paper/doc.h - the description of a document that becomes a PDF: docs/internals/paper.md.
 *
 * A short text of lines, so that it can be read by eye and made by hand:
 *
 *     likeness-paper 1
 *     id 7d1f0c                 at the head of each page
 *     made 2026-11-24T10:20:30Z
 *     lang ar rtl               of what follows; ltr, rtl or auto (by the first strong letter)
 *     heading
 *     >Where it is              the text of a block, a line each
 *     row
 *     >Key
 *     =Value
 *     page
 *
 * Written by paper/paper.h, read by likeness-paper, which believes nobody. Threads: any. */
#ifndef PAPER_DOC_H
#define PAPER_DOC_H

#include "base/arena.h"

#include <stdbool.h>

#define DOC_MAX_BYTES      (4u << 20)
#define DOC_MAX_BLOCKS     20000
#define DOC_MAX_ID_BYTES   64
#define DOC_MAX_LANG_BYTES 15

enum doc_kind {
    DOC_TITLE,
    DOC_SUBTITLE,
    DOC_HEADING,
    DOC_SUBHEADING,
    DOC_PARAGRAPH,
    DOC_SMALL,
    DOC_NOTE, /* set apart, in a box */
    DOC_CODE, /* addresses: each letter of the same width, broken anywhere, left to right */
    DOC_ROW,  /* a key and its value */
    DOC_CODE_ROW,
    DOC_PAGE, /* what follows begins a page */
    DOC_N_KINDS
};

/* "title", "code-row" ...; NULL past the last. */
const char *doc_kind_name(unsigned kind);

enum doc_dir { DOC_LTR, DOC_RTL, DOC_AUTO };

struct doc_block {
    enum doc_kind kind;
    enum doc_dir dir;
    const char *lang;         /* BCP 47 */
    const char *text, *value; /* UTF-8, NUL-terminated, line feeds and no other control; "": none */
    size_t n_text, n_value;
};

struct doc {
    const char *id, *made; /* "": none */
    bool is_rtl;           /* the first language given goes from right to left: so do the pages */
    const struct doc_block *blocks;
    size_t n_blocks;
};

/* Reads a description; everything lives in the arena. Errors: LK_INVALID (naming the line),
 * LK_LIMIT, LK_NOMEM. */
enum lk_status doc_parse(struct arena *arena, const char *text, size_t n, struct doc *out,
                         struct lk_error *err) LK_MUST_CHECK;

#endif
