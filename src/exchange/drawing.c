/* Both pictures are in units of 1/256 of their long side; each panel has its own scale and corner.
 *
 *   registered picture       upload
 *   +-----------+          +----------------+
 *   |/    o-----------------.. o            |     the right panel holds the upload and as much of
 *   |   o-------------------:.. o  .        |     the placed outline as lies near it: of a small
 *   +-----------+          +----------------+     crop the whole would make the upload tiny
 */
#include "drawing.h"

#include "evidence_json.h"

#include <likeness/image.h>
#include <math.h>
#include <stdlib.h>

#define ACCENT "#2b8c86" /* clear enough on white and on near black */

enum {
    PANEL = 300,
    GAP = 70,
    MARGIN = 12,
    LABEL = 26,
    LABEL_WIDTH = 270,
    HALF = 128,
    MAX_SIZE = 254
};

static const double around = 0.5; /* of the upload's long side, shown beside it at the most */
static const double max_scale = 64, min_radius = 2.5;

struct point {
    double x, y;
};

/* A rectangle of a picture, and where it is drawn. */
struct panel {
    double left, top, right, bottom; /* in the picture's units */
    double scale, x, y;              /* drawn at (x, y) + scale * (p - (left, top)) */
};

struct drawing {
    struct buf *out;
    const struct lk_verdict *verdict;
    struct point entry, query; /* half width and height */
    struct lk_place place;
    struct panel from, to;
};

static struct point half_sides(const struct lk_frame *whole)
{
    return whole->x == 0 || whole->y == 0 ? (struct point){HALF, HALF}
                                          : (struct point){whole->x, whole->y};
}

static bool is_drawable(const struct lk_place *p)
{
    double scale = evidence_scale(p);
    return isfinite(scale) && scale > 1 / max_scale && scale < max_scale && isfinite(p->dx) &&
           isfinite(p->dy) && fabs((double)p->dx) < 256 * max_scale &&
           fabs((double)p->dy) < 256 * max_scale;
}

/* The quarter turn, middle on middle. A flip of top and bottom is one of left and right and half a
 * turn, those on a diagonal are one and a quarter. */
static struct lk_place place_of_turn(unsigned turn, struct point entry, struct point query)
{
    static const struct lk_place turns[LK_N_TURNS] = {
        [LK_TURN_0] = {1, 0, 0, 0, false},      [LK_TURN_90] = {0, -1, 0, 0, false},
        [LK_TURN_180] = {-1, 0, 0, 0, false},   [LK_TURN_270] = {0, 1, 0, 0, false},
        [LK_FLIP_X] = {-1, 0, 0, 0, true},      [LK_FLIP_Y] = {1, 0, 0, 0, true},
        [LK_FLIP_PLUS_1] = {0, -1, 0, 0, true}, [LK_FLIP_MINUS_1] = {0, 1, 0, 0, true}};
    struct lk_place p = turns[turn % LK_N_TURNS];
    double scale = fmax(query.x, query.y) / fmax(entry.x, entry.y);
    p.a *= (float)scale;
    p.b *= (float)scale;
    p.dx = (float)(query.x - (p.a * entry.x - p.b * entry.y));
    p.dy = (float)(query.y - (p.b * entry.x + p.a * entry.y));
    return p;
}

/* From the entry's picture into the query's. */
static struct point lay(const struct drawing *d, double x, double y)
{
    const struct lk_place *p = &d->place;
    if (p->mirrored)
        x = 2 * d->entry.x - x;
    return (struct point){p->a * x - p->b * y + p->dx, p->b * x + p->a * y + p->dy};
}

static struct point in_panel(const struct panel *panel, double x, double y)
{
    return (struct point){panel->x + panel->scale * (x - panel->left),
                          panel->y + panel->scale * (y - panel->top)};
}

static double panel_width(const struct panel *p)
{
    return p->scale * (p->right - p->left);
}

static double panel_height(const struct panel *p)
{
    return p->scale * (p->bottom - p->top);
}

/* The upload and what lies near it of the placed outline. */
static struct panel panel_of_query(const struct drawing *d)
{
    double width = 2 * d->query.x, height = 2 * d->query.y, reach = around * fmax(width, height);
    struct panel p = {0, 0, width, height, 0, 0, 0};
    for (unsigned i = 0; i < 4; i++) {
        struct point c = lay(d, i & 1 ? 2 * d->entry.x : 0, i & 2 ? 2 * d->entry.y : 0);
        p.left = fmin(p.left, fmax(c.x, -reach));
        p.top = fmin(p.top, fmax(c.y, -reach));
        p.right = fmax(p.right, fmin(c.x, width + reach));
        p.bottom = fmax(p.bottom, fmin(c.y, height + reach));
    }
    p.scale = PANEL / fmax(p.right - p.left, p.bottom - p.top);
    return p;
}

