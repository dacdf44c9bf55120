/* Any bytes as an address: the outcome fits its room and is its own outcome. */
#include "base/url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int good)
{
    if (!good)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n_host;
    char *once = malloc(URL_ROOM(size));
    if (once == NULL)
        return 0;
    bool is_url = url_normalise((const char *)data, size, once);
    size_t n = strlen(once);
    char *twice = malloc(URL_ROOM(n));
    if (is_url && twice != NULL) {
        demand(url_normalise(once, n, twice));
        demand(strcmp(once, twice) == 0);
        (void)url_host(once, &n_host);
        demand(n_host > 0 && n_host < n);
    }
    free(once);
    free(twice);
    return 0;
}
