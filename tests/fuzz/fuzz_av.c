/* A whole file through the demuxers and decoders, in this process: prints that fit, or a reason.
 * The first byte chooses the purpose. */
#include "media/worker/av.h"

#include <likeness/fingerprint.h>

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void no_progress(void *ctx, unsigned percent)
{
    (void)ctx;
    if (percent > 100)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct av_prints prints;
    struct lk_error err;
    if (n < 1)
        return 0;
    const struct wire_job job = {.task = WIRE_PRINTS,
                                 .purpose = bytes[0] & 1 ? LK_QUERY : LK_REGISTRATION,
                                 .max_bytes = 1 << 20,
                                 .max_pixels = 1 << 20,
                                 .memory_bytes = 1 << 28,
                                 .max_duration_ms = 60000};
    int fd = memfd_create("clip", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes + 1, n - 1) != (ssize_t)(n - 1))
        return 0;
    av_run(fd, &job, no_progress, NULL, &prints);
    close(fd);
    const bool is_fine = prints.answer.reason == WIRE_FINE;
    if (is_fine != (prints.records != NULL) ||
        (is_fine && lk_sequence_check(&prints.sequence, &err) != LK_OK))
        abort();
    av_prints_fini(&prints);
    return 0;
}
