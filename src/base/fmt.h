/* base/fmt.h - the formatter behind error texts and buffers.
 *
 * A subset of printf without locale or allocation, the same natively and in WebAssembly:
 * %s %.*s %c %d %i %u %x with the lengths l, ll and z, a field width with optional zero padding,
 * %.Nf (fixed, N 0..9, |value| < 2^63) and %%. Anything else prints as it stands. */
#ifndef BASE_FMT_H
#define BASE_FMT_H

#include <stdarg.h>
#include <stddef.h>

typedef void fmt_put(void *ctx, const char *text, size_t n);

/* Gives the formatted text to put() piece by piece. */
void fmt_v(fmt_put *put, void *ctx, const char *format, va_list args);

#endif
