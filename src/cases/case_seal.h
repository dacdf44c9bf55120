/* cases/case_seal.h - items and texts of a case, sealed into rows. */
#ifndef CASES_CASE_SEAL_H
#define CASES_CASE_SEAL_H

#include "cases/case.h"
#include "cases/case_keys.h"
#include "store/entry_rows.h"
#include "store/text_rows.h"

/* Draws what is random of a case row and sets its days. */
void case_row_begin(const struct registry *r, struct case_row *row);

/* Makes an entry of a sequence: random id, sealed record in the arena. Errors: LK_NOMEM. */
enum lk_status case_seal_entry(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                               const struct lk_sequence *sequence, unsigned number,
                               struct entry_row *out, struct lk_error *err) LK_MUST_CHECK;

/* Opens what case_seal_entry() made; the records live in the arena. Errors: LK_CORRUPT, LK_NOMEM.
 */
enum lk_status case_open_entry(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                               const uint8_t public_id[STORE_ID_BYTES], const uint8_t *record,
                               size_t n_record, struct lk_sequence *out,
                               struct lk_error *err) LK_MUST_CHECK;

/* Makes rows of typed texts, by `author`: what came plain is sealed here, into the arena.
 * Errors: LK_NOMEM. */
enum lk_status case_seal_texts(struct registry *r, struct arena *arena, const struct case_row *row,
                               const struct case_typed *texts, size_t n, unsigned author,
                               struct text_row *out, struct lk_error *err) LK_MUST_CHECK;

/* The two checks of a request before anything is done. They name "item 3" or "text 2", from 1.
 * Errors: LK_INVALID, LK_LIMIT. */
enum lk_status case_check_items(const struct case_request *q, struct lk_error *err) LK_MUST_CHECK;
enum lk_status case_check_texts(const struct case_request *q, struct lk_error *err) LK_MUST_CHECK;

/* Opens what was sealed to `id` under `label` as a text in the arena. Errors: LK_CORRUPT, LK_NOMEM.
 */
enum lk_status case_open_text(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                              const char *label, struct seal_part id, const uint8_t *sealed,
                              size_t n, struct seal_part *out, struct lk_error *err) LK_MUST_CHECK;

/* Opens a sealed box as a text for people; out->text stays NULL when it does not open or is no
 * text: a browser may have sealed anything. Errors: LK_NOMEM. */
enum lk_status case_open_box(struct arena *arena, const uint8_t secret_key[SEAL_BOX_KEY_BYTES],
                             const uint8_t *sealed, size_t n, struct case_written *out,
                             struct lk_error *err) LK_MUST_CHECK;

/* What a row says of a text, but the text. */
struct case_written case_written_of(const struct text_row *row);

#endif
