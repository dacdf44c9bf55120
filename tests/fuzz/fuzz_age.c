/* Keys as text, files of identities, and sealed files: the input as each of them, and as a header
 * for one fixed identity. */
#include "base/bech32.h"
#include "sys/age.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void fuzz_keys(const char *text, size_t n)
{
    struct bech32 b;
    struct age_recipient recipient;
    char again[BECH32_MAX_CHARS + 1];
    uint8_t raw[BECH32_MAX_CHARS];
    if (bech32_take(text, n, &b) && bech32_bytes(&b, raw, b.n_groups * 5 / 8))
        if (!bech32_put(b.prefix, raw, b.n_groups * 5 / 8, b.is_upper, again, sizeof again) ||
            strlen(again) != n || memcmp(again, text, n) != 0)
            abort();
    if (age_recipient_parse(text, n, &recipient, NULL) == LK_OK) {
        age_recipient_text(&recipient, again);
        if (strlen(again) != n || memcmp(again, text, n) != 0)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct age_identity found[AGE_MAX_IDENTITIES];
    static const struct age_identity fixed = {{7}};
    size_t n_found = 0;
    struct buf out;
    fuzz_keys((const char *)bytes, n);
    if (age_identities_parse((const char *)bytes, n, found, &n_found, NULL) == LK_OK &&
        (n_found == 0 || n_found > AGE_MAX_IDENTITIES))
        abort();
    buf_init(&out, lk_alloc_heap(), 1 << 20);
    if (age_open(&fixed, 1, bytes, n, &out, NULL) != LK_OK && out.n != 0)
        abort();
    buf_fini(&out);
    return 0;
}
