/* store/entry_rows.h - entries: each item of a case as the bank holds it, its prints sealed. */
#ifndef STORE_ENTRY_ROWS_H
#define STORE_ENTRY_ROWS_H

#include "store/change_rows.h"

#include <stdbool.h>

struct entry_row {
    int64_t row;
    uint8_t public_id[STORE_ID_BYTES];
    int64_t case_row;
    unsigned number; /* of the item, from 1 */
    uint8_t medium, tier;
    uint32_t scope;
    bool in_force;
    const uint8_t *record; /* sealed; for adding, and in entry_rows_records() */
    size_t n_record;
};

/* Inserts n entries and their changes. */
enum lk_status entry_rows_add(struct store_tx *tx, const struct entry_row *entries, size_t n,
                              struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND. */
enum lk_status entry_row_find(struct store_tx *tx, const uint8_t public_id[STORE_ID_BYTES],
                              struct entry_row *out, struct lk_error *err) LK_MUST_CHECK;

/* Every entry of a case, by number, with how many matches it has. */
typedef enum lk_status entry_row_show(void *ctx, const struct entry_row *entry, size_t n_matches,
                                      struct lk_error *err);
enum lk_status entry_rows_of_case(struct store_tx *tx, int64_t case_row, entry_row_show *show,
                                  void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Every entry of a case that is in force, by number, with its sealed prints. */
typedef enum lk_status entry_record_show(void *ctx, const struct entry_row *entry,
                                         struct lk_error *err);
enum lk_status entry_rows_records(struct store_tx *tx, int64_t case_row, entry_record_show *show,
                                  void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* How many a case has ever had: also the highest number. */
enum lk_status entry_rows_count(struct store_tx *tx, int64_t case_row, size_t *n,
                                struct lk_error *err) LK_MUST_CHECK;

/* The same for one item: a change, its prints deleted, and of its matches notes and evidence.
 * *withdrawn: there was one in force. */
enum lk_status entry_row_withdraw(struct store_tx *tx, int64_t case_row, unsigned number,
                                  bool *withdrawn, uint8_t public_id[STORE_ID_BYTES],
                                  struct lk_error *err) LK_MUST_CHECK;

/* Takes every entry of a case that is in force out of it: a change each, prints deleted. */
enum lk_status entry_rows_withdraw(struct store_tx *tx, int64_t case_row, size_t *n_withdrawn,
                                   struct lk_error *err) LK_MUST_CHECK;

#endif
