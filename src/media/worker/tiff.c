/* TIFF through libtiff's RGBA reader: any photometric form, compression and layout it knows, of
 * 1 to 16 bits a sample; the first page. The reader premultiplies, so white is simply added. */
#include "codec.h"

#include "inspect/exif.h"

#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

struct source {
    const uint8_t *p;
    toff_t n, at;
};

static tmsize_t read_some(thandle_t handle, void *to, tmsize_t n)
{
    struct source *s = handle;
    toff_t left = s->at < s->n ? s->n - s->at : 0;
    toff_t got = (toff_t)n < left ? (toff_t)n : left;
    memcpy(to, s->p + (got > 0 ? s->at : 0), got);
    s->at += got;
    return (tmsize_t)got;
}

static tmsize_t write_nothing(thandle_t handle, void *from, tmsize_t n)
{
    (void)handle, (void)from, (void)n;
    return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence)
{
    struct source *s = handle;
    s->at = whence == SEEK_SET ? offset : whence == SEEK_CUR ? s->at + offset : s->n + offset;
    return s->at;
}

static toff_t size(thandle_t handle)
{
    return ((struct source *)handle)->n;
}

static int close_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

static bool knows(const uint8_t *bytes, size_t n)
{
    return n >= 4 && (memcmp(bytes, "II\x2a\0", 4) == 0 || memcmp(bytes, "MM\0\x2a", 4) == 0 ||
                      memcmp(bytes, "II\x2b\0", 4) == 0 || memcmp(bytes, "MM\0\x2b", 4) == 0);
}

/* ABGR words, premultiplied, to RGB over white, in place. */
static void unpack(const uint32_t *from, uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t v = from[i];
        unsigned white = 255u - TIFFGetA(v);
        unsigned rgb[3] = {TIFFGetR(v) + white, TIFFGetG(v) + white, TIFFGetB(v) + white};
        for (size_t c = 0; c < 3; c++)
            to[3 * i + c] = (uint8_t)(rgb[c] < 255 ? rgb[c] : 255);
    }
}

static bool is_grey(TIFF *tif)
{
    uint16_t photometric = PHOTOMETRIC_RGB;
    TIFFGetField(tif, TIFFTAG_PHOTOMETRIC, &photometric);
    return photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
}

static enum wire_reason read_page(TIFFRGBAImage *image, bool grey, struct picture *out)
{
    if (picture_alloc(out, image->width, image->height, 4) != WIRE_FINE)
        return WIRE_NO_MEMORY;
    /* Rows in the order of the file: the orientation is applied later, for all formats alike. */
    image->orientation = ORIENTATION_TOPLEFT;
    image->req_orientation = ORIENTATION_TOPLEFT;
    uint32_t *raster = (uint32_t *)(void *)out->pixels;
    if (!TIFFRGBAImageGet(image, raster, image->width, image->height))
        return WIRE_DAMAGED;
    unpack(raster, out->pixels, (size_t)image->width * image->height);
    out->channels = 3;
    if (grey)
        picture_keep_one_channel(out);
    return WIRE_FINE;
}

static enum wire_reason decode_with(TIFF *tif, const struct codec_options *options,
                                    struct picture *out)
{
    char why[1024];
    uint32_t width = 0, height = 0;
    TIFFGetField(tif, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tif, TIFFTAG_IMAGELENGTH, &height);
    enum wire_reason reason = picture_size(out, width, height, options);
    if (reason != WIRE_FINE)
        return reason;
    TIFFRGBAImage image;
    if (!TIFFRGBAImageOK(tif, why))
        return WIRE_VARIANT;
    if (!TIFFRGBAImageBegin(&image, tif, 1 /* stop at the first error */, why))
        return WIRE_DAMAGED;
    reason = read_page(&image, is_grey(tif), out);
    TIFFRGBAImageEnd(&image);
    return reason;
}

static enum wire_reason decode(const uint8_t *bytes, size_t n, const struct codec_options *options,
                               struct picture *out)
{
    struct source source = {bytes, n, 0};
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    TIFF *tif = TIFFClientOpen("", "rm", &source, read_some, write_nothing, seek, close_nothing,
                               size, NULL, NULL);
    if (tif == NULL)
        return WIRE_DAMAGED;
    enum wire_reason reason = decode_with(tif, options, out);
    TIFFClose(tif);
    if (reason != WIRE_FINE)
        picture_fini(out);
    return reason;
}

const struct codec codec_tiff = {
    .format = WIRE_TIFF,
    .knows = knows,
    .decode = decode,
    .orientation = exif_orientation,
};