static void arrange(struct drawing *d)
{
    d->from = (struct panel){.right = 2 * d->entry.x, .bottom = 2 * d->entry.y};
    d->from.scale = PANEL / fmax(d->from.right, d->from.bottom);
    d->to = panel_of_query(d);
    double height = fmax(panel_height(&d->from), panel_height(&d->to));
    d->from.x = MARGIN;
    d->from.y = MARGIN + LABEL + (height - panel_height(&d->from)) / 2;
    d->to.x = d->from.x + panel_width(&d->from) + GAP;
    d->to.y = MARGIN + LABEL + (height - panel_height(&d->to)) / 2;
}

void drawing_put_escaped(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            buf_str(out, "&amp;");
        else if (*text == '<')
            buf_str(out, "&lt;");
        else if (*text == '>')
            buf_str(out, "&gt;");
        else
            buf_char(out, *text);
    }
}

static void put_label(struct buf *out, double x, double y, const char *text)
{
    buf_fmt(out, "<text x=\"%.1f\" y=\"%.1f\">", x, y);
    drawing_put_escaped(out, text);
    buf_str(out, "</text>\n");
}

static void put_points(struct buf *out, const struct point *points, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_fmt(out, "%s%.1f,%.1f", i > 0 ? " " : "", points[i].x, points[i].y);
}

/* The outline of the registered picture and its filled corner; `laid`: in the upload. */
static void put_entry(struct drawing *d, bool laid)
{
    double width = 2 * d->entry.x, height = 2 * d->entry.y, mark = 0.12 * fmin(width, height);
    const struct point corners[] = {{0, 0}, {width, 0}, {width, height}, {0, height}};
    const struct point flag[] = {{0, 0}, {2 * mark, 0}, {0, mark}};
    struct point c[4], f[3];
    for (size_t i = 0; i < 4; i++)
        c[i] = laid ? lay(d, corners[i].x, corners[i].y) : corners[i];
    for (size_t i = 0; i < 3; i++)
        f[i] = laid ? lay(d, flag[i].x, flag[i].y) : flag[i];
    const struct panel *panel = laid ? &d->to : &d->from;
    for (size_t i = 0; i < 4; i++)
        c[i] = in_panel(panel, c[i].x, c[i].y);
    for (size_t i = 0; i < 3; i++)
        f[i] = in_panel(panel, f[i].x, f[i].y);
    buf_str(d->out, "<polygon points=\"");
    put_points(d->out, c, 4);
    buf_fmt(d->out, "\" fill=\"" ACCENT "\" fill-opacity=\"0.1\" stroke=\"" ACCENT "\"%s/>\n",
            laid ? " stroke-width=\"2\" stroke-dasharray=\"7 4\"" : " stroke-width=\"2\"");
    buf_str(d->out, "<polygon points=\"");
    put_points(d->out, f, 3);
    buf_str(d->out, "\" fill=\"" ACCENT "\"/>\n");
}

/* The nested element cuts off what reaches out of the panel. */
static void put_query(struct drawing *d)
{
    struct panel *to = &d->to;
    double x = to->x - 2, y = to->y - 2, width = panel_width(to) + 4, height = panel_height(to) + 4;
    struct point corner = in_panel(to, 0, 0);
    buf_fmt(d->out,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" "
            "stroke=\"currentColor\" stroke-width=\"2\"/>\n",
            corner.x, corner.y, to->scale * 2 * d->query.x, to->scale * 2 * d->query.y);
    buf_fmt(d->out,
            "<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" viewBox=\"%.1f %.1f %.1f "
            "%.1f\">\n",
            x, y, width, height, x, y, width, height);
    put_entry(d, true);
    buf_str(d->out, "</svg>\n");
}

/* The size of a blob is where it is steepest: at sqrt(2) times its sigma. */
static double radius(const struct lk_frame *frame, const struct panel *panel)
{
    double size = frame->size <= MAX_SIZE ? frame->size : 0;
    return fmax(min_radius, panel->scale * 256 * sqrt(2) * exp2(size / 40 - 10));
}

