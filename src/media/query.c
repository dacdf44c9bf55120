#include "media/query.h"

#include "base/err.h"
#include "sys/file.h"

#include <likeness/image.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static enum lk_status keep(const struct lk_sequence *sequence, const struct lk_alloc *alloc,
                           struct lk_sequence *out, struct lk_error *err)
{
    size_t n_bytes = sequence->n_records * sizeof *sequence->records;
    struct lk_record *records = alloc->alloc(alloc->ctx, n_bytes);
    if (records == NULL)
        return FAIL(err, LK_NOMEM, "no memory for the prints of a file");
    memcpy(records, sequence->records, n_bytes);
    *out = *sequence;
    out->records = records;
    return LK_OK;
}

static enum lk_status query_picture(struct media *m, const void *bytes, size_t n,
                                    const struct lk_alloc *alloc, struct lk_sequence *out,
                                    struct lk_error *err)
{
    const struct media_request request = {.front_end = LK_SCALED};
    const struct lk_fingerprint_options how = {.purpose = LK_QUERY, .front_end = LK_SCALED};
    struct lk_record records[LK_MAX_IMAGE_RECORDS];
    struct lk_sequence sequence = {.medium = LK_IMAGE, .records = records};
    struct lk_image_prints prints;
    struct media_image image;
    TRY(media_decode_bytes(m, bytes, n, &request, &image, err));
    enum lk_status status = lk_image_fingerprint(lk_alloc_heap(), &image.pixels, &how, &prints,
                                                 records, &sequence.n_records, err);
    media_image_fini(&image);
    return status == LK_OK ? keep(&sequence, alloc, out, err) : status;
}

static enum lk_status query_timed(struct media *m, const void *bytes, size_t n,
                                  const struct lk_alloc *alloc, struct lk_sequence *out,
                                  struct lk_error *err)
{
    const struct media_prints_request request = {.purpose = LK_QUERY};
    struct media_prints prints;
    int fd = memfd_create("medium", MFD_CLOEXEC);
    if (fd < 0)
        return FAIL(err, LK_IO, "no room in memory for a file");
    enum lk_status status = file_write(fd, bytes, n, err);
    if (status == LK_OK)
        status = media_prints(m, fd, &request, &prints, err);
    close(fd);
    if (status != LK_OK)
        return status;
    status = keep(&prints.sequence, alloc, out, err);
    media_prints_fini(&prints);
    return status;
}

enum lk_status media_query(struct media *m, const void *bytes, size_t n,
                           const struct lk_alloc *alloc, struct lk_sequence *out,
                           struct lk_error *err)
{
    size_t n_head = n < MEDIA_HEAD_BYTES ? n : MEDIA_HEAD_BYTES;
    bool is_gif = n > 3 && memcmp(bytes, "GIF", 3) == 0;
    bool is_timed = media_sort_of(bytes, n_head) == MEDIA_TIMED && !is_gif;
    return is_timed ? query_timed(m, bytes, n, alloc, out, err)
                    : query_picture(m, bytes, n, alloc, out, err);
}
