/* base/utf8.h - is this text UTF-8? (RFC 3629) */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the character at the front of text[0..n), 1..4; 0 if it is not valid UTF-8. */
size_t utf8_length(const char *text, size_t n);

bool utf8_valid(const char *text, size_t n);

#endif
