/* Everything is set twice by the same code: first unseen, to learn the number of pages, then on
 * paper. A text goes over pages line by line; a heading stays with what follows it, a row stays
 * whole where it can. Long lines are cut into pieces, for the time of breaking one grows with its
 * square. */
#include "set.h"

#include "base/err.h"
#include "base/utf8.h"
#include "canvas.h"

#include <stdio.h>
#include <string.h>

static const double margin_x = 56, top = 78, bottom = CANVAS_HEIGHT - 64;
static const double inside = CANVAS_WIDTH - 2 * 56;
static const double key_share = 0.30, gutter = 14;
static const double note_pad = 10, bar = 2.5;

enum { MAX_PIECE_BYTES = 4000, LONG_WORD_BYTES = 200 };

/* 0xrrggbb */
enum { INK = 0x1b1f23, SOFT = 0x5a6570, ACCENT = 0x1d4f63, HAIR = 0xd5dbe0, SHADE = 0xf2f5f7 };

struct look {
    struct canvas_style style;
    double before, after; /* gaps */
    double keep;          /* room that must be left, or the block begins a page */
};

static const struct look looks[DOC_N_KINDS] = {
    [DOC_TITLE] = {{22, 1.15, INK, .is_bold = true, .role = "H1"}, 0, 4, 0},
    [DOC_SUBTITLE] = {{10.5, 1.3, SOFT, .role = "P"}, 0, 14, 0},
    [DOC_HEADING] = {{14, 1.2, ACCENT, .is_bold = true, .role = "H2"}, 20, 7, 90},
    [DOC_SUBHEADING] = {{10.5, 1.25, INK, .is_bold = true, .role = "H3"}, 12, 4, 60},
    [DOC_PARAGRAPH] = {{10, 1.38, INK, .role = "P"}, 0, 7, 0},
    [DOC_SMALL] = {{8.5, 1.35, SOFT, .role = "P"}, 0, 5, 0},
    [DOC_NOTE] = {{9.5, 1.38, INK, .role = "P"}, 6, 10, 44},
    [DOC_CODE] = {{8.3, 1.55, INK, .is_mono = true, .breaks_anywhere = true, .at_page_side = true,
                   .role = "P"},
                  0,
                  7,
                  0},
    [DOC_ROW] = {{10, 1.35, INK, .role = "P"}, 0, 0, 0},
    [DOC_CODE_ROW] = {{8.3, 1.55, INK, .is_mono = true, .breaks_anywhere = true,
                       .at_page_side = true, .role = "P"},
                      0,
                      0,
                      0},
};
static const struct canvas_style key_style = {9, 1.5, SOFT, .role = "P"};
static const struct canvas_style head_style = {8, 1, SOFT, .at_page_side = true, .role = "P"};
static const struct canvas_style number_style = {
    8, 1, SOFT, .at_page_side = true, .at_end = true, .role = "P"};

struct setting {
    const struct doc *doc;
    struct canvas *canvas;
    struct lk_error *err;
    double y;
    unsigned page, n_pages; /* n_pages 0: not known yet */
    bool is_rtl;
    bool in_rows; /* the last block was a row */
};

static enum lk_status no_memory(const struct setting *s)
{
    return FAIL(s->err, LK_NOMEM, "no memory for a page");
}

/* ---- pages ---- */

static enum lk_status put_margin(struct setting *s, const struct canvas_style *style,
                                 const char *text, double y)
{
    struct canvas_text *t =
        canvas_text_new(s->canvas, style, text, strlen(text), "en", DOC_LTR, inside);
    double height;
    if (t == NULL)
        return no_memory(s);
    if (canvas_line(t, &height))
        canvas_line_draw(t, margin_x, y);
    canvas_text_free(t);
    return LK_OK;
}

static enum lk_status dress_page(struct setting *s)
{
    char number[48], name[DOC_MAX_ID_BYTES + 32];
    snprintf(number, sizeof number, "%u / %u", s->page, s->n_pages);
    snprintf(name, sizeof name, "Likeness%s%s", s->doc->id[0] != '\0' ? "  \xc2\xb7  " : "",
             s->doc->id);
    TRY(put_margin(s, &head_style, name, 40));
    TRY(put_margin(s, &number_style, number, 40));
    canvas_fill(s->canvas, margin_x, 56, inside, 0.6, HAIR);
    return LK_OK;
}

