/* base/bech32.h - Bech32 (BIP-173): bytes as letters that are hard to mistype.
 *
 * A readable prefix, the digit 1, groups of five bits as letters and digits, and a checksum of six
 * that notices every error of up to four letters. All small or all capital letters. Keys of the age
 * format are written so; they may be longer than the 90 letters of BIP-173, which promises nothing
 * about longer ones than that an accident is noticed with 1 - 2^-30. */
#ifndef BASE_BECH32_H
#define BASE_BECH32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BECH32_MAX_CHARS  128 /* of a whole text */
#define BECH32_MAX_PREFIX 83

struct bech32 {
    char prefix[BECH32_MAX_PREFIX + 1]; /* in small letters, with a NUL */
    uint8_t groups[BECH32_MAX_CHARS];   /* five bits each, without the checksum */
    size_t n_groups;
    bool is_upper; /* the text was in capital letters */
};

/* Reads a whole text. false: a wrong letter, both cases, a wrong checksum or length. */
bool bech32_take(const char *text, size_t n, struct bech32 *out);

/* The groups as n_out bytes; false when they are of another number, or left-over bits are not 0. */
bool bech32_bytes(const struct bech32 *b, uint8_t *out, size_t n_out);

/* Writes bytes under a prefix of small letters, with a NUL: strlen(prefix) + 8 + (8 * n + 4) / 5
 * places of `text`, at most BECH32_MAX_CHARS + 1. false: it would not fit. */
bool bech32_put(const char *prefix, const uint8_t *bytes, size_t n, bool upper, char *text,
                size_t text_bytes);

#endif
