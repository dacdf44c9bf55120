/* The manifest of a bank: whatever the bytes, reading ends with an answer, and what it lists is
 * what a manifest may list. */
#include "bank/manifest.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct manifest m;
    struct lk_error err;
    if (manifest_parse(bytes, n, &m, &err) != LK_OK)
        return 0;
    for (size_t i = 0; i < m.n_items; i++)
        if (i >= MANIFEST_MAX_ITEMS || m.items[i].number >= m.next_number)
            abort();
    return 0;
}
