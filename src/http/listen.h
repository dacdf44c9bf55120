/* http/listen.h - a listening socket, with errors that say what to do. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include <likeness/status.h>
#include <stdint.h>

/* Binds host:port (port 0: any free one), or the socket at a path when host is "unix:PATH", which
 * its owner and group may open; listens, never blocks. *bound receives the port, 0 for a path.
 * Errors: LK_INVALID (host), LK_CONFLICT (in use), LK_DENIED (needs rights), LK_IO. */
enum lk_status listen_open(const char *host, uint16_t port, int *fd, uint16_t *bound,
                           struct lk_error *err) LK_MUST_CHECK;

#endif
