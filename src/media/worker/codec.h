/* worker/codec.h - what a format is: how to know it, how to decode it.
 *
 * A codec turns bytes into 8-bit pixels as they are stored: one channel when the source has no
 * colour, else three, transparency laid over white. It gives a whole picture or a reason; a
 * picture that is cut short or damaged is not a picture. It runs in the jail: no files, no
 * threads (heif.c excepted), memory from malloc under a limit, and no need to free on failure of
 * the whole process, although it does, so that fuzzing in one process works. */
#ifndef WORKER_CODEC_H
#define WORKER_CODEC_H

#include "media/wire.h"

#include <likeness/print.h>

/* How to decode. */
struct codec_options {
    uint64_t max_pixels;
    uint64_t memory_bytes;
    bool may_reduce;     /* the front end is `scaled` */
    bool keep_as_stored; /* for formats that turn the picture themselves */
};

/* A picture being made. pixels come from malloc and belong to whoever has the struct. */
struct picture {
    uint8_t *pixels; /* height * width * channels bytes, no padding */
    uint32_t width, height;
    uint32_t source_width, source_height;
    uint8_t channels;
    uint8_t reduced_by;
};

struct codec {
    enum wire_format format;
    bool needs_threads; /* decides the jail's profile */
    bool (*knows)(const uint8_t *bytes, size_t n);
    enum wire_reason (*decode)(const uint8_t *bytes, size_t n, const struct codec_options *options,
                               struct picture *out);
    /* EXIF orientation 1..8 that is to be applied to the pixels. NULL: never any. */
    unsigned (*orientation)(const uint8_t *bytes, size_t n);
};

extern const struct codec codec_jpeg, codec_png, codec_webp, codec_gif, codec_heic, codec_avif,
    codec_tiff, codec_bmp, codec_pnm;

/* The codec of these bytes; NULL when there is none. */
const struct codec *codec_find(const uint8_t *bytes, size_t n);

/* Does once what would otherwise happen in every child: tables, plug-ins, lazily bound symbols. */
void codec_warm_all(void);
void heif_warm(void);

/* Notes the size that a header states and checks it against the limits, before anything is
 * allocated for it. */
enum wire_reason picture_size(struct picture *p, uint64_t width, uint64_t height,
                              const struct codec_options *options);

/* Allocates the pixels for p->width x p->height (set here), not cleared. */
enum wire_reason picture_alloc(struct picture *p, uint32_t width, uint32_t height,
                               unsigned channels);
void picture_fini(struct picture *p);

/* Of three equal channels, keeps one. */
void picture_keep_one_channel(struct picture *p);

/* Lays n pixels of red, green, blue, alpha over white; `to` may be `from`. */
void pixels_over_white(const uint8_t *from, uint8_t *to, size_t n);

/* Decodes, then applies the orientation unless told otherwise; fills the answer's header.
 * On anything but WIRE_FINE (answer->reason) the picture is empty. */
void codec_run(const struct codec *codec, const uint8_t *bytes, size_t n,
               const struct wire_job *job, struct wire_answer *answer, struct picture *out);

#endif
