/* stb_image, cut down to JPEG, PNG and GIF, included here alone. */
#include "media/wasm/decode.h"

#include "base/err.h"
#include "core/image/orient.h"
#include "inspect/exif.h"
#include "media/wasm/whole.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_GIF
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_NO_THREAD_LOCALS
#define STBI_NO_SIMD
#define STBI_ASSERT(x)      ((void)0)
#define STBI_MAX_DIMENSIONS 65535
#include <stb_image.h>

enum format { FORMAT_NONE, FORMAT_JPEG, FORMAT_PNG, FORMAT_GIF };

static enum format sniff(const uint8_t *bytes, size_t n)
{
    if (n >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0)
        return FORMAT_JPEG;
    if (n >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        return FORMAT_PNG;
    if (n >= 6 && (memcmp(bytes, "GIF87a", 6) == 0 || memcmp(bytes, "GIF89a", 6) == 0))
        return FORMAT_GIF;
    return FORMAT_NONE;
}

void decode_over_white(uint8_t *data, size_t n_pixels, unsigned channels)
{
    uint8_t *to = data;
    for (size_t i = 0; i < n_pixels; i++, data += channels) {
        unsigned alpha = data[channels - 1];
        for (unsigned c = 0; c + 1 < channels; c++)
            *to++ = (uint8_t)((data[c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}

static enum lk_status check_size(int width, int height, struct lk_error *err)
{
    if (width < 1 || height < 1 || width > (int)LK_MAX_SIDE || height > (int)LK_MAX_SIDE)
        return FAIL(err, LK_LIMIT, "a picture of %d x %d; each side must be 1 to %u", width, height,
                    LK_MAX_SIDE);
    if ((uint64_t)width * (uint64_t)height > DECODE_MAX_PIXELS)
        return FAIL(err, LK_LIMIT,
                    "a picture of %d x %d; the limit here is %u pixels: make it smaller first",
                    width, height, DECODE_MAX_PIXELS);
    return LK_OK;
}

/* Tells a kind that stb_image does not know from a file that is damaged. */
static enum lk_status refuse(struct lk_error *err)
{
    const char *reason = stbi_failure_reason();
    if (reason && strcmp(reason, "outofmem") == 0)
        return FAIL(err, LK_NOMEM, "not enough memory in this browser for the picture");
    if (reason && strcmp(reason, "too large") == 0)
        return FAIL(err, LK_LIMIT, "the picture has too many pixels; the limit here is %u",
                    DECODE_MAX_PIXELS);
    static const char *const unknown_kinds[] = {"progressive jpeg", "only 8-bit",
                                                "bad component count", "bad SOF",
                                                "unsupported bit depth"};
    for (size_t i = 0; reason && i < sizeof unknown_kinds / sizeof *unknown_kinds; i++)
        if (strcmp(reason, unknown_kinds[i]) == 0)
            return FAIL(err, LK_UNSUPPORTED, "a kind of picture that is not decoded here (%s)",
                        reason);
    return FAIL(err, LK_CORRUPT, "the picture is damaged (%s)",
                reason ? reason : "no reason given");
}

static enum lk_status turn(struct lk_pixels *pixels, unsigned orientation, struct lk_error *err)
{
    if (orientation == 1)
        return LK_OK;
    struct lk_pixels turned = *pixels;
    uint8_t *to = malloc(pixels->stride_bytes * pixels->height);
    if (!to)
        return FAIL(err, LK_NOMEM, "not enough memory in this browser to turn the picture");
    orient_pixels(pixels, orientation, to);
    if (orient_swaps_sides(orientation)) {
        turned.width = pixels->height;
        turned.height = pixels->width;
        turned.stride_bytes = (size_t)turned.width * turned.channels;
    }
    turned.data = to;
    free((void *)pixels->data);
    *pixels = turned;
    return LK_OK;
}

enum lk_status decode_file(const uint8_t *bytes, size_t n, struct lk_pixels *pixels,
                           struct lk_error *err)
{
    enum format format = sniff(bytes, n);
    if (format == FORMAT_NONE)
        return FAIL(err, LK_UNSUPPORTED, "not a JPEG, PNG or GIF file");
    if (n > INT_MAX)
        return FAIL(err, LK_LIMIT, "a file of %zu bytes; the limit is %d", n, INT_MAX);
    if ((format == FORMAT_JPEG && !whole_jpeg(bytes, n)) ||
        (format == FORMAT_GIF && !whole_gif(bytes, n)))
        return FAIL(err, LK_CORRUPT, "the file is cut short or damaged");
    int width, height, in_file;
    if (!stbi_info_from_memory(bytes, (int)n, &width, &height, &in_file)) {
        /* decoding fails at the same place, and only it says why */
        stbi_image_free(stbi_load_from_memory(bytes, (int)n, &width, &height, &in_file, 0));
        return refuse(err);
    }
    TRY(check_size(width, height, err));
    /* Always 4 channels when there may be transparency, so that grey with alpha needs no case. */
    int channels = in_file == 1 ? 1 : in_file == 3 ? 3 : 4;
    uint8_t *data = stbi_load_from_memory(bytes, (int)n, &width, &height, &in_file, channels);
    if (!data)
        return refuse(err);
    if (channels == 4) {
        decode_over_white(data, (size_t)width * (size_t)height, 4);
        channels = 3;
    }
    *pixels = (struct lk_pixels){
        .data = data,
        .width = (uint32_t)width,
        .height = (uint32_t)height,
        .stride_bytes = (size_t)width * (size_t)channels,
        .channels = (uint8_t)channels,
    };
    enum lk_status status = turn(pixels, exif_orientation(bytes, n), err);
    if (status != LK_OK)
        free(data);
    return status;
}
