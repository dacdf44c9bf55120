/* What strangers put into pages: the languages that a browser asks for, and any bytes as text. */
#include "service/template.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = strndup((const char *)bytes, n);
    struct buf out;
    buf_init(&out, lk_alloc_heap(), 1 << 20);
    if (text != NULL && locale_accept(text, NULL) != NULL)
        template_escape(&out, text);
    /* whatever came in, no markup comes out */
    for (size_t i = 0; i < out.n; i++) {
        if (strchr("<>\"'", out.p[i]) != NULL)
            abort();
    }
    buf_fini(&out);
    free(text);
    return 0;
}
