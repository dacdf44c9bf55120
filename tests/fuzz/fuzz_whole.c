/* The walks that tell a whole JPEG or GIF from one that is cut short: no byte outside is read, and
 * what is whole stays whole when something is appended. */
#include "media/wasm/whole.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *longer = malloc(size + 1);
    if (!longer)
        return 0;
    if (size > 0)
        memcpy(longer, data, size);
    longer[size] = 0;
    if ((whole_jpeg(data, size) && !whole_jpeg(longer, size + 1)) ||
        (whole_gif(data, size) && !whole_gif(longer, size + 1)))
        __builtin_trap();
    free(longer);
    return 0;
}
