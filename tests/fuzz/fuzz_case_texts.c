/* Texts of a case as they come in a form's field: JSON of sealed boxes, from whoever. What is taken is
 * sealed, bounded, and passes the check of the cases. */
#include "service/api/case_texts.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena arena;
    struct lk_error err;
    struct case_request request = {0};
    arena_init(&arena, lk_alloc_heap(), 1 << 22);
    if (case_texts_parse((const char *)bytes, n, &arena, &request, &err) == LK_OK) {
        if (request.n_texts > CASE_MAX_TEXTS)
            abort();
        for (size_t i = 0; i < request.n_texts; i++)
            if (request.texts[i].text != NULL || request.texts[i].own == NULL ||
                request.texts[i].desk == NULL)
                abort();
    }
    arena_fini(&arena);
    return 0;
}
