#include "exchange/html_media.h"

#include <stdint.h>
#include <string.h>

struct span {
    const char *p;
    size_t n;
};

struct scan {
    struct span rest;
    html_media_take *take;
    void *ctx;
    size_t n_found;
    bool is_over;
};

enum { MAX_ATTRIBUTES = 64 };

struct attribute {
    struct span name, value;
};

struct tag {
    struct span name;
    struct attribute attributes[MAX_ATTRIBUTES];
    size_t n;
};

static const char *const media_endings[] = {".jpg",  ".jpeg", ".png", ".webp", ".gif", ".avif",
                                            ".heic", ".bmp",  ".mp4", ".webm", ".mov", ".m4v",
                                            ".avi",  ".mp3",  ".m4a", ".ogg",  ".wav", ".flac"};
static const char *const meta_names[] = {
    "og:image",      "og:image:url",      "og:image:secure_url",  "og:video",
    "og:video:url",  "og:audio",          "og:audio:url",         "og:video:secure_url",
    "twitter:image", "twitter:image:src", "twitter:player:stream"};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_word(struct span s, const char *word)
{
    if (s.n != strlen(word))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (lower(s.p[i]) != word[i])
            return false;
    return true;
}

static bool begins(struct span s, const char *word)
{
    size_t n = strlen(word);
    return s.n >= n && is_word((struct span){s.p, n}, word);
}

static bool ends(struct span s, const char *word)
{
    size_t n = strlen(word);
    return s.n >= n && is_word((struct span){s.p + s.n - n, n}, word);
}

static void skip(struct span *s, size_t n)
{
    n = n < s->n ? n : s->n;
    s->p += n;
    s->n -= n;
}

static void skip_space(struct span *s)
{
    while (s->n > 0 && is_space(s->p[0]))
        skip(s, 1);
}

