/* What a decoder that was taken over may answer: whatever the header says, a picture that is
 * believed must fit the job. The first bytes choose the job. */
#include "media/wire.h"

#include <likeness/image.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    uint8_t header[WIRE_ANSWER_BYTES];
    struct wire_verdict verdict = {.magic = WIRE_MAGIC};
    struct wire_answer a;
    struct lk_error err;
    if (n < 2 + sizeof header)
        return 0;
    const struct wire_job job = {
        .max_pixels = 100000,
        .front_end = bytes[0] & 1 ? LK_SCALED : LK_FULLRES,
        .ignore_orientation = bytes[0] >> 1 & 1,
    };
    verdict.timed_out = bytes[0] >> 7;
    verdict.wait_status = bytes[1];
    memcpy(header, bytes + 2, sizeof header);
    if (wire_death(&verdict, &job, &err) == LK_OK)
        abort();
    if (wire_answer_get(header, &job, &a, &err) != LK_OK)
        return 0;
    if (a.reason != WIRE_FINE) {
        if (wire_refusal(&a, &job, &err) == LK_OK)
            abort();
        return 0;
    }
    if ((uint64_t)a.width * a.height > job.max_pixels || a.width == 0 || a.height == 0 ||
        (a.channels != 1 && a.channels != 3))
        abort();
    return 0;
}
