#include "cases/case_seal.h"

#include "base/err.h"
#include "sys/rand.h"

void case_row_begin(const struct registry *r, struct case_row *row)
{
    int64_t day_ms = clock_day_start_ms(clock_now_ms(&r->clock));
    *row = (struct case_row){
        .state = CASE_ROW_OPEN,
        .opened_day_ms = day_ms,
        .expires_ms = day_ms + r->retention_days * CLOCK_DAY_MS,
    };
    rand_bytes(row->public_id, sizeof row->public_id);
}

enum lk_status case_seal_entry(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                               const struct lk_sequence *sequence, unsigned number,
                               struct entry_row *out, struct lk_error *err)
{
    size_t n = lk_sequence_encoded_bytes(sequence);
    uint8_t *plain = arena_alloc(arena, n);
    uint8_t *sealed = arena_alloc(arena, n + SEAL_OVERHEAD_BYTES);
    if (plain == NULL || sealed == NULL)
        return FAIL(err, LK_NOMEM, "no memory to seal item %u", number);
    *out = (struct entry_row){
        .number = number,
        .medium = sequence->medium,
        .tier = LK_TIER_SELF,
        .record = sealed,
        .n_record = n + SEAL_OVERHEAD_BYTES,
    };
    rand_bytes(out->public_id, sizeof out->public_id);
    lk_sequence_encode(sequence, plain);
    const struct seal_part id = {out->public_id, sizeof out->public_id};
    seal_put(key, LABEL_ENTRY, id, plain, n, sealed);
    seal_wipe(plain, n);
    return LK_OK;
}

enum lk_status case_seal_text(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                              const uint8_t public_id[STORE_ID_BYTES], unsigned number,
                              const struct case_text *text, struct seal_part *out,
                              struct lk_error *err)
{
    uint8_t id[CASE_TEXT_ID_BYTES];
    uint8_t *sealed = arena_alloc(arena, text->n + SEAL_OVERHEAD_BYTES);
    if (sealed == NULL)
        return FAIL(err, LK_NOMEM, "no memory to seal a text");
    case_text_id(public_id, number, id);
    seal_put(key, LABEL_TEXT, (struct seal_part){id, sizeof id}, text->text, text->n, sealed);
    *out = (struct seal_part){sealed, text->n + SEAL_OVERHEAD_BYTES};
    return LK_OK;
}

enum lk_status case_open_text(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                              const char *label, struct seal_part id, const uint8_t *sealed,
                              size_t n, struct case_text *out, struct lk_error *err)
{
    if (n < SEAL_OVERHEAD_BYTES)
        return FAIL(err, LK_CORRUPT, "a text is damaged in the store");
    size_t n_text = n - SEAL_OVERHEAD_BYTES;
    char *text = arena_alloc(arena, n_text + 1);
    if (text == NULL)
        return FAIL(err, LK_NOMEM, "no memory to read a text");
    if (!seal_take(key, label, id, sealed, n, (uint8_t *)text))
        return FAIL(err, LK_CORRUPT, "a text is damaged in the store");
    text[n_text] = 0;
    *out = (struct case_text){text, n_text};
    return LK_OK;
}
