/* Mails that came back. */
#include "exchange/bounce.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bounce bounce;
    bounce_read((const char *)data, size, &bounce);
    size_t letter = strlen(bounce.letter), token = strlen(bounce.token);
    if ((letter != 0 && letter != BOUNCE_LETTER_CHARS) ||
        (token != 0 && token != BOUNCE_TOKEN_CHARS) || (token != 0 && letter == 0) ||
        (bounce.is_failure && bounce.is_delay))
        __builtin_trap();
    return 0;
}
