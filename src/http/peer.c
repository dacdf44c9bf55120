#include "http/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { V4_BYTES = 4, V4_AT_IN_V6 = 12, SUBSCRIBER_BYTES = 8 };

static size_t of_v6(const struct in6_addr *address, uint8_t bytes[PEER_MAX_BYTES])
{
    if (IN6_IS_ADDR_V4MAPPED(address)) {
        memcpy(bytes, address->s6_addr + V4_AT_IN_V6, V4_BYTES);
        return V4_BYTES;
    }
    memcpy(bytes, address->s6_addr, SUBSCRIBER_BYTES);
    return SUBSCRIBER_BYTES;
}

size_t peer_of_socket(const struct sockaddr *address, uint8_t bytes[PEER_MAX_BYTES])
{
    if (address->sa_family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)(const void *)address)->sin_addr, V4_BYTES);
        return V4_BYTES;
    }
    if (address->sa_family == AF_INET6)
        return of_v6(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, bytes);
    return 0;
}

size_t peer_of_forwarded(const char *list, uint8_t bytes[PEER_MAX_BYTES])
{
    if (list == NULL)
        return 0;
    const char *last = strrchr(list, ',');
    last = last == NULL ? list : last + 1;
    last += strspn(last, " \t");
    struct in6_addr v6;
    if (inet_pton(AF_INET, last, bytes) == 1)
        return V4_BYTES;
    return inet_pton(AF_INET6, last, &v6) == 1 ? of_v6(&v6, bytes) : 0;
}
