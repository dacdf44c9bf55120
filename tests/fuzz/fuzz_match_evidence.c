/* What is read as evidence of a match must be written back to the bytes it came from; of an older
 * version, to bytes that are read as the same. */
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
    const size_t n_again = match_evidence_write(&e, again);
    const bool is_older = bytes[0] < again[0];
    if (!is_older && (n_again != n || memcmp(again, bytes, n) != 0))
        abort();
    struct match_evidence same;
    uint8_t third[MATCH_EVIDENCE_BYTES];
    if (is_older &&
        (match_evidence_read(again, n_again, &same, NULL) != LK_OK ||
         match_evidence_write(&same, third) != n_again || memcmp(again, third, n_again) != 0))
        abort();
    return 0;
}
