/* What a decoder that was taken over may answer about a video: whatever it says must fit the job,
 * and a refusal has words. The first bytes choose the job. */
#include "media/wire.h"

#include <likeness/print.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    uint8_t header[WIRE_PRINTS_BYTES], again[WIRE_PRINTS_BYTES];
    struct wire_prints a;
    struct lk_error err;
    if (n < 2 + sizeof header)
        return 0;
    const struct wire_job job = {.max_pixels = 1u << (bytes[0] % 28),
                                 .max_duration_ms = 1u << (bytes[1] % 31)};
    memcpy(header, bytes + 2, sizeof header);
    if (wire_prints_get(header, &job, &a, &err) != LK_OK)
        return 0;
    wire_prints_put(&a, again);
    if (a.reason != WIRE_FINE && wire_prints_refusal(&a, &job, &err) == LK_OK)
        abort();
    if (a.reason == WIRE_FINE && a.n_bytes > 0 &&
        ((uint64_t)a.width * a.height > job.max_pixels || a.duration_ms > job.max_duration_ms ||
         a.format >= WIRE_N_FORMATS || memcmp(header, again, WIRE_PRINTS_BYTES - 14) != 0))
        abort();
    for (uint32_t bit = 1; bit <= WIRE_WARN_ALL; bit <<= 1)
        if (wire_warning_text(bit) == NULL)
            abort();
    return 0;
}
