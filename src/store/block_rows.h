/* store/block_rows.h - how often platforms stopped an entry at upload. */
#ifndef STORE_BLOCK_ROWS_H
#define STORE_BLOCK_ROWS_H

#include "store/change_rows.h"

/* Of one day: a lower number than the one there changes nothing. */
enum lk_status block_row_put(struct store_tx *tx, int64_t entry_row, int64_t partner, int64_t day,
                             uint64_t n, struct lk_error *err) LK_MUST_CHECK;

/* Of one entry everywhere; all 0 where nobody said anything. */
struct block_sum {
    uint64_t n, n_partners;
    int64_t first_day;
};
enum lk_status block_rows_sum(struct store_tx *tx, int64_t entry_row, struct block_sum *out,
                              struct lk_error *err) LK_MUST_CHECK;

/* Of an entry that is withdrawn, or (entry_row 0) of all that are. */
enum lk_status block_rows_delete(struct store_tx *tx, int64_t entry_row,
                                 struct lk_error *err) LK_MUST_CHECK;

#endif
