#include "cases/again.h"

#include "base/err.h"

#include <string.h>

#define LABEL_RESULT "idempotency.result"

static void derive(const struct registry *r, const char *use, const char *scope, int64_t scope_id,
                   struct seal_part input, uint8_t out[SEAL_HASH_BYTES])
{
    uint8_t id[8];
    for (int i = 0; i < 8; i++)
        id[i] = (uint8_t)((uint64_t)scope_id >> (8 * i));
    const struct seal_part parts[] = {SEAL_TEXT(use), SEAL_TEXT(scope), {id, sizeof id}, input};
    keys_hash(r->keys, KEY_IDEMPOTENCY, parts, 4, out, SEAL_HASH_BYTES);
}

void again_bind(struct idempotency *asked, const uint8_t id[STORE_ID_BYTES])
{
    uint8_t own[sizeof asked->request_hash];
    const struct seal_part parts[] = {{id, STORE_ID_BYTES}, {asked->request_hash, sizeof own}};
    seal_hash(NULL, parts, 2, own, sizeof own);
    memcpy(asked->request_hash, own, sizeof own);
}

enum lk_status again_init(const struct registry *r, const char *scope, int64_t scope_id,
                          const struct idempotency *asked, struct again *out, struct lk_error *err)
{
    *out = (struct again){.asked = asked->key != NULL};
    if (!out->asked)
        return LK_OK;
    if (asked->n_key == 0 || asked->n_key > IDEMPOTENCY_MAX_KEY)
        return FAIL(err, LK_INVALID, "the idempotency key is %zu bytes long, 1 to %d are allowed",
                    asked->n_key, IDEMPOTENCY_MAX_KEY);
    const struct seal_part key = {asked->key, asked->n_key};
    const struct seal_part request = {asked->request_hash, sizeof asked->request_hash};
    derive(r, "row", scope, scope_id, key, out->row);
    derive(r, "seal", scope, scope_id, key, out->seal_key);
    derive(r, "request", scope, scope_id, request, out->request);
    return LK_OK;
}

enum lk_status again_look(const struct registry *r, struct store_tx *tx, const struct again *again,
                          void *result, size_t n, bool *found, struct lk_error *err)
{
    *found = false;
    if (!again->asked)
        return LK_OK;
    struct idempotency_row row;
    enum lk_status status = idempotency_row_get(tx, again->row, clock_now_ms(&r->clock), &row, err);
    if (status == LK_NOT_FOUND)
        return LK_OK;
    TRY(status);
    if (!seal_equal(row.request_hash, again->request, sizeof again->request))
        return FAIL(err, LK_CONFLICT,
                    "this idempotency key was used for another request: take a new one");
    const struct seal_part id = {again->row, sizeof again->row};
    if (row.n_result != n + SEAL_OVERHEAD_BYTES ||
        !seal_take(again->seal_key, LABEL_RESULT, id, row.result, row.n_result, result))
        return FAIL(err, LK_CORRUPT, "the result kept for an idempotency key is damaged");
    *found = true;
    return LK_OK;
}

enum lk_status again_keep(const struct registry *r, struct store_tx *tx, const struct again *again,
                          const void *result, size_t n, struct lk_error *err)
{
    if (!again->asked)
        return LK_OK;
    struct idempotency_row row = {.n_result = n + SEAL_OVERHEAD_BYTES};
    memcpy(row.request_hash, again->request, sizeof row.request_hash);
    const struct seal_part id = {again->row, sizeof again->row};
    seal_put(again->seal_key, LABEL_RESULT, id, result, n, row.result);
    int64_t day = clock_day_start_ms(clock_now_ms(&r->clock)); /* not the time of a visit */
    return idempotency_row_put(tx, again->row, &row, day + 2 * CLOCK_DAY_MS, err);
}
