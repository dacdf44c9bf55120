/* Prints as bytes and text, and the names of what surrounds them. */
#include "base/err.h"
#include "base/hex.h"

#include <likeness/print.h>
#include <string.h>

unsigned lk_print_popcount(const struct lk_print *p)
{
    int n = 0;
    for (int i = 0; i < 4; i++)
        n += __builtin_popcountll(p->w[i]);
    return (unsigned)n;
}

unsigned lk_print_distance(const struct lk_print *a, const struct lk_print *b)
{
    int n = 0;
    for (int i = 0; i < 4; i++)
        n += __builtin_popcountll(a->w[i] ^ b->w[i]);
    return (unsigned)n;
}

unsigned lk_print_odd_squares(const struct lk_print *p)
{
    unsigned n = 0, above = 0;
    for (unsigned i = 0; i < 16; i++) {
        const unsigned row = (p->w[i / 4] >> (16 * (i % 4))) & 0xffff;
        const unsigned changes = (row ^ row >> 1) & 0x7fff;
        n += i == 0 ? 0 : (unsigned)__builtin_popcount(changes ^ above);
        above = changes;
    }
    return n;
}

void lk_print_to_bytes(const struct lk_print *p, uint8_t bytes[LK_PRINT_BYTES])
{
    for (unsigned i = 0; i < LK_PRINT_BYTES; i++) {
        unsigned bit = 8 * (LK_PRINT_BYTES - 1 - i);
        bytes[i] = (uint8_t)(p->w[bit / 64] >> (bit % 64));
    }
}

void lk_print_from_bytes(struct lk_print *p, const uint8_t bytes[LK_PRINT_BYTES])
{
    memset(p, 0, sizeof *p);
    for (unsigned i = 0; i < LK_PRINT_BYTES; i++) {
        unsigned bit = 8 * (LK_PRINT_BYTES - 1 - i);
        p->w[bit / 64] |= (uint64_t)bytes[i] << (bit % 64);
    }
}

void lk_print_to_hex(const struct lk_print *p, char hex[LK_PRINT_HEX_CHARS + 1])
{
    uint8_t bytes[LK_PRINT_BYTES];
    lk_print_to_bytes(p, bytes);
    hex_encode(bytes, sizeof bytes, hex);
    hex[LK_PRINT_HEX_CHARS] = '\0';
}

enum lk_status lk_print_from_hex(struct lk_print *p, const char *hex, size_t n,
                                 struct lk_error *err)
{
    if (n != LK_PRINT_HEX_CHARS)
        return FAIL(err, LK_INVALID, "a print has %d hexadecimal digits, not %zu",
                    LK_PRINT_HEX_CHARS, n);
    uint8_t bytes[LK_PRINT_BYTES];
    if (!hex_decode(hex, bytes, sizeof bytes)) {
        size_t at = 0;
        while (hex_digit(hex[at]) >= 0)
            at++;
        return FAIL(err, LK_INVALID, "character %zu of the print is not a hexadecimal digit",
                    at + 1);
    }
    lk_print_from_bytes(p, bytes);
    return LK_OK;
}

static const char *const kinds[] = {NULL, "whole", "anchor", "frame", "sound"};
static const char *const front_ends[] = {NULL, "fullres", "ref512", "scaled", "trimmed"};
static const char *const media[] = {NULL, "image", "video", "audio"};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const char *name_of(const char *const *table, size_t count, unsigned value)
{
    return value > 0 && value < count ? table[value] : "unknown";
}

static unsigned value_of(const char *const *table, size_t count, const char *name, size_t n)
{
    for (unsigned i = 1; i < count; i++)
        if (strlen(table[i]) == n && memcmp(table[i], name, n) == 0)
            return i;
    return 0;
}

const char *lk_kind_name(unsigned kind)
{
    return name_of(kinds, COUNT(kinds), kind);
}

const char *lk_front_end_name(unsigned front_end)
{
    return name_of(front_ends, COUNT(front_ends), front_end);
}

const char *lk_medium_name(unsigned medium)
{
    return name_of(media, COUNT(media), medium);
}

unsigned lk_kind_from_name(const char *name, size_t n)
{
    return value_of(kinds, COUNT(kinds), name, n);
}

unsigned lk_front_end_from_name(const char *name, size_t n)
{
    return value_of(front_ends, COUNT(front_ends), name, n);
}

unsigned lk_medium_from_name(const char *name, size_t n)
{
    return value_of(media, COUNT(media), name, n);
}
