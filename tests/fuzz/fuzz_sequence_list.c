/* Sequences that are read from a list must encode to the bytes they came from. */
#include "exchange/sequence_list.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena arena;
    struct lk_sequence *sequences = NULL;
    size_t count = 0, at = 0;
    arena_init(&arena, lk_alloc_heap(), 1 << 24);
    if (sequence_list_read(bytes, n, 200, &arena, &sequences, &count, NULL) != LK_OK) {
        arena_fini(&arena);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        size_t size = lk_sequence_encoded_bytes(&sequences[i]);
        uint8_t *again = malloc(size);
        if (again == NULL || size > n - at || lk_sequence_encode(&sequences[i], again) != size ||
            memcmp(again, bytes + at, size) != 0)
            abort();
        free(again);
        at += size;
    }
    if (at != n)
        abort();
    arena_fini(&arena);
    return 0;
}
