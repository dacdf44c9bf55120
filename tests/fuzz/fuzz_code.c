/* Case codes as typed: whatever is read must be 20 digits that write and read as themselves. */
#include "cases/code.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct code code, again;
    struct lk_error err;
    char text[CODE_TEXT_BYTES];
    if (code_parse((const char *)bytes, n, &code, &err) != LK_OK)
        return 0;
    for (size_t i = 0; i < CODE_DIGITS; i++)
        if (code.digits[i] < '0' || code.digits[i] > '9')
            abort();
    code_format(&code, text);
    if (strlen(text) != CODE_TEXT_BYTES - 1 ||
        code_parse(text, strlen(text), &again, &err) != LK_OK ||
        memcmp(code.digits, again.digits, CODE_DIGITS) != 0)
        abort();
    return 0;
}
