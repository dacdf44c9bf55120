/* store/check_rows.h - whether the addresses of notices still answer: the newest look at each. */
#ifndef STORE_CHECK_ROWS_H
#define STORE_CHECK_ROWS_H

#include "store/case_rows.h"

struct check_row {
    int64_t notice; /* row */
    int64_t case_row;
    unsigned text_number, state; /* of the notice; read only, as what follows */
    int64_t changed_ms;
    const uint8_t *place; /* sealed; borrowed while shown */
    size_t n_place;
    uint8_t public_id[STORE_ID_BYTES]; /* of the case */
    uint8_t key_by_master[CASE_WRAPPED_BYTES];

    int64_t at_ms;   /* of the last look; 0: none yet */
    int64_t next_ms; /* 0: not before its notice changes */
    unsigned result; /* cases/recheck.h */
    unsigned status; /* of HTTP; 0: none */
    unsigned n_same; /* looks in a row with this result */
    unsigned n_up;   /* looks in a row that found what had been removed */
};

struct check_query {
    int64_t now_ms;
    unsigned states;  /* of notices: bits 1 << state */
    unsigned targets; /* of their letters: bits 1 << target; those without a letter are shown */
    size_t limit;
};

typedef enum lk_status check_row_show(void *ctx, const struct check_row *row, struct lk_error *err);

/* Notices of open cases with an address whose look is due, those never looked at first. What is due
 * and not of these states and targets is not due any more until its notice changes. In a write.
 * Cost: what is due. */
enum lk_status check_rows_due(struct store_tx *tx, const struct check_query *query,
                              check_row_show *show, void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* The looks of one case, by notice; and that of one notice, looked at or not. */
enum lk_status check_rows_of_case(struct store_tx *tx, int64_t case_row, check_row_show *show,
                                  void *ctx, struct lk_error *err) LK_MUST_CHECK;
enum lk_status check_row_of_notice(struct store_tx *tx, int64_t notice, check_row_show *show,
                                   void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Its notice was added or changed: a look is due, unless one is coming anyway. */
enum lk_status check_row_begin(struct store_tx *tx, int64_t notice,
                               struct lk_error *err) LK_MUST_CHECK;

/* Writes at_ms and what follows it. */
enum lk_status check_row_put(struct store_tx *tx, const struct check_row *row,
                             struct lk_error *err) LK_MUST_CHECK;

#endif
