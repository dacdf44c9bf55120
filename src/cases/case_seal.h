/* cases/case_seal.h - items and texts of a case, sealed into rows. */
#ifndef CASES_CASE_SEAL_H
#define CASES_CASE_SEAL_H

#include "cases/case.h"
#include "cases/case_keys.h"
#include "store/entry_rows.h"

/* Draws what is random of a case row and sets its days. */
void case_row_begin(const struct registry *r, struct case_row *row);

/* Makes an entry of a sequence: random id, sealed record in the arena. Errors: LK_NOMEM. */
enum lk_status case_seal_entry(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                               const struct lk_sequence *sequence, unsigned number,
                               struct entry_row *out, struct lk_error *err) LK_MUST_CHECK;

/* Seals the text `number` of a case (0: the note) into the arena. Errors: LK_NOMEM. */
enum lk_status case_seal_text(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                              const uint8_t public_id[STORE_ID_BYTES], unsigned number,
                              const struct case_text *text, struct seal_part *out,
                              struct lk_error *err) LK_MUST_CHECK;

/* Opens what was sealed to `id` under `label` as a text in the arena. Errors: LK_CORRUPT, LK_NOMEM.
 */
enum lk_status case_open_text(struct arena *arena, const uint8_t key[SEAL_KEY_BYTES],
                              const char *label, struct seal_part id, const uint8_t *sealed,
                              size_t n, struct case_text *out, struct lk_error *err) LK_MUST_CHECK;

#endif
