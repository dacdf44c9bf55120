/* store/canary_rows.h - canaries: entries of one partner alone, and who asked for them. */
#ifndef STORE_CANARY_ROWS_H
#define STORE_CANARY_ROWS_H

#include "store/change_rows.h"

#include <stdbool.h>

struct canary_row {
    int64_t entry_row, partner_row, case_row;
    int64_t made_ms;
    const char *partner; /* its name; borrowed while shown */
    size_t n_partner;
    uint8_t entry_id[STORE_ID_BYTES], case_id[STORE_ID_BYTES];
    const uint8_t *record; /* sealed, borrowed; NULL: taken back */
    size_t n_record;
    const uint8_t *key_by_master; /* the case's sealed key, borrowed; NULL: taken back */
    size_t n_key_by_master;
};

enum lk_status canary_row_add(struct store_tx *tx, int64_t entry_row, int64_t partner_row,
                              int64_t made_ms, struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status canary_row_show(void *ctx, const struct canary_row *canary,
                                       struct lk_error *err);

/* Those of a partner (0: of all), the oldest first. */
enum lk_status canary_rows(struct store_tx *tx, int64_t partner_row, canary_row_show *show,
                           void *ctx, struct lk_error *err) LK_MUST_CHECK;

struct canary_sighting_row {
    int64_t entry_row;
    const char *owner, *asker; /* names: who was given it, who asked; borrowed while shown */
    size_t n_owner, n_asker;
    int64_t first_ms, last_ms;
    uint64_t n_times;
};

/* Counts that a partner asked for the entry with this public id. *first: it had not before. */
enum lk_status canary_sighting_row_add(struct store_tx *tx, const uint8_t entry_id[STORE_ID_BYTES],
                                       int64_t asker_row, int64_t now_ms, bool *first,
                                       struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status canary_sighting_show(void *ctx, const struct canary_sighting_row *sighting,
                                            struct lk_error *err);

/* All, the first that was seen first. */
enum lk_status canary_sighting_rows(struct store_tx *tx, canary_sighting_show *show, void *ctx,
                                    struct lk_error *err) LK_MUST_CHECK;

#endif
