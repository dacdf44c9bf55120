#include "cases/place.h"

#include <string.h>

void place_hash(const struct registry *r, const char *url, uint8_t hash[SEAL_HASH_BYTES])
{
    const struct seal_part part = {url, strlen(url)};
    keys_hash(r->keys, KEY_PLACE, &part, 1, hash, SEAL_HASH_BYTES);
}
