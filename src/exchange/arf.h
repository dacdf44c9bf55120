/* exchange/arf.h - what a feedback report says for machines (RFC 5965): one part of a mail.
 *
 * Its type is "xarf", which that RFC does not know: a reader of plain ARF takes the mail for what
 * its text says, one of XARF finds the whole report in the part that follows. */
#ifndef EXCHANGE_ARF_H
#define EXCHANGE_ARF_H

#include "exchange/mime.h"

/* The body of the part message/feedback-report: ASCII lines of at most 998 characters. An address
 * that would be longer is left out: the text has it. */
void arf_put(struct buf *out, const struct mime_mail *mail);

#endif
