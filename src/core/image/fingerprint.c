/* The public face of fingerprinting (include/likeness/fingerprint.h). */
#include "base/err.h"

#include <likeness/fingerprint.h>
#include <string.h>

struct lk_fingerprint {
    const struct lk_alloc *alloc;
    struct lk_fingerprint_options options;
    struct lk_image_prints whole;
    struct lk_record records[LK_MAX_IMAGE_RECORDS];
    size_t n_records;
};

static bool is_whole(const struct lk_rect *r)
{
    return r->width == 0 && r->height == 0 && r->x == 0 && r->y == 0;
}

static enum lk_status part_of(const struct lk_pixels *pixels, const struct lk_rect *part,
                              struct lk_pixels *out, struct lk_error *err)
{
    *out = *pixels;
    if (is_whole(part))
        return LK_OK;
    if (part->width < 1 || part->height < 1 || part->width > pixels->width ||
        part->x > pixels->width - part->width || part->height > pixels->height ||
        part->y > pixels->height - part->height)
        return FAIL(err, LK_INVALID, "a part of %u x %u at %u, %u is not inside %u x %u pixels",
                    part->width, part->height, part->x, part->y, pixels->width, pixels->height);
    out->data += (size_t)part->y * pixels->stride_bytes + (size_t)part->x * pixels->channels;
    out->width = part->width;
    out->height = part->height;
    return LK_OK;
}

enum lk_status lk_fingerprint_new(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                                  const struct lk_fingerprint_options *options,
                                  struct lk_fingerprint **out, struct lk_error *err)
{
    if (options->purpose != LK_REGISTRATION && options->purpose != LK_QUERY)
        return FAIL(err, LK_INVALID, "purpose %u is not known", options->purpose);
    struct lk_pixels part;
    TRY(part_of(pixels, &options->part, &part, err));
    struct lk_fingerprint *f = alloc->alloc(alloc->ctx, sizeof *f);
    if (f == NULL)
        return FAIL(err, LK_NOMEM, "no memory for a fingerprint");
    memset(f, 0, sizeof *f);
    f->alloc = alloc;
    f->options = *options;
    enum lk_status status =
        lk_image_print(alloc, &part, (enum lk_front_end)options->front_end, &f->whole, err);
    if (status != LK_OK) {
        lk_fingerprint_free(f);
        return status;
    }
    *out = f;
    return LK_OK;
}

enum lk_status lk_fingerprint_step(struct lk_fingerprint *f, unsigned *percent,
                                   struct lk_error *err)
{
    (void)err;
    f->n_records = lk_image_records(&f->whole, f->options.purpose == LK_REGISTRATION, f->records);
    *percent = 100;
    return LK_OK;
}

const struct lk_record *lk_fingerprint_records(const struct lk_fingerprint *f, size_t *n)
{
    *n = f->n_records;
    return f->records;
}

const struct lk_image_prints *lk_fingerprint_whole(const struct lk_fingerprint *f)
{
    return &f->whole;
}

void lk_fingerprint_free(struct lk_fingerprint *f)
{
    if (f != NULL)
        f->alloc->free(f->alloc->ctx, f, sizeof *f);
}

enum lk_status lk_image_fingerprint(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                                    const struct lk_fingerprint_options *options,
                                    struct lk_image_prints *whole, struct lk_record *records,
                                    size_t *n_records, struct lk_error *err)
{
    struct lk_fingerprint *f = NULL;
    TRY(lk_fingerprint_new(alloc, pixels, options, &f, err));
    unsigned percent = 0;
    enum lk_status status = LK_OK;
    while (status == LK_OK && percent < 100)
        status = lk_fingerprint_step(f, &percent, err);
    if (status == LK_OK) {
        const struct lk_record *made = lk_fingerprint_records(f, n_records);
        memcpy(records, made, *n_records * sizeof *records);
        *whole = f->whole;
    }
    lk_fingerprint_free(f);
    return status;
}

enum lk_status lk_image_photograph(const struct lk_alloc *alloc, const struct lk_pixels *pixels,
                                   struct lk_rect *out, struct lk_error *err)
{
    (void)alloc;
    (void)err;
    *out = (struct lk_rect){0, 0, pixels->width, pixels->height};
    return LK_OK;
}
