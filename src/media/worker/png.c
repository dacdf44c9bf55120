/* PNG through libspng: 16 bits are cut to 8, palettes and transparent colours resolved, gamma and
 * colour profiles left alone. */
#include "codec.h"

#include "inspect/exif.h"

#include <stdlib.h>
#include <string.h>

#include <spng.h>

enum { MAX_CHUNK_BYTES = 16 << 20 }; /* one ancillary chunk, unpacked */

static bool knows(const uint8_t *bytes, size_t n)
{
    return n >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0;
}

static enum wire_reason reason_of(int error)
{
    switch (error) {
    case 0:
        return WIRE_FINE;
    case SPNG_EMEM:
        return WIRE_NO_MEMORY;
    case SPNG_IO_EOF:
    case SPNG_IO_ERROR:
    case SPNG_EIDAT_TOO_SHORT:
        return WIRE_CUT_SHORT;
    default:
        return WIRE_DAMAGED;
    }
}

static enum wire_reason decode_with(spng_ctx *ctx, const uint8_t *bytes, size_t n,
                                    const struct codec_options *options, struct picture *out)
{
    struct spng_ihdr ihdr;
    struct spng_trns trns;
    int error = spng_set_png_buffer(ctx, bytes, n);
    if (error == 0)
        error = spng_set_chunk_limits(ctx, MAX_CHUNK_BYTES, 4 * MAX_CHUNK_BYTES);
    if (error == 0)
        error = spng_get_ihdr(ctx, &ihdr);
    if (error != 0)
        return reason_of(error);
    enum wire_reason reason = picture_size(out, ihdr.width, ihdr.height, options);
    if (reason != WIRE_FINE)
        return reason;
    bool is_grey = ihdr.color_type == SPNG_COLOR_TYPE_GRAYSCALE ||
                   ihdr.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA;
    bool has_alpha = ihdr.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
                     ihdr.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA ||
                     spng_get_trns(ctx, &trns) == 0;
    int format = has_alpha ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8;
    size_t n_bytes;
    error = spng_decoded_image_size(ctx, format, &n_bytes);
    if (error != 0)
        return reason_of(error);
    if (picture_alloc(out, ihdr.width, ihdr.height, has_alpha ? 4 : 3) != WIRE_FINE)
        return WIRE_NO_MEMORY;
    error = spng_decode_image(ctx, out->pixels, n_bytes, format, SPNG_DECODE_TRNS);
    if (error == 0)
        error = spng_decode_chunks(ctx); /* to the end mark, or the file is cut short */
    if (error != 0)
        return reason_of(error);
    if (has_alpha)
        pixels_over_white(out->pixels, out->pixels, (size_t)ihdr.width * ihdr.height);
    out->channels = 3;
    if (is_grey)
        picture_keep_one_channel(out);
    return WIRE_FINE;
}

static enum wire_reason decode(const uint8_t *bytes, size_t n, const struct codec_options *options,
                               struct picture *out)
{
    spng_ctx *ctx = spng_ctx_new(0);
    if (ctx == NULL)
        return WIRE_NO_MEMORY;
    enum wire_reason reason = decode_with(ctx, bytes, n, options, out);
    spng_ctx_free(ctx);
    if (reason != WIRE_FINE)
        picture_fini(out);
    return reason;
}

const struct codec codec_png = {
    .format = WIRE_PNG,
    .knows = knows,
    .decode = decode,
    .orientation = exif_orientation,
};
