/* store/letter_rows.h - letters of the desk. What is sealed is sealed under the case's key. */
#ifndef STORE_LETTER_ROWS_H
#define STORE_LETTER_ROWS_H

#include "store/case_rows.h"

#define LETTER_WORD_BYTES 48 /* of a platform's id, a regime's id, a date */

struct letter_row {
    int64_t row, case_row;
    uint8_t public_id[STORE_ID_BYTES];
    uint8_t case_id[STORE_ID_BYTES];       /* read only: the case's public id */
    int64_t staff, partner;                /* rows; 0: none */
    const char *staff_name, *partner_name; /* read only; NULL: none */
    size_t n_staff_name, n_partner_name;
    unsigned target, channel, state, n_tries;
    char platform[LETTER_WORD_BYTES], regime[LETTER_WORD_BYTES]; /* "": none */
    char lang[LETTER_WORD_BYTES], law_date[LETTER_WORD_BYTES];
    const uint8_t *recipient, *address, *subject, *body; /* sealed; address may be NULL */
    size_t n_recipient, n_address, n_subject, n_body;
    unsigned kind, origin, medium; /* enum law_kind, law_origin, law_medium: as the text says */
    int64_t made_ms, next_ms, changed_ms;
    const char *problem; /* NULL: none */
    size_t n_problem;
};

/* Inserts; letter->row receives its number. */
enum lk_status letter_row_add(struct store_tx *tx, struct letter_row *letter,
                              struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status letter_row_show(void *ctx, const struct letter_row *letter,
                                       struct lk_error *err);

/* One by its public id. Errors: LK_NOT_FOUND. */
enum lk_status letter_row_find(struct store_tx *tx, const uint8_t public_id[STORE_ID_BYTES],
                               letter_row_show *show, void *ctx,
                               struct lk_error *err) LK_MUST_CHECK;

/* All of a case, the oldest first. */
enum lk_status letter_rows_of_case(struct store_tx *tx, int64_t case_row, letter_row_show *show,
                                   void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* One by its row. Errors: LK_NOT_FOUND. */
enum lk_status letter_row_get(struct store_tx *tx, int64_t row, letter_row_show *show, void *ctx,
                              struct lk_error *err) LK_MUST_CHECK;

/* Those of a partner with a row above `after`, the oldest first, at most `limit`: all that are in
 * its inbox (in the state `given`), or only letters with a notice whose clock runs. */
enum lk_status letter_rows_of_partner(struct store_tx *tx, int64_t partner, int64_t after,
                                      size_t limit, unsigned given, letter_row_show *show,
                                      void *ctx, struct lk_error *err) LK_MUST_CHECK;
enum lk_status letter_rows_open_at_partner(struct store_tx *tx, int64_t partner, int64_t after,
                                           size_t limit, letter_row_show *show, void *ctx,
                                           struct lk_error *err) LK_MUST_CHECK;

/* Those of one channel in one of two states, the oldest first, at most `limit`: what a person has
 * to hand in, or to look after. */
enum lk_status letter_rows_in_state(struct store_tx *tx, unsigned channel, unsigned state,
                                    size_t limit, letter_row_show *show, void *ctx,
                                    struct lk_error *err) LK_MUST_CHECK;

/* Sets the state of a letter, and when to try it next (0: not). */
enum lk_status letter_row_state(struct store_tx *tx, int64_t row, unsigned state, int64_t next_ms,
                                int64_t now_ms, struct lk_error *err) LK_MUST_CHECK;

#endif
