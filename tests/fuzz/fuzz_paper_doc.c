/* Descriptions of documents: every text must be what the setter may be given. */
#include "base/utf8.h"
#include "paper/doc.h"

#include <stdint.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(const char *text, size_t n)
{
    if (strlen(text) != n || !utf8_valid(text, n))
        abort();
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 32 && text[i] != '\n')
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena arena;
    struct doc doc;
    arena_init(&arena, lk_alloc_heap(), 8 << 20);
    if (doc_parse(&arena, (const char *)bytes, n, &doc, NULL) == LK_OK) {
        check(doc.id, strlen(doc.id));
        check(doc.made, strlen(doc.made));
        for (size_t i = 0; i < doc.n_blocks; i++) {
            const struct doc_block *block = &doc.blocks[i];
            check(block->text, block->n_text);
            check(block->value, block->n_value);
            if (doc_kind_name(block->kind) == NULL || block->lang[0] == '\0')
                abort();
        }
    }
    arena_fini(&arena);
    return 0;
}
