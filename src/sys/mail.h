/* sys/mail.h - one mail through the operator's own server, by libcurl.
 *
 * TLS is used whenever the server offers it, and nothing is sent without it where the URL has a
 * password. Nothing is retried here. Threads: any. */
#ifndef SYS_MAIL_H
#define SYS_MAIL_H

#include <likeness/status.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct mail_server {
    const char *url;  /* smtp://host:587 or smtps://host:465, with user:password@ if it wants one */
    const char *from; /* an address */
};

/* to and from: addresses without anything else; subject and text: UTF-8, the text without a line of
 * a single dot. Waits at most 20 seconds. Errors: LK_IO, in words that hold no address; LK_NOMEM.
 */
enum lk_status mail_send(const struct mail_server *server, const char *to, const char *subject,
                         const char *text, struct lk_error *err) LK_MUST_CHECK;

/* A whole mail, as exchange/mime.h writes it. */
struct mail_post {
    const char *from, *to; /* of the envelope */
    const char *bytes;     /* n, with CR LF */
    size_t n;
    /* Called once, when the server is about to read the mail: from here on it may have it. false:
     * nothing is sent. */
    bool (*on_body)(void *ctx);
    void *ctx;
    const atomic_bool *stop; /* set: give up, at once or, when the server has it all, in 5 s */
};

enum mail_outcome {
    MAIL_TAKEN,
    MAIL_LATER,   /* it surely was not taken; another time it may be */
    MAIL_REFUSED, /* this mail was refused for good */
    MAIL_UNCLEAR, /* it went out whole and no answer came */
    MAIL_NOBODY   /* as MAIL_LATER, and the next mail would fare alike: no server, or not ours */
};

struct mail_result {
    enum mail_outcome outcome;
    unsigned code;       /* the server's last answer, as 550; 0: none */
    const char *problem; /* a constant text without addresses */
    bool was_begun;      /* on_body() was called and said yes */
};

/* Waits at most 5 minutes for an answer. Errors: LK_NOMEM; anything else is a result. */
enum lk_status mail_post(const char *url, const struct mail_post *post, struct mail_result *out,
                         struct lk_error *err) LK_MUST_CHECK;

#endif