static enum lk_status next_page(struct setting *s)
{
    if (s->page == SET_MAX_PAGES)
        return FAIL(s->err, LK_LIMIT, "the document has more than %d pages", SET_MAX_PAGES);
    canvas_next_page(s->canvas);
    s->page++;
    s->y = top;
    return dress_page(s);
}

static enum lk_status need(struct setting *s, double height)
{
    return s->y > top && s->y + height > bottom ? next_page(s) : LK_OK;
}

/* ---- texts ---- */

/* Where a piece of a line ends: at a space if there is one near, else between letters. */
static size_t piece_of(const char *text, size_t n)
{
    const char *end = memchr(text, '\n', n);
    size_t n_line = end != NULL ? (size_t)(end - text) : n;
    size_t last_gap = 0, i = 0;
    if (n_line <= MAX_PIECE_BYTES)
        return n_line;
    while (i < MAX_PIECE_BYTES) {
        size_t len = utf8_length(text + i, n_line - i);
        if (text[i] == ' ')
            last_gap = i;
        i += len > 0 ? len : 1;
    }
    return last_gap > MAX_PIECE_BYTES / 2 ? last_gap : i;
}

/* Looking for a better place in a word longer than a line takes time that grows with its square. */
static bool has_long_word(const char *text, size_t n)
{
    size_t n_word = 0;
    for (size_t i = 0; i < n && n_word <= LONG_WORD_BYTES; i++)
        n_word = text[i] > ' ' && text[i] < 127 ? n_word + 1 : 0;
    return n_word > LONG_WORD_BYTES;
}

static struct canvas_text *begin_piece(struct setting *s, const struct doc_block *block,
                                       const struct canvas_style *style, const char *text, size_t n,
                                       double width)
{
    struct canvas_style own = *style;
    own.breaks_anywhere |= has_long_word(text, n);
    return canvas_text_new(s->canvas, &own, text, n, block->lang,
                           style->is_mono ? DOC_LTR : block->dir, width);
}

struct column {
    double x, width;
    bool is_note; /* shaded, with a bar where lines begin */
};

static void shade_line(struct setting *s, double height)
{
    canvas_fill(s->canvas, margin_x, s->y, inside, height, SHADE);
    canvas_fill(s->canvas, s->is_rtl ? margin_x + inside - bar : margin_x, s->y, bar, height,
                ACCENT);
}

static enum lk_status flow(struct setting *s, struct canvas_text *t, const struct column *column)
{
    double height;
    while (canvas_line(t, &height)) {
        TRY(need(s, height));
        if (column->is_note)
            shade_line(s, height);
        canvas_line_draw(t, column->x, s->y);
        s->y += height;
    }
    return LK_OK;
}

/* One text of any length, from s->y on. */
static enum lk_status put_text(struct setting *s, const struct doc_block *block,
                               const struct canvas_style *style, const char *text, size_t n,
                               const struct column *column)
{
    for (size_t at = 0, piece; at < n; at += piece + (at + piece < n && text[at + piece] == '\n')) {
        piece = piece_of(text + at, n - at);
        struct canvas_text *t = begin_piece(s, block, style, text + at, piece, column->width);
        if (t == NULL)
            return no_memory(s);
        enum lk_status status = flow(s, t, column);
        canvas_text_free(t);
        TRY(status);
    }
    return LK_OK;
}

static enum lk_status put_note(struct setting *s, const struct doc_block *block,
                               const struct look *look)
{
    struct column column = {margin_x + note_pad + bar, inside - 2 * note_pad - bar, true};
    if (s->is_rtl)
        column.x = margin_x + note_pad;
    shade_line(s, note_pad * 0.8);
    s->y += note_pad * 0.8;
    TRY(put_text(s, block, &look->style, block->text, block->n_text, &column));
    shade_line(s, note_pad * 0.8);
    s->y += note_pad * 0.8;
    return LK_OK;
}

/* ---- rows ---- */

/* How high a text will be, as far as that matters: more than a page is a page. */
static enum lk_status measure(struct setting *s, const struct doc_block *block,
                              const struct canvas_style *style, const char *text, size_t n,
                              double width, double *height)
{
    *height = 0;
    for (size_t at = 0, piece; at < n && *height < bottom - top;
         at += piece + (at + piece < n && text[at + piece] == '\n')) {
        piece = piece_of(text + at, n - at);
        struct canvas_text *t = begin_piece(s, block, style, text + at, piece, width);
        if (t == NULL)
            return no_memory(s);
        *height += canvas_text_height(t);
        canvas_text_free(t);
    }
    return LK_OK;
}

