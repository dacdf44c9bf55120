/* store/proposal_rows.h - addresses that were found or handed in and wait for a person's look. What
 * is sealed here is sealed under the case's key. */
#ifndef STORE_PROPOSAL_ROWS_H
#define STORE_PROPOSAL_ROWS_H

#include "store/case_rows.h"

struct proposal_row {
    int64_t row, case_row;
    int64_t watch;        /* row; 0: handed in as a list */
    int64_t entry;        /* row; 0: nobody compared it */
    unsigned grade;       /* enum lk_grade; 0: nobody compared it */
    const uint8_t *place; /* sealed; borrowed while shown */
    size_t n_place;
    const uint8_t *note; /* sealed; NULL: none */
    size_t n_note;
    uint8_t place_hash[SEAL_HASH_BYTES];
    int64_t found_ms;
    unsigned state; /* cases/proposal.h */
};

/* Inserts; row->row receives its number. Errors: LK_CONFLICT: the case has this address already. */
enum lk_status proposal_row_add(struct store_tx *tx, struct proposal_row *row,
                                struct lk_error *err) LK_MUST_CHECK;

enum lk_status proposal_row_settle(struct store_tx *tx, int64_t row, unsigned state,
                                   struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status proposal_row_show(void *ctx, const struct proposal_row *row,
                                         struct lk_error *err);

/* Those of a case in a state (0: in any), the oldest first. */
enum lk_status proposal_rows_of_case(struct store_tx *tx, int64_t case_row, unsigned state,
                                     proposal_row_show *show, void *ctx,
                                     struct lk_error *err) LK_MUST_CHECK;

/* Does the case know the address, from a proposal or from a notice? */
enum lk_status proposal_row_knows(struct store_tx *tx, int64_t case_row,
                                  const uint8_t place_hash[SEAL_HASH_BYTES], bool *proposed,
                                  bool *noticed, struct lk_error *err) LK_MUST_CHECK;

#endif
