/* likeness-decode: the zygote.
 *
 * Not a program for people: src/media/helper.c starts it with a socket in place of descriptor 3.
 * It loads and warms every decoder once (a start of this program costs tens of milliseconds, a fork
 * of it one), gives up its rights, and then forks one child for each job that comes:
 *
 *     poll: the socket -> a job -> fork -> job_run()
 *           SIGCHLD    -> reap  -> verdict to the job's client
 *           a deadline -> kill
 *           end of file on the socket: nobody needs us, go; the children die with us
 *
 * One thread; it never looks at what is decoded. */
#include "av.h"
#include "codec.h"
#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RUNNING = 64, EXIT_BAD_START = 2 };

struct running {
    pid_t pid;
    int verdict_fd;
    int64_t deadline_ms;
    bool timed_out;
};

struct zygote {
    struct jail *jail;
    pid_t pid;
    int signals; /* a signalfd for SIGCHLD */
    size_t n_running;
    struct running running[MAX_RUNNING];
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void send_verdict(const struct running *r, int wait_status)
{
    const struct wire_verdict verdict = {
        .magic = WIRE_MAGIC, .wait_status = wait_status, .timed_out = r->timed_out};
    ssize_t n = write(r->verdict_fd, &verdict, sizeof verdict); /* fits an empty pipe */
    (void)n;                                                    /* the client may be gone */
    close(r->verdict_fd);
}

static void reap(struct zygote *z)
{
    struct signalfd_siginfo info;
    ssize_t n = read(z->signals, &info, sizeof info);
    (void)n; /* several deaths may share one signal: ask for all */
    for (;;) {
        int how;
        pid_t pid = waitpid(-1, &how, WNOHANG);
        if (pid <= 0)
            return;
        for (size_t i = 0; i < z->n_running; i++) {
            if (z->running[i].pid != pid)
                continue;
            send_verdict(&z->running[i], how);
            z->running[i] = z->running[--z->n_running];
            break;
        }
    }
}

/* Kills what is over its time; returns how long poll may sleep. */
static int kill_late(struct zygote *z)
{
    int64_t now = now_ms(), next = -1;
    for (size_t i = 0; i < z->n_running; i++) {
        struct running *r = &z->running[i];
        if (!r->timed_out && r->deadline_ms <= now) {
            r->timed_out = true;
            kill(r->pid, SIGKILL);
        }
        int64_t left = r->deadline_ms - now;
        if (!r->timed_out && (next < 0 || left < next))
            next = left;
    }
    return (int)next;
}

/* In the child, before anything else. */
static void part_from_zygote(pid_t zygote)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != zygote)
        _exit(EXIT_BAD_START);
}

static void start_job(struct zygote *z, const struct wire_job *job, const int fds[WIRE_N_FDS])
{
    struct running *r = &z->running[z->n_running];
    *r = (struct running){.verdict_fd = fds[2], .deadline_ms = now_ms() + job->timeout_ms};
    r->pid = fork();
    if (r->pid == 0) {
        part_from_zygote(z->pid);
        job_run(z->jail, job, fds[0], fds[1]);
    }
    close(fds[0]);
    close(fds[1]);
    if (r->pid > 0)
        z->n_running++;
    else
        close(fds[2]); /* the client sees both pipes end and says so */
}

/* Takes one job. Returns false at the end of the socket. */
static bool take_job(struct zygote *z)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int) * WIRE_N_FDS)];
    } control;
    struct wire_job job;
    struct iovec iov = {.iov_base = &job, .iov_len = sizeof job};
    struct msghdr message = {
        .msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control,
    };
    ssize_t n = recvmsg(WIRE_SOCKET_FD, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN;
    if (n == 0)
        return false;
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    bool is_job = n == sizeof job && job.magic == WIRE_MAGIC && c != NULL &&
                  c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int) * WIRE_N_FDS);
    if (!is_job)
        return false; /* not our client */
    int fds[WIRE_N_FDS];
    memcpy(fds, CMSG_DATA(c), sizeof fds);
    start_job(z, &job, fds);
    return true;
}

static void serve(struct zygote *z)
{
    for (;;) {
        int timeout_ms = kill_late(z);
        struct pollfd p[] = {
            {.fd = z->signals, .events = POLLIN},
            /* A full house lets the jobs wait in the socket. */
            {.fd = z->n_running < MAX_RUNNING ? WIRE_SOCKET_FD : -1, .events = POLLIN},
        };
        if (poll(p, 2, timeout_ms) < 0 && errno != EINTR)
            return;
        if (p[0].revents != 0)
            reap(z);
        if (p[1].revents != 0 && !take_job(z))
            return;
    }
}

/* Descriptors 0 to 2 lead nowhere, 3 is the socket, nothing else is open. */
static bool settle_descriptors(void)
{
    int type;
    socklen_t n = sizeof type;
    if (getsockopt(WIRE_SOCKET_FD, SOL_SOCKET, SO_TYPE, &type, &n) != 0 || type != SOCK_SEQPACKET) {
        static const char text[] =
            "likeness-decode: started by likeness to decode pictures; of no use by hand\n";
        ssize_t w = write(STDERR_FILENO, text, sizeof text - 1);
        (void)w;
        return false;
    }
    int null = open("/dev/null", O_RDWR);
    bool ok = null >= 0;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        ok = ok && dup2(null, fd) == fd;
    return ok && close_range(WIRE_SOCKET_FD + 1, ~0u, 0) == 0;
}

static bool settle_signals(struct zygote *z)
{
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    z->signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    return sigprocmask(SIG_SETMASK, &children, NULL) == 0 && z->signals >= 0;
}

int main(void)
{
    struct zygote z = {.pid = getpid()};
    struct wire_ready ready = {.magic = WIRE_MAGIC};
    if (!settle_descriptors() || !settle_signals(&z))
        return EXIT_BAD_START;
    /* Arenas per thread reserve 64 MiB each of the address space that a job's memory limit counts.
     */
    mallopt(M_ARENA_MAX, 1);
    codec_warm_all();
    av_warm();
    z.jail = jail_new();
    if (z.jail == NULL || jail_enter_zygote(&ready) != 0)
        return EXIT_BAD_START;
    if (send(WIRE_SOCKET_FD, &ready, sizeof ready, MSG_NOSIGNAL) != sizeof ready)
        return EXIT_BAD_START;
    serve(&z);
    _exit(0);
}
