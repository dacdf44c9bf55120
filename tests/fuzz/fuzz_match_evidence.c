/* What is read as evidence of a match must be written back to the bytes it came from. */
#include "cases/match_evidence.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct match_evidence e;
    uint8_t again[MATCH_EVIDENCE_BYTES];
    if (match_evidence_read(bytes, n, &e, NULL) != LK_OK)
        return 0;
    if (match_evidence_write(&e, again) != n || memcmp(again, bytes, n) != 0)
        abort();
    return 0;
}
