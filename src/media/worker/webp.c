/* WebP through libwebp; of an animation the first frame, on its canvas. */
#include "codec.h"

#include "inspect/exif.h"

#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

static bool knows(const uint8_t *bytes, size_t n)
{
    return n >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0;
}

static enum wire_reason reason_of(VP8StatusCode status)
{
    switch (status) {
    case VP8_STATUS_OK:
        return WIRE_FINE;
    case VP8_STATUS_OUT_OF_MEMORY:
        return WIRE_NO_MEMORY;
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
        return WIRE_CUT_SHORT;
    case VP8_STATUS_UNSUPPORTED_FEATURE:
        return WIRE_VARIANT;
    default:
        return WIRE_DAMAGED;
    }
}

/* Decodes one still bitstream of the stated size to 4 channels. */
static enum wire_reason decode_still(const uint8_t *bytes, size_t n, uint32_t width,
                                     uint32_t height, uint8_t *rgba)
{
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config))
        return WIRE_DAMAGED;
    enum wire_reason reason = reason_of(WebPGetFeatures(bytes, n, &config.input));
    if (reason != WIRE_FINE)
        return reason;
    if ((uint32_t)config.input.width != width || (uint32_t)config.input.height != height)
        return WIRE_DAMAGED;
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = rgba;
    config.output.u.RGBA.stride = (int)(width * 4);
    config.output.u.RGBA.size = (size_t)width * height * 4;
    return reason_of(WebPDecode(bytes, n, &config));
}

/* Sets a decoded frame onto the white canvas. */
static enum wire_reason place(const WebPIterator *frame, const uint8_t *rgba, struct picture *out)
{
    size_t x = (size_t)frame->x_offset, y = (size_t)frame->y_offset;
    size_t width = (size_t)frame->width, height = (size_t)frame->height;
    if (x + width > out->width || y + height > out->height)
        return WIRE_DAMAGED;
    for (size_t row = 0; row < height; row++)
        pixels_over_white(rgba + row * width * 4, out->pixels + ((y + row) * out->width + x) * 3,
                          width);
    return WIRE_FINE;
}

static enum wire_reason decode_frame(const WebPIterator *frame, const struct codec_options *options,
                                     struct picture *out)
{
    uint32_t width = (uint32_t)frame->width, height = (uint32_t)frame->height;
    if (!frame->complete)
        return WIRE_CUT_SHORT;
    if ((uint64_t)width * height > options->max_pixels)
        return WIRE_TOO_MANY_PIXELS;
    bool fills = width == out->source_width && height == out->source_height;
    uint8_t *rgba = malloc((size_t)width * height * 4);
    if (rgba == NULL)
        return WIRE_NO_MEMORY;
    enum wire_reason reason =
        decode_still(frame->fragment.bytes, frame->fragment.size, width, height, rgba);
    if (reason != WIRE_FINE) {
        free(rgba);
        return reason;
    }
    if (fills) { /* the usual case: no second copy */
        pixels_over_white(rgba, rgba, (size_t)width * height);
        *out = (struct picture){rgba, width, height, width, height, 3, 1};
        return WIRE_FINE;
    }
    reason = picture_alloc(out, out->source_width, out->source_height, 3);
    if (reason == WIRE_FINE) {
        memset(out->pixels, 255, (size_t)out->width * out->height * 3);
        reason = place(frame, rgba, out);
    }
    free(rgba);
    return reason;
}

static enum wire_reason decode(const uint8_t *bytes, size_t n, const struct codec_options *options,
                               struct picture *out)
{
    const WebPData data = {bytes, n};
    WebPDemuxState state;
    WebPDemuxer *demuxer = WebPDemuxPartial(&data, &state);
    if (demuxer == NULL)
        return state == WEBP_DEMUX_PARSING_HEADER ? WIRE_CUT_SHORT : WIRE_DAMAGED;
    WebPIterator frame;
    enum wire_reason reason = picture_size(out, WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH),
                                           WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT), options);
    if (state != WEBP_DEMUX_DONE && reason != WIRE_TOO_MANY_PIXELS)
        reason = WIRE_CUT_SHORT;
    if (reason == WIRE_FINE) {
        if (WebPDemuxGetFrame(demuxer, 1, &frame)) {
            reason = decode_frame(&frame, options, out);
            WebPDemuxReleaseIterator(&frame);
        } else {
            reason = WIRE_DAMAGED;
        }
    }
    WebPDemuxDelete(demuxer);
    if (reason != WIRE_FINE)
        picture_fini(out);
    return reason;
}

const struct codec codec_webp = {
    .format = WIRE_WEBP,
    .knows = knows,
    .decode = decode,
    .orientation = exif_orientation,
};
