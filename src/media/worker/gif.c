/* GIF through giflib: the first frame, on its canvas, the rest of the canvas white. The file is
 * not read beyond that frame. */
#include "codec.h"

#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>

struct source {
    const uint8_t *p;
    size_t left;
};

static int read_some(GifFileType *gif, GifByteType *to, int n)
{
    struct source *source = gif->UserData;
    size_t got = (size_t)n < source->left ? (size_t)n : source->left;
    memcpy(to, source->p, got);
    source->p += got;
    source->left -= got;
    return (int)got;
}

static bool knows(const uint8_t *bytes, size_t n)
{
    return n >= 6 && (memcmp(bytes, "GIF87a", 6) == 0 || memcmp(bytes, "GIF89a", 6) == 0);
}

static enum wire_reason reason_of(int error)
{
    switch (error) {
    case D_GIF_ERR_NOT_ENOUGH_MEM:
        return WIRE_NO_MEMORY;
    case D_GIF_ERR_READ_FAILED:
    case D_GIF_ERR_EOF_TOO_SOON:
        return WIRE_CUT_SHORT;
    default:
        return WIRE_DAMAGED;
    }
}

/* Reads up to the first picture; *transparent receives its clear colour, or -1. */
static enum wire_reason find_frame(GifFileType *gif, int *transparent)
{
    *transparent = NO_TRANSPARENT_COLOR;
    for (;;) {
        GifRecordType type;
        if (DGifGetRecordType(gif, &type) == GIF_ERROR)
            return reason_of(gif->Error);
        if (type == IMAGE_DESC_RECORD_TYPE)
            return WIRE_FINE;
        if (type == TERMINATE_RECORD_TYPE)
            return WIRE_DAMAGED;
        int code;
        GifByteType *block = NULL;
        if (type != EXTENSION_RECORD_TYPE || DGifGetExtension(gif, &code, &block) == GIF_ERROR)
            return reason_of(gif->Error);
        GraphicsControlBlock control;
        if (code == GRAPHICS_EXT_FUNC_CODE && block != NULL &&
            DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
            *transparent = control.TransparentColor;
        while (block != NULL)
            if (DGifGetExtensionNext(gif, &block) == GIF_ERROR)
                return reason_of(gif->Error);
    }
}

static void paint_row(const GifPixelType *from, uint8_t *to, size_t width,
                      const ColorMapObject *colours, int transparent)
{
    for (size_t i = 0; i < width; i++) {
        if (from[i] == transparent || from[i] >= colours->ColorCount)
            continue; /* stays white; browsers leave unknown colours clear too */
        const GifColorType *c = &colours->Colors[from[i]];
        to[3 * i] = c->Red;
        to[3 * i + 1] = c->Green;
        to[3 * i + 2] = c->Blue;
    }
}

static enum wire_reason read_frame(GifFileType *gif, struct picture *out, int transparent)
{
    static const unsigned first[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
    const GifImageDesc *frame = &gif->Image;
    const ColorMapObject *colours = frame->ColorMap != NULL ? frame->ColorMap : gif->SColorMap;
    if (colours == NULL)
        return WIRE_DAMAGED;
    size_t width = (size_t)frame->Width, left = (size_t)frame->Left, top = (size_t)frame->Top;
    GifPixelType *row = malloc(width);
    if (row == NULL)
        return WIRE_NO_MEMORY;
    unsigned n_passes = frame->Interlace ? 4 : 1;
    for (unsigned pass = 0; pass < n_passes; pass++) {
        unsigned y = frame->Interlace ? first[pass] : 0;
        for (; y < (unsigned)frame->Height; y += frame->Interlace ? step[pass] : 1) {
            if (DGifGetLine(gif, row, (int)width) == GIF_ERROR) {
                free(row);
                return reason_of(gif->Error);
            }
            paint_row(row, out->pixels + ((top + y) * out->width + left) * 3, width, colours,
                      transparent);
        }
    }
    free(row);
    return WIRE_FINE;
}

static enum wire_reason decode_with(GifFileType *gif, const struct codec_options *options,
                                    struct picture *out)
{
    int transparent;
    enum wire_reason reason = find_frame(gif, &transparent);
    if (reason != WIRE_FINE)
        return reason;
    if (DGifGetImageDesc(gif) == GIF_ERROR)
        return reason_of(gif->Error);
    const GifImageDesc *frame = &gif->Image;
    if (frame->Width <= 0 || frame->Height <= 0)
        return WIRE_DAMAGED;
    /* A frame larger than the canvas makes the canvas larger, as browsers have it. */
    uint64_t width = (uint64_t)frame->Left + (uint64_t)frame->Width;
    uint64_t height = (uint64_t)frame->Top + (uint64_t)frame->Height;
    if (width < (uint64_t)gif->SWidth)
        width = (uint64_t)gif->SWidth;
    if (height < (uint64_t)gif->SHeight)
        height = (uint64_t)gif->SHeight;
    reason = picture_size(out, width, height, options);
    if (reason == WIRE_FINE)
        reason = picture_alloc(out, (uint32_t)width, (uint32_t)height, 3);
    if (reason != WIRE_FINE)
        return reason;
    memset(out->pixels, 255, (size_t)width * (size_t)height * 3);
    return read_frame(gif, out, transparent);
}

static enum wire_reason decode(const uint8_t *bytes, size_t n, const struct codec_options *options,
                               struct picture *out)
{
    struct source source = {bytes, n};
    int error = 0;
    GifFileType *gif = DGifOpen(&source, read_some, &error);
    if (gif == NULL)
        return reason_of(error);
    enum wire_reason reason = decode_with(gif, options, out);
    DGifCloseFile(gif, NULL);
    if (reason != WIRE_FINE)
        picture_fini(out);
    return reason;
}

const struct codec codec_gif = {.format = WIRE_GIF, .knows = knows, .decode = decode};
