/* Query strings and form bodies: every field must be text with an end. */
#include "http/form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena arena;
    struct form form;
    arena_init(&arena, lk_alloc_heap(), 1 << 20);
    if (form_parse(&arena, (const char *)bytes, n, &form, NULL) == LK_OK)
        for (size_t i = 0; i < form.n; i++)
            if (strlen(form.fields[i].name) > n || strlen(form.fields[i].value) > n ||
                form_get(&form, form.fields[i].name) == NULL)
                abort();
    arena_fini(&arena);
    return 0;
}
