#include "listen.h"

#include "base/err.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static uint16_t bound_port(int fd)
{
    struct sockaddr_storage a;
    socklen_t n = sizeof a;
    if (getsockname(fd, (struct sockaddr *)&a, &n) != 0)
        return 0;
    return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port
                                         : ((struct sockaddr_in *)&a)->sin_port);
}

static enum lk_status bind_error(const char *host, unsigned port, int error, struct lk_error *err)
{
    switch (error) {
    case EADDRINUSE:
        return FAIL(err, LK_CONFLICT, "cannot listen on %s port %u: another program does", host,
                    port);
    case EACCES:
        return FAIL(err, LK_DENIED, "cannot listen on %s port %u: ports below 1024 need rights",
                    host, port);
    case EADDRNOTAVAIL:
        return FAIL(err, LK_INVALID, "cannot listen on %s: not an address of this machine", host);
    default:
        return FAIL(err, LK_IO, "cannot listen on %s port %u: %s", host, port, strerror(error));
    }
}

enum lk_status listen_open(const char *host, uint16_t port, int *fd, uint16_t *bound,
                           struct lk_error *err)
{
    char text[8];
    snprintf(text, sizeof text, "%u", port);
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    if (getaddrinfo(host[0] == '\0' ? NULL : host, text, &hints, &list) != 0)
        return FAIL(err, LK_INVALID, "cannot listen on '%s': not a host that is known", host);
    int s = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1;
    bool good = s >= 0 && setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                bind(s, list->ai_addr, list->ai_addrlen) == 0 && listen(s, BACKLOG) == 0;
    int error = errno;
    freeaddrinfo(list);
    if (!good) {
        if (s >= 0)
            close(s);
        return bind_error(host, port, error, err);
    }
    *fd = s;
    *bound = bound_port(s);
    return LK_OK;
}