static void put_votes(struct drawing *d)
{
    const struct lk_verdict *v = d->verdict;
    size_t n = v->n_shown < LK_MAX_SHOWN_VOTES ? v->n_shown : LK_MAX_SHOWN_VOTES;
    buf_str(d->out, "<g fill=\"none\" stroke=\"currentColor\">\n");
    for (size_t i = 0; i < n; i++) {
        const struct lk_frame *entry = &v->shown[i].entry, *query = &v->shown[i].query;
        struct point a = in_panel(&d->from, entry->x, entry->y);
        struct point b = in_panel(&d->to, query->x, query->y);
        double ra = radius(entry, &d->from), rb = radius(query, &d->to);
        double length = hypot(b.x - a.x, b.y - a.y);
        double ux = length > 0 ? (b.x - a.x) / length : 0,
               uy = length > 0 ? (b.y - a.y) / length : 0;
        buf_fmt(d->out,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" stroke-width=\"1.5\"/>"
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" stroke-width=\"1.5\"/>",
                a.x, a.y, ra, b.x, b.y, rb);
        if (length > ra + rb)
            buf_fmt(d->out, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke-opacity=\"0.45\"/>",
                    a.x + ra * ux, a.y + ra * uy, b.x - rb * ux, b.y - rb * uy);
        buf_char(d->out, '\n');
    }
    buf_str(d->out, "</g>\n");
}

/* The figures in words. */
static void put_description(const struct drawing *d)
{
    const struct lk_place *p = &d->place;
    long degrees = lround(evidence_degrees(p));
    buf_str(d->out, "The outlines of the registered picture and of the upload, without what they "
                    "show. ");
    unsigned n_shown = d->verdict->n_shown;
    if (n_shown > 0 && d->verdict->n_votes > n_shown)
        buf_fmt(d->out, "Of %u places that agree, %u are joined by lines. ", d->verdict->n_votes,
                n_shown);
    else if (n_shown > 0)
        buf_str(d->out, "Places that agree are joined by lines. ");
    buf_fmt(d->out,
            "The long side of the registered picture is %.0f percent of that of the upload%s",
            100 * evidence_scale(p), p->mirrored ? "; it is mirrored" : "");
    if (degrees != 0)
        buf_fmt(d->out, "; it is turned by %ld degrees %s", labs(degrees),
                degrees > 0 ? "clockwise" : "anticlockwise");
    buf_char(d->out, '.');
}

static void put_head(const struct drawing *d, const struct drawing_words *words)
{
    double width = d->to.x + fmax(panel_width(&d->to), LABEL_WIDTH) + MARGIN;
    double height = MARGIN + LABEL + fmax(panel_height(&d->from), panel_height(&d->to)) + LABEL;
    buf_fmt(d->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %.0f %.0f\" "
            "width=\"%.0f\" height=\"%.0f\" font-family=\"system-ui, sans-serif\" "
            "font-size=\"13\" fill=\"currentColor\">\n<title>",
            ceil(width), ceil(height), ceil(width), ceil(height));
    drawing_put_escaped(d->out, words != NULL ? words->title : "What agrees");
    buf_str(d->out, "</title>\n<desc>");
    if (words != NULL)
        drawing_put_escaped(d->out, words->description);
    else
        put_description(d);
    buf_str(d->out, "</desc>\n");
    put_label(d->out, d->from.x, d->from.y - 8,
              words != NULL ? words->entry : "registered picture");
    struct point corner = in_panel(&d->to, 0, 0);
    put_label(d->out, corner.x, corner.y - 8, words != NULL ? words->query : "upload");
    put_label(d->out, d->to.x, d->to.y + panel_height(&d->to) + 18,
              words != NULL ? words->laid : "dashed: where the registered picture lies");
}

void drawing_svg(struct buf *out, const struct lk_verdict *verdict,
                 const struct lk_frame *query_whole, const struct lk_frame *entry_whole,
                 const struct drawing_words *words)
{
    struct drawing d = {.out = out,
                        .verdict = verdict,
                        .entry = half_sides(entry_whole),
                        .query = half_sides(query_whole),
                        .place = verdict->place};
    if (!is_drawable(&d.place))
        d.place = place_of_turn(verdict->turn, d.entry, d.query);
    arrange(&d);
    put_head(&d, words);
    put_entry(&d, false);
    put_query(&d);
    put_votes(&d);
    buf_str(out, "</svg>\n");
}
