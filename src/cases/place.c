#include "cases/place.h"

#include "base/url.h"
#include "cases/case_text.h"

#include <string.h>

void place_hash(const struct registry *r, const char *url, uint8_t hash[SEAL_HASH_BYTES])
{
    char normal[URL_ROOM(CASE_TEXT_MAX_BYTES)];
    struct seal_part part = {url, strlen(url)};
    if (part.n <= CASE_TEXT_MAX_BYTES) {
        (void)url_normalise(url, part.n, normal);
        part = (struct seal_part){normal, strlen(normal)};
    }
    keys_hash(r->keys, KEY_PLACE, &part, 1, hash, SEAL_HASH_BYTES);
    seal_wipe(normal, sizeof normal);
}
