/* store/match_rows.h - matches: what was found for whom, and what became of it. */
#ifndef STORE_MATCH_ROWS_H
#define STORE_MATCH_ROWS_H

#include "store/change_rows.h"
#include "sys/seal.h"

#include <stdbool.h>

struct match_row {
    int64_t row; /* rises with time */
    uint8_t public_id[STORE_ID_BYTES];
    int64_t partner_row, entry_row;
    uint8_t entry_id[STORE_ID_BYTES]; /* read only */
    uint8_t content[SEAL_HASH_BYTES]; /* write only */
    unsigned medium;                  /* of the entry; read only */
    bool in_force;                    /* of the entry; read only */
    unsigned grade, tier, action, turn, coverage, dist_bits, n_votes;
    uint32_t from_ms, to_ms;
    int64_t found_ms;
    unsigned state, reason;
    int64_t answered_ms;
    int64_t case_row;    /* read only */
    const uint8_t *note; /* sealed, borrowed while shown; NULL: none; read only */
    size_t n_note;
    const uint8_t *evidence; /* sealed, borrowed; NULL: none */
    size_t n_evidence;
    unsigned brake; /* its reason, where the entry is braked for this partner; read only */
    unsigned item;  /* number in its case; read only */
    const char *partner_name; /* borrowed while shown; read only */
    size_t n_partner_name;
};

typedef enum lk_status match_row_show(void *ctx, const struct match_row *match,
                                      struct lk_error *err);

/* The match of this partner, entry and content. *found says whether there is one. */
enum lk_status match_row_known(struct store_tx *tx, int64_t partner_row,
                               const uint8_t entry_id[STORE_ID_BYTES],
                               const uint8_t content[SEAL_HASH_BYTES], match_row_show *show,
                               void *ctx, bool *found, struct lk_error *err) LK_MUST_CHECK;

/* Inserts. Errors: LK_CONFLICT (a match of the same three is there). */
enum lk_status match_row_add(struct store_tx *tx, const struct match_row *match,
                             struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND (no such, or another partner's). */
enum lk_status match_row_get(struct store_tx *tx, int64_t partner_row,
                             const uint8_t public_id[STORE_ID_BYTES], match_row_show *show,
                             void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Whosever it is, as long as that partner's key is in force. Errors: LK_NOT_FOUND. */
enum lk_status match_row_find(struct store_tx *tx, const uint8_t public_id[STORE_ID_BYTES],
                              match_row_show *show, void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* A partner's, the oldest first, in `state` (0: any), after a row number. */
enum lk_status match_rows_list(struct store_tx *tx, int64_t partner_row, unsigned state,
                               uint64_t after, size_t limit, match_row_show *show, void *ctx,
                               struct lk_error *err) LK_MUST_CHECK;

/* A case's, the newest first. */
enum lk_status match_rows_of_case(struct store_tx *tx, int64_t case_row, size_t limit,
                                  match_row_show *show, void *ctx,
                                  struct lk_error *err) LK_MUST_CHECK;

/* The first match of a partner in `state` after a row, found by until_ms, whose entry is in force.
 * Errors: LK_NOT_FOUND. */
enum lk_status match_row_waiting(struct store_tx *tx, int64_t partner_row, unsigned state,
                                 int64_t after, int64_t until_ms, int64_t *row,
                                 uint8_t public_id[STORE_ID_BYTES],
                                 struct lk_error *err) LK_MUST_CHECK;

/* Sets what a partner answered; a NULL note takes away the one before. */
enum lk_status match_row_answer(struct store_tx *tx, int64_t row, unsigned state, unsigned reason,
                                int64_t answered_ms, const uint8_t *note, size_t n_note,
                                struct lk_error *err) LK_MUST_CHECK;

#endif
