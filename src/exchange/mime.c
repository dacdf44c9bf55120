#include "exchange/mime.h"

#include "base/civil.h"
#include "base/err.h"
#include "base/utf8.h"
#include "exchange/arf.h"
#include "exchange/xarf.h"
#include "sys/seal.h"

#include <stdio.h>
#include <string.h>

enum {
    LINE = 76,
    WORD_BYTES = 39,  /* of text in an encoded word: 64 characters, beside the longest header */
    BASE64_LINE = 57, /* bytes in a line of 76 */
    MAX_REPORT_BYTES = 1 << 20,
};

bool mime_is_address(const char *text)
{
    const char *at = text == NULL ? NULL : strchr(text, '@');
    if (at == NULL || at == text || at[1] == '\0' || strchr(at + 1, '@') != NULL ||
        strlen(text) > MIME_MAX_ADDRESS_BYTES)
        return false;
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~' || strchr("<>()[]\\,;:\"", *text) != NULL)
            return false;
    return true;
}

void mime_put_octet(struct buf *out, char before, unsigned char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    buf_char(out, before);
    buf_char(out, digits[byte >> 4]);
    buf_char(out, digits[byte & 15]);
}

/* ---- headers ---- */

static bool is_plain(const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (text[i] < ' ' || text[i] > '~' || strchr("\"<>,;:()[]@\\=", text[i]) != NULL)
            return false;
    return n > 0 && n <= WORD_BYTES && text[0] != ' ' && text[n - 1] != ' ';
}

/* How many of text[0..n) fit one encoded word without cutting a character. */
static size_t word_length(const char *text, size_t n)
{
    size_t used = 0;
    while (used < n) {
        size_t one = utf8_length(text + used, n - used);
        one = one == 0 ? 1 : one;
        if (used + one > WORD_BYTES)
            break;
        used += one;
    }
    return used;
}

/* Words of a header in any alphabet (RFC 2047). */
static void put_words(struct buf *out, const char *text)
{
    size_t n = strlen(text);
    char word[WORD_BYTES * 2];
    if (is_plain(text)) {
        buf_str(out, text);
        return;
    }
    for (size_t at = 0; at < n;) {
        size_t length = word_length(text + at, n - at);
        seal_base64_put(text + at, length, word, sizeof word);
        buf_fmt(out, "%s=?UTF-8?B?%s?=", at > 0 ? "\r\n " : "", word);
        at += length;
    }
}

static void put_date(struct buf *out, int64_t time_ms)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil_time t = civil_time_of(time_ms / 1000);
    buf_fmt(out, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n",
            days[civil_weekday_of(civil_day(t.date))], t.date.day, months[t.date.month - 1],
            t.date.year, t.hour, t.minute, t.second);
}

static bool is_lang(const char *lang)
{
    size_t n = strlen(lang);
    return n > 0 && n < 36 &&
           strspn(lang, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == n;
}

static void put_head(struct buf *out, const struct mime_mail *mail)
{
    put_date(out, mail->date_ms);
    buf_str(out, "From: ");
    if (mail->organisation != NULL && mail->organisation[0] != '\0') {
        put_words(out, mail->organisation);
        buf_str(out, "\r\n ");
    }
    buf_fmt(out, "<%s>\r\nTo: <%s>\r\n", mail->from, mail->to);
    if (mail->reply_to != NULL)
        buf_fmt(out, "Reply-To: <%s>\r\n", mail->reply_to);
    buf_fmt(out, "Message-ID: <%s>\r\nSubject: ", mail->message_id);
    put_words(out, mail->subject);
    buf_str(out, "\r\n");
    if (mail->lang != NULL && is_lang(mail->lang))
        buf_fmt(out, "Content-Language: %s\r\n", mail->lang);
    buf_str(out, "MIME-Version: 1.0\r\n");
}

/* ---- bodies ---- */

/* A line of text as quoted-printable. A dot or a "From " at its front are hidden from servers that
 * would take them for something else. */
static void put_quoted_line(struct buf *out, const char *text, size_t n)
{
    size_t column = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        bool last = i + 1 == n;
        bool blank = c == ' ' || c == '\t';
        bool plain = blank ? !last : c > ' ' && c <= '~' && c != '=';
        if (column == 0 && (c == '.' || c == 'F'))
            plain = false;
        size_t width = plain ? 1 : 3;
        if (column + width > LINE - 1) {
            buf_str(out, "=\r\n");
            column = 0;
        }
        if (plain)
            buf_char(out, (char)c);
        else
            mime_put_octet(out, '=', c);
        column += width;
    }
    buf_str(out, "\r\n");
}

static void put_quoted(struct buf *out, const char *text)
{
    while (*text != '\0') {
        size_t n = strcspn(text, "\n"), length = n;
        if (length > 0 && text[length - 1] == '\r')
            length--;
        put_quoted_line(out, text, length);
        text += n + (text[n] == '\n');
    }
}

static void put_base64(struct buf *out, const char *bytes, size_t n)
{
    char line[LINE + 1];
    for (size_t at = 0; at < n; at += BASE64_LINE) {
        seal_base64_put(bytes + at, n - at < BASE64_LINE ? n - at : BASE64_LINE, line, sizeof line);
        buf_fmt(out, "%s\r\n", line);
    }
}

static void put_text_part(struct buf *out, const struct mime_mail *mail)
{
    buf_str(out, "Content-Type: text/plain; charset=utf-8\r\n"
                 "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    put_quoted(out, mail->text);
}

/* Nothing that is quoted-printable or base64 holds "=_": the boundary cannot stand in a part. */
static void put_report(struct buf *out, const struct mime_mail *mail)
{
    static const char boundary[] = "=_likeness-report_=";
    struct buf json;
    buf_fmt(out,
            "Content-Type: multipart/report; report-type=feedback-report;\r\n"
            " boundary=\"%s\"\r\n\r\n--%s\r\n",
            boundary, boundary);
    put_text_part(out, mail);
    buf_fmt(out, "--%s\r\nContent-Type: message/feedback-report\r\n\r\n", boundary);
    arf_put(out, mail);
    for (size_t i = 0; i < mail->n_urls; i++) {
        buf_init(&json, out->alloc, MAX_REPORT_BYTES);
        xarf_put(&json, mail, i);
        buf_fmt(out,
                "--%s\r\nContent-Type: application/json; name=xarf-%zu.json\r\n"
                "Content-Disposition: attachment; filename=xarf-%zu.json\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n",
                boundary, i + 1, i + 1);
        put_base64(out, json.p, json.n);
        if (json.status != LK_OK)
            out->status = json.status;
        buf_fini(&json);
    }
    buf_fmt(out, "--%s--\r\n", boundary);
}

enum lk_status mime_write(struct buf *out, const struct mime_mail *mail, struct lk_error *err)
{
    if (!mime_is_address(mail->from) || !mime_is_address(mail->to) ||
        (mail->reply_to != NULL && !mime_is_address(mail->reply_to)))
        return FAIL(err, LK_INVALID, "a mail needs plain addresses, as abuse@example.org");
    if (!mime_is_address(mail->message_id))
        return FAIL(err, LK_INVALID, "a message id looks as letter.1234@example.org");
    put_head(out, mail);
    if (mail->is_host)
        put_report(out, mail);
    else
        put_text_part(out, mail);
    return buf_status(out, "a mail", err);
}
