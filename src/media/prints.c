/* A video or recording, seen from outside the jail: how far it is, then how it went, then the
 * sequence, which is read and checked like one that came from a stranger. */
#include "media.h"

#include "base/err.h"
#include "client_job.h"

#include <stdlib.h>

static enum lk_status take_records(struct media_prints *out, const uint8_t *bytes, size_t n,
                                   struct lk_error *err)
{
    size_t used, cap = n / LK_RECORD_MIN_BYTES + 1;
    out->records = malloc(cap * sizeof *out->records);
    if (out->records == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %zu prints", cap);
    enum lk_status status =
        lk_sequence_decode(bytes, n, out->records, cap, &out->sequence, &used, err);
    if (status == LK_OK && used == n && out->sequence.medium != LK_IMAGE &&
        out->sequence.n_records > 0 && out->sequence.n_digests == 0)
        return LK_OK;
    media_prints_fini(out);
    return FAIL(err, LK_INTERNAL,
                "the media decoder gave prints that cannot be true; the file may be an attack on "
                "it");
}

static enum lk_status receive(const struct client_job *job, const struct media_prints_request *req,
                              struct media_prints *out, struct lk_error *err)
{
    uint8_t header[WIRE_PRINTS_BYTES];
    struct wire_prints a;
    unsigned percent = 0;
    for (;;) {
        TRY(client_job_read(job, header, sizeof header, err));
        TRY(wire_prints_get(header, &job->job, &a, err));
        if (a.reason != WIRE_FINE)
            return wire_prints_refusal(&a, &job->job, err);
        if (a.n_bytes > 0)
            break;
        if (req->progress != NULL && a.percent > percent)
            req->progress(req->progress_ctx, percent = a.percent);
    }
    uint8_t *bytes = malloc(a.n_bytes);
    if (bytes == NULL)
        return FAIL(err, LK_NOMEM, "no memory for %u bytes of prints", a.n_bytes);
    *out = (struct media_prints){
        .format = wire_format_name(a.format),
        .width = a.width,
        .height = a.height,
        .video = {a.n_frames > 0 ? a.duration_ms : 0, a.n_frames, a.n_used, a.n_flat, a.n_kept,
                  a.is_static != 0},
        .sound = {a.sound_ms, a.active_ms, a.n_blocks, a.n_gated},
        .warnings = a.warnings,
    };
    enum lk_status status = client_job_read(job, bytes, a.n_bytes, err);
    if (status == LK_OK)
        status = take_records(out, bytes, a.n_bytes, err);
    free(bytes);
    return status;
}

static enum lk_status run(struct media *m, int fd, const struct media_prints_request *req,
                          struct media_prints *out, struct lk_error *err)
{
    const struct wire_job job = {.magic = WIRE_MAGIC,
                                 .timeout_ms = m->limits.prints_timeout_ms,
                                 .max_bytes = m->limits.prints_max_bytes,
                                 .max_pixels = m->limits.max_pixels,
                                 .memory_bytes = m->limits.memory_bytes,
                                 .task = WIRE_PRINTS,
                                 .ignore_orientation = req->ignore_orientation,
                                 .purpose = req->purpose,
                                 .query_interval_ms = req->query_interval_ms,
                                 .max_duration_ms = m->limits.max_duration_ms};
    struct client_job running;
    enum lk_status status = client_job_begin(&running, m, &job, fd, err);
    if (status == LK_OK)
        status = receive(&running, req, out, err);
    client_job_end(&running);
    return status;
}

enum lk_status media_prints(struct media *m, int fd, const struct media_prints_request *req,
                            struct media_prints *out, struct lk_error *err)
{
    *out = (struct media_prints){0};
    if (req->purpose != LK_REGISTRATION && req->purpose != LK_QUERY)
        return FAIL(err, LK_INVALID, "purpose %u is not known", req->purpose);
    return run(m, fd, req, out, err);
}

void media_prints_fini(struct media_prints *prints)
{
    free(prints->records);
    prints->records = NULL;
    prints->sequence = (struct lk_sequence){0};
}

const char *media_warning_text(uint32_t *warnings)
{
    const uint32_t lowest = *warnings & -*warnings;
    *warnings &= ~lowest;
    return wire_warning_text(lowest);
}
