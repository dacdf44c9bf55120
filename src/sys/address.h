/* sys/address.h - may a request that a stranger chose go to this address?
 *
 * Pure. Everything that is not a host of the public internet is refused: the special ranges of the
 * IANA registries (RFC 6890 and what was added since), and every IPv6 form that carries an IPv4
 * address is judged by the address it carries. What is in no range known to be public is refused
 * too: of IPv6 that is all but 2000::/3. */
#ifndef SYS_ADDRESS_H
#define SYS_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

enum address_kind {
    ADDRESS_PUBLIC,
    ADDRESS_NOWHERE,       /* 0.0.0.0/8, :: */
    ADDRESS_LOOPBACK,      /* 127.0.0.0/8, ::1 */
    ADDRESS_PRIVATE,       /* RFC 1918, fc00::/7, 64:ff9b:1::/48 */
    ADDRESS_SHARED,        /* of a carrier's customers: 100.64.0.0/10 */
    ADDRESS_LINK_LOCAL,    /* 169.254.0.0/16, fe80::/10 */
    ADDRESS_MULTICAST,     /* 224.0.0.0/4, ff00::/8 */
    ADDRESS_DOCUMENTATION, /* TEST-NET-1 to 3, 2001:db8::/32, 3fff::/20 */
    ADDRESS_BENCHMARK,     /* 198.18.0.0/15 */
    ADDRESS_RESERVED       /* for protocols, for later, no longer */
};

/* Addresses in network order. */
enum address_kind address_kind_v4(const uint8_t address[4]);
enum address_kind address_kind_v6(const uint8_t address[16]);

/* A numeric address as inet_pton takes it, IPv6 perhaps in brackets. false: it is a name. */
bool address_parse(const char *text, enum address_kind *kind);

#endif
