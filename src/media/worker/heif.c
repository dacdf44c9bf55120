/* HEIC and AVIF through libheif, which turns, mirrors and crops as the file says unless told not
 * to. Its codecs start threads of their own, hence the jail's wider profile. */
#include "codec.h"

#include <likeness/image.h>
#include <string.h>

#include <libheif/heif.h>

/* Where memory ends, libheif's codecs say "damaged" or "unsupported", or abort. So it is asked
 * first, by what they were seen to take. */
enum { BYTES_PER_PIXEL = 10, BYTES_AT_LEAST = 16 << 20 };

/* The file type box: size, "ftyp", major brand, version, then compatible brands to its end. */
static bool has_brand(const uint8_t *bytes, size_t n, const char *const *brands)
{
    if (n < 16 || memcmp(bytes + 4, "ftyp", 4) != 0)
        return false;
    size_t end = (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
    if (end > n)
        end = n;
    for (size_t at = 8; at + 4 <= end; at += at == 8 ? 8 : 4)
        for (const char *const *b = brands; *b != NULL; b++)
            if (memcmp(bytes + at, *b, 4) == 0)
                return true;
    return false;
}

static bool knows_avif(const uint8_t *bytes, size_t n)
{
    static const char *const brands[] = {"avif", "avis", NULL};
    return has_brand(bytes, n, brands);
}

static bool knows_heic(const uint8_t *bytes, size_t n)
{
    static const char *const brands[] = {"heic", "heix", "heim", "heis", "hevc",
                                         "hevx", "mif1", "msf1", NULL};
    return has_brand(bytes, n, brands) && !knows_avif(bytes, n);
}

static enum wire_reason reason_of(struct heif_error error)
{
    switch (error.code) {
    case heif_error_Ok:
        return WIRE_FINE;
    case heif_error_Memory_allocation_error:
        return error.subcode == heif_suberror_Security_limit_exceeded ? WIRE_TOO_LONG_SIDE
                                                                      : WIRE_NO_MEMORY;
    case heif_error_Unsupported_filetype:
    case heif_error_Unsupported_feature:
        return WIRE_VARIANT;
    default:
        return error.subcode == heif_suberror_End_of_data ? WIRE_CUT_SHORT : WIRE_DAMAGED;
    }
}

static enum wire_reason copy_out(const struct heif_image *image, bool has_alpha,
                                 const struct codec_options *options, struct picture *out)
{
    int stride, width = heif_image_get_primary_width(image);
    int height = heif_image_get_primary_height(image);
    const uint8_t *plane = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    if (plane == NULL || width <= 0 || height <= 0)
        return WIRE_DAMAGED;
    /* Stated again, for the codec may differ from the container. */
    enum wire_reason reason = picture_size(out, (uint64_t)width, (uint64_t)height, options);
    if (reason == WIRE_FINE)
        reason = picture_alloc(out, (uint32_t)width, (uint32_t)height, 3);
    if (reason != WIRE_FINE)
        return reason;
    for (size_t y = 0; y < (size_t)height; y++) {
        const uint8_t *from = plane + y * (size_t)stride;
        uint8_t *to = out->pixels + y * (size_t)width * 3;
        if (has_alpha)
            pixels_over_white(from, to, (size_t)width);
        else
            memcpy(to, from, (size_t)width * 3);
    }
    return WIRE_FINE;
}

static enum wire_reason decode_handle(const struct heif_image_handle *handle,
                                      const struct codec_options *options, struct picture *out)
{
    enum wire_reason reason = picture_size(out, (uint64_t)heif_image_handle_get_width(handle),
                                           (uint64_t)heif_image_handle_get_height(handle), options);
    if (reason != WIRE_FINE)
        return reason;
    uint64_t n_pixels = (uint64_t)out->source_width * out->source_height;
    if (n_pixels * BYTES_PER_PIXEL + BYTES_AT_LEAST > options->memory_bytes)
        return WIRE_NO_MEMORY;
    struct heif_decoding_options *how = heif_decoding_options_alloc();
    if (how == NULL)
        return WIRE_NO_MEMORY;
    how->ignore_transformations = options->keep_as_stored;
    how->convert_hdr_to_8bit = 1;
    how->strict_decoding = 1;
    bool has_alpha = heif_image_handle_has_alpha_channel(handle) != 0;
    struct heif_image *image = NULL;
    reason = reason_of(heif_decode_image(
        handle, &image, heif_colorspace_RGB,
        has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, how));
    heif_decoding_options_free(how);
    if (reason == WIRE_FINE)
        reason = copy_out(image, has_alpha, options, out);
    heif_image_release(image);
    return reason;
}

static enum wire_reason decode(const uint8_t *bytes, size_t n, const struct codec_options *options,
                               struct picture *out)
{
    struct heif_context *ctx = heif_context_alloc();
    if (ctx == NULL)
        return WIRE_NO_MEMORY;
    heif_context_set_maximum_image_size_limit(ctx, (int)LK_MAX_SIDE);
    heif_context_set_max_decoding_threads(ctx, 0);
    struct heif_image_handle *handle = NULL;
    enum wire_reason reason =
        reason_of(heif_context_read_from_memory_without_copy(ctx, bytes, n, NULL));
    if (reason == WIRE_FINE)
        reason = reason_of(heif_context_get_primary_image_handle(ctx, &handle));
    if (reason == WIRE_FINE)
        reason = decode_handle(handle, options, out);
    heif_image_handle_release(handle);
    heif_context_free(ctx);
    if (reason != WIRE_FINE)
        picture_fini(out);
    return reason;
}

void heif_warm(void)
{
    (void)heif_init(NULL); /* finds plug-ins: a matter of files */
}

const struct codec codec_heic = {
    .format = WIRE_HEIC,
    .needs_threads = true,
    .knows = knows_heic,
    .decode = decode,
};

const struct codec codec_avif = {
    .format = WIRE_AVIF,
    .needs_threads = true,
    .knows = knows_avif,
    .decode = decode,
};
