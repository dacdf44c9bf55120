#include "cases/letter_bounce.h"

#include "base/err.h"
#include "base/hex.h"
#include "cases/registry_inside.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_BYTES = LETTER_BOUNCE_TOKEN_CHARS / 2 };

static void make_token(const struct registry *r, const uint8_t id[LETTER_OUT_ID_BYTES],
                       char token[LETTER_BOUNCE_TOKEN_CHARS + 1])
{
    uint8_t hash[SEAL_HASH_BYTES];
    const struct seal_part part = {id, LETTER_OUT_ID_BYTES};
    keys_hash(r->keys, KEY_BOUNCE, &part, 1, hash, sizeof hash);
    hex_encode(hash, TOKEN_BYTES, token);
    token[LETTER_BOUNCE_TOKEN_CHARS] = '\0';
}

enum lk_status letter_bounce_address(const struct registry *r, const char *address,
                                     const uint8_t id[LETTER_OUT_ID_BYTES],
                                     char out[LETTER_BOUNCE_ADDRESS_BYTES], struct lk_error *err)
{
    char hex[2 * LETTER_OUT_ID_BYTES + 1] = {0}, token[LETTER_BOUNCE_TOKEN_CHARS + 1];
    const char *at = strchr(address, '@');
    if (at == NULL || at == address || at - address > LETTER_BOUNCE_MAX_NAME ||
        strlen(at) > LETTER_BOUNCE_ADDRESS_BYTES - 100)
        return FAIL(
            err, LK_INVALID,
            "the address for returned letters is name@domain, its name at most %d characters",
            LETTER_BOUNCE_MAX_NAME);
    hex_encode(id, LETTER_OUT_ID_BYTES, hex);
    make_token(r, id, token);
    snprintf(out, LETTER_BOUNCE_ADDRESS_BYTES, "%.*s+%s-%s%s", (int)(at - address), address, hex,
             token, at);
    return LK_OK;
}

enum lk_status letter_bounced(struct registry *r, const char *letter, const char *token,
                              struct lk_error *err)
{
    uint8_t id[LETTER_OUT_ID_BYTES];
    char ours[LETTER_BOUNCE_TOKEN_CHARS + 1];
    unsigned state = 0;
    if (strlen(letter) != 2 * LETTER_OUT_ID_BYTES || !hex_decode(letter, id, sizeof id))
        return FAIL(err, LK_NOT_FOUND, "the mail names no letter of this desk");
    make_token(r, id, ours);
    if (token[0] != '\0' &&
        (strlen(token) != sizeof ours - 1 || !seal_equal(token, ours, sizeof ours - 1)))
        return FAIL(err, LK_DENIED, "the address of the mail was not made here");
    TRY(letter_out_end(r, id, LETTER_BOUNCED, "it came back", &state, err));
    return state != 0 ? LK_OK : FAIL(err, LK_NOT_FOUND, "the letter does not exist any more");
}
