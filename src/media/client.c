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
#include "client_job.h"
#include "sys/file.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MIB UINT64_C(1048576)

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
    if (l->prints_max_bytes == 0)
        l->prints_max_bytes = 16384 * MIB;
    if (l->prints_timeout_ms == 0)
        l->prints_timeout_ms = 3600000;
    if (l->max_duration_ms == 0)
        l->max_duration_ms = 43200000;
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
    const uint32_t longest_ms =
        l.timeout_ms > l.prints_timeout_ms ? l.timeout_ms : l.prints_timeout_ms;
    if (longest_ms > INT_MAX / 2)
        return FAIL(err, LK_INVALID, "timeout_ms is %u, at most %d", longest_ms, INT_MAX / 2);
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

static enum lk_status receive(const struct client_job *job, struct media_image *out,
                              struct lk_error *err)
{
    uint8_t header[WIRE_ANSWER_BYTES];
    struct wire_answer a;
    TRY(client_job_read(job, header, sizeof header, err));
    TRY(wire_answer_get(header, &job->job, &a, err));
    if (a.reason != WIRE_FINE)
        return wire_refusal(&a, &job->job, err);
    size_t n_bytes = (size_t)a.width * a.height * a.channels;
    uint8_t *data = malloc(n_bytes);
    if (data == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a picture of %u x %u", a.width, a.height);
    enum lk_status status = client_job_read(job, data, n_bytes, err);
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
    const struct wire_job job = {.magic = WIRE_MAGIC,
                                 .timeout_ms = m->limits.timeout_ms,
                                 .max_bytes = m->limits.max_bytes,
                                 .max_pixels = m->limits.max_pixels,
                                 .memory_bytes = m->limits.memory_bytes,
                                 .task = WIRE_PICTURE,
                                 .front_end = (uint8_t)req->front_end,
                                 .ignore_orientation = req->ignore_orientation};
    struct client_job running;
    enum lk_status status = client_job_begin(&running, m, &job, fd, err);
    if (status == LK_OK)
        status = receive(&running, out, err);
    client_job_end(&running);
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
