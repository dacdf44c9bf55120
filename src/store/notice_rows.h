/* store/notice_rows.h - notices about locations, the newest of each counts. */
#ifndef STORE_NOTICE_ROWS_H
#define STORE_NOTICE_ROWS_H

#include "store/change_rows.h"

#include <stdbool.h>

#define NOTICE_REGIME_BYTES 40

struct notice_row {
    int64_t row, case_row;
    unsigned text_number;
    const uint8_t *recipient; /* sealed; borrowed while shown */
    size_t n_recipient;
    char regime[NOTICE_REGIME_BYTES]; /* "": none */
    unsigned state;
    int64_t sent_ms, due_ms, changed_ms;
    bool by_law;
};

enum lk_status notice_row_add(struct store_tx *tx, const struct notice_row *notice,
                              struct lk_error *err) LK_MUST_CHECK;

/* Sets state, the time of the change and the time limit of the newest notice about a location.
 * Errors: LK_NOT_FOUND (no notice yet). */
enum lk_status notice_row_mark(struct store_tx *tx, int64_t case_row, unsigned text_number,
                               unsigned state, int64_t due_ms, int64_t now_ms,
                               struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status notice_row_show(void *ctx, const struct notice_row *notice,
                                       struct lk_error *err);

/* The newest notice of each location of a case. */
enum lk_status notice_rows_of_case(struct store_tx *tx, int64_t case_row, notice_row_show *show,
                                   void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
