/* media/client_job.h - one job of the helper, seen from this side: sent, answered under a deadline,
 * ended. */
#ifndef MEDIA_CLIENT_JOB_H
#define MEDIA_CLIENT_JOB_H

#include "media.h"

#include "helper.h"
#include "wire.h"

#include <pthread.h>

struct media {
    struct media_limits limits;
    pthread_mutex_t lock; /* guards helper */
    struct helper helper;
};

/* One job in flight. */
struct client_job {
    struct media *media;
    struct wire_job job;
    int64_t deadline_ns;
    int answer[2], verdict[2]; /* pipes; -1 once closed */
};

/* Sends a job about what can be read from fd. client_job_end() follows in any case.
 * Errors: LK_TIMEOUT, LK_IO, LK_INTERNAL. */
enum lk_status client_job_begin(struct client_job *j, struct media *m, const struct wire_job *job,
                                int fd, struct lk_error *err) LK_MUST_CHECK;

/* Reads n bytes of the answer; when it ends early, says why. Errors: LK_TIMEOUT, LK_IO,
 * LK_INTERNAL. */
enum lk_status client_job_read(const struct client_job *j, void *bytes, size_t n,
                               struct lk_error *err) LK_MUST_CHECK;

void client_job_end(struct client_job *j);

#endif
