/* exchange/drawing.h - what agreed in a match, drawn for the person who looks at it.
 *
 * An SVG with two outlines in their true shapes: the registered picture's at the left, the upload's
 * at the right, and in the latter, dashed, where the registered picture lies. The anchors that
 * agree are circles of their size, joined by lines. A filled corner marks the top left of the
 * registered picture in both, so that turns and mirrors show. No pixel, no print, nothing loaded,
 * no style sheet, no script and no id, so it may stand in a page of any policy, twice. Lines take
 * the colour of the text around (currentColor), for light and dark grounds. */
#ifndef EXCHANGE_DRAWING_H
#define EXCHANGE_DRAWING_H

#include "base/buf.h"

#include <likeness/match.h>

/* Plain text in the language of whoever looks; escaped here. */
struct drawing_words {
    const char *title;       /* for screen readers, as is: */
    const char *description; /* what the drawing shows */
    const char *entry;       /* over the left outline: "registered picture" */
    const char *query;       /* over the right one: "upload" */
    const char *laid;        /* under it: "dashed: where the registered picture lies" */
};

/* Appends one <svg> element; what goes wrong shows in the buffer's status. Frames are those of the
 * first whole prints, all zero where the shape is not known (a square is drawn). A place that is
 * not known (a and b zero) is drawn from the verdict's turn. words NULL: English, with the figures
 * in the description. Threads: any. Cost: microseconds, under 8 KiB. */
void drawing_svg(struct buf *out, const struct lk_verdict *verdict,
                 const struct lk_frame *query_whole, const struct lk_frame *entry_whole,
                 const struct drawing_words *words);

/* The same where a video or a recording is on one side: two bars of time, the upload's above, with
 * the parts that agree filled and joined. `laid` of the words is not used. */
void drawing_time_svg(struct buf *out, const struct lk_verdict *verdict,
                      const struct drawing_words *words);

/* Text within an element. */
void drawing_put_escaped(struct buf *out, const char *text);

#endif
