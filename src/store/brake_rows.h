/* store/brake_rows.h - brakes: entries of which a match has the weakest effect, at one partner or
 * at all, and why. */
#ifndef STORE_BRAKE_ROWS_H
#define STORE_BRAKE_ROWS_H

#include "store/change_rows.h"

#include <stdbool.h>

struct brake_row {
    int64_t row, entry_row;
    int64_t partner; /* row; 0: at every one */
    unsigned reason; /* enum match_reason */
    int64_t notice;  /* row: whose refusal was accepted; 0: a match's */
    int64_t staff;   /* row; 0: none */
    int64_t since_ms;
    int64_t lifted_ms;  /* 0: it holds; read only */
    unsigned item;      /* number of the entry in its case; read only */
    const uint8_t *why; /* sealed, borrowed; NULL: none; read only */
    size_t n_why;
    const char *partner_name; /* borrowed; NULL: at every one; read only */
    size_t n_partner_name;
};

/* The reason of the oldest brake that holds for the entry `m.entry_id` at the partner
 * `m.partner_id` of a query, or 0: for SELECTs over matches. */
#define BRAKE_REASON_OF_M                                                                          \
    "coalesce((SELECT b.reason FROM entry_brake b WHERE b.entry_id = m.entry_id"                   \
    " AND b.lifted_ms = 0 AND (b.partner_id IS NULL OR b.partner_id = m.partner_id)"               \
    " ORDER BY b.id LIMIT 1), 0)"

/* What holds for an entry at a partner (0: at every one alike): *reason receives the enum
 * match_reason of the brake, 0: none. For answers, and for whatever hands entries out. */
enum lk_status brake_reason(struct store_tx *tx, int64_t entry_row, int64_t partner,
                            unsigned *reason, struct lk_error *err) LK_MUST_CHECK;

/* Adds a brake and a change of its entry, so that whoever follows the log looks again; nothing
 * where one of the same reach holds already. *added says which. */
enum lk_status brake_row_add(struct store_tx *tx, const struct brake_row *brake, bool *added,
                             struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status brake_row_show(void *ctx, const struct brake_row *brake,
                                      struct lk_error *err);

/* All of a case, lifted ones too, the oldest first. */
enum lk_status brake_rows_of_case(struct store_tx *tx, int64_t case_row, brake_row_show *show,
                                  void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Lifts one that holds, with a change of its entry. why: sealed; NULL: none. */
enum lk_status brake_row_lift(struct store_tx *tx, const struct brake_row *brake, int64_t now_ms,
                              const uint8_t *why, size_t n_why, struct lk_error *err) LK_MUST_CHECK;

#endif
