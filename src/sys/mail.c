#include "sys/mail.h"

#include "base/buf.h"
#include "base/err.h"
#include "sys/rand.h"
#include "sys/seal.h"

#include <curl/curl.h>
#include <likeness/alloc.h>
#include <string.h>
#include <time.h>

enum { MAX_MAIL_BYTES = 16384, TIMEOUT_S = 20 };

struct upload {
    const char *at;
    size_t n;
};

static size_t give(char *out, size_t size, size_t count, void *ctx)
{
    struct upload *u = ctx;
    size_t n = size * count < u->n ? size * count : u->n;
    memcpy(out, u->at, n);
    u->at += n;
    u->n -= n;
    return n;
}

/* RFC 2047: a header in another alphabet. */
static void put_subject(struct buf *out, const char *subject)
{
    char text[512];
    seal_base64_put(subject, strnlen(subject, 300), text, sizeof text);
    buf_fmt(out, "Subject: =?UTF-8?B?%s?=\r\n", text);
}

static void write_mail(struct buf *out, const struct mail_server *server, const char *to,
                       const char *subject, const char *text)
{
    char date[64];
    time_t now = time(NULL);
    struct tm tm;
    uint64_t id;
    rand_bytes(&id, sizeof id);
    strftime(date, sizeof date, "%a, %d %b %Y 00:00:00 +0000", gmtime_r(&now, &tm));
    buf_fmt(out, "Date: %s\r\nFrom: <%s>\r\nTo: <%s>\r\n", date, server->from, to);
    buf_fmt(out, "Message-ID: <%016llx@%s>\r\n", (unsigned long long)id,
            strchr(server->from, '@') != NULL ? strchr(server->from, '@') + 1 : "localhost");
    put_subject(out, subject);
    buf_str(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                 "Content-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n\r\n");
    buf_fmt(out, "%s\r\n", text);
}

static enum lk_status perform(CURL *curl, const struct mail_server *server, const char *to,
                              struct upload *upload, struct lk_error *err)
{
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    if (recipients == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a mail");
    curl_easy_setopt(curl, CURLOPT_URL, server->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, server->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, upload);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(recipients);
    if (code != CURLE_OK)
        return FAIL(err, LK_IO, "the mail server did not take a mail: %s",
                    curl_easy_strerror(code));
    return LK_OK;
}

enum lk_status mail_send(const struct mail_server *server, const char *to, const char *subject,
                         const char *text, struct lk_error *err)
{
    struct buf mail;
    buf_init(&mail, lk_alloc_heap(), MAX_MAIL_BYTES);
    write_mail(&mail, server, to, subject, text);
    enum lk_status status = buf_status(&mail, "a mail", err);
    CURL *curl = status == LK_OK ? curl_easy_init() : NULL;
    struct upload upload = {(const char *)mail.p, mail.n};
    if (curl != NULL)
        status = perform(curl, server, to, &upload, err);
    else if (status == LK_OK)
        status = FAIL(err, LK_NOMEM, "no memory for a mail");
    curl_easy_cleanup(curl);
    buf_fini(&mail);
    return status;
}
