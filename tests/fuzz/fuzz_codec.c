/* Every decoder, in one process and out of its jail: whatever the bytes are, there is a reason or a
 * picture that is what its header says. */
#include "media/worker/codec.h"

#include <likeness/image.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
const char *__lsan_default_suppressions(void);

/* What these forget on damaged files dies with the child. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libdav1d\nleak:libheif\nleak:libstdc++\n";
}

/* Reads every pixel, so that a sanitizer sees one that is missing. */
static unsigned sum(const struct picture *p)
{
    unsigned total = 0;
    for (size_t i = 0; i < (size_t)p->width * p->height * p->channels; i++)
        total += p->pixels[i];
    return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const struct codec *codec = codec_find(bytes, n);
    if (codec == NULL)
        return 0;
    const struct wire_job job = {
        .max_pixels = 1 << 20,
        .memory_bytes = 1 << 30,
        .front_end = n % 2 ? LK_SCALED : LK_FULLRES,
        .ignore_orientation = n % 3 == 0,
    };
    struct wire_answer answer, checked;
    struct picture picture;
    struct lk_error err;
    codec_run(codec, bytes, n, &job, &answer, &picture);
    if (answer.reason == WIRE_FINE) {
        uint8_t header[WIRE_ANSWER_BYTES];
        wire_answer_put(&answer, header);
        if (wire_answer_get(header, &job, &checked, &err) != LK_OK)
            abort(); /* our own client would not believe it */
        (void)sum(&picture);
    } else if (picture.pixels != NULL) {
        abort();
    }
    picture_fini(&picture);
    return 0;
}
