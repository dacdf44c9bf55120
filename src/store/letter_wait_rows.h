/* store/letter_wait_rows.h - letters that wait for the clock of a notice. */
#ifndef STORE_LETTER_WAIT_ROWS_H
#define STORE_LETTER_WAIT_ROWS_H

#include "store/letter_rows.h"

struct letter_wait {
    int64_t letter, case_row, notice; /* rows */
    unsigned text_number;             /* of the address */
};

enum lk_status letter_wait_add(struct store_tx *tx, const struct letter_wait *wait,
                               struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status letter_wait_show(void *ctx, const struct letter_wait *wait,
                                        struct lk_error *err);

/* Those about one address of a case (text_number 0: about any), the oldest first. */
enum lk_status letter_wait_rows(struct store_tx *tx, int64_t case_row, unsigned text_number,
                                letter_wait_show *show, void *ctx,
                                struct lk_error *err) LK_MUST_CHECK;

/* The one that a letter is. *found false: it does not wait. */
enum lk_status letter_wait_find(struct store_tx *tx, int64_t letter, struct letter_wait *out,
                                bool *found, struct lk_error *err) LK_MUST_CHECK;

/* The letter no longer waits: it gets that state and problem (NULL: none). */
enum lk_status letter_wait_stop(struct store_tx *tx, int64_t letter, unsigned state,
                                const char *problem, int64_t now_ms,
                                struct lk_error *err) LK_MUST_CHECK;

/* The letter goes: it gets that state and a new row after all others, so that a partner that read
 * its inbox up to here finds it. *row receives it. Errors: LK_NOT_FOUND (there is no such letter).
 */
enum lk_status letter_wait_release(struct store_tx *tx, int64_t letter, unsigned state,
                                   int64_t next_ms, int64_t now_ms, int64_t *row,
                                   struct lk_error *err) LK_MUST_CHECK;

#endif
