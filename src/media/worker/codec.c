/* The table of formats and what they share. */
#include "codec.h"

#include "core/image/orient.h"

#include <likeness/image.h>
#include <stdlib.h>
#include <string.h>

static const struct codec *const codecs[] = {
    &codec_jpeg, &codec_png,  &codec_webp, &codec_gif, &codec_heic,
    &codec_avif, &codec_tiff, &codec_bmp,  &codec_pnm,
};

const struct codec *codec_find(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++)
        if (codecs[i]->knows(bytes, n))
            return codecs[i];
    return NULL;
}

static int compare_bytes(const void *a, const void *b)
{
    return *(const uint8_t *)a - *(const uint8_t *)b;
}

void codec_warm_all(void)
{
    /* glibc's first large qsort asks for the size of the machine's memory: a system call that the
     * jail does not have, and libtiff sorts. */
    uint8_t bytes[4096] = {1};
    qsort(bytes, sizeof bytes, 1, compare_bytes);
    heif_warm();
}

enum wire_reason picture_size(struct picture *p, uint64_t width, uint64_t height,
                              const struct codec_options *options)
{
    if (width == 0 || height == 0)
        return WIRE_DAMAGED;
    p->source_width = width <= UINT32_MAX ? (uint32_t)width : UINT32_MAX;
    p->source_height = height <= UINT32_MAX ? (uint32_t)height : UINT32_MAX;
    if (width > LK_MAX_SIDE || height > LK_MAX_SIDE)
        return WIRE_TOO_LONG_SIDE;
    return width * height <= options->max_pixels ? WIRE_FINE : WIRE_TOO_MANY_PIXELS;
}

enum wire_reason picture_alloc(struct picture *p, uint32_t width, uint32_t height,
                               unsigned channels)
{
    p->width = width;
    p->height = height;
    p->channels = (uint8_t)channels;
    p->reduced_by = 1;
    p->pixels = malloc((size_t)width * height * channels);
    return p->pixels != NULL ? WIRE_FINE : WIRE_NO_MEMORY;
}

void picture_fini(struct picture *p)
{
    free(p->pixels);
    p->pixels = NULL;
}

void picture_keep_one_channel(struct picture *p)
{
    size_t n = (size_t)p->width * p->height;
    for (size_t i = 0; i < n; i++)
        p->pixels[i] = p->pixels[3 * i];
    p->channels = 1;
}

/* (c * a + 255 * (255 - a)) / 255, rounded; exact for a = 0 and a = 255. */
void pixels_over_white(const uint8_t *from, uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned a = from[4 * i + 3];
        for (size_t c = 0; c < 3; c++)
            to[3 * i + c] = (uint8_t)((from[4 * i + c] * a + 255u * (255u - a) + 127u) / 255u);
    }
}

/* Turns the picture; the stored pixels are given back. */
static enum wire_reason turn(struct picture *p, unsigned orientation)
{
    struct picture turned = *p;
    bool swaps = orient_swaps_sides(orientation);
    enum wire_reason reason = picture_alloc(&turned, swaps ? p->height : p->width,
                                            swaps ? p->width : p->height, p->channels);
    if (reason != WIRE_FINE)
        return reason;
    const struct lk_pixels stored = {
        .data = p->pixels,
        .width = p->width,
        .height = p->height,
        .stride_bytes = (size_t)p->width * p->channels,
        .channels = p->channels,
    };
    orient_pixels(&stored, orientation, turned.pixels);
    turned.reduced_by = p->reduced_by;
    free(p->pixels);
    *p = turned;
    return WIRE_FINE;
}

void codec_run(const struct codec *codec, const uint8_t *bytes, size_t n,
               const struct wire_job *job, struct wire_answer *answer, struct picture *out)
{
    const struct codec_options options = {
        .max_pixels = job->max_pixels,
        .memory_bytes = job->memory_bytes,
        .may_reduce = job->front_end == LK_SCALED,
        .keep_as_stored = job->ignore_orientation,
    };
    *out = (struct picture){0};
    unsigned orientation = codec->orientation != NULL ? codec->orientation(bytes, n) : 1;
    enum wire_reason reason = codec->decode(bytes, n, &options, out);
    if (reason == WIRE_FINE && orientation != 1 && !job->ignore_orientation)
        reason = turn(out, orientation);
    if (reason != WIRE_FINE)
        picture_fini(out);
    *answer = (struct wire_answer){
        .reason = reason,
        .width = out->width,
        .height = out->height,
        .source_width = out->source_width,
        .source_height = out->source_height,
        .format = (uint8_t)codec->format,
        .channels = out->channels,
        .orientation = (uint8_t)orientation,
        .reduced_by = out->reduced_by,
    };
}
