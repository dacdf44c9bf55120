/* Families come first that have most scripts and look alike; fontconfig fills in what they lack.
 * Outlines, metadata and tags make a PDF that a screen reader can walk. */
#include "canvas.h"

#include "base/err.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

static const char plain_family[] = "Noto Sans,Noto Sans Arabic,Noto Sans Devanagari,sans-serif";
static const char mono_family[] = "Noto Sans Mono,DejaVu Sans Mono,monospace";

enum { MAX_MISSING = 64, MAX_OUTLINE_BYTES = 200 };

struct canvas {
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoContext *context;
    struct buf pdf;
    bool shown, is_rtl;
    unsigned page;
    size_t n_missing;
};

struct canvas_text {
    struct canvas *canvas;
    PangoLayout *layout;
    PangoLayoutIter *iter;
    bool has_line;
    uint32_t ink;
    const char *role;
};

/* ---- the document ---- */

static cairo_status_t take_bytes(void *ctx, const unsigned char *bytes, unsigned n)
{
    struct canvas *c = ctx;
    buf_put(&c->pdf, bytes, n);
    return c->pdf.status == LK_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

struct canvas *canvas_new(const char *title, const char *made, bool is_rtl)
{
    struct canvas *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    buf_init(&c->pdf, lk_alloc_heap(), 32u << 20);
    c->is_rtl = is_rtl;
    c->page = 1;
    c->surface = cairo_pdf_surface_create_for_stream(take_bytes, c, CANVAS_WIDTH, CANVAS_HEIGHT);
    cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_CREATOR, "likeness");
    /* Without a time of its own cairo takes the clock's, and equal input gives other bytes. */
    cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   made[0] != '\0' ? made : "1970-01-01T00:00:00Z");
    c->cr = cairo_create(c->surface);
    c->context = pango_cairo_create_context(c->cr);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(c->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(c->context, FALSE);
    pango_cairo_context_set_resolution(c->context, 72); /* a point is a point */
    return c;
}

enum lk_status canvas_end(struct canvas *c, struct buf *out, struct lk_error *err)
{
    cairo_surface_finish(c->surface);
    TRY(buf_status(&c->pdf, "the PDF", err));
    cairo_status_t status = cairo_surface_status(c->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_status(c->cr);
    if (status != CAIRO_STATUS_SUCCESS)
        return FAIL(err, LK_INTERNAL, "cairo: %s", cairo_status_to_string(status));
    buf_put(out, c->pdf.p, c->pdf.n);
    return buf_status(out, "the PDF", err);
}

void canvas_free(struct canvas *c)
{
    if (c == NULL)
        return;
    g_object_unref(c->context);
    cairo_destroy(c->cr);
    cairo_surface_destroy(c->surface);
    buf_fini(&c->pdf);
    free(c);
}

void canvas_show(struct canvas *c)
{
    c->shown = true;
    c->page = 1;
}

static void set_ink(struct canvas *c, uint32_t ink)
{
    cairo_set_source_rgb(c->cr, (ink >> 16 & 255) / 255.0, (ink >> 8 & 255) / 255.0,
                         (ink & 255) / 255.0);
}

void canvas_fill(struct canvas *c, double x, double y, double width, double height, uint32_t ink)
{
    if (!c->shown)
        return;
    set_ink(c, ink);
    cairo_rectangle(c->cr, x, y, width, height);
    cairo_fill(c->cr);
}

void canvas_outline(struct canvas *c, const char *title, double y)
{
    char name[MAX_OUTLINE_BYTES + 1], place[80];
    size_t n = strcspn(title, "\n");
    if (!c->shown)
        return;
    if (n > MAX_OUTLINE_BYTES)
        n = (size_t)(g_utf8_find_prev_char(title, title + MAX_OUTLINE_BYTES) - title);
    memcpy(name, title, n);
    name[n] = '\0';
    g_snprintf(place, sizeof place, "page=%u pos=[0 %d]", c->page, (int)floor(y));
    cairo_pdf_surface_add_outline(c->surface, CAIRO_PDF_OUTLINE_ROOT, name, place, 0);
}

void canvas_next_page(struct canvas *c)
{
    c->page++;
    if (c->shown)
        cairo_show_page(c->cr);
}

size_t canvas_n_missing(const struct canvas *c)
{
    return c->n_missing;
}

/* ---- texts ---- */

struct missing {
    uint32_t points[MAX_MISSING];
    size_t n;
};

static void note_missing(struct missing *m, uint32_t c)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->points[i] == c)
            return;
    if (m->n < MAX_MISSING)
        m->points[m->n++] = c;
}

