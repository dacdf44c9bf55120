/* media/query.h - from the bytes of a file, whatever it is, to what is asked of a bank. */
#ifndef MEDIA_QUERY_H
#define MEDIA_QUERY_H

#include "media/media.h"

#include <likeness/alloc.h>
#include <likeness/print.h>

/* The prints of a picture, a video or a recording as a query. out->records is taken from alloc:
 * out->n_records of them, the caller's to give back. A GIF counts as a picture, by its first frame.
 * Errors: those of media_decode_bytes(), media_prints() and lk_image_fingerprint(). Threads: any.
 */
enum lk_status media_query(struct media *m, const void *bytes, size_t n,
                           const struct lk_alloc *alloc, struct lk_sequence *out,
                           struct lk_error *err) LK_MUST_CHECK;

#endif
