#include "listen.h"

#include "base/err.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

/* What a program that was killed left there may go; what answers may not. */
static enum lk_status clear_path(const struct sockaddr_un *address, struct lk_error *err)
{
    struct stat there;
    if (lstat(address->sun_path, &there) != 0)
        return LK_OK;
    if (!S_ISSOCK(there.st_mode))
        return FAIL(err, LK_CONFLICT, "cannot listen on '%s': there is a file of that name",
                    address->sun_path);
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answers = s >= 0 && connect(s, (const struct sockaddr *)address, sizeof *address) == 0;
    if (s >= 0)
        close(s);
    if (answers)
        return FAIL(err, LK_CONFLICT, "cannot listen on '%s': another program does",
                    address->sun_path);
    unlink(address->sun_path);
    return LK_OK;
}

/* Open to its owner and group alone. */
static enum lk_status open_path(const char *path, int *fd, struct lk_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path[0] == '\0' || strlen(path) >= sizeof address.sun_path)
        return FAIL(err, LK_INVALID, "the path of a socket has 1 to %zu bytes, not %zu",
                    sizeof address.sun_path - 1, strlen(path));
    memcpy(address.sun_path, path, strlen(path) + 1);
    TRY(clear_path(&address, err));
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0 || fchmod(s, 0660) != 0 ||
        bind(s, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(s, BACKLOG) != 0) {
        int error = errno;
        if (s >= 0)
            close(s);
        return FAIL(err, error == EACCES ? LK_DENIED : LK_IO, "cannot listen on '%s': %s", path,
                    strerror(error));
    }
    *fd = s;
    return LK_OK;
}

enum lk_status listen_open(const char *host, uint16_t port, int *fd, uint16_t *bound,
                           struct lk_error *err)
{
    char text[8];
    *bound = 0;
    if (strncmp(host, "unix:", 5) == 0)
        return open_path(host + 5, fd, err);
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
