/* A scanner of tags, not a parser of XML: it wants only attributes and the text within elements of
 * known names. Prefixes are resolved by the declarations met so far, without scopes: packets
 * declare each once. */
#include "xmp.h"

#include "base/buf.h"
#include "inspect/generator.h"

#include <string.h>

enum { MAX_PREFIXES = 64 };

enum space {
    SPACE_OTHER,
    SPACE_IPTC,
    SPACE_XMP,
    SPACE_PHOTOSHOP,
    SPACE_EVENT,
    SPACE_TIFF,
    SPACE_EXIF,
    SPACE_DC,
    SPACE_RDF
};

static const struct {
    const char *uri;
    enum space space;
} spaces[] = {
    {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", SPACE_IPTC},
    {"http://ns.adobe.com/xap/1.0/", SPACE_XMP},
    {"http://ns.adobe.com/photoshop/1.0/", SPACE_PHOTOSHOP},
    {"http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", SPACE_EVENT},
    {"http://ns.adobe.com/tiff/1.0/", SPACE_TIFF},
    {"http://ns.adobe.com/exif/1.0/", SPACE_EXIF},
    {"http://purl.org/dc/elements/1.1/", SPACE_DC},
    {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", SPACE_RDF},
};

/* How a field is taken: as a fact, by the last word of its address, or only if a generator wrote
 * it. */
enum how { AS_IT_IS, LAST_WORD, IF_GENERATOR };

static const struct field {
    enum space space;
    const char *name;
    enum inspect_kind kind;
    enum how how;
    const char *where;
} fields[] = {
    {SPACE_IPTC, "DigitalSourceType", INSPECT_SOURCE, LAST_WORD, "XMP DigitalSourceType"},
    {SPACE_IPTC, "DigitalSourcefileType", INSPECT_SOURCE, LAST_WORD, "XMP DigitalSourcefileType"},
    {SPACE_IPTC, "AISystemUsed", INSPECT_MODEL, AS_IT_IS, "XMP AISystemUsed"},
    {SPACE_IPTC, "AISystemVersionUsed", INSPECT_MODEL, AS_IT_IS, "XMP AISystemVersionUsed"},
    {SPACE_IPTC, "AIPromptInformation", INSPECT_PROMPT, AS_IT_IS, "XMP AIPromptInformation"},
    {SPACE_IPTC, "AIPromptWriterName", INSPECT_PERSON, AS_IT_IS, "XMP AIPromptWriterName"},
    {SPACE_XMP, "CreatorTool", INSPECT_TOOL, AS_IT_IS, "XMP CreatorTool"},
    {SPACE_PHOTOSHOP, "Credit", INSPECT_CREDIT, AS_IT_IS, "XMP Credit"},
    {SPACE_EVENT, "softwareAgent", INSPECT_TOOL, AS_IT_IS, "XMP History"},
    {SPACE_TIFF, "Software", INSPECT_TOOL, AS_IT_IS, "XMP Software"},
    {SPACE_TIFF, "Make", INSPECT_CAMERA, AS_IT_IS, "XMP Make"},
    {SPACE_TIFF, "Model", INSPECT_CAMERA, AS_IT_IS, "XMP Model"},
    {SPACE_EXIF, "UserComment", INSPECT_PROMPT, IF_GENERATOR, "XMP UserComment"},
    {SPACE_DC, "description", INSPECT_PROMPT, IF_GENERATOR, "XMP description"},
};

struct xmp {
    struct job *job;
    struct span in;
    struct {
        struct span name;
        enum space space;
    } prefixes[MAX_PREFIXES];
    unsigned n_prefixes;
    const struct field *open; /* the field whose element is open; NULL: none */
    unsigned depth;           /* of elements within it */
    struct buf text;          /* its text so far */
};

static bool is_text(struct span s, const char *text)
{
    return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The place of `text` in the span, or its length. */
static size_t find(struct span s, const char *text)
{
    size_t n = strlen(text);
    for (size_t at = 0; at + n <= s.n; at++) {
        const uint8_t *hit = memchr(s.p + at, text[0], s.n - at - n + 1);
        if (hit == NULL)
            break;
        at = (size_t)(hit - s.p);
        if (memcmp(hit, text, n) == 0)
            return at;
    }
    return s.n;
}

static void put_code_point(struct buf *out, uint32_t c)
{
    if (c < 0x80) {
        buf_char(out, (char)c);
    } else if (c < 0x800) {
        buf_char(out, (char)(0xc0 | c >> 6));
        buf_char(out, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        buf_char(out, (char)(0xe0 | c >> 12));
        buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_char(out, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x110000) {
        buf_char(out, (char)(0xf0 | c >> 18));
        buf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
        buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_char(out, (char)(0x80 | (c & 0x3f)));
    }
}

/* "#65" or "#x41"; 0: neither. */
static uint32_t numbered(struct span name)
{
    uint32_t value = 0, base = name.n > 1 && name.p[1] == 'x' ? 16 : 10;
    for (size_t i = base == 16 ? 2 : 1; i < name.n; i++) {
        uint8_t c = name.p[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)c - '0'
                         : c >= 'a' && c <= 'f' ? (uint32_t)c - 'a' + 10
                         : c >= 'A' && c <= 'F' ? (uint32_t)c - 'A' + 10
                                                : base;
        if (digit >= base || value > 0x110000)
            return 0;
        value = value * base + digit;
    }
    return value;
}

static void put_decoded(struct buf *out, struct span s)
{
    static const char *const entities[][2] = {
        {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
    while (s.n > 0) {
        size_t plain = find(s, "&");
        buf_put(out, s.p, plain);
        s = span_after(s, plain);
        size_t n = find((struct span){s.p, s.n < 12 ? s.n : 12}, ";");
        if (s.n == 0)
            return;
        struct span name = {s.p + 1, n > 0 ? n - 1 : 0};
        if (n == s.n || n >= 12) { /* no entity */
            buf_char(out, '&');
            s = span_after(s, 1);
            continue;
        }
        if (name.n > 1 && name.p[0] == '#')
            put_code_point(out, numbered(name));
        for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
            if (is_text(name, entities[i][0]))
                buf_str(out, entities[i][1]);
        s = span_after(s, n + 1);
    }
}

static enum space space_of(const struct xmp *x, struct span prefix)
{
    for (unsigned i = x->n_prefixes; i > 0; i--)
        if (x->prefixes[i - 1].name.n == prefix.n &&
            memcmp(x->prefixes[i - 1].name.p, prefix.p, prefix.n) == 0)
            return x->prefixes[i - 1].space;
    return SPACE_OTHER;
}

static const struct field *field_of(const struct xmp *x, struct span name)
{
    size_t colon = find(name, ":");
    if (colon == name.n)
        return NULL;
    enum space space = space_of(x, (struct span){name.p, colon});
    struct span local = span_after(name, colon + 1);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].space == space && is_text(local, fields[i].name))
            return &fields[i];
    return NULL;
}

static void declare(struct xmp *x, struct span prefix, struct span uri)
{
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        if (is_text(uri, spaces[i].uri) && x->n_prefixes < MAX_PREFIXES) {
            x->prefixes[x->n_prefixes].name = prefix;
            x->prefixes[x->n_prefixes++].space = spaces[i].space;
        }
}

static void emit(struct xmp *x, const struct field *field)
{
    struct span value = {(const uint8_t *)x->text.p, x->text.n};
    while (value.n > 0 && is_blank(value.p[value.n - 1]))
        value.n--;
    for (size_t i = value.n; i > 0 && field->how == LAST_WORD; i--)
        if (value.p[i - 1] == '/' || value.p[i - 1] == ':') {
            value = span_after(value, i);
            break;
        }
    if (field->how == IF_GENERATOR)
        (void)generator_settings(x->job, field->where, value);
    else
        job_fact(x->job, field->kind, field->where, value);
    buf_clear(&x->text);
}

/* One attribute off the front of a tag: false at its end. */
static bool next_attribute(struct span *tag, struct span *name, struct span *value)
{
    while (tag->n > 0 && (is_blank(tag->p[0]) || tag->p[0] == '/'))
        *tag = span_after(*tag, 1);
    size_t equals = find(*tag, "=");
    if (equals == tag->n)
        return false;
    *name = (struct span){tag->p, equals};
    while (name->n > 0 && is_blank(name->p[name->n - 1]))
        name->n--;
    *tag = span_after(*tag, equals + 1);
    while (tag->n > 0 && is_blank(tag->p[0]))
        *tag = span_after(*tag, 1);
    if (tag->n == 0 || (tag->p[0] != '"' && tag->p[0] != '\''))
        return false;
    const char quote[2] = {(char)tag->p[0], '\0'};
    *tag = span_after(*tag, 1);
    size_t end = find(*tag, quote);
    if (end == tag->n)
        return false;
    *value = (struct span){tag->p, end};
    *tag = span_after(*tag, end + 1);
    return true;
}

static void take_attributes(struct xmp *x, struct span tag)
{
    struct span name, value;
    for (struct span rest = tag; next_attribute(&rest, &name, &value);)
        if (span_begins(name, "xmlns:", 6))
            declare(x, span_after(name, 6), value);
    for (struct span rest = tag; next_attribute(&rest, &name, &value);) {
        const struct field *field = field_of(x, name);
        size_t colon = find(name, ":");
        if (x->open != NULL && colon < name.n && is_text(span_after(name, colon + 1), "resource") &&
            space_of(x, (struct span){name.p, colon}) == SPACE_RDF) {
            put_decoded(&x->text, value);
        } else if (field != NULL && x->open == NULL) {
            put_decoded(&x->text, value);
            emit(x, field);
        }
    }
}

/* Where a tag ends, a ">" that is not in quotes; the length of the span if it does not. */
static size_t tag_end(struct span s)
{
    uint8_t quote = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (quote != 0)
            quote = s.p[i] == quote ? 0 : quote;
        else if (s.p[i] == '"' || s.p[i] == '\'')
            quote = s.p[i];
        else if (s.p[i] == '>')
            return i;
    }
    return s.n;
}

static void close_element(struct xmp *x)
{
    if (x->open == NULL)
        return;
    if (x->depth > 0) {
        x->depth--;
        return;
    }
    emit(x, x->open);
    x->open = NULL;
}

static void open_element(struct xmp *x, struct span tag)
{
    size_t n = 0;
    while (n < tag.n && !is_blank(tag.p[n]) && tag.p[n] != '/')
        n++;
    bool is_empty = tag.n > 0 && tag.p[tag.n - 1] == '/';
    struct span name = {tag.p, n}, attributes = span_after(tag, n);
    struct span at, value;
    for (struct span rest = attributes; next_attribute(&rest, &at, &value);)
        if (span_begins(at, "xmlns:", 6))
            declare(x, span_after(at, 6), value);
    const struct field *field = field_of(x, name);
    if (x->open != NULL) {
        x->depth++;
        if (x->text.n > 0 && x->text.p[x->text.n - 1] != ' ')
            buf_char(&x->text, ' ');
    } else if (field != NULL) {
        x->open = field;
        x->depth = 0;
        buf_clear(&x->text);
    }
    take_attributes(x, attributes);
    if (is_empty)
        close_element(x);
}

static void take_text(struct xmp *x, struct span text)
{
    while (text.n > 0 && is_blank(text.p[0]))
        text = span_after(text, 1);
    if (x->open != NULL)
        put_decoded(&x->text, text);
}

static void take_tag(struct xmp *x)
{
    static const char *const skipped[][2] = {{"!--", "-->"}, {"?", "?>"}, {"!", ">"}};
    if (span_begins(x->in, "![CDATA[", 8)) {
        x->in = span_after(x->in, 8);
        size_t n = find(x->in, "]]>");
        if (x->open != NULL)
            buf_put(&x->text, x->in.p, n);
        x->in = span_after(x->in, n + 3);
        return;
    }
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++)
        if (span_begins(x->in, skipped[i][0], strlen(skipped[i][0]))) {
            x->in = span_after(x->in, find(x->in, skipped[i][1]) + strlen(skipped[i][1]));
            return;
        }
    size_t end = tag_end(x->in);
    if (end == x->in.n) {
        x->in.n = 0;
        return;
    }
    struct span tag = {x->in.p, end};
    if (span_begins(tag, "/", 1))
        close_element(x);
    else
        open_element(x, tag);
    x->in = span_after(x->in, end + 1);
}

void xmp_read(struct job *job, struct span packet)
{
    struct xmp *x = arena_zalloc(job->arena, 1, sizeof *x);
    if (x == NULL) {
        job_note(job, INSPECT_NOTE_TOO_LARGE);
        return;
    }
    x->job = job;
    x->in = packet;
    buf_init(&x->text, &job->arena->alloc, 4 * JOB_MAX_SHOWN);
    while (x->in.n > 0) {
        size_t n = find(x->in, "<");
        take_text(x, (struct span){x->in.p, n});
        x->in = span_after(x->in, n + 1);
        if (x->in.n > 0)
            take_tag(x);
    }
}
