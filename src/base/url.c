#include "base/url.h"

#include <stdint.h>
#include <string.h>

/* Parameters that name a campaign or a click, never what is shown. */
static const char *const tracking[] = {
    "fbclid", "gclid",  "gclsrc", "dclid",  "gbraid", "wbraid", "msclkid",
    "twclid", "ttclid", "yclid",  "igshid", "igsh",   "mc_cid", "mc_eid",
};

struct span {
    const char *p;
    size_t n;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_unreserved(char c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static char *put_percent(char *out, unsigned byte)
{
    static const char digits[] = "0123456789ABCDEF";
    *out++ = '%';
    *out++ = digits[byte >> 4 & 15];
    *out++ = digits[byte & 15];
    return out;
}

/* One spelling of percent-encoding. A bare % becomes %25, so that nothing new is spelled by what
 * stands around it. */
static char *put_encoded(char *out, struct span in)
{
    for (size_t i = 0; i < in.n; i++) {
        char c = in.p[i];
        int high = c == '%' && i + 2 < in.n ? hex_value(in.p[i + 1]) : -1;
        int low = high >= 0 ? hex_value(in.p[i + 2]) : -1;
        if (low >= 0) {
            unsigned byte = (unsigned)(high << 4 | low);
            if (byte < 128 && is_unreserved((char)byte))
                *out++ = (char)byte;
            else
                out = put_percent(out, byte);
            i += 2;
        } else if (c == '%' || (unsigned char)c >= 128) {
            out = put_percent(out, (unsigned char)c);
        } else {
            *out++ = c;
        }
    }
    return out;
}

static struct span trim(const char *text, size_t n)
{
    while (n > 0 && (unsigned char)text[0] <= ' ') {
        text++;
        n--;
    }
    while (n > 0 && (unsigned char)text[n - 1] <= ' ')
        n--;
    return (struct span){text, n};
}

/* Up to the first of the characters, or all; the rest is behind. */
static struct span cut(struct span *rest, const char *stops)
{
    struct span head = {rest->p, 0};
    while (head.n < rest->n && strchr(stops, rest->p[head.n]) == NULL)
        head.n++;
    rest->p += head.n;
    rest->n -= head.n;
    return head;
}

static bool has_blank(struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] <= ' ' || text.p[i] == 127)
            return true;
    return false;
}

/* "http://" or "https://", in any case: its length. */
static size_t scheme_length(struct span text)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t s = 0; s < 2; s++) {
        size_t n = strlen(schemes[s]), i = 0;
        while (i < n && i < text.n && lower(text.p[i]) == schemes[s][i])
            i++;
        if (i == n)
            return n;
    }
    return 0;
}

struct authority {
    struct span host;
    uint32_t port; /* 0: none given */
};

static bool read_port(struct span digits, uint32_t *port)
{
    *port = 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (!is_digit(digits.p[i]))
            return false;
        *port = *port * 10 + (uint32_t)(digits.p[i] - '0');
        if (*port > 65535)
            return false;
    }
    return true;
}

static bool read_authority(struct span text, struct authority *out)
{
    for (size_t i = text.n; i > 0; i--)
        if (text.p[i - 1] == '@') {
            text.p += i;
            text.n -= i;
            break;
        }
    struct span rest = text;
    if (text.n > 0 && text.p[0] == '[') {
        out->host = cut(&rest, "]");
        if (rest.n == 0)
            return false;
        out->host.n++;
        rest.p++;
        rest.n--;
    } else {
        out->host = cut(&rest, ":");
    }
    out->port = 0;
    if (rest.n > 0 && rest.p[0] != ':')
        return false;
    return rest.n == 0 || read_port((struct span){rest.p + 1, rest.n - 1}, &out->port);
}

/* NULL: no host is left. */
static char *put_host(char *out, struct span host)
{
    char *end = put_encoded(out, host);
    while (end > out && end[-1] == '.')
        end--;
    for (char *c = out; c < end; c++)
        *c = lower(*c);
    return end > out ? end : NULL;
}

static char *put_port(char *out, uint32_t port)
{
    char digits[8];
    size_t n = 0;
    for (; port > 0; port /= 10)
        digits[n++] = (char)('0' + port % 10);
    *out++ = ':';
    while (n > 0)
        *out++ = digits[--n];
    return out;
}

static bool is_tracking(struct span parameter)
{
    struct span rest = parameter;
    struct span name = cut(&rest, "=");
    if (name.n >= 4 && memcmp(name.p, "utm_", 4) == 0)
        return true;
    for (size_t i = 0; i < sizeof tracking / sizeof tracking[0]; i++)
        if (strlen(tracking[i]) == name.n && memcmp(tracking[i], name.p, name.n) == 0)
            return true;
    return false;
}

/* The query in place, from its '?' to `end`: parameters are moved up over those that go. */
static char *drop_tracking(char *query, const char *end)
{
    struct span rest = {query + 1, (size_t)(end - query - 1)};
    char *out = query + 1;
    bool first = true;
    for (;;) {
        struct span parameter = cut(&rest, "&");
        if (!is_tracking(parameter)) {
            if (!first)
                *out++ = '&';
            memmove(out, parameter.p, parameter.n);
            out += parameter.n;
            first = false;
        }
        if (rest.n == 0)
            break;
        rest.p++;
        rest.n--;
    }
    return out == query + 1 ? query : out;
}

/* NULL: it is no URL. */
static char *put_url(char *out, struct span text)
{
    struct authority authority;
    size_t n_scheme = scheme_length(text);
    if (n_scheme == 0 || has_blank(text))
        return NULL;
    struct span rest = {text.p + n_scheme, text.n - n_scheme};
    if (!read_authority(cut(&rest, "/?#"), &authority))
        return NULL;
    for (size_t i = 0; i < n_scheme; i++)
        *out++ = lower(text.p[i]);
    out = put_host(out, authority.host);
    if (out == NULL)
        return NULL;
    if (authority.port != 0 && authority.port != (n_scheme == strlen("http://") ? 80 : 443))
        out = put_port(out, authority.port);
    struct span path = cut(&rest, "?#");
    if (path.n == 0)
        *out++ = '/';
    out = put_encoded(out, path);
    char *query = out;
    out = put_encoded(out, cut(&rest, "#"));
    return out > query ? drop_tracking(query, out) : out;
}

bool url_normalise(const char *text, size_t n, char *out)
{
    struct span trimmed = trim(text, n);
    char *end = put_url(out, trimmed);
    if (end != NULL) {
        *end = '\0';
        return true;
    }
    memcpy(out, trimmed.p, trimmed.n);
    out[trimmed.n] = '\0';
    return false;
}

const char *url_host(const char *normal, size_t *n)
{
    struct span rest = {normal, strlen(normal)};
    struct authority authority = {{normal, 0}, 0};
    size_t n_scheme = scheme_length(rest);
    rest.p += n_scheme;
    rest.n -= n_scheme;
    *n = n_scheme > 0 && read_authority(cut(&rest, "/?#"), &authority) ? authority.host.n : 0;
    return authority.host.p;
}