static void find_missing(PangoLayout *layout, struct missing *m)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);
        for (int i = 0; run != NULL && i < run->glyphs->num_glyphs; i++) {
            PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
            if (glyph != PANGO_GLYPH_INVALID_INPUT && glyph != PANGO_GLYPH_EMPTY &&
                (glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0)
                note_missing(m, glyph & ~PANGO_GLYPH_UNKNOWN_FLAG);
        }
    } while (pango_layout_iter_next_run(iter));
    pango_layout_iter_free(iter);
}

/* A box says nothing; a number can be looked up. Each turn of the loop takes up to MAX_MISSING
 * different letters; what is left after a few has no end in sight and stays a box. */
static void spell_missing(struct canvas *c, PangoLayout *layout)
{
    for (int turn = 0; turn < 8 && pango_layout_get_unknown_glyphs_count(layout) > 0; turn++) {
        struct missing m = {.n = 0};
        find_missing(layout, &m);
        GString *spelled = g_string_new(NULL);
        for (const char *p = pango_layout_get_text(layout); *p != '\0'; p = g_utf8_next_char(p)) {
            gunichar point = g_utf8_get_char(p);
            size_t i = 0;
            while (i < m.n && m.points[i] != point)
                i++;
            if (i == m.n) {
                g_string_append_unichar(spelled, point);
                continue;
            }
            g_string_append_printf(spelled, "[U+%x]", point);
            c->n_missing += c->shown;
        }
        pango_layout_set_text(layout, spelled->str, (int)spelled->len);
        g_string_free(spelled, TRUE);
        if (m.n == 0)
            return;
    }
}

static void set_direction(struct canvas *c, PangoLayout *layout, const struct canvas_style *style,
                          enum doc_dir dir)
{
    bool is_rtl = dir == DOC_RTL || (dir == DOC_AUTO && c->is_rtl);
    pango_context_set_base_dir(c->context, is_rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    pango_layout_set_auto_dir(layout, dir == DOC_AUTO);
    /* Where the direction is found out, pango turns the side itself. */
    bool at_right = style->at_page_side ? c->is_rtl : is_rtl;
    pango_layout_set_alignment(layout,
                               at_right != style->at_end ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_context_changed(layout);
}

struct canvas_text *canvas_text_new(struct canvas *c, const struct canvas_style *style,
                                    const char *text, size_t n, const char *lang, enum doc_dir dir,
                                    double width)
{
    struct canvas_text *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    *t = (struct canvas_text){.canvas = c, .ink = style->ink, .role = style->role};
    pango_context_set_language(c->context, pango_language_from_string(lang));
    t->layout = pango_layout_new(c->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, style->is_mono ? mono_family : plain_family);
    pango_font_description_set_size(font, (int)lround(style->size * PANGO_SCALE));
    pango_font_description_set_weight(font,
                                      style->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(t->layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(t->layout, (int)lround(width * PANGO_SCALE));
    pango_layout_set_wrap(t->layout,
                          style->breaks_anywhere ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(t->layout, (float)style->spacing);
    set_direction(c, t->layout, style, dir);
    pango_layout_set_text(t->layout, text, (int)n);
    spell_missing(c, t->layout);
    t->iter = pango_layout_get_iter(t->layout);
    t->has_line = true;
    return t;
}

void canvas_text_free(struct canvas_text *t)
{
    if (t == NULL)
        return;
    pango_layout_iter_free(t->iter);
    g_object_unref(t->layout);
    free(t);
}

double canvas_text_height(const struct canvas_text *t)
{
    PangoRectangle rect;
    pango_layout_get_extents(t->layout, NULL, &rect);
    return (double)rect.height / PANGO_SCALE;
}

bool canvas_line(struct canvas_text *t, double *height)
{
    int top, bottom;
    if (!t->has_line)
        return false;
    pango_layout_iter_get_line_yrange(t->iter, &top, &bottom);
    *height = (double)(bottom - top) / PANGO_SCALE;
    return true;
}

void canvas_line_draw(struct canvas_text *t, double x, double y)
{
    struct canvas *c = t->canvas;
    int top, bottom;
    PangoRectangle rect;
    pango_layout_iter_get_line_yrange(t->iter, &top, &bottom);
    pango_layout_iter_get_line_extents(t->iter, NULL, &rect);
    if (c->shown) {
        double base = (double)(pango_layout_iter_get_baseline(t->iter) - top) / PANGO_SCALE;
        cairo_tag_begin(c->cr, t->role, NULL);
        set_ink(c, t->ink);
        cairo_move_to(c->cr, x + (double)rect.x / PANGO_SCALE, y + base);
        pango_cairo_show_layout_line(c->cr, pango_layout_iter_get_line_readonly(t->iter));
        cairo_tag_end(c->cr, t->role);
    }
    t->has_line = pango_layout_iter_next_line(t->iter);
}
