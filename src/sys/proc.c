/* The child is made with posix_spawn(3), which is safe in a process with threads. Its three streams
 * are socket pairs and not pipes: a socket can be written without a signal when nobody reads. */
#include "proc.h"

#include "base/err.h"
#include "clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_STREAMS = 3, PIECE_BYTES = 65536 };

static enum lk_status copy_path(const char *from, char path[PROC_PATH_BYTES], struct lk_error *err)
{
    if (strlen(from) >= PROC_PATH_BYTES)
        return FAIL(err, LK_LIMIT, "the path of a helper program is too long");
    memcpy(path, from, strlen(from) + 1);
    return LK_OK;
}

enum lk_status proc_find(const char *name, const char *variable, char path[PROC_PATH_BYTES],
                         struct lk_error *err)
{
    char dir[PATH_MAX];
    const char *set = secure_getenv(variable);
    if (set != NULL && set[0] != '\0')
        return copy_path(set, path, err);
    ssize_t n = readlink("/proc/self/exe", dir, sizeof dir - 1);
    if (n < 0)
        return FAIL(err, LK_IO,
                    "cannot tell which program this is (/proc is missing); set %s to the path of "
                    "%s",
                    variable, name);
    dir[n] = '\0';
    char *slash = strrchr(dir, '/');
    *(slash != NULL ? slash : dir) = '\0';
    for (int i = 0; i < 2; i++) {
        char full[PROC_PATH_BYTES];
        int length = snprintf(full, sizeof full, "%s/%s%s", dir,
                              i == 0 ? "" : "../libexec/likeness/", name);
        if (length > 0 && (size_t)length < sizeof full && access(full, X_OK) == 0)
            return copy_path(full, path, err);
    }
    return FAIL(err, LK_NOT_FOUND,
                "a helper program is missing: looked for %s and ../libexec/likeness/%s in '%.*s'; "
                "set %s to its path",
                name, name, 80, dir, variable);
}

/* ---- running ---- */

static int spawn(const char *path, const int ends[N_STREAMS], pid_t *pid)
{
    char *argv[] = {(char *)(uintptr_t)path, NULL};
    char *envp[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    int error = 0;
    for (int i = 0; i < N_STREAMS && error == 0; i++)
        error = posix_spawn_file_actions_adddup2(&actions, ends[i], i);
    if (error == 0)
        error = posix_spawn_file_actions_addclosefrom_np(&actions, N_STREAMS);
    if (error == 0)
        error = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setsigmask(&attr, &none);
    if (error == 0)
        error = posix_spawn(pid, path, &actions, &attr, argv, envp);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

struct running {
    struct proc_filter *p;
    struct pollfd fds[N_STREAMS]; /* our ends; -1: done with */
    size_t n_written;
    bool too_much;
};

static void done_with(struct running *r, int i)
{
    close(r->fds[i].fd);
    r->fds[i].fd = -1;
}

static void feed(struct running *r)
{
    struct proc_filter *p = r->p;
    ssize_t n = 0;
    if (r->n_written < p->n_input)
        n = send(r->fds[0].fd, (const char *)p->input + r->n_written, p->n_input - r->n_written,
                 MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
        r->n_written += (size_t)n;
    bool again = n < 0 && (errno == EAGAIN || errno == EINTR);
    if (!again && (n < 0 || r->n_written == p->n_input))
        done_with(r, 0); /* a child that does not want the rest says so by how it ends */
}

/* What is over the maximum of `to` is read all the same, so that the child does not wait. */
static void drain(struct running *r, int i, struct buf *to)
{
    char piece[PIECE_BYTES];
    ssize_t n = recv(r->fds[i].fd, piece, sizeof piece, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        done_with(r, i);
        return;
    }
    size_t room = to->max - to->n;
    bool is_over = (size_t)n > room;
    buf_put(to, piece, is_over ? room : (size_t)n);
    r->too_much |= is_over && to == r->p->out;
}

/* Until both outputs end. false: the time is up, or there is too much of it. */
static bool talk(struct running *r, int64_t deadline_ns)
{
    while (r->fds[1].fd >= 0 || r->fds[2].fd >= 0) {
        int64_t left_ms = (deadline_ns - clock_monotonic_ns()) / 1000000;
        if (left_ms <= 0 || r->too_much)
            return false;
        if (poll(r->fds, N_STREAMS, (int)left_ms) < 0)
            continue; /* EINTR */
        if (r->fds[0].fd >= 0 && r->fds[0].revents != 0)
            feed(r);
        if (r->fds[1].fd >= 0 && r->fds[1].revents != 0)
            drain(r, 1, r->p->out);
        if (r->fds[2].fd >= 0 && r->fds[2].revents != 0)
            drain(r, 2, r->p->said);
    }
    return true;
}

static int reap(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static enum lk_status open_streams(int ours[N_STREAMS], int theirs[N_STREAMS], struct lk_error *err)
{
    for (int i = 0; i < N_STREAMS; i++)
        ours[i] = theirs[i] = -1;
    for (int i = 0; i < N_STREAMS; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return FAIL(err, LK_IO, "cannot make a socket: %s", strerrordesc_np(errno));
        ours[i] = pair[0];
        theirs[i] = pair[1];
    }
    return LK_OK;
}

static void close_all(int fds[N_STREAMS])
{
    for (int i = 0; i < N_STREAMS; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static enum lk_status run(struct proc_filter *p, int ours[N_STREAMS], pid_t pid,
                          struct lk_error *err)
{
    struct running r = {.p = p};
    for (int i = 0; i < N_STREAMS; i++) {
        r.fds[i] = (struct pollfd){.fd = ours[i], .events = i == 0 ? POLLOUT : POLLIN};
        ours[i] = -1;
    }
    bool in_time = talk(&r, clock_monotonic_ns() + p->timeout_ms * INT64_C(1000000));
    if (!in_time)
        kill(pid, SIGKILL);
    p->exit_code = reap(pid);
    for (int i = 0; i < N_STREAMS; i++)
        if (r.fds[i].fd >= 0)
            done_with(&r, i);
    if (r.too_much)
        return FAIL(err, LK_LIMIT, "'%.*s' gave more than %zu bytes", 120, p->path, p->out->max);
    if (!in_time)
        return FAIL(err, LK_BUSY, "'%.*s' took longer than %d ms", 120, p->path, p->timeout_ms);
    return buf_status(p->out, "what a helper program gave", err);
}

enum lk_status proc_filter(struct proc_filter *p, struct lk_error *err)
{
    int ours[N_STREAMS], theirs[N_STREAMS];
    pid_t pid = -1;
    enum lk_status status = open_streams(ours, theirs, err);
    if (status == LK_OK) {
        int error = spawn(p->path, theirs, &pid);
        if (error != 0)
            status = FAIL(err, error == ENOENT ? LK_NOT_FOUND : LK_IO, "cannot start '%.*s': %s",
                          120, p->path, strerrordesc_np(error));
    }
    close_all(theirs);
    if (status == LK_OK)
        status = run(p, ours, pid, err);
    close_all(ours);
    return status;
}
