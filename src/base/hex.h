/* base/hex.h - bytes as hexadecimal text. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>

/* Writes 2 * n lower-case digits, no NUL. */
void hex_encode(const void *bytes, size_t n, char *text);

/* Reads exactly 2 * n digits of either case. false, with bytes undefined, if one is not a digit. */
bool hex_decode(const char *text, void *bytes, size_t n);

/* The value of one digit, or -1. */
int hex_digit(char c);

#endif
