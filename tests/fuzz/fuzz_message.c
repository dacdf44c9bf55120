/* Every sequence that a message gives must encode to the bytes it came from. */
#include <likeness/print.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct lk_message m;
    struct lk_sequence seq;
    static struct lk_record records[4096];
    if (lk_message_begin(bytes, n, &m, NULL) != LK_OK)
        return 0;
    for (;;) {
        const uint8_t *from = m.p;
        if (lk_message_next(&m, records, 4096, &seq, NULL) != LK_OK)
            return 0;
        size_t size = lk_sequence_encoded_bytes(&seq);
        uint8_t *again = malloc(size);
        if (again == NULL || lk_sequence_encode(&seq, again) != size ||
            memcmp(again, from, size) != 0)
            abort();
        free(again);
    }
}
