/* The two picture parsers that are our own, BMP and PNM: there is a reason or a whole picture. */
#include "media/worker/codec.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void decode(const struct codec *codec, const uint8_t *bytes, size_t n)
{
    const struct codec_options options = {.max_pixels = 1 << 16};
    struct picture p = {0};
    if (!codec->knows(bytes, n))
        return;
    enum wire_reason reason = codec->decode(bytes, n, &options, &p);
    if ((reason == WIRE_FINE) != (p.pixels != NULL))
        abort();
    if (reason == WIRE_FINE && (uint64_t)p.width * p.height > options.max_pixels)
        abort();
    picture_fini(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    decode(&codec_bmp, bytes, n);
    decode(&codec_pnm, bytes, n);
    return 0;
}
