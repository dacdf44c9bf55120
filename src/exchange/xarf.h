/* exchange/xarf.h - one address of a letter as an XARF v4 report, which hosts read by machine.
 *
 * XARF has no type for images of a person that were published against her will. The nearest is
 * content/exposed_data, with data and exposure "other"; what it really is stands in the tag
 * "content:intimate-image-abuse" and in a field of our own, "likeness_type". A reader that knows
 * neither still has category, address and reporter. The picture is not attached, nor any print. */
#ifndef EXCHANGE_XARF_H
#define EXCHANGE_XARF_H

#include "exchange/mime.h"

/* The JSON about address i of the mail. Its report id is made from the message id, so that it is
 * the same at each try. */
void xarf_put(struct buf *out, const struct mime_mail *mail, size_t i);

#endif
