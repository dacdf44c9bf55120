/* The parts of any body lie within it, one behind the other. */
#include "http/parts.h"

#include <stdbool.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct part parts[PARTS_MAX];
    const char *body = (const char *)data;
    size_t n = 0;
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    bool good = parts_read("multipart/form-data; boundary=xx", body, size, &arena, parts, &n,
                           NULL) == LK_OK;
    for (size_t i = 0; good && i < n; i++) {
        const char *after = i == 0 ? body : parts[i - 1].bytes + parts[i - 1].n;
        if (parts[i].bytes < after || parts[i].bytes + parts[i].n > body + size ||
            parts_get(parts, n, parts[i].name) > &parts[i])
            __builtin_trap();
    }
    arena_fini(&arena);
    return 0;
}
