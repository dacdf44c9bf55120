#include "sys/xml_read.h"

#include "base/buf.h"
#include "base/err.h"

#include <expat.h>
#include <string.h>

enum { MAX_TEXT_BYTES = 65536 };

struct reading {
    XML_Parser parser;
    struct arena *arena;
    struct lk_error *err;
    enum lk_status status;
    struct xml_node *open[XML_MAX_DEPTH];
    struct xml_node *last[XML_MAX_DEPTH]; /* the last element below each that is open */
    struct xml_node *root;
    unsigned depth;
    struct buf text; /* of the innermost element, since the last tag */
};

static void stop(struct reading *r, enum lk_status status, const char *what)
{
    if (r->status == LK_OK)
        r->status = FAIL(r->err, status, "XML, line %lu: %s",
                         (unsigned long)XML_GetCurrentLineNumber(r->parser), what);
    XML_StopParser(r->parser, XML_FALSE);
}

static const char *copy(struct reading *r, const char *text)
{
    const char *out = arena_copy(r->arena, text, strlen(text));
    if (out == NULL)
        stop(r, LK_NOMEM, "more than there is memory for");
    return out;
}

static const char *bare_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon == NULL ? name : colon + 1;
}

static void take_attributes(struct reading *r, struct xml_node *node, const XML_Char **pairs)
{
    size_t n = 0;
    while (pairs[2 * n] != NULL)
        n++;
    if (n > XML_MAX_ATTRIBUTES) {
        stop(r, LK_LIMIT, "an element with too many attributes");
        return;
    }
    struct xml_attribute *out = arena_zalloc(r->arena, n, sizeof *out);
    if (out == NULL) {
        stop(r, LK_NOMEM, "more than there is memory for");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        out[i].name = copy(r, bare_name(pairs[2 * i]));
        out[i].value = copy(r, pairs[2 * i + 1]);
    }
    node->attributes = out;
    node->n_attributes = n;
}

static void hang(struct reading *r, struct xml_node *node)
{
    if (r->depth == 0) {
        r->root = node;
        return;
    }
    struct xml_node *parent = r->open[r->depth - 1], *before = r->last[r->depth - 1];
    if (before == NULL)
        parent->child = node;
    else
        before->next = node;
    r->last[r->depth - 1] = node;
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **pairs)
{
    struct reading *r = ctx;
    if (r->status != LK_OK)
        return;
    if (r->depth == XML_MAX_DEPTH) {
        stop(r, LK_LIMIT, "elements within elements, too deep");
        return;
    }
    struct xml_node *node = arena_zalloc(r->arena, 1, sizeof *node);
    if (node == NULL) {
        stop(r, LK_NOMEM, "more than there is memory for");
        return;
    }
    node->text = "";
    node->name = copy(r, bare_name(name));
    take_attributes(r, node, pairs);
    hang(r, node);
    r->open[r->depth] = node;
    r->last[r->depth++] = NULL;
    buf_clear(&r->text);
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
    struct reading *r = ctx;
    (void)name;
    if (r->status != LK_OK)
        return;
    struct xml_node *node = r->open[--r->depth];
    if (r->text.status != LK_OK)
        stop(r, LK_LIMIT, "a text that is too long");
    else if (node->child == NULL && r->text.n > 0)
        node->text = copy(r, buf_text(&r->text));
    buf_clear(&r->text);
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int n)
{
    struct reading *r = ctx;
    if (r->status == LK_OK)
        buf_put(&r->text, text, (size_t)n);
}

static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int has_internal)
{
    (void)name, (void)system, (void)public, (void)has_internal;
    stop(ctx, LK_INVALID, "a document type is not accepted");
}

enum lk_status xml_parse(const char *text, size_t n, struct arena *arena,
                         const struct xml_node **root, struct lk_error *err)
{
    struct reading r = {.arena = arena, .err = err};
    if (n > XML_MAX_BYTES)
        return FAIL(err, LK_LIMIT, "XML of %zu bytes; the limit is %u", n, XML_MAX_BYTES);
    r.parser = XML_ParserCreate(NULL);
    if (r.parser == NULL)
        return FAIL(err, LK_NOMEM, "no memory to read XML");
    buf_init(&r.text, lk_alloc_heap(), MAX_TEXT_BYTES);
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    enum XML_Status parsed = XML_Parse(r.parser, text, (int)n, XML_TRUE);
    if (r.status == LK_OK && parsed != XML_STATUS_OK)
        stop(&r, LK_INVALID, XML_ErrorString(XML_GetErrorCode(r.parser)));
    buf_fini(&r.text);
    XML_ParserFree(r.parser);
    *root = r.root;
    return r.status;
}

const struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
    const struct xml_node *below = node == NULL ? NULL : node->child;
    while (below != NULL && strcmp(below->name, name) != 0)
        below = below->next;
    return below;
}

const char *xml_child_text(const struct xml_node *node, const char *name)
{
    const struct xml_node *below = xml_child(node, name);
    return below == NULL ? NULL : below->text;
}

const char *xml_attribute(const struct xml_node *node, const char *name)
{
    for (size_t i = 0; i < node->n_attributes; i++)
        if (strcmp(node->attributes[i].name, name) == 0)
            return node->attributes[i].value;
    return NULL;
}
