/* A walk over the template's text: what stands between tags is copied, a section calls the walk
 * again on its body. The syntax is a small part of Mustache (mustache.github.io), with markup of
 * our own instead of its unescaped form, and with messages.
 *
 *   text {{#list}} body {{name}} body {{/list}} text
 *        ^open     ^body            ^close    ^after        */
#include "service/template.h"

#include "base/err.h"
#include "base/utf8.h"
#include "service/view.h"

#include <string.h>

#define MAX_DEPTH   16
#define MAX_MESSAGE 1000
#define NAME_CHARS  "abcdefghijklmnopqrstuvwxyz0123456789_-"

struct walk {
    const struct template_set *set;
    const struct template_text *template; /* the one being walked, for error texts */
    const struct locale *locale;
    struct buf *out; /* NULL: only check the syntax */
    struct lk_error *err;
    unsigned depth;
};

struct tag {
    char kind;        /* one of # ^ / > = _ or 0 for a value */
    const char *name; /* or the message */
    size_t n;
    const char *open, *after; /* the tag itself: [open, after) */
};

void template_escape(struct buf *out, const char *text)
{
    static const char *const entities[128] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};
    size_t left = strlen(text);
    while (left > 0) {
        size_t n = utf8_length(text, left);
        if (n == 0) {
            buf_str(out, "\xef\xbf\xbd");
            n = 1;
        } else if (n == 1 && entities[(unsigned char)*text] != NULL) {
            buf_str(out, entities[(unsigned char)*text]);
        } else {
            buf_put(out, text, n);
        }
        text += n;
        left -= n;
    }
}

static const struct template_text *find_template(const struct template_set *set, const char *name,
                                                 size_t n)
{
    for (size_t i = 0; i < set->n; i++) {
        if (strlen(set->texts[i].name) == n && memcmp(set->texts[i].name, name, n) == 0)
            return &set->texts[i];
    }
    return NULL;
}

static enum lk_status bad(const struct walk *w, const char *what, const char *name, size_t n)
{
    return FAIL(w->err, LK_INTERNAL, "template %s: %s '%.*s'", w->template->name, what,
                (int)(n < 60 ? n : 60), name);
}

/* The next tag in [p, end); tag->open is end when there is none. */
static enum lk_status next_tag(const struct walk *w, const char *p, const char *end,
                               struct tag *tag)
{
    *tag = (struct tag){.open = memmem(p, (size_t)(end - p), "{{", 2)};
    if (tag->open == NULL) {
        tag->open = tag->after = end;
        return LK_OK;
    }
    const char *name = tag->open + 2;
    const char *close = memmem(name, (size_t)(end - name), "}}", 2);
    if (close == NULL)
        return bad(w, "a tag does not end:", tag->open, (size_t)(end - tag->open));
    tag->after = close + 2;
    if (name < close && strchr("#^/>=_", *name) != NULL)
        tag->kind = *name++;
    tag->name = name;
    tag->n = (size_t)(close - name);
    bool wrong = tag->kind == '_' ? tag->n == 0 || strchr(" \n", *name) == NULL
                                  : tag->n == 0 || strspn(name, NAME_CHARS) < tag->n;
    return wrong ? bad(w, "unknown tag", tag->open, (size_t)(tag->after - tag->open)) : LK_OK;
}

/* From behind an opening tag to its closing one. */
static enum lk_status find_close(const struct walk *w, const struct tag *open, const char *end,
                                 struct tag *close)
{
    unsigned depth = 1;
    const char *p = open->after;
    for (;;) {
        TRY(next_tag(w, p, end, close));
        if (close->open == end)
            return bad(w, "a section does not end:", open->name, open->n);
        if (close->kind == '#' || close->kind == '^')
            depth++;
        if (close->kind == '/' && --depth == 0)
            break;
        p = close->after;
    }
    if (close->n != open->n || memcmp(close->name, open->name, open->n) != 0)
        return bad(w, "a section ends with another name:", close->name, close->n);
    return LK_OK;
}

static enum lk_status walk_text(struct walk *w, const struct view *v, const char *p,
                                const char *end);

static enum lk_status put_value(const struct walk *w, const struct view *v, const char *name,
                                size_t n)
{
    if (w->out == NULL)
        return LK_OK;
    const struct value *value = view_find(v, name, n);
    if (value == NULL || value->text == NULL || value->is_markup)
        return bad(w, "nobody set the text", name, n);
    template_escape(w->out, value->text);
    return LK_OK;
}

static enum lk_status put_markup(const struct walk *w, const struct view *v, const struct tag *tag)
{
    if (w->out == NULL)
        return LK_OK;
    const struct value *value = view_find(v, tag->name, tag->n);
    if (value == NULL || !value->is_markup)
        return bad(w, "nobody set the markup", tag->name, tag->n);
    buf_str(w->out, value->text);
    return LK_OK;
}

