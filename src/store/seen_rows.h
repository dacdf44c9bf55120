/* store/seen_rows.h - up to which change each partner's queries have been answered. */
#ifndef STORE_SEEN_ROWS_H
#define STORE_SEEN_ROWS_H

#include "store/change_rows.h"

/* Sets it; a lower number than the one there changes nothing. */
enum lk_status seen_row_put(struct store_tx *tx, int64_t partner_row, uint64_t seq, int64_t now_ms,
                            struct lk_error *err) LK_MUST_CHECK;

/* How many partners of that role have a key in force, and how many of them have seen the last
 * change of this entry. */
enum lk_status seen_rows_partners(struct store_tx *tx, unsigned role, size_t *n,
                                  struct lk_error *err) LK_MUST_CHECK;
enum lk_status seen_rows_of_entry(struct store_tx *tx, unsigned role, int64_t entry_row, size_t *n,
                                  struct lk_error *err) LK_MUST_CHECK;

#endif
