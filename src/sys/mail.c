#include "sys/mail.h"

#include "base/buf.h"
#include "base/err.h"
#include "sys/clock.h"
#include "sys/rand.h"
#include "sys/seal.h"

#include <curl/curl.h>
#include <likeness/alloc.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { MAX_MAIL_BYTES = 16384, TIMEOUT_S = 20, CONNECT_S = 30, POST_TIMEOUT_S = 300 };

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

static bool has_password(const char *url)
{
    const char *host = strstr(url, "://");
    return host != NULL && memchr(host + 3, '@', strcspn(host + 3, "/")) != NULL;
}

static const char *problem_words(CURLcode code)
{
    return code == CURLE_USE_SSL_FAILED ? "the server offers no TLS, and a password needs it"
                                        : curl_easy_strerror(code);
}

/* What every mail has in common. Whoever sits between could take the offer of TLS out of the
 * server's greeting: a password goes nowhere without it. */
static void set_envelope(CURL *curl, const char *url, const char *from,
                         const struct curl_slist *recipients, long timeout_s)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     has_password(url) ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, timeout_s);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
}

static enum lk_status perform(CURL *curl, const struct mail_server *server, const char *to,
                              struct upload *upload, struct lk_error *err)
{
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    if (recipients == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a mail");
    set_envelope(curl, server->url, server->from, recipients, TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, upload);
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(recipients);
    if (code != CURLE_OK)
        return FAIL(err, LK_IO, "the mail server did not take a mail: %s", problem_words(code));
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

/* ---- mail_post ---- */

struct posting {
    const struct mail_post *post;
    size_t at;
    bool was_begun, was_stopped; /* by on_body() */
    bool has_ended;              /* the server has been given the end of the mail, or will be */
    int64_t stop_ns;             /* when the stop was seen; 0: not yet */
};

/* libcurl asks for the first bytes when the server has answered DATA with 354. */
static size_t give_post(char *out, size_t size, size_t count, void *ctx)
{
    struct posting *p = ctx;
    if (!p->was_begun) {
        p->was_begun = p->post->on_body == NULL || p->post->on_body(p->post->ctx);
        p->was_stopped = !p->was_begun;
        if (p->was_stopped)
            return CURL_READFUNC_ABORT;
    }
    size_t left = p->post->n - p->at;
    size_t n = size * count < left ? size * count : left;
    memcpy(out, p->post->bytes + p->at, n);
    p->at += n;
    p->has_ended = n == 0;
    return n;
}

static int watch_stop(void *ctx, curl_off_t down, curl_off_t downed, curl_off_t up,
                      curl_off_t upped)
{
    static const int64_t patience_ns = INT64_C(5000000000);
    struct posting *p = ctx;
    (void)down, (void)downed, (void)up, (void)upped;
    if (p->post->stop == NULL || !atomic_load(p->post->stop))
        return 0;
    if (p->stop_ns == 0)
        p->stop_ns = clock_monotonic_ns();
    return !p->has_ended || clock_monotonic_ns() - p->stop_ns > patience_ns;
}

/* Replies that speak of us, not of this mail: sign in first, or otherwise. */
static bool is_about_us(long reply)
{
    return reply == 530 || reply == 534 || reply == 535 || reply == 538;
}

static enum mail_outcome judge(const struct posting *p, CURLcode code, long reply)
{
    if (code == CURLE_OK || (p->has_ended && reply / 100 == 2))
        return MAIL_TAKEN;
    if (p->has_ended && reply / 100 != 4 && reply / 100 != 5)
        return MAIL_UNCLEAR;
    if (p->was_stopped)
        return MAIL_LATER;
    if (!p->has_ended && code != CURLE_SEND_ERROR)
        return MAIL_NOBODY; /* it did not come to an answer about a mail */
    if (reply / 100 == 5)
        return is_about_us(reply) ? MAIL_NOBODY : MAIL_REFUSED;
    return reply / 100 == 4 ? MAIL_LATER : MAIL_NOBODY;
}

/* The farewell is said, but its answer is not waited for: a server may keep it for minutes. */
static void say_goodbye(CURL *curl)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (curl != NULL && curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK &&
        fd != CURL_SOCKET_BAD)
        shutdown(fd, SHUT_RD);
    curl_easy_cleanup(curl);
}

static void run_post(CURL *curl, const char *url, struct posting *p,
                     const struct curl_slist *recipients, struct mail_result *out)
{
    long reply = 0;
    set_envelope(curl, url, p->post->from, recipients, POST_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)POST_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_post);
    curl_easy_setopt(curl, CURLOPT_READDATA, p);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch_stop);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, p);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    out->outcome = judge(p, code, reply);
    out->code = (unsigned)reply;
    out->problem = problem_words(code);
    out->was_begun = p->was_begun;
}

enum lk_status mail_post(const char *url, const struct mail_post *post, struct mail_result *out,
                         struct lk_error *err)
{
    struct posting p = {.post = post};
    *out = (struct mail_result){.outcome = MAIL_LATER};
    struct curl_slist *recipients = curl_slist_append(NULL, post->to);
    CURL *curl = curl_easy_init();
    bool ready = recipients != NULL && curl != NULL;
    if (ready)
        run_post(curl, url, &p, recipients, out);
    say_goodbye(curl);
    curl_slist_free_all(recipients);
    return ready ? LK_OK : FAIL(err, LK_NOMEM, "no memory for a mail");
}
