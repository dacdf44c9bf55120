/* cases/again.h - requests that may come twice (struct idempotency in cases/registry.h).
 *
 *     row        keyed hash(row, scope, client's key)
 *     request    keyed hash(request, scope, client's hash of its request)
 *     result     sealed under keyed hash(seal, scope, client's key)
 *
 * So the store alone shows neither keys nor results, and one caller's keys never meet another's. */
#ifndef CASES_AGAIN_H
#define CASES_AGAIN_H

#include "cases/registry_inside.h"
#include "store/idempotency_rows.h"

#define AGAIN_MAX_RESULT (IDEMPOTENCY_MAX_RESULT - SEAL_OVERHEAD_BYTES)

struct again {
    bool asked; /* false: the caller gave no key; nothing below counts */
    uint8_t row[SEAL_HASH_BYTES];
    uint8_t request[SEAL_HASH_BYTES];
    uint8_t seal_key[SEAL_KEY_BYTES];
};

/* The same words about another thing are another request: binds what is asked to the thing's id. */
void again_bind(struct idempotency *asked, const uint8_t id[STORE_ID_BYTES]);

/* scope_id tells callers apart: a partner's number, 0 for the public.
 * Errors: LK_INVALID (length of the key). */
enum lk_status again_init(const struct registry *r, const char *scope, int64_t scope_id,
                          const struct idempotency *asked, struct again *out,
                          struct lk_error *err) LK_MUST_CHECK;

/* Looks for the result of exactly n bytes. *found false: first time, or no key given.
 * Errors: LK_CONFLICT (another request under this key), LK_CORRUPT. */
enum lk_status again_look(const struct registry *r, struct store_tx *tx, const struct again *again,
                          void *result, size_t n, bool *found, struct lk_error *err) LK_MUST_CHECK;

/* Keeps the result, n <= AGAIN_MAX_RESULT, until the end of the next day. */
enum lk_status again_keep(const struct registry *r, struct store_tx *tx, const struct again *again,
                          const void *result, size_t n, struct lk_error *err) LK_MUST_CHECK;

#endif