/* Keys are short: what would not fit a page is not drawn over its end but begins a new one. */
static enum lk_status put_row(struct setting *s, const struct doc_block *block,
                              const struct look *look)
{
    const double key_width = inside * key_share, value_width = inside - key_width - gutter;
    struct column key = {margin_x, key_width, false};
    struct column value = {margin_x + key_width + gutter, value_width, false};
    double key_height, value_height;
    if (s->is_rtl) {
        key.x = margin_x + value_width + gutter;
        value.x = margin_x;
    }
    TRY(measure(s, block, &key_style, block->text, block->n_text, key.width, &key_height));
    TRY(measure(s, block, &look->style, block->value, block->n_value, value.width, &value_height));
    double height = key_height > value_height ? key_height : value_height;
    TRY(need(s, height < (bottom - top) / 2 ? height + 10 : key_height + 10));
    if (!s->in_rows || s->y <= top)
        canvas_fill(s->canvas, margin_x, s->y, inside, 0.6, HAIR);
    s->y += 4;
    double y = s->y;
    unsigned page = s->page;
    TRY(put_text(s, block, &key_style, block->text, block->n_text, &key));
    double key_end = s->y;
    if (s->page == page) {
        s->y = y + (look->style.is_mono ? 1.2 : 0);
        TRY(put_text(s, block, &look->style, block->value, block->n_value, &value));
        if (s->page == page && s->y < key_end)
            s->y = key_end;
    } else {
        TRY(put_text(s, block, &look->style, block->value, block->n_value, &value));
    }
    s->y += 4;
    canvas_fill(s->canvas, margin_x, s->y, inside, 0.6, HAIR);
    return LK_OK;
}

/* ---- blocks ---- */

static enum lk_status put_block(struct setting *s, const struct doc_block *block)
{
    const struct look *look = &looks[block->kind];
    const struct column whole = {margin_x, inside, false};
    bool is_row = block->kind == DOC_ROW || block->kind == DOC_CODE_ROW;
    if (block->kind == DOC_PAGE)
        return s->y > top ? next_page(s) : LK_OK;
    if (s->in_rows && !is_row)
        s->y += 10;
    TRY(need(s, look->before + look->keep));
    if (s->y > top)
        s->y += look->before;
    if (block->kind == DOC_TITLE || block->kind == DOC_HEADING)
        canvas_outline(s->canvas, block->text, s->y);
    if (is_row)
        TRY(put_row(s, block, look));
    else if (block->kind == DOC_NOTE)
        TRY(put_note(s, block, look));
    else
        TRY(put_text(s, block, &look->style, block->text, block->n_text, &whole));
    s->in_rows = is_row;
    s->y += look->after;
    return LK_OK;
}

static enum lk_status set_once(struct setting *s)
{
    s->page = 1;
    s->y = top;
    s->in_rows = false;
    TRY(dress_page(s));
    for (size_t i = 0; i < s->doc->n_blocks; i++)
        TRY(put_block(s, &s->doc->blocks[i]));
    return LK_OK;
}

static enum lk_status set_twice(struct setting *s)
{
    TRY(set_once(s));
    s->n_pages = s->page;
    canvas_show(s->canvas);
    return set_once(s);
}

enum lk_status set_document(const struct doc *doc, struct buf *pdf, size_t *n_missing,
                            struct lk_error *err)
{
    struct setting s = {.doc = doc, .err = err, .is_rtl = doc->is_rtl};
    const char *title = "";
    for (size_t i = doc->n_blocks; i-- > 0;)
        if (doc->blocks[i].kind == DOC_TITLE)
            title = doc->blocks[i].text;
    s.canvas = canvas_new(title, doc->made, doc->is_rtl);
    if (s.canvas == NULL)
        return no_memory(&s);
    enum lk_status status = set_twice(&s);
    *n_missing = canvas_n_missing(s.canvas);
    if (status == LK_OK)
        status = canvas_end(s.canvas, pdf, err);
    canvas_free(s.canvas);
    return status;
}
