/* sys/mail.h - one plain mail through the operator's own server, by libcurl (included only here).
 *
 * TLS is used whenever the server offers it. Nothing is retried here. Threads: any. */
#ifndef SYS_MAIL_H
#define SYS_MAIL_H

#include <likeness/status.h>

struct mail_server {
    const char *url;  /* smtp://host:587 or smtps://host:465, with user:password@ if it wants one */
    const char *from; /* an address */
};

/* to and from: addresses without anything else; subject and text: UTF-8, the text without a line of
 * a single dot. Waits at most 20 seconds. Errors: LK_IO, in words that hold no address; LK_NOMEM.
 */
enum lk_status mail_send(const struct mail_server *server, const char *to, const char *subject,
                         const char *text, struct lk_error *err) LK_MUST_CHECK;

#endif
