/* service/template.h - HTML from templates, with escaping that cannot be forgotten.
 *
 *   {{name}}                  a value, always escaped: good in text and in quoted attributes
 *   {{#name}} .. {{/name}}    once for every element of a list, or when a flag or text is set
 *   {{^name}} .. {{/name}}    when there is nothing
 *   {{>name}}                 another template, with the same values
 *   {{=name}}                 markup that our own code has made, and view_markup() has set
 *   {{_ English text}}        a message in the page's language; %name% inside puts a value
 *
 * Nothing but what view_markup() was given is written unescaped, and only by {{=name}}: a text
 * there, or markup elsewhere, is an error. A name that was never set is an error, not an empty
 * place: pages are rendered in tests, so a misspelt name does not reach a person. Elements of a
 * list see the values around them. */
#ifndef SERVICE_TEMPLATE_H
#define SERVICE_TEMPLATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "service/locale.h"

struct template_text {
    const char *name;
    const char *text;
    size_t n;
};

struct template_set {
    const struct template_text *texts; /* sorted by name */
    size_t n;
};

/* The templates of web/templates, compiled in. */
const struct template_set *template_builtin(void);

/* Values by name. Lives in its arena; for one thread. Setters borrow the texts they are given,
 * which must live until rendering. No memory: remembered, and told by template_render(). */
struct view;

struct view *view_new(struct arena *arena); /* NULL without memory; setters accept NULL */
void view_text(struct view *v, const char *name, const char *text);     /* NULL counts as "" */
void view_markup(struct view *v, const char *name, const char *markup); /* never what was sent */
void view_flag(struct view *v, const char *name, bool set);
void view_u64(struct view *v, const char *name, uint64_t number);
void view_list(struct view *v, const char *name); /* a list, empty so far */

/* Appends an element to a list (which it makes if need be) and returns it for filling. */
struct view *view_add(struct view *v, const char *name);

/* Appends the page to out. On an error out holds a part of it: throw it away.
 * Errors: LK_INTERNAL (no such template, unknown name, bad syntax: names place), LK_NOMEM,
 * LK_LIMIT (out is full).   Cost: one walk over the template and its values. */
enum lk_status template_render(const struct template_set *set, const char *name,
                               const struct view *values, const struct locale *locale,
                               struct buf *out, struct lk_error *err) LK_MUST_CHECK;

/* Checks every template of a set without values: sections close, partials exist, tags are known.
 * Errors: LK_INTERNAL, naming template and tag. */
enum lk_status template_check(const struct template_set *set, struct lk_error *err) LK_MUST_CHECK;

/* Appends text with & < > " ' as entities and U+FFFD for what is not UTF-8. */
void template_escape(struct buf *out, const char *text);

#endif
