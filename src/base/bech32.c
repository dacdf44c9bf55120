/* The checksum is a BCH code over GF(32): the remainder of the prefix and the groups, read as a
 * polynomial, by the generator of BIP-173; a right text leaves 1. */
#include "bech32.h"

#include <string.h>

enum { CHECK_GROUPS = 6, RIGHT = 1 };

static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t step(uint32_t sum, uint8_t group)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                         0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ group;
    for (unsigned i = 0; i < 5; i++)
        if ((top >> i & 1) != 0)
            sum ^= generator[i];
    return sum;
}

static uint32_t sum_of(const char *prefix, const uint8_t *groups, size_t n)
{
    uint32_t sum = 1;
    for (const char *c = prefix; *c != '\0'; c++)
        sum = step(sum, (uint8_t)*c >> 5);
    sum = step(sum, 0);
    for (const char *c = prefix; *c != '\0'; c++)
        sum = step(sum, (uint8_t)*c & 31);
    for (size_t i = 0; i < n; i++)
        sum = step(sum, groups[i]);
    return sum;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char capital(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool one_case(const char *text, size_t n, bool *upper)
{
    bool has_small = false, has_capital = false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < 33 || text[i] > 126)
            return false;
        has_small |= text[i] != capital(text[i]);
        has_capital |= text[i] != small(text[i]);
    }
    *upper = has_capital;
    return !(has_small && has_capital);
}

bool bech32_take(const char *text, size_t n, struct bech32 *out)
{
    size_t n_prefix = n;
    if (n > BECH32_MAX_CHARS || !one_case(text, n, &out->is_upper))
        return false;
    while (n_prefix > 0 && text[n_prefix - 1] != '1')
        n_prefix--;
    if (n_prefix < 2 || n_prefix - 1 > BECH32_MAX_PREFIX || n - n_prefix < CHECK_GROUPS)
        return false;
    for (size_t i = 0; i + 1 < n_prefix; i++)
        out->prefix[i] = small(text[i]);
    out->prefix[n_prefix - 1] = '\0';
    size_t n_groups = n - n_prefix;
    for (size_t i = 0; i < n_groups; i++) {
        const char *at = strchr(letters, small(text[n_prefix + i]));
        if (at == NULL)
            return false;
        out->groups[i] = (uint8_t)(at - letters);
    }
    out->n_groups = n_groups - CHECK_GROUPS;
    return sum_of(out->prefix, out->groups, n_groups) == RIGHT;
}

bool bech32_bytes(const struct bech32 *b, uint8_t *out, size_t n_out)
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < b->n_groups; i++) {
        bits = (bits << 5 | b->groups[i]) & 0xfff;
        n_bits += 5;
        if (n_bits < 8)
            continue;
        if (n == n_out)
            return false;
        n_bits -= 8;
        out[n++] = (uint8_t)(bits >> n_bits);
    }
    return n == n_out && n_bits < 5 && (bits & ((1u << n_bits) - 1)) == 0;
}

static size_t groups_of(const uint8_t *bytes, size_t n, uint8_t *groups)
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n_groups = 0;
    for (size_t i = 0; i < n; i++) {
        bits = (bits << 8 | bytes[i]) & 0xfff;
        for (n_bits += 8; n_bits >= 5;) {
            n_bits -= 5;
            groups[n_groups++] = bits >> n_bits & 31;
        }
    }
    if (n_bits > 0)
        groups[n_groups++] = (uint8_t)(bits << (5 - n_bits) & 31);
    return n_groups;
}

bool bech32_put(const char *prefix, const uint8_t *bytes, size_t n, bool upper, char *text,
                size_t text_bytes)
{
    uint8_t groups[BECH32_MAX_CHARS + CHECK_GROUPS];
    size_t n_prefix = strlen(prefix);
    size_t n_whole = n_prefix + 1 + (8 * n + 4) / 5 + CHECK_GROUPS;
    if (n_prefix == 0 || n_prefix > BECH32_MAX_PREFIX || n > BECH32_MAX_CHARS ||
        n_whole > BECH32_MAX_CHARS || n_whole >= text_bytes)
        return false;
    size_t n_groups = groups_of(bytes, n, groups);
    memset(groups + n_groups, 0, CHECK_GROUPS);
    uint32_t sum = sum_of(prefix, groups, n_groups + CHECK_GROUPS) ^ RIGHT;
    for (unsigned i = 0; i < CHECK_GROUPS; i++)
        groups[n_groups + i] = sum >> (5 * (CHECK_GROUPS - 1 - i)) & 31;
    memcpy(text, prefix, n_prefix);
    text[n_prefix] = '1';
    for (size_t i = 0; i < n_groups + CHECK_GROUPS; i++)
        text[n_prefix + 1 + i] = letters[groups[i]];
    text[n_whole] = '\0';
    for (size_t i = 0; upper && i < n_whole; i++)
        text[i] = capital(text[i]);
    return true;
}
