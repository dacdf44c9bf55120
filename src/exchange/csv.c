#include "exchange/csv.h"

#include "base/err.h"

#include <string.h>

enum state {
    AT_ROW,      /* nothing of a row yet */
    AT_FIELD,    /* behind a separator */
    IN_FIELD,    /* without quotation marks */
    IN_QUOTES,   /* within them */
    BEHIND_QUOTE /* one was seen within them: the end, or half of "" */
};

static const char mark[] = "\xef\xbb\xbf"; /* of the byte order */

void csv_init(struct csv *c, csv_take *take, void *ctx)
{
    *c = (struct csv){.take = take, .ctx = ctx, .line = 1};
    buf_init(&c->text, lk_alloc_heap(), CSV_MAX_ROW_BYTES + CSV_MAX_FIELDS);
}

void csv_fini(struct csv *c)
{
    buf_fini(&c->text);
}

static bool is_separator(const struct csv *c, char byte)
{
    if (c->separator != '\0' || c->had_row)
        return byte == c->separator;
    return byte == ',' || byte == ';' || byte == '\t';
}

static enum lk_status begin_field(struct csv *c, struct lk_error *err)
{
    if (c->n_fields == 0)
        c->row_line = c->line;
    if (c->n_fields == CSV_MAX_FIELDS)
        return FAIL(err, LK_LIMIT, "line %llu: a row holds at most %d fields",
                    (unsigned long long)c->line, CSV_MAX_FIELDS);
    c->starts[c->n_fields++] = c->text.n;
    return LK_OK;
}

static enum lk_status put(struct csv *c, char byte, struct lk_error *err)
{
    buf_char(&c->text, byte);
    if (c->text.status == LK_OK)
        return LK_OK;
    if (c->text.status == LK_NOMEM)
        return FAIL(err, LK_NOMEM, "no memory for a row of a table");
    return FAIL(err, LK_LIMIT, "line %llu: a row holds at most %d bytes",
                (unsigned long long)c->line, CSV_MAX_ROW_BYTES);
}

static enum lk_status end_row(struct csv *c, struct lk_error *err)
{
    struct csv_row row = {.line = c->row_line, .n_fields = c->n_fields};
    TRY(put(c, '\0', err));
    for (size_t i = 0; i < c->n_fields; i++)
        row.fields[i] = c->text.p + c->starts[i];
    enum lk_status status = c->take(c->ctx, &row, err);
    buf_clear(&c->text);
    c->n_fields = 0;
    c->state = AT_ROW;
    c->had_row = true;
    return status;
}

/* A separator, a line break or a byte outside of quotation marks. */
static enum lk_status take_plain(struct csv *c, char byte, struct lk_error *err)
{
    if (byte == '\n' || byte == '\r')
        return end_row(c, err);
    if (is_separator(c, byte)) {
        c->separator = byte;
        c->state = AT_FIELD;
        TRY(put(c, '\0', err));
        return begin_field(c, err);
    }
    if (c->state == BEHIND_QUOTE || byte == '"')
        return FAIL(err, LK_INVALID,
                    "line %llu: a field with a quotation mark must begin and end with one, and "
                    "have each within doubled",
                    (unsigned long long)c->line);
    c->state = IN_FIELD;
    return put(c, byte, err);
}

static enum lk_status take_byte(struct csv *c, char byte, struct lk_error *err)
{
    if (byte == '\0')
        return FAIL(err, LK_INVALID, "line %llu: a zero byte; this is no table as text",
                    (unsigned long long)c->line);
    if (c->state == IN_QUOTES) {
        if (byte != '"')
            return put(c, byte, err);
        c->state = BEHIND_QUOTE;
        return LK_OK;
    }
    if (c->state == BEHIND_QUOTE && byte == '"') {
        c->state = IN_QUOTES;
        return put(c, byte, err);
    }
    if (c->state == AT_ROW) {
        if (byte == '\n' || byte == '\r')
            return LK_OK; /* an empty line, or the second half of a line's end */
        TRY(begin_field(c, err));
        c->state = AT_FIELD;
    }
    if (c->state == AT_FIELD && byte == '"') {
        c->state = IN_QUOTES;
        return LK_OK;
    }
    return take_plain(c, byte, err);
}

enum lk_status csv_feed(struct csv *c, const void *bytes, size_t n, struct lk_error *err)
{
    const char *p = bytes;
    for (size_t i = 0; i < n; i++) {
        bool is_mark = c->n_bytes < 3 && p[i] == mark[c->n_bytes];
        c->n_bytes++;
        if (!is_mark)
            TRY(take_byte(c, p[i], err));
        c->line += p[i] == '\n';
    }
    return LK_OK;
}

enum lk_status csv_end(struct csv *c, struct lk_error *err)
{
    if (c->state == IN_QUOTES)
        return FAIL(err, LK_INVALID, "line %llu: a quotation mark is never closed",
                    (unsigned long long)c->row_line);
    return c->state == AT_ROW ? LK_OK : end_row(c, err);
}

void csv_put(struct buf *out, const char *text, char after)
{
    bool is_formula = *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
    bool is_quoted = strpbrk(text, ",;\t\"\r\n") != NULL;
    if (is_quoted)
        buf_char(out, '"');
    if (is_formula)
        buf_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buf_char(out, '"');
        buf_char(out, *text);
    }
    if (is_quoted)
        buf_char(out, '"');
    buf_str(out, after == '\n' ? "\r\n" : ",");
}
