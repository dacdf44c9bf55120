#include "cases/case_seal.h"

#include "base/err.h"
#include "base/utf8.h"
#include "sys/rand.h"

#include <string.h>

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

enum lk_status case_open_entry(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                               const uint8_t public_id[STORE_ID_BYTES], const uint8_t *record,
                               size_t n_record, struct lk_sequence *out, struct lk_error *err)
{
    size_t cap = n_record / LK_RECORD_MIN_BYTES + 1, used = 0;
    uint8_t *plain = arena_alloc(arena, n_record);
    struct lk_record *records = arena_zalloc(arena, cap, sizeof *records);
    if (plain == NULL || records == NULL)
        return FAIL(err, LK_NOMEM, "no memory to read an entry of %zu bytes", n_record);
    const struct seal_part id = {public_id, STORE_ID_BYTES};
    if (!seal_take(key, LABEL_ENTRY, id, record, n_record, plain))
        return FAIL(err, LK_CORRUPT, "an entry is damaged in the store");
    return lk_sequence_decode(plain, n_record - SEAL_OVERHEAD_BYTES, records, cap, out, &used, err);
}

static enum lk_status box(struct arena *arena, const uint8_t key[SEAL_BOX_KEY_BYTES],
                          const struct case_typed *text, const uint8_t **out, size_t *n,
                          struct lk_error *err)
{
    uint8_t *sealed = arena_alloc(arena, text->n + SEAL_BOX_OVERHEAD_BYTES);
    if (sealed == NULL)
        return FAIL(err, LK_NOMEM, "no memory to seal a text");
    seal_box_put(key, text->text, text->n, sealed);
    *out = sealed;
    *n = text->n + SEAL_BOX_OVERHEAD_BYTES;
    return LK_OK;
}

enum lk_status case_seal_texts(struct registry *r, struct arena *arena, const struct case_row *row,
                               const struct case_typed *texts, size_t n, unsigned author,
                               struct text_row *out, struct lk_error *err)
{
    int64_t day_ms = clock_day_start_ms(clock_now_ms(&r->clock));
    for (size_t i = 0; i < n; i++) {
        const struct case_typed *text = &texts[i];
        out[i] = (struct text_row){
            .case_row = row->row,
            .kind = text->kind,
            .author = author,
            .form = TEXT_IN_BOX,
            .day_ms = day_ms,
            .own = text->own,
            .n_own = text->n_own,
            .desk = text->desk,
            .n_desk = text->n_desk,
        };
        if (text->text == NULL)
            continue;
        TRY(box(arena, row->own_public, text, &out[i].own, &out[i].n_own, err));
        TRY(box(arena, r->desk_public, text, &out[i].desk, &out[i].n_desk, err));
    }
    return LK_OK;
}

enum lk_status case_check_items(const struct case_request *q, struct lk_error *err)
{
    if (q->n_sequences > CASE_MAX_ITEMS)
        return FAIL(err, LK_LIMIT, "%zu items are more than the %d that one case holds",
                    q->n_sequences, CASE_MAX_ITEMS);
    size_t n_records = 0;
    for (size_t i = 0; i < q->n_sequences; i++) {
        struct lk_error why;
        const struct lk_sequence *s = &q->sequences[i];
        enum lk_status status = registry_refusal(s, &why);
        if (status != LK_OK)
            return FAIL(err, status, "item %zu: %s", i + 1, why.text);
        n_records += s->n_records;
    }
    if (n_records > CASE_MAX_TOTAL_RECORDS)
        return FAIL(err, LK_LIMIT, "%zu prints are more than the %d that one case holds", n_records,
                    CASE_MAX_TOTAL_RECORDS);
    return LK_OK;
}

static bool is_box(const uint8_t *sealed, size_t n)
{
    return sealed != NULL && n > SEAL_BOX_OVERHEAD_BYTES &&
           n <= CASE_TEXT_MAX_BYTES + SEAL_BOX_OVERHEAD_BYTES;
}

static enum lk_status check_text(const struct case_typed *text, struct lk_error *err)
{
    if (text->kind == 0 || text->kind >= CASE_FACTS)
        return FAIL(err, LK_INVALID, "it is of no known kind");
    if (text->text == NULL) {
        if (!is_box(text->own, text->n_own) || !is_box(text->desk, text->n_desk))
            return FAIL(err, LK_INVALID,
                        "it is not two sealed boxes of 1 to %d bytes, for the person and the desk",
                        CASE_TEXT_MAX_BYTES);
        return LK_OK;
    }
    if (text->n == 0)
        return FAIL(err, LK_INVALID, "it is empty");
    return refusal_check_text(text->text, text->n, CASE_TEXT_MAX_BYTES, "it", err);
}

enum lk_status case_check_texts(const struct case_request *q, struct lk_error *err)
{
    if (q->n_texts > CASE_MAX_TEXTS)
        return FAIL(err, LK_LIMIT, "%zu texts are more than the %d that one case holds", q->n_texts,
                    CASE_MAX_TEXTS);
    for (size_t i = 0; i < q->n_texts; i++) {
        struct lk_error why;
        enum lk_status status = check_text(&q->texts[i], &why);
        if (status != LK_OK)
            return FAIL(err, status, "text %zu: %s", i + 1, why.text);
    }
    return LK_OK;
}

enum lk_status case_open_text(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                              const char *label, struct seal_part id, const uint8_t *sealed,
                              size_t n, struct seal_part *out, struct lk_error *err)
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
    *out = (struct seal_part){text, n_text};
    return LK_OK;
}

enum lk_status case_open_box(struct arena *arena, const uint8_t secret_key[SEAL_BOX_KEY_BYTES],
                             const uint8_t *sealed, size_t n, struct case_written *out,
                             struct lk_error *err)
{
    if (sealed == NULL || n < SEAL_BOX_OVERHEAD_BYTES)
        return LK_OK;
    size_t n_text = n - SEAL_BOX_OVERHEAD_BYTES;
    char *text = arena_zalloc(arena, n_text + 1, 1);
    if (text == NULL)
        return FAIL(err, LK_NOMEM, "no memory to read a text");
    if (!seal_box_take(secret_key, sealed, n, (uint8_t *)text) || memchr(text, 0, n_text) != NULL ||
        !utf8_valid(text, n_text))
        return LK_OK;
    out->text = text;
    out->n = n_text;
    return LK_OK;
}

struct case_written case_written_of(const struct text_row *row)
{
    return (struct case_written){
        .number = row->number,
        .kind = row->kind,
        .is_by_desk = row->author == TEXT_BY_DESK,
        .day_ms = row->day_ms,
    };
}
