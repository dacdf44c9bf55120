/* The zygote is an ordinary child made with posix_spawn(3), which is safe in a process with
 * threads. It notices our end by the end of file on its socket: PR_SET_PDEATHSIG would fire when
 * the *thread* that started it ends. */
#include "helper.h"

#include "base/err.h"
#include "sys/clock.h"
#include "sys/proc.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_WITHIN_MS = 10000 };

static enum lk_status spawn(struct helper *h, int socket, struct lk_error *err)
{
    char *argv[] = {h->path, NULL};
    char *envp[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    int error = posix_spawn_file_actions_adddup2(&actions, socket, WIRE_SOCKET_FD);
    if (error == 0)
        error = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setsigmask(&attr, &none);
    if (error == 0)
        error = posix_spawn(&h->pid, h->path, &actions, &attr, argv, envp);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    if (error == 0)
        return LK_OK;
    char text[96];
    return FAIL(err, error == ENOENT ? LK_NOT_FOUND : LK_IO,
                "cannot start the picture decoder '%.*s': %s", 120, h->path,
                strerror_r(error, text, sizeof text));
}

static void stop(struct helper *h)
{
    if (h->socket < 0)
        return;
    close(h->socket);
    h->socket = -1;
    kill(h->pid, SIGKILL); /* its children die with it */
    while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static bool says_ready(int socket)
{
    struct pollfd p = {.fd = socket, .events = POLLIN};
    int64_t deadline_ns = clock_monotonic_ns() + READY_WITHIN_MS * INT64_C(1000000);
    int n;
    do {
        int64_t left_ms = (deadline_ns - clock_monotonic_ns()) / 1000000;
        n = poll(&p, 1, left_ms > 0 ? (int)left_ms : 0);
    } while (n < 0 && errno == EINTR);
    struct wire_ready ready;
    return n == 1 && recv(socket, &ready, sizeof ready, MSG_DONTWAIT) == sizeof ready &&
           ready.magic == WIRE_MAGIC;
}

static enum lk_status start(struct helper *h, struct lk_error *err)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return FAIL(err, LK_IO, "cannot make a socket: %s", strerrordesc_np(errno));
    enum lk_status status = spawn(h, pair[1], err);
    close(pair[1]);
    if (status != LK_OK) {
        close(pair[0]);
        return status;
    }
    h->socket = pair[0];
    if (says_ready(h->socket))
        return LK_OK;
    stop(h);
    return FAIL(err, LK_INTERNAL,
                "the picture decoder '%.*s' did not come up; run it by hand to see why", 120,
                h->path);
}

enum lk_status helper_init(struct helper *h, const char *path, struct lk_error *err)
{
    *h = (struct helper){.socket = -1};
    char found[PROC_PATH_BYTES];
    if (path == NULL) {
        TRY(proc_find("likeness-decode", "LIKENESS_DECODE", found, err));
        path = found;
    }
    h->path = strdup(path);
    enum lk_status status =
        h->path != NULL ? start(h, err) : FAIL(err, LK_NOMEM, "no memory for a path");
    if (status != LK_OK)
        helper_fini(h);
    return status;
}

void helper_fini(struct helper *h)
{
    stop(h);
    free(h->path);
    h->path = NULL;
}

static int send_once(int socket, const struct wire_job *job, const int fds[WIRE_N_FDS])
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int) * WIRE_N_FDS)];
    } control;
    memset(&control, 0, sizeof control);
    struct iovec iov = {.iov_base = (void *)(uintptr_t)job, .iov_len = sizeof *job};
    struct msghdr message = {
        .msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control,
    };
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * WIRE_N_FDS);
    memcpy(CMSG_DATA(c), fds, sizeof(int) * WIRE_N_FDS);
    ssize_t n;
    do
        n = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n < 0 ? errno : 0;
}

enum lk_status helper_send(struct helper *h, const struct wire_job *job, const int fds[WIRE_N_FDS],
                           struct lk_error *err)
{
    if (h->socket < 0)
        TRY(start(h, err));
    int error = send_once(h->socket, job, fds);
    if (error == EPIPE || error == ECONNRESET) {
        stop(h);
        TRY(start(h, err));
        error = send_once(h->socket, job, fds);
    }
    if (error == EAGAIN || error == ETOOMANYREFS)
        return FAIL(err, LK_BUSY, "the picture decoder's queue is full; try again shortly");
    if (error != 0)
        return FAIL(err, LK_IO, "cannot reach the picture decoder: %s", strerrordesc_np(error));
    return LK_OK;
}
