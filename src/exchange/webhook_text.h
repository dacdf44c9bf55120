/* exchange/webhook_text.h - a message to a partner as Standard Webhooks 1.0 has it: its body, its
 * signatures, and secrets as text. docs/formats/webhooks.md says the same for receivers. */
#ifndef EXCHANGE_WEBHOOK_TEXT_H
#define EXCHANGE_WEBHOOK_TEXT_H

#include "base/buf.h"
#include "cases/webhook_out.h"

#define WEBHOOK_KEY_CHARS (6 + 44) /* "whsec_" or "whpk_" and 32 bytes as base64 */

/* What a signature is over: id, '.', time, '.', body. */
struct webhook_signed {
    const char *id;
    int64_t time_s; /* of this try */
    const char *body;
    size_t n;
};

/* {"type":"notice.created","timestamp":"2026-11-22T10:20:30Z","data":{"id":"..."}}; without an id
 * "data" is empty. */
void webhook_text_body(struct buf *out, const struct webhook_out *message);

/* Adds "v1,..." (HMAC-SHA256 under a key of any length) or "v1a,..." (Ed25519; the key is its seed
 * of 32 bytes), after a space when there is one before. */
void webhook_text_sign(struct buf *out, unsigned scheme, struct seal_part key,
                       const struct webhook_signed *what);

/* "whsec_..." of a secret; "whpk_..." of a public key. */
void webhook_text_secret(const uint8_t secret[WEBHOOK_SECRET_BYTES],
                         char text[WEBHOOK_KEY_CHARS + 1]);
void webhook_text_public(const uint8_t key[SEAL_SIGN_KEY_BYTES], char text[WEBHOOK_KEY_CHARS + 1]);

#endif
