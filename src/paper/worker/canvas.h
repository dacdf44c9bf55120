/* worker/canvas.h - text on pages: a small face over cairo and pango, which are included only in
 * canvas.c.
 *
 * Lengths are points (1/72 inch), from the upper left corner. A text is set once for a width and
 * then drawn line by line, so that it may go over pages. Not for several threads. */
#ifndef WORKER_CANVAS_H
#define WORKER_CANVAS_H

#include "base/buf.h"
#include "paper/doc.h"

#define CANVAS_WIDTH  595.276 /* A4 */
#define CANVAS_HEIGHT 841.89

struct canvas; /* opaque */
struct canvas_text;

struct canvas_style {
    double size;    /* of letters */
    double spacing; /* of lines, as a factor */
    uint32_t ink;   /* 0xrrggbb */
    bool is_bold, is_mono;
    bool breaks_anywhere;
    bool at_page_side; /* aligned as the page, whatever the direction of the text */
    bool at_end;       /* aligned at the side where lines end */
    const char *role;  /* in the tagged PDF: "H1", "P" ... */
};

/* title, made: of the document's data; made is an ISO time or "". NULL: no memory. */
struct canvas *canvas_new(const char *title, const char *made, bool is_rtl);

/* Ends the document and appends it to out. Errors: LK_LIMIT, LK_NOMEM, LK_INTERNAL. */
enum lk_status canvas_end(struct canvas *c, struct buf *out, struct lk_error *err) LK_MUST_CHECK;
void canvas_free(struct canvas *c);

/* Nothing is drawn until this is called: what comes before it only measures. The pages are then
 * counted from the first again. */
void canvas_show(struct canvas *c);

/* Letters that no font has are shown as their numbers, and counted while shown. NULL: no memory. */
struct canvas_text *canvas_text_new(struct canvas *c, const struct canvas_style *style,
                                    const char *text, size_t n, const char *lang, enum doc_dir dir,
                                    double width);
void canvas_text_free(struct canvas_text *t);

/* Lines are walked once, from the first. *height: of the line with its share of the gap. */
bool canvas_line(struct canvas_text *t, double *height);
/* Draws the present line and goes on. */
void canvas_line_draw(struct canvas_text *t, double x, double y);

double canvas_text_height(const struct canvas_text *t);

void canvas_fill(struct canvas *c, double x, double y, double width, double height, uint32_t ink);

/* The title's place in the document's table of contents: at the present page. */
void canvas_outline(struct canvas *c, const char *title, double y);
void canvas_next_page(struct canvas *c);

size_t canvas_n_missing(const struct canvas *c);

#endif
