#include "paper.h"

#include "base/err.h"
#include "base/utf8.h"
#include "paper/said.h"
#include "sys/clock.h"
#include "sys/proc.h"

#include <stdlib.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

static uint32_t code_point(const unsigned char *p, size_t n)
{
    static const uint8_t first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t c = p[0] & first_bits[n];
    for (size_t i = 1; i < n; i++)
        c = c << 6 | (p[i] & 0x3f);
    return c;
}

/* Embeddings, overrides and isolates: they could make an address look like another. */
static bool turns_direction(uint32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool ends_line(uint32_t c)
{
    return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* The text with `mark` at the beginning of each line. */
static void put_lines(struct buf *out, char mark, const char *text)
{
    size_t n = strlen(text);
    buf_char(out, mark);
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_length(text + i, n - i);
        uint32_t c = len > 0 ? code_point((const unsigned char *)text + i, len) : 0;
        bool is_control = c < 32 || (c >= 127 && c < 160);
        len = len > 0 ? len : 1;
        if (ends_line(c))
            buf_fmt(out, "\n%c", mark);
        else if (c == '\t')
            buf_char(out, ' ');
        else if (turns_direction(c))
            buf_fmt(out, "[U+%x]", c);
        else if (is_control && c != '\r')
            buf_str(out, replacement);
        else if (c != '\r')
            buf_put(out, text + i, len);
    }
    buf_char(out, '\n');
}

void paper_begin(struct buf *out, const char *id, int64_t made_ms)
{
    char made[32];
    clock_format_time(made_ms, made);
    buf_fmt(out, "likeness-paper 1\nid %s\nmade %s\n", id, made);
}

void paper_lang(struct buf *out, const char *code, enum doc_dir dir)
{
    static const char *const names[] = {"ltr", "rtl", "auto"};
    buf_fmt(out, "lang %s %s\n", code, names[dir]);
}

void paper_put(struct buf *out, enum doc_kind kind, const char *text, const char *value)
{
    buf_fmt(out, "%s\n", doc_kind_name(kind));
    if (text != NULL && text[0] != '\0')
        put_lines(out, '>', text);
    if (value != NULL && value[0] != '\0')
        put_lines(out, '=', value);
}

/* The helper's words are for whoever runs it by hand; only numbers are taken from here. */
static enum lk_status judge(const struct proc_filter *p, size_t *n_missing, struct lk_error *err)
{
    const char *said = buf_text(p->said);
    const char *missing = strstr(said, SAID_MISSING);
    *n_missing = missing != NULL ? (size_t)strtoul(missing + strlen(SAID_MISSING), NULL, 10) : 0;
    switch (p->exit_code) {
    case SAID_OK:
        return LK_OK;
    case SAID_BAD_DOC:
        return FAIL(err, LK_INVALID, "likeness-paper did not take the document");
    case SAID_TOO_LONG:
        return FAIL(err, LK_LIMIT, "the document is too long for paper");
    default:
        return FAIL(err, LK_INTERNAL, "likeness-paper failed (%d); run it by hand to see why",
                    p->exit_code);
    }
}

enum lk_status paper_set(const struct buf *description, const char *path, struct buf *pdf,
                         size_t *n_missing, struct lk_error *err)
{
    char found[PROC_PATH_BYTES];
    struct buf said;
    *n_missing = 0;
    TRY(buf_status(description, "the document", err));
    if (path == NULL) {
        TRY(proc_find("likeness-paper", "LIKENESS_PAPER", found, err));
        path = found;
    }
    buf_init(&said, lk_alloc_heap(), 4096);
    struct proc_filter p = {.path = path,
                            .input = description->p,
                            .n_input = description->n,
                            .timeout_ms = PAPER_TIMEOUT_MS,
                            .out = pdf,
                            .said = &said};
    enum lk_status status = proc_filter(&p, err);
    if (status == LK_OK)
        status = judge(&p, n_missing, err);
    buf_fini(&said);
    return status;
}
