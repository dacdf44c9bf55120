/* store/change_rows.h - the change log: what was added to and withdrawn from the bank, numbered
 * without gaps in the order of the commits. Banks, nodes and other processes all follow it. */
#ifndef STORE_CHANGE_ROWS_H
#define STORE_CHANGE_ROWS_H

#include "store/store.h"

#define STORE_ID_BYTES 16 /* of public ids: random, unlike row numbers */

enum change_op {
    CHANGE_ADD = 1,
    CHANGE_TIER = 2, /* the tier, or a brake (store/brake_rows.h) */
    CHANGE_WITHDRAW = 3
};

/* A change with its entry as it is now. Borrowed. */
struct change {
    uint64_t seq;
    unsigned op; /* enum change_op */
    uint8_t entry_id[STORE_ID_BYTES];
    uint8_t case_id[STORE_ID_BYTES];
    int64_t case_row, entry_row;
    uint8_t tier;
    uint32_t scope;
    int64_t expires_ms; /* of its case */
    const uint8_t *record; /* sealed; NULL when the entry is withdrawn by now */
    size_t n_record;
    const uint8_t *key_by_master; /* the case's sealed key; NULL when it is closed by now */
    size_t n_key_by_master;
};

/* Takes n numbers, *first and those after it, each to be filled by change_put(). */
enum lk_status change_reserve(struct store_tx *tx, size_t n, uint64_t *first,
                              struct lk_error *err) LK_MUST_CHECK;
enum lk_status change_put(struct store_tx *tx, uint64_t seq, enum change_op op, int64_t entry_row,
                          struct lk_error *err) LK_MUST_CHECK;

/* Number of the last change; 0: none. */
enum lk_status change_last(struct store_tx *tx, uint64_t *seq, struct lk_error *err) LK_MUST_CHECK;

/* Calls each() for at most `limit` changes after `seq`, in order, until it returns another status
 * than LK_OK, which is returned. */
typedef enum lk_status change_each(void *ctx, const struct change *change, struct lk_error *err);
enum lk_status store_changes_after(struct store_tx *tx, uint64_t seq, size_t limit,
                                   change_each *each, void *ctx,
                                   struct lk_error *err) LK_MUST_CHECK;

/* The laws under which something was demanded about a case, by id, each once, at most `max`.
 * `take` copies what it keeps. */
typedef enum lk_status regime_take(void *ctx, const char *regime, size_t n, struct lk_error *err);
enum lk_status store_regimes_of_case(struct store_tx *tx, int64_t case_row, size_t max,
                                     regime_take *take, void *ctx,
                                     struct lk_error *err) LK_MUST_CHECK;

#endif
