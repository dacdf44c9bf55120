/* JPEG through libjpeg-turbo, the way the PDQ reference sees it: accurate integer DCT, fancy
 * upsampling, no colour management.
 *
 * Two things are particular. Where the front end allows it, a large picture is reduced in the DCT
 * domain and only its luma decoded. And libjpeg fills up a file that is cut short with grey and
 * merely warns; here the warnings that mean missing or wrong data end the decode. */
#include "codec.h"

#include "inspect/exif.h"

#include <likeness/image.h>

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

enum { MAX_SCANS = 200 }; /* real progressive files have about 10; each costs a pass */

struct failure {
    struct jpeg_error_mgr base; /* first: libjpeg knows only this part */
    jmp_buf out;
    enum wire_reason reason;
};

static _Noreturn void give_up(j_common_ptr cinfo, enum wire_reason reason)
{
    struct failure *f = (struct failure *)cinfo->err;
    f->reason = reason;
    longjmp(f->out, 1);
}

static _Noreturn void on_error(j_common_ptr cinfo)
{
    switch (cinfo->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
        give_up(cinfo, WIRE_NO_MEMORY);
    case JERR_INPUT_EOF:
    case JERR_NO_IMAGE:
        give_up(cinfo, WIRE_CUT_SHORT);
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
        give_up(cinfo, WIRE_VARIANT);
    default:
        give_up(cinfo, WIRE_DAMAGED);
    }
}

/* Junk between segments and odd version numbers are common in sound files; the rest means that
 * part of the picture is missing or wrong. */
static void on_message(j_common_ptr cinfo, int level)
{
    if (level >= 0)
        return;
    switch (cinfo->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_TOO_MUCH_DATA:
        return;
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
        give_up(cinfo, WIRE_CUT_SHORT);
    default:
        give_up(cinfo, WIRE_DAMAGED);
    }
}

static void no_output(j_common_ptr cinfo)
{
    (void)cinfo;
}

static void on_progress(j_common_ptr cinfo)
{
    if (cinfo->is_decompressor && ((j_decompress_ptr)cinfo)->input_scan_number > MAX_SCANS)
        give_up(cinfo, WIRE_DAMAGED);
}

static bool knows(const uint8_t *bytes, size_t n)
{
    return n >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff;
}

/* Sets the output form; returns what both sides are divided by. */
static unsigned choose_output(struct jpeg_decompress_struct *c, const struct codec_options *options)
{
    uint32_t s = 1;
    switch (c->jpeg_color_space) {
    case JCS_CMYK:
    case JCS_YCCK:
        c->out_color_space = JCS_CMYK;
        return 1;
    case JCS_GRAYSCALE:
    case JCS_YCbCr:
        if (options->may_reduce)
            s = lk_image_reduction(c->image_width, c->image_height);
        c->out_color_space =
            s > 1 || c->jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
        break;
    default:
        c->out_color_space = JCS_RGB;
    }
    c->scale_num = 1;
    c->scale_denom = s;
    return s;
}

/* Ink to light. Adobe writes inks inverted (255: none) and says so by being Adobe. */
static void cmyk_to_rgb(const uint8_t *from, uint8_t *to, uint32_t width, bool inverted)
{
    for (size_t i = 0; i < width; i++) {
        unsigned k = inverted ? from[4 * i + 3] : 255u - from[4 * i + 3];
        for (size_t c = 0; c < 3; c++) {
            unsigned light = inverted ? from[4 * i + c] : 255u - from[4 * i + c];
            to[3 * i + c] = (uint8_t)((light * k + 127u) / 255u);
        }
    }
}

static void read_rows(struct jpeg_decompress_struct *c, struct picture *p, uint8_t *ink_row)
{
    size_t stride = (size_t)p->width * p->channels;
    while (c->output_scanline < c->output_height) {
        uint8_t *row = p->pixels + c->output_scanline * stride;
        JSAMPROW to = ink_row != NULL ? ink_row : row;
        jpeg_read_scanlines(c, &to, 1);
        if (ink_row != NULL)
            cmyk_to_rgb(ink_row, row, p->width, c->saw_Adobe_marker);
    }
}

struct work {
    struct jpeg_decompress_struct c;
    struct failure failure;
    struct jpeg_progress_mgr progress;
    uint8_t *ink_row;
};

static void decode_or_give_up(struct work *w, const uint8_t *bytes, size_t n,
                              const struct codec_options *options, struct picture *out)
{
    struct jpeg_decompress_struct *c = &w->c;
    j_common_ptr common = (j_common_ptr)c;
    jpeg_create_decompress(c);
    c->progress = &w->progress;
    jpeg_mem_src(c, bytes, n);
    jpeg_read_header(c, TRUE);
    enum wire_reason reason = picture_size(out, c->image_width, c->image_height, options);
    if (reason != WIRE_FINE)
        give_up(common, reason);
    unsigned s = choose_output(c, options);
    jpeg_start_decompress(c);
    unsigned channels = c->out_color_space == JCS_GRAYSCALE ? 1 : 3;
    if (picture_alloc(out, c->output_width, c->output_height, channels) != WIRE_FINE)
        give_up(common, WIRE_NO_MEMORY);
    out->reduced_by = (uint8_t)s;
    if (c->out_color_space == JCS_CMYK) {
        w->ink_row = malloc((size_t)c->output_width * 4);
        if (w->ink_row == NULL)
            give_up(common, WIRE_NO_MEMORY);
    }
    read_rows(c, out, w->ink_row);
    jpeg_finish_decompress(c); /* reads to the end mark, and warns when there is none */
}

/* On its own, because what setjmp comes back to must not have changed locals. */
static void decode_guarded(struct work *w, const uint8_t *bytes, size_t n,
                           const struct codec_options *options, struct picture *out)
{
    if (setjmp(w->failure.out) == 0)
        decode_or_give_up(w, bytes, n, options, out);
}

static enum wire_reason decode(const uint8_t *bytes, size_t n, const struct codec_options *options,
                               struct picture *out)
{
    struct work w = {.failure.reason = WIRE_FINE};
    w.c.err = jpeg_std_error(&w.failure.base);
    w.failure.base.error_exit = on_error;
    w.failure.base.emit_message = on_message;
    w.failure.base.output_message = no_output;
    w.progress.progress_monitor = on_progress;
    decode_guarded(&w, bytes, n, options, out);
    jpeg_destroy_decompress(&w.c);
    free(w.ink_row);
    if (w.failure.reason != WIRE_FINE)
        picture_fini(out);
    return w.failure.reason;
}

const struct codec codec_jpeg = {
    .format = WIRE_JPEG,
    .knows = knows,
    .decode = decode,
    .orientation = exif_orientation,
};
