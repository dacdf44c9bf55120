/* sys/xml_read.h - XML from strangers into a tree, through expat (included only here).
 *
 * What services of others send is data: no document type, and with it no entity of their own, is
 * accepted. Namespaces are put aside: names are what stands behind the colon. Depth, attributes and
 * size are limited. The tree lives in the caller's arena. */
#ifndef SYS_XML_READ_H
#define SYS_XML_READ_H

#include "base/arena.h"

#define XML_MAX_BYTES      (64u << 20)
#define XML_MAX_DEPTH      16
#define XML_MAX_ATTRIBUTES 16 /* of one element */

struct xml_attribute {
    const char *name, *value;
};

/* C strings; the text of an element that has elements below it is "". */
struct xml_node {
    const char *name, *text;
    const struct xml_attribute *attributes;
    size_t n_attributes;
    const struct xml_node *child, *next; /* the first one below, the next beside; or NULL */
};

/* Errors: LK_INVALID with the line and what was wrong, LK_LIMIT (a stated limit), LK_NOMEM at the
 * arena's limit. Threads: any. */
enum lk_status xml_parse(const char *text, size_t n, struct arena *arena,
                         const struct xml_node **root, struct lk_error *err) LK_MUST_CHECK;

/* The first one below with that name, or NULL; `node` may be NULL. */
const struct xml_node *xml_child(const struct xml_node *node, const char *name);

/* Its text, or NULL when there is no such element. */
const char *xml_child_text(const struct xml_node *node, const char *name);

/* The value, or NULL. */
const char *xml_attribute(const struct xml_node *node, const char *name);

#endif
