#include "sys/address.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

struct range {
    uint8_t prefix[16];
    uint8_t n_bits;
    uint8_t kind;
};

static const struct range v4_ranges[] = {
    {{0}, 8, ADDRESS_NOWHERE},
    {{10}, 8, ADDRESS_PRIVATE},
    {{100, 64}, 10, ADDRESS_SHARED},
    {{127}, 8, ADDRESS_LOOPBACK},
    {{169, 254}, 16, ADDRESS_LINK_LOCAL},
    {{172, 16}, 12, ADDRESS_PRIVATE},
    {{192, 0, 0}, 24, ADDRESS_RESERVED},
    {{192, 0, 2}, 24, ADDRESS_DOCUMENTATION},
    {{192, 88, 99}, 24, ADDRESS_RESERVED},
    {{192, 168}, 16, ADDRESS_PRIVATE},
    {{198, 18}, 15, ADDRESS_BENCHMARK},
    {{198, 51, 100}, 24, ADDRESS_DOCUMENTATION},
    {{203, 0, 113}, 24, ADDRESS_DOCUMENTATION},
    {{224}, 4, ADDRESS_MULTICAST},
    {{240}, 4, ADDRESS_RESERVED},
};

/* The first that fits decides. 2001::/23 holds Teredo, ORCHID and the benchmarks. */
static const struct range v6_ranges[] = {
    {{[15] = 0}, 128, ADDRESS_NOWHERE},
    {{[15] = 1}, 128, ADDRESS_LOOPBACK},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, ADDRESS_DOCUMENTATION},
    {{0x3f, 0xff}, 20, ADDRESS_DOCUMENTATION},
    {{0x20, 0x01}, 23, ADDRESS_RESERVED},
    {{0x20}, 3, ADDRESS_PUBLIC},
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, ADDRESS_PRIVATE},
    {{0xfc}, 7, ADDRESS_PRIVATE},
    {{0xfe, 0x80}, 10, ADDRESS_LINK_LOCAL},
    {{0xff}, 8, ADDRESS_MULTICAST},
    {{0}, 0, ADDRESS_RESERVED},
};

/* IPv6 that leads to the IPv4 address at byte `at`. */
static const struct carrier {
    uint8_t prefix[16];
    uint8_t n_bits, at;
} carriers[] = {
    {{[10] = 0xff, [11] = 0xff}, 96, 12}, /* IPv4-mapped */
    {{[8] = 0xff, [9] = 0xff}, 96, 12},   /* IPv4-translated, RFC 2765 */
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},   /* NAT64, RFC 6052 */
    {{0x20, 0x02}, 16, 2},                /* 6to4 */
};

static bool fits(const uint8_t *address, const uint8_t *prefix, unsigned n_bits)
{
    if (memcmp(address, prefix, n_bits / 8) != 0)
        return false;
    unsigned rest = n_bits % 8;
    unsigned differ = rest == 0 ? 0U : (unsigned)address[n_bits / 8] ^ prefix[n_bits / 8];
    return differ >> (8 - rest) == 0;
}

enum address_kind address_kind_v4(const uint8_t address[4])
{
    for (size_t i = 0; i < sizeof v4_ranges / sizeof v4_ranges[0]; i++)
        if (fits(address, v4_ranges[i].prefix, v4_ranges[i].n_bits))
            return v4_ranges[i].kind;
    return ADDRESS_PUBLIC;
}

enum address_kind address_kind_v6(const uint8_t address[16])
{
    for (size_t i = 0; i < sizeof carriers / sizeof carriers[0]; i++)
        if (fits(address, carriers[i].prefix, carriers[i].n_bits))
            return address_kind_v4(address + carriers[i].at);
    for (size_t i = 0; i < sizeof v6_ranges / sizeof v6_ranges[0]; i++)
        if (fits(address, v6_ranges[i].prefix, v6_ranges[i].n_bits))
            return v6_ranges[i].kind;
    return ADDRESS_RESERVED;
}

bool address_parse(const char *text, enum address_kind *kind)
{
    char bare[INET6_ADDRSTRLEN];
    uint8_t bytes[16];
    size_t n = strlen(text);
    bool brackets = n > 2 && text[0] == '[' && text[n - 1] == ']';
    if (brackets) {
        text++;
        n -= 2;
    }
    if (n == 0 || n >= sizeof bare)
        return false;
    memcpy(bare, text, n);
    bare[n] = '\0';
    if (!brackets && inet_pton(AF_INET, bare, bytes) == 1)
        *kind = address_kind_v4(bytes);
    else if (inet_pton(AF_INET6, bare, bytes) == 1)
        *kind = address_kind_v6(bytes);
    else
        return false;
    return true;
}
