/* Any bytes as a page: what is found is bounded, not empty, and counted. */
#include "exchange/html_media.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool count(void *ctx, const char *address)
{
    size_t *n = ctx;
    size_t length = strlen(address);
    if (length == 0 || length > HTML_MEDIA_MAX_BYTES)
        __builtin_trap();
    ++*n;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n = 0;
    if (html_media_scan((const char *)data, size, count, &n) != n || n > HTML_MEDIA_MAX)
        __builtin_trap();
    return 0;
}
