/* worker/av.h - video and sound: from a file that can be read at any place to records.
 *
 * What FFmpeg decodes is fingerprinted here, in the jail, frame by frame; only prints leave it. The
 * file is never held whole. */
#ifndef WORKER_AV_H
#define WORKER_AV_H

#include "media/wire.h"

#include <likeness/print.h>

/* Tells how far it has come, 0..100, rising. */
typedef void av_progress(void *ctx, unsigned percent);

/* What was made of a file. records come from malloc. */
struct av_prints {
    struct wire_prints answer;
    struct lk_sequence sequence; /* no digests */
    struct lk_record *records;
};

/* Reads the file behind the descriptor, which must be seekable, and fills *out. Without a reason
 * but WIRE_FINE there are no records. A file that is cut short or damaged gives what could be read,
 * and warnings. */
void av_run(int fd, const struct wire_job *job, av_progress *progress, void *ctx,
            struct av_prints *out);
void av_prints_fini(struct av_prints *prints);

/* Does once what would otherwise happen in every child. */
void av_warm(void);

#endif
