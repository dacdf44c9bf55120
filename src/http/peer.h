/* http/peer.h - which bytes of an address stand for one visitor when limits are counted.
 *
 * IPv4 as it is, also where it comes wrapped in IPv6 (::ffff:192.0.2.1, as a socket that answers
 * both families sees it); IPv6 by its /64, which is what one subscriber has. Pure; threads: any. */
#ifndef HTTP_PEER_H
#define HTTP_PEER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define PEER_MAX_BYTES 8

/* Returns how many bytes; 0 for another family. */
size_t peer_of_socket(const struct sockaddr *address, uint8_t bytes[PEER_MAX_BYTES]);

/* Of the last hop in the value of X-Forwarded-For: the one that the proxy itself wrote. NULL, or
 * what is not an address, gives 0. */
size_t peer_of_forwarded(const char *list, uint8_t bytes[PEER_MAX_BYTES]);

#endif
