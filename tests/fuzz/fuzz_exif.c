/* Orientation out of any bytes: always 1..8, never outside of them. */
#include "inspect/exif.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned orientation = exif_orientation(data, size);
    if (orientation < 1 || orientation > 8)
        __builtin_trap();
    return 0;
}
