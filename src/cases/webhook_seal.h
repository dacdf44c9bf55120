/* cases/webhook_seal.h - what is sealed of a webhook. For this folder alone. */
#ifndef CASES_WEBHOOK_SEAL_H
#define CASES_WEBHOOK_SEAL_H

#include "cases/registry_inside.h"
#include "store/webhook_rows.h"

#define LABEL_WEBHOOK_URL    "webhook.url"
#define LABEL_WEBHOOK_SECRET "webhook.secret"

static inline void webhook_seal_secret(const struct registry *r, const struct webhook_row *row,
                                       const uint8_t secret[WEBHOOK_SECRET_BYTES],
                                       uint8_t sealed[WEBHOOK_SECRET_BYTES + SEAL_OVERHEAD_BYTES])
{
    seal_put(keys_get(r->keys, KEY_WEBHOOK), LABEL_WEBHOOK_SECRET,
             (struct seal_part){row->public_id, STORE_ID_BYTES}, secret, WEBHOOK_SECRET_BYTES,
             sealed);
}

static inline bool
webhook_open_secret(const struct registry *r, const struct webhook_row *row,
                    const uint8_t sealed[WEBHOOK_SECRET_BYTES + SEAL_OVERHEAD_BYTES],
                    uint8_t secret[WEBHOOK_SECRET_BYTES])
{
    return seal_take(keys_get(r->keys, KEY_WEBHOOK), LABEL_WEBHOOK_SECRET,
                     (struct seal_part){row->public_id, STORE_ID_BYTES}, sealed,
                     WEBHOOK_SECRET_BYTES + SEAL_OVERHEAD_BYTES, secret);
}

/* The address, in the arena; NULL: it does not open, or there is no memory. */
const char *webhook_open_url(const struct registry *r, const struct webhook_row *row,
                             struct arena *arena);

/* "msg_" and the id. */
void webhook_message_text(const uint8_t id[STORE_ID_BYTES], char *text);

#endif
