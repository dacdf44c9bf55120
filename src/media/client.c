/* One decode, seen from outside the jail:
 *
 *     this process                    likeness-decode
 *     media_decode --- job, 3 fds --> zygote --- fork --> child, jailed
 *          ^                             |                  | reads the input
 *          |<------- answer pipe --------+------------------+ header, pixels
 *          |<------- verdict pipe -------+ how the child ended
 *
 * The answer is read under one deadline. When it ends early the verdict tells why. */
#include "media.h"

#include "base/err.h"
#include "helper.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "wire.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MIB UINT64_C(1048576)

enum { PIPE_BYTES = 1 << 20, QUEUE_RETRY_NS = 2000000 };

struct media {
    struct media_limits limits;
    pthread_mutex_t lock; /* guards helper */
    struct helper helper;
};

static void limits_fill(struct media_limits *l)
{
    if (l->max_bytes == 0)
        l->max_bytes = 64 * MIB;
    if (l->max_pixels == 0)
        l->max_pixels = 100000000;
    if (l->memory_bytes == 0)
        l->memory_bytes = 1024 * MIB;
    if (l->timeout_ms == 0)
        l->timeout_ms = 20000;
}

enum lk_status media_open(const char *worker_path, const struct media_limits *limits,
                          struct media **out, struct lk_error *err)
{
    *out = NULL;
    struct media_limits l = limits != NULL ? *limits : (struct media_limits){0};
    limits_fill(&l);
    if (l.max_bytes > 1024 * MIB)
        return FAIL(err, LK_INVALID, "max_bytes is %llu, at most %llu",
                    (unsigned long long)l.max_bytes, (unsigned long long)(1024 * MIB));
    if (l.timeout_ms > INT_MAX / 2)
        return FAIL(err, LK_INVALID, "timeout_ms is %u, at most %d", l.timeout_ms, INT_MAX / 2);
    struct media *m = calloc(1, sizeof *m);
    if (m == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the picture decoder's client");
    m->limits = l;
    enum lk_status status = helper_init(&m->helper, worker_path, err);
    if (status != LK_OK) {
        free(m);
        return status;
    }
    pthread_mutex_init(&m->lock, NULL);
    *out = m;
    return LK_OK;
}

void media_close(struct media *m)
{
    if (m == NULL)
        return;
    helper_fini(&m->helper);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

struct media_limits media_limits(const struct media *m)
{
    return m->limits;
}

/* One decode in flight. */
struct decode {
    struct media *media;
    struct wire_job job;
    int64_t deadline_ns;
    int answer[2], verdict[2]; /* pipes; -1 once closed */
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static enum lk_status timed_out(const struct decode *d, struct lk_error *err)
{
    const struct wire_verdict verdict = {.magic = WIRE_MAGIC, .timed_out = 1};
    return wire_death(&verdict, &d->job, err);
}

/* Reads n bytes from a pipe before the deadline; fewer only when it ends. */
static enum lk_status read_until(const struct decode *d, int fd, void *bytes, size_t n, size_t *got,
                                 struct lk_error *err)
{
    *got = 0;
    while (*got < n) {
        int64_t left_ns = d->deadline_ns - clock_monotonic_ns();
        if (left_ns <= 0)
            return timed_out(d, err);
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = poll(&p, 1, (int)(left_ns / 1000000) + 1);
        if (ready < 0 && errno != EINTR)
            return FAIL(err, LK_IO, "cannot wait for the picture decoder");
        if (ready <= 0)
            continue;
        ssize_t r = read(fd, (uint8_t *)bytes + *got, n - *got);
        if (r < 0 && errno != EINTR)
            return FAIL(err, LK_IO, "cannot read from the picture decoder");
        if (r == 0)
            return LK_OK;
        if (r > 0)
            *got += (size_t)r;
    }
    return LK_OK;
}

/* The answer ended early: why? */
static enum lk_status ask_verdict(const struct decode *d, struct lk_error *err)
{
    struct wire_verdict verdict;
    size_t got;
    TRY(read_until(d, d->verdict[0], &verdict, sizeof verdict, &got, err));
    return wire_death(got == sizeof verdict ? &verdict : NULL, &d->job, err);
}

static enum lk_status send_job(struct decode *d, int fd, struct lk_error *err)
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

static enum lk_status receive(const struct decode *d, struct media_image *out, struct lk_error *err)
{
    uint8_t header[WIRE_ANSWER_BYTES];
    struct wire_answer a;
    size_t got;
    TRY(read_until(d, d->answer[0], header, sizeof header, &got, err));
    if (got < sizeof header)
        return ask_verdict(d, err);
    TRY(wire_answer_get(header, &d->job, &a, err));
    if (a.reason != WIRE_FINE)
        return wire_refusal(&a, &d->job, err);
    size_t n_bytes = (size_t)a.width * a.height * a.channels;
    uint8_t *data = malloc(n_bytes);
    if (data == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a picture of %u x %u", a.width, a.height);
    enum lk_status status = read_until(d, d->answer[0], data, n_bytes, &got, err);
    if (status == LK_OK && got < n_bytes)
        status = ask_verdict(d, err);
    if (status != LK_OK) {
        free(data);
        return status;
    }
    *out = (struct media_image){
        .pixels = {.data = data,
                   .width = a.width,
                   .height = a.height,
                   .stride_bytes = (size_t)a.width * a.channels,
                   .channels = a.channels,
                   .reduced_by = a.reduced_by},
        .source_width = a.source_width,
        .source_height = a.source_height,
        .orientation = a.orientation,
        .format = wire_format_name(a.format),
    };
    return LK_OK;
}

enum lk_status media_decode(struct media *m, int fd, const struct media_request *req,
                            struct media_image *out, struct lk_error *err)
{
    struct decode d = {
        .media = m,
        .job = {.magic = WIRE_MAGIC,
                .timeout_ms = m->limits.timeout_ms,
                .max_bytes = m->limits.max_bytes,
                .max_pixels = m->limits.max_pixels,
                .memory_bytes = m->limits.memory_bytes,
                .front_end = (uint8_t)req->front_end,
                .ignore_orientation = req->ignore_orientation},
        .deadline_ns = clock_monotonic_ns() + m->limits.timeout_ms * INT64_C(1000000),
        .answer = {-1, -1},
        .verdict = {-1, -1},
    };
    enum lk_status status = LK_OK;
    if (pipe2(d.answer, O_CLOEXEC) != 0 || pipe2(d.verdict, O_CLOEXEC) != 0)
        status = FAIL(err, LK_IO, "cannot make a pipe: %s", strerrordesc_np(errno));
    if (status == LK_OK) {
        (void)fcntl(d.answer[0], F_SETPIPE_SZ, PIPE_BYTES); /* only faster */
        status = send_job(&d, fd, err);
    }
    /* Ours must go, or the ends of the pipes would never be seen. */
    close_fd(&d.answer[1]);
    close_fd(&d.verdict[1]);
    if (status == LK_OK)
        status = receive(&d, out, err);
    close_fd(&d.answer[0]);
    close_fd(&d.verdict[0]);
    return status;
}

enum lk_status media_decode_bytes(struct media *m, const void *bytes, size_t n,
                                  const struct media_request *req, struct media_image *out,
                                  struct lk_error *err)
{
    if (n > m->limits.max_bytes) {
        const struct wire_job job = {.max_bytes = m->limits.max_bytes};
        return wire_refusal(&(struct wire_answer){.reason = WIRE_TOO_MANY_BYTES}, &job, err);
    }
    int fd = memfd_create("picture", MFD_CLOEXEC);
    if (fd < 0)
        return FAIL(err, LK_IO, "cannot make a memory file: %s", strerrordesc_np(errno));
    enum lk_status status = file_pwrite(fd, bytes, n, 0, err);
    if (status == LK_OK)
        status = media_decode(m, fd, req, out, err);
    close(fd);
    return status;
}

void media_image_fini(struct media_image *image)
{
    free((void *)(uintptr_t)image->pixels.data);
    *image = (struct media_image){0};
}
