/* store/request_rows.h - what one member of staff asked for and a second decides. */
#ifndef STORE_REQUEST_ROWS_H
#define STORE_REQUEST_ROWS_H

#include "store/store.h"

struct request_row {
    int64_t row, staff, decided_by; /* rows of staff; decided_by 0: not yet */
    unsigned kind, state;
    int64_t asked_ms, decided_ms;
    const uint8_t *detail; /* sealed; borrowed while shown */
    size_t n_detail;
    const char *staff_name, *decider_name; /* read only; NULL: none */
    size_t n_staff_name, n_decider_name;
};

enum lk_status request_row_add(struct store_tx *tx, const struct request_row *request,
                               struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status request_row_show(void *ctx, const struct request_row *request,
                                        struct lk_error *err);

/* One, or (row 0) the newest, at most `limit`. */
enum lk_status request_rows(struct store_tx *tx, int64_t row, size_t limit, request_row_show *show,
                            void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Decides one that waits. Errors: LK_CONFLICT: it was decided already. */
enum lk_status request_row_decide(struct store_tx *tx, int64_t row, unsigned state, int64_t staff,
                                  int64_t now_ms, struct lk_error *err) LK_MUST_CHECK;

#endif