static struct span trim(struct span s)
{
    skip_space(&s);
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

/* Behind the next `word`, or at the end. */
static void skip_behind(struct span *s, const char *word)
{
    size_t n = strlen(word);
    while (s->n > 0 && !begins(*s, word))
        skip(s, 1);
    skip(s, n);
}

/* A character reference at the front of s: its length, and its byte; 0: none that is known. What is
 * not ASCII stands for itself in addresses and is left as it is. */
static size_t reference(struct span s, char *out)
{
    static const struct {
        const char *text;
        char c;
    } named[] = {{"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (begins(s, named[i].text)) {
            *out = named[i].c;
            return strlen(named[i].text);
        }
    if (!begins(s, "&#"))
        return 0;
    unsigned base = s.n > 2 && lower(s.p[2]) == 'x' ? 16 : 10;
    size_t i = base == 16 ? 3 : 2;
    uint32_t value = 0;
    for (; i < s.n && value < 256; i++) {
        char c = lower(s.p[i]);
        if (c >= '0' && c <= '9')
            value = value * base + (uint32_t)(c - '0');
        else if (base == 16 && c >= 'a' && c <= 'f')
            value = value * base + (uint32_t)(c - 'a') + 10;
        else
            break;
    }
    *out = (char)value;
    return i < s.n && s.p[i] == ';' && value > ' ' && value < 127 ? i + 1 : 0;
}

/* Undoes references; false: too long, or empty. */
static bool copy_address(struct span s, char out[HTML_MEDIA_MAX_BYTES + 1])
{
    size_t n = 0;
    s = trim(s);
    while (s.n > 0) {
        char c = s.p[0];
        size_t length = c == '&' ? reference(s, &c) : 0;
        if (n == HTML_MEDIA_MAX_BYTES || s.p[0] == '\0')
            return false;
        out[n++] = length > 0 ? c : s.p[0];
        skip(&s, length > 0 ? length : 1);
    }
    out[n] = '\0';
    return n > 0;
}

static void hand_over(struct scan *scan, struct span value)
{
    char address[HTML_MEDIA_MAX_BYTES + 1];
    value = trim(value);
    if (scan->is_over || begins(value, "data:") || begins(value, "blob:") ||
        begins(value, "javascript:") || !copy_address(value, address))
        return;
    scan->n_found++;
    scan->is_over = !scan->take(scan->ctx, address) || scan->n_found == HTML_MEDIA_MAX;
}

/* "a.jpg 1x, b.jpg 2x": an address ends at a blank, and a comma right behind it belongs to the
 * list. */
static void hand_over_set(struct scan *scan, struct span set)
{
    while (set.n > 0) {
        while (set.n > 0 && (is_space(set.p[0]) || set.p[0] == ','))
            skip(&set, 1);
        struct span address = {set.p, 0};
        while (set.n > 0 && !is_space(set.p[0])) {
            address.n++;
            skip(&set, 1);
        }
        bool has_size = address.n > 0 && address.p[address.n - 1] != ',';
        while (address.n > 0 && address.p[address.n - 1] == ',')
            address.n--;
        hand_over(scan, address);
        while (has_size && set.n > 0 && set.p[0] != ',')
            skip(&set, 1);
    }
}

static struct span value_of(const struct tag *tag, const char *name)
{
    for (size_t i = 0; i < tag->n; i++)
        if (is_word(tag->attributes[i].name, name))
            return tag->attributes[i].value;
    return (struct span){"", 0};
}

static bool is_media_file(struct span address)
{
    for (size_t i = 0; i < address.n; i++)
        if (address.p[i] == '?' || address.p[i] == '#')
            address.n = i;
    for (size_t i = 0; i < sizeof media_endings / sizeof media_endings[0]; i++)
        if (ends(address, media_endings[i]))
            return true;
    return false;
}

static void look_at_meta(struct scan *scan, const struct tag *tag)
{
    struct span name = value_of(tag, "property");
    if (name.n == 0)
        name = value_of(tag, "name");
    for (size_t i = 0; i < sizeof meta_names / sizeof meta_names[0]; i++)
        if (is_word(trim(name), meta_names[i]))
            hand_over(scan, value_of(tag, "content"));
}

static void look_at(struct scan *scan, const struct tag *tag)
{
    static const char *const holders[] = {"img", "source", "video", "audio", "amp-img"};
    static const char *const names[] = {"src", "poster", "data-src", "data-original"};
    if (is_word(tag->name, "meta"))
        look_at_meta(scan, tag);
    if (is_word(tag->name, "a") && is_media_file(trim(value_of(tag, "href"))))
        hand_over(scan, value_of(tag, "href"));
    for (size_t i = 0; i < sizeof holders / sizeof holders[0]; i++) {
        if (!is_word(tag->name, holders[i]))
            continue;
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
            hand_over(scan, value_of(tag, names[k]));
        hand_over_set(scan, value_of(tag, "srcset"));
        hand_over_set(scan, value_of(tag, "data-srcset"));
    }
}

static struct span read_value(struct span *s)
{
    struct span value = {s->p, 0};
    char quote = s->n > 0 && (s->p[0] == '"' || s->p[0] == '\'') ? s->p[0] : '\0';
    if (quote != '\0') {
        skip(s, 1);
        value.p = s->p;
    }
    while (s->n > 0 && (quote != '\0' ? s->p[0] != quote : !is_space(s->p[0]) && s->p[0] != '>')) {
        value.n++;
        skip(s, 1);
    }
    if (quote != '\0')
        skip(s, 1);
    return value;
}

/* s is behind the tag's '<'; afterwards behind its '>'. */
static void read_tag(struct span *s, struct tag *tag)
{
    *tag = (struct tag){.name = {s->p, 0}};
    while (s->n > 0 && !is_space(s->p[0]) && s->p[0] != '>' && s->p[0] != '/') {
        tag->name.n++;
        skip(s, 1);
    }
    for (;;) {
        while (s->n > 0 && (is_space(s->p[0]) || s->p[0] == '/'))
            skip(s, 1);
        if (s->n == 0 || s->p[0] == '>')
            break;
        struct attribute a = {.name = {s->p, 0}};
        do {
            a.name.n++;
            skip(s, 1);
        } while (s->n > 0 && !is_space(s->p[0]) && !strchr("=>/", s->p[0]));
        skip_space(s);
        if (s->n > 0 && s->p[0] == '=') {
            skip(s, 1);
            skip_space(s);
            a.value = read_value(s);
        }
        if (tag->n < MAX_ATTRIBUTES && a.value.p != NULL)
            tag->attributes[tag->n++] = a;
    }
    skip(s, 1);
}

size_t html_media_scan(const char *html, size_t n, html_media_take *take, void *ctx)
{
    struct scan scan = {.rest = {html, n}, .take = take, .ctx = ctx};
    struct span *s = &scan.rest;
    while (s->n > 0 && !scan.is_over) {
        struct tag tag;
        const char *open = memchr(s->p, '<', s->n);
        skip(s, open == NULL ? s->n : (size_t)(open - s->p));
        if (begins(*s, "<!--")) {
            skip_behind(s, "-->");
            continue;
        }
        skip(s, 1);
        if (s->n == 0 || !((lower(s->p[0]) >= 'a' && lower(s->p[0]) <= 'z')))
            continue;
        read_tag(s, &tag);
        look_at(&scan, &tag);
        if (is_word(tag.name, "script"))
            skip_behind(s, "</script");
        else if (is_word(tag.name, "style"))
            skip_behind(s, "</style");
    }
    return scan.n_found;
}
