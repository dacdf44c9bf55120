/* An address out of any text and any bytes: what another IPv6 form carries, it is. */
#include "sys/address.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int good)
{
    if (!good)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[16] = {0};
    uint8_t nat64[16] = {0x00, 0x64, 0xff, 0x9b};
    enum address_kind kind = ADDRESS_PUBLIC;
    memcpy(bytes, data, size < sizeof bytes ? size : sizeof bytes);
    memcpy(nat64 + 12, bytes, 4);
    demand(address_kind_v6(nat64) == address_kind_v4(bytes));
    if (address_kind_v6(bytes) == ADDRESS_PUBLIC)
        demand(bytes[0] >> 5 == 1 || bytes[0] == 0);
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (address_parse(text, &kind))
        demand(kind <= ADDRESS_RESERVED);
    free(text);
    return 0;
}
