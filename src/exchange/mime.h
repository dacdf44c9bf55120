/* exchange/mime.h - a mail as the bytes that a mail server takes (RFC 5322, 2045, 2047, 6522).
 *
 * Headers are ASCII, other alphabets stand in encoded words; the text is quoted-printable. No line
 * is longer than 76 characters, but for an address (at most 254). What could end a header and begin
 * another cannot get in: addresses are checked, other words encoded. Pure. Threads: any. */
#ifndef EXCHANGE_MIME_H
#define EXCHANGE_MIME_H

#include "base/buf.h"

#define MIME_MAX_ADDRESS_BYTES 254

/* A letter of the desk. Addresses are plain ones, without a name or brackets. */
struct mime_mail {
    const char *from, *to;
    const char *reply_to;   /* NULL: none */
    const char *message_id; /* as letter.1234@example.org; the caller's, so that it can be the same
                               at each try */
    int64_t date_ms;
    const char *subject, *text; /* UTF-8; lines of the text end with a line feed */
    const char *lang;           /* as "pt-br" */
    /* For hosts, who read such reports by machine: a feedback report (exchange/arf.h) and its XARF
     * (exchange/xarf.h) are attached. */
    bool is_host;
    const char *const *urls;
    size_t n_urls;
    const char *organisation, *contact; /* who reports; NULL: not said */
    const char *reference;              /* NULL: none */
};

/* May that stand in an envelope and in a header without being understood as anything else? */
bool mime_is_address(const char *text);

/* A byte as =1F or %1F. */
void mime_put_octet(struct buf *out, char before, unsigned char byte);

/* Appends the mail to out. Errors: LK_INVALID (an address, or the message id, is none), LK_LIMIT,
 * LK_NOMEM. */
enum lk_status mime_write(struct buf *out, const struct mime_mail *mail,
                          struct lk_error *err) LK_MUST_CHECK;

#endif
