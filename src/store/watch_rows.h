/* store/watch_rows.h - pages that are looked at again and again for copies. */
#ifndef STORE_WATCH_ROWS_H
#define STORE_WATCH_ROWS_H

#include "store/case_rows.h"

struct watch_row {
    int64_t row;
    int64_t case_row; /* 0: for every case */
    const uint8_t
        *address; /* sealed under the case's key, or the master key; borrowed while shown */
    size_t n_address;
    uint8_t public_id[STORE_ID_BYTES]; /* of the case, if there is one; read only, as the next */
    uint8_t key_by_master[CASE_WRAPPED_BYTES];
    int64_t every_ms, next_ms;
    int64_t looked_ms; /* 0: not yet */
    unsigned result;   /* cases/watch.h */
    unsigned n_media, n_found;
};

/* Inserts; watch->row receives its number. */
enum lk_status watch_row_add(struct store_tx *tx, struct watch_row *watch,
                             struct lk_error *err) LK_MUST_CHECK;

/* Proposals that it made stay. Errors: LK_NOT_FOUND. */
enum lk_status watch_row_delete(struct store_tx *tx, int64_t case_row, int64_t row,
                                struct lk_error *err) LK_MUST_CHECK;

/* Writes next_ms and what follows it. */
enum lk_status watch_row_note(struct store_tx *tx, const struct watch_row *watch,
                              struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status watch_row_show(void *ctx, const struct watch_row *watch,
                                      struct lk_error *err);

/* Of open cases, and of none (case_row 0): those of one; and those that are due by now_ms, the
 * longest due first. */
enum lk_status watch_rows_of_case(struct store_tx *tx, int64_t case_row, watch_row_show *show,
                                  void *ctx, struct lk_error *err) LK_MUST_CHECK;
enum lk_status watch_rows_due(struct store_tx *tx, int64_t now_ms, size_t limit,
                              watch_row_show *show, void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
