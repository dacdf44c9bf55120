#include "json.h"

#include "utf8.h"

#include <string.h>

void json_init(struct json *j, struct buf *out)
{
    *j = (struct json){.out = out};
}

static void before_value(struct json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    uint64_t bit = (uint64_t)1 << (j->depth & 63);
    if (j->filled & bit)
        buf_char(j->out, ',');
    j->filled |= bit;
}

static void open_level(struct json *j, char c)
{
    before_value(j);
    buf_char(j->out, c);
    j->depth++;
    j->filled &= ~((uint64_t)1 << (j->depth & 63));
}

static void close_level(struct json *j, char c)
{
    j->depth--;
    buf_char(j->out, c);
}

void json_object(struct json *j)
{
    open_level(j, '{');
}
void json_array(struct json *j)
{
    open_level(j, '[');
}
void json_end_object(struct json *j)
{
    close_level(j, '}');
}
void json_end_array(struct json *j)
{
    close_level(j, ']');
}

static void escaped(struct buf *out, const char *text, size_t n)
{
    buf_char(out, '"');
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)text[i];
        size_t len = utf8_length(text + i, n - i);
        if (len == 0) {
            buf_str(out, "\xef\xbf\xbd");
            i++;
            continue;
        }
        if (c == '"' || c == '\\')
            buf_fmt(out, "\\%c", c);
        else if (c == '\n')
            buf_str(out, "\\n");
        else if (c == '\t')
            buf_str(out, "\\t");
        else if (c < 0x20 || c == 0x7f || c == '<')
            buf_fmt(out, "\\u%04x", c); /* '<' too, so that JSON may stand inside a page */
        else
            buf_put(out, text + i, len);
        i += len;
    }
    buf_char(out, '"');
}

void json_key(struct json *j, const char *name)
{
    before_value(j);
    escaped(j->out, name, strlen(name));
    buf_char(j->out, ':');
    j->after_key = true;
}

void json_text_n(struct json *j, const char *text, size_t n)
{
    before_value(j);
    escaped(j->out, text, n);
}

void json_text(struct json *j, const char *text)
{
    if (text == NULL)
        json_null(j);
    else
        json_text_n(j, text, strlen(text));
}

void json_hex(struct json *j, const void *bytes, size_t n)
{
    before_value(j);
    buf_char(j->out, '"');
    buf_hex(j->out, bytes, n);
    buf_char(j->out, '"');
}

void json_u64(struct json *j, uint64_t v)
{
    before_value(j);
    buf_fmt(j->out, "%llu", (unsigned long long)v);
}

void json_i64(struct json *j, int64_t v)
{
    before_value(j);
    buf_fmt(j->out, "%lld", (long long)v);
}

void json_fixed(struct json *j, double v, unsigned decimals)
{
    if (v != v || v > 9e18 || v < -9e18) {
        json_null(j);
        return;
    }
    before_value(j);
    buf_fmt(j->out, "%.*f", (int)decimals, v);
}

void json_bool(struct json *j, bool v)
{
    before_value(j);
    buf_str(j->out, v ? "true" : "false");
}

void json_null(struct json *j)
{
    before_value(j);
    buf_str(j->out, "null");
}

void json_put_text(struct json *j, const char *key, const char *text)
{
    json_key(j, key);
    json_text(j, text);
}

void json_put_u64(struct json *j, const char *key, uint64_t v)
{
    json_key(j, key);
    json_u64(j, v);
}

void json_put_i64(struct json *j, const char *key, int64_t v)
{
    json_key(j, key);
    json_i64(j, v);
}

void json_put_bool(struct json *j, const char *key, bool v)
{
    json_key(j, key);
    json_bool(j, v);
}
