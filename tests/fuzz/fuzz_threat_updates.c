/* Pages in the form of ThreatExchange. A withdrawn item without a fingerprint is not written. */
#include "exchange/threat_updates.h"
#include "fuzz_foreign.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char token[64];
    size_t n_token = n < sizeof token - 1 ? n : sizeof token - 1;
    memcpy(token, bytes, n_token);
    token[n_token] = '\0';
    const char *secret = threat_updates_secret(token);
    fuzz_need(secret == NULL || strlen(secret) >= 20);
    return fuzz_page(bytes, n, threat_updates_read, threat_updates_write, 0);
}
