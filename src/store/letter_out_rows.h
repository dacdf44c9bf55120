/* store/letter_out_rows.h - letters as an outbox: what is due, who has it, what became of it. The
 * states are those of cases/letter.h. */
#ifndef STORE_LETTER_OUT_ROWS_H
#define STORE_LETTER_OUT_ROWS_H

#include "store/letter_rows.h"

/* The letter of a channel that has been due the longest. Errors: LK_NOT_FOUND: none is due. */
enum lk_status letter_out_due(struct store_tx *tx, unsigned channel, int64_t now_ms,
                              uint8_t public_id[STORE_ID_BYTES],
                              struct lk_error *err) LK_MUST_CHECK;

/* Sets state, tries, next_ms and problem (NULL: none). */
enum lk_status letter_out_set(struct store_tx *tx, const struct letter_row *letter, int64_t now_ms,
                              const char *problem, struct lk_error *err) LK_MUST_CHECK;

/* Every letter of one state becomes another, not due, with that problem. *n: how many. */
enum lk_status letter_out_move_all(struct store_tx *tx, unsigned from, unsigned to, int64_t now_ms,
                                   const char *problem, size_t *n,
                                   struct lk_error *err) LK_MUST_CHECK;

#endif
