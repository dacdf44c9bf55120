/* Two bars of one length each, however long either lasts, and what agrees joined between them:
 *
 *   upload, 0:08.0
 *   +--####################--+
 *       \\                 \\
 *   +-----------####---------+
 *   registered, 0:30.0
 */
#include "drawing.h"

#define ACCENT "#2b8c86" /* clear enough on white and on near black */

enum { WIDTH = 640, BAR = 560, LEFT = 40, BAR_HEIGHT = 26, TOP = 34, GAP = 70, LABEL = 18 };
enum { HEIGHT = TOP + 2 * BAR_HEIGHT + GAP + LABEL + 16, LEAST = 4 };

/* One side: all of it, and the part that agrees. */
struct bar {
    double y;
    const char *name;
    uint32_t lasts_ms, from_ms, to_ms;
};

static void put_time(struct buf *out, uint32_t ms)
{
    buf_fmt(out, "%u:%02u.%u", ms / 60000, ms / 1000 % 60, ms % 1000 / 100);
}

static double at(const struct bar *bar, uint32_t ms)
{
    const double x = bar->lasts_ms > 0 ? (double)ms / bar->lasts_ms : 0;
    return LEFT + BAR * (x > 1 ? 1 : x);
}

/* A picture has no time: all of it agrees. */
static double end_of(const struct bar *bar)
{
    const double from = at(bar, bar->from_ms), to = at(bar, bar->to_ms);
    if (bar->lasts_ms == 0)
        return LEFT + BAR;
    return to - from < LEAST ? from + LEAST : to;
}

static void put_bar(struct buf *out, const struct bar *bar, double label_y)
{
    const double from = at(bar, bar->from_ms);
    buf_fmt(out,
            "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%d\" fill=\"none\" "
            "stroke=\"currentColor\" stroke-width=\"2\"/>\n",
            LEFT, bar->y, BAR, BAR_HEIGHT);
    buf_fmt(out,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"" ACCENT
            "\"/>\n<text x=\"%d\" y=\"%.1f\">",
            from, bar->y, end_of(bar) - from, BAR_HEIGHT, LEFT, label_y);
    drawing_put_escaped(out, bar->name);
    if (bar->lasts_ms > 0) {
        buf_str(out, ", ");
        put_time(out, bar->from_ms);
        buf_str(out, " \xe2\x80\x93 ");
        put_time(out, bar->to_ms);
        buf_str(out, " / ");
        put_time(out, bar->lasts_ms);
    }
    buf_str(out, "</text>\n");
}

void drawing_time_svg(struct buf *out, const struct lk_verdict *v,
                      const struct drawing_words *words)
{
    const struct bar query = {TOP, words != NULL ? words->query : "upload", v->query_lasts_ms,
                              v->query_from_ms, v->query_to_ms};
    const struct bar entry = {TOP + BAR_HEIGHT + GAP, words != NULL ? words->entry : "registered",
                              v->lasts_ms, v->from_ms, v->to_ms};
    const double low = query.y + BAR_HEIGHT, high = entry.y;
    buf_fmt(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %d %d\" "
            "width=\"%d\" height=\"%d\" font-family=\"system-ui, sans-serif\" "
            "font-size=\"13\" fill=\"currentColor\">\n<title>",
            WIDTH, HEIGHT, WIDTH, HEIGHT);
    drawing_put_escaped(out, words != NULL ? words->title : "What agrees");
    buf_str(out, "</title>\n<desc>");
    drawing_put_escaped(out, words != NULL ? words->description
                                           : "The upload and what was registered as two bars of "
                                             "time; the parts that agree are filled and joined.");
    buf_str(out, "</desc>\n");
    buf_fmt(out,
            "<polygon points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f\" fill=\"" ACCENT
            "\" fill-opacity=\"0.15\"/>\n",
            at(&query, query.from_ms), low, end_of(&query), low, end_of(&entry), high,
            at(&entry, entry.from_ms), high);
    put_bar(out, &query, query.y - 8);
    put_bar(out, &entry, entry.y + BAR_HEIGHT + LABEL);
    buf_str(out, "</svg>\n");
}
