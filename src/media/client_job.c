/* What both kinds of jobs have in common: two pipes, one deadline, and who tells why an answer
 * ended early. */
#include "client_job.h"

#include "base/err.h"
#include "sys/clock.h"
#include "sys/file.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PIPE_BYTES = 1 << 20, QUEUE_RETRY_NS = 2000000 };

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static enum lk_status timed_out(const struct client_job *d, struct lk_error *err)
{
    const struct wire_verdict verdict = {.magic = WIRE_MAGIC, .timed_out = 1};
    return wire_death(&verdict, &d->job, err);
}

/* Reads n bytes from a pipe before the deadline; fewer only when it ends. */
static enum lk_status read_until(const struct client_job *d, int fd, void *bytes, size_t n,
                                 size_t *got, struct lk_error *err)
{
    *got = 0;
    while (*got < n) {
        int64_t left_ns = d->deadline_ns - clock_monotonic_ns();
        if (left_ns <= 0)
            return timed_out(d, err);
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = poll(&p, 1, (int)(left_ns / 1000000) + 1);
        if (ready < 0 && errno != EINTR)
            return FAIL(err, LK_IO, "cannot wait for the decoder");
        if (ready <= 0)
            continue;
        ssize_t r = read(fd, (uint8_t *)bytes + *got, n - *got);
        if (r < 0 && errno != EINTR)
            return FAIL(err, LK_IO, "cannot read from the decoder");
        if (r == 0)
            return LK_OK;
        if (r > 0)
            *got += (size_t)r;
    }
    return LK_OK;
}

/* The answer ended early: why? */
static enum lk_status ask_verdict(const struct client_job *d, struct lk_error *err)
{
    struct wire_verdict verdict;
    size_t got;
    TRY(read_until(d, d->verdict[0], &verdict, sizeof verdict, &got, err));
    return wire_death(got == sizeof verdict ? &verdict : NULL, &d->job, err);
}

static enum lk_status send_job(struct client_job *d, int fd, struct lk_error *err)
{
    const int fds[WIRE_N_FDS] = {fd, d->answer[1], d->verdict[1]};
    for (;;) {
        pthread_mutex_lock(&d->media->lock);
        enum lk_status status = helper_send(&d->media->helper, &d->job, fds, err);
        pthread_mutex_unlock(&d->media->lock);
        if (status != LK_BUSY)
            return status;
        if (clock_monotonic_ns() >= d->deadline_ns)
            return timed_out(d, err);
        nanosleep(&(struct timespec){.tv_nsec = QUEUE_RETRY_NS}, NULL);
    }
}

enum lk_status client_job_begin(struct client_job *d, struct media *m, const struct wire_job *job,
                                int fd, struct lk_error *err)
{
    *d = (struct client_job){
        .media = m,
        .job = *job,
        .deadline_ns = clock_monotonic_ns() + job->timeout_ms * INT64_C(1000000),
        .answer = {-1, -1},
        .verdict = {-1, -1},
    };
    if (pipe2(d->answer, O_CLOEXEC) != 0 || pipe2(d->verdict, O_CLOEXEC) != 0)
        return FAIL(err, LK_IO, "cannot make a pipe: %s", strerrordesc_np(errno));
    (void)fcntl(d->answer[0], F_SETPIPE_SZ, PIPE_BYTES); /* only faster */
    enum lk_status status = send_job(d, fd, err);
    /* Ours must go, or the ends of the pipes would never be seen. */
    close_fd(&d->answer[1]);
    close_fd(&d->verdict[1]);
    return status;
}

enum lk_status client_job_read(const struct client_job *d, void *bytes, size_t n,
                               struct lk_error *err)
{
    size_t got;
    TRY(read_until(d, d->answer[0], bytes, n, &got, err));
    return got < n ? ask_verdict(d, err) : LK_OK;
}

void client_job_end(struct client_job *d)
{
    for (int i = 0; i < 2; i++) {
        close_fd(&d->answer[i]);
        close_fd(&d->verdict[i]);
    }
}