/* Writes text that may hold %name%. A lone % stands for itself. */
static enum lk_status put_message(const struct walk *w, const struct view *v, const char *text)
{
    char piece[MAX_MESSAGE + 1];
    while (*text != '\0') {
        size_t n = strcspn(text, "%");
        size_t take = n < MAX_MESSAGE ? n : MAX_MESSAGE;
        memcpy(piece, text, take);
        piece[take] = '\0';
        if (w->out != NULL)
            template_escape(w->out, piece);
        text += take;
        if (take < n || *text == '\0')
            continue;
        size_t name = strspn(text + 1, NAME_CHARS);
        if (name > 0 && text[1 + name] == '%') {
            TRY(put_value(w, v, text + 1, name));
            text += name + 2;
        } else {
            if (w->out != NULL)
                buf_char(w->out, '%');
            text++;
        }
    }
    return LK_OK;
}

/* Line breaks and indentation in the template are one space in the message. */
static enum lk_status walk_message(const struct walk *w, const struct view *v,
                                   const struct tag *tag)
{
    char id[MAX_MESSAGE + 1];
    size_t n = 0;
    for (size_t i = 0; i < tag->n; i++) {
        char c = tag->name[i];
        bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (space && (n == 0 || id[n - 1] == ' '))
            continue;
        if (n == MAX_MESSAGE)
            return bad(w, "a message is too long:", tag->name, tag->n);
        id[n++] = space ? ' ' : c;
    }
    while (n > 0 && id[n - 1] == ' ')
        n--;
    id[n] = '\0';
    return put_message(w, v, w->locale == NULL ? id : locale_text(w->locale, id));
}

static enum lk_status walk_section(struct walk *w, const struct view *v, const struct tag *open,
                                   const struct tag *close)
{
    if (w->out == NULL)
        return walk_text(w, v, open->after, close->open);
    const struct value *value = view_find(v, open->name, open->n);
    if (value == NULL)
        return bad(w, "nobody set", open->name, open->n);
    if (value_is_set(value) == (open->kind == '^'))
        return LK_OK;
    if (value->first == NULL)
        return walk_text(w, v, open->after, close->open);
    for (const struct view *element = value->first; element != NULL; element = element->next)
        TRY(walk_text(w, element, open->after, close->open));
    return LK_OK;
}

static enum lk_status walk_template(struct walk *w, const struct view *v, const char *name,
                                    size_t n)
{
    const struct template_text *outer = w->template;
    const struct template_text *inner = find_template(w->set, name, n);
    if (inner == NULL)
        return FAIL(w->err, LK_INTERNAL, "no template '%.*s'", (int)(n < 60 ? n : 60), name);
    w->template = inner;
    TRY(walk_text(w, v, inner->text, inner->text + inner->n));
    w->template = outer;
    return LK_OK;
}

static enum lk_status walk_tag(struct walk *w, const struct view *v, const struct tag *tag,
                               const char *end, const char **after)
{
    *after = tag->after;
    struct tag close;
    switch (tag->kind) {
    case 0:
        return put_value(w, v, tag->name, tag->n);
    case '=':
        return put_markup(w, v, tag);
    case '_':
        return walk_message(w, v, tag);
    case '>':
        return walk_template(w, v, tag->name, tag->n);
    case '/':
        return bad(w, "a section ends that did not begin:", tag->name, tag->n);
    default:
        TRY(find_close(w, tag, end, &close));
        *after = close.after;
        return walk_section(w, v, tag, &close);
    }
}

static enum lk_status walk_text(struct walk *w, const struct view *v, const char *p,
                                const char *end)
{
    if (w->depth == MAX_DEPTH)
        return bad(w, "nested too deeply:", w->template->name, strlen(w->template->name));
    w->depth++;
    while (p < end) {
        struct tag tag;
        TRY(next_tag(w, p, end, &tag));
        if (w->out != NULL)
            buf_put(w->out, p, (size_t)(tag.open - p));
        if (tag.open == end)
            break;
        TRY(walk_tag(w, v, &tag, end, &p));
    }
    w->depth--;
    return LK_OK;
}

enum lk_status template_render(const struct template_set *set, const char *name,
                               const struct view *values, const struct locale *locale,
                               struct buf *out, struct lk_error *err)
{
    if (values == NULL || values->failed)
        return FAIL(err, LK_NOMEM, "no memory for the values of page '%s'", name);
    struct walk w = {.set = set, .locale = locale, .out = out, .err = err};
    TRY(walk_template(&w, values, name, strlen(name)));
    return buf_status(out, "page", err);
}

enum lk_status template_check(const struct template_set *set, struct lk_error *err)
{
    for (size_t i = 0; i < set->n; i++) {
        struct walk w = {.set = set, .err = err};
        TRY(walk_template(&w, NULL, set->texts[i].name, strlen(set->texts[i].name)));
    }
    return LK_OK;
}
