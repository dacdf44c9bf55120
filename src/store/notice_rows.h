/* store/notice_rows.h - notices about locations, each with its steps. The newest of a location
 * counts. What is sealed here is sealed under the case's key. */
#ifndef STORE_NOTICE_ROWS_H
#define STORE_NOTICE_ROWS_H

#include "store/change_rows.h"
#include "sys/seal.h"

#include <stdbool.h>

#define NOTICE_REGIME_BYTES 40

struct notice_row {
    int64_t row, case_row;
    int64_t letter;  /* row; 0: told by hand */
    int64_t partner; /* row: in whose inbox it is; 0: in none */
    uint8_t inbox_id[STORE_ID_BYTES];
    unsigned text_number;
    const uint8_t *recipient; /* sealed; borrowed while shown */
    size_t n_recipient;
    const uint8_t *place; /* sealed: the address; NULL: from before it was kept */
    size_t n_place;
    uint8_t place_hash[SEAL_HASH_BYTES];
    char regime[NOTICE_REGIME_BYTES]; /* "": none */
    unsigned state, alarm, reason;
    unsigned clock_kind;                 /* enum law_clock_kind */
    int64_t sent_ms, due_ms, changed_ms; /* due_ms 0: no clock runs */
    int64_t span_ms;                     /* the length of the clock */
    bool by_law;
};

/* Inserts; notice->row receives its number. */
enum lk_status notice_row_add(struct store_tx *tx, struct notice_row *notice,
                              struct lk_error *err) LK_MUST_CHECK;

/* Writes state, alarm, reason, sent_ms, due_ms and changed_ms of notice->row. */
enum lk_status notice_row_change(struct store_tx *tx, const struct notice_row *notice,
                                 struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status notice_row_show(void *ctx, const struct notice_row *notice,
                                       struct lk_error *err);

/* The newest notice of each location of a case. */
enum lk_status notice_rows_of_case(struct store_tx *tx, int64_t case_row, notice_row_show *show,
                                   void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* All of a case, the oldest first; all of a letter; one by its row. */
enum lk_status notice_rows_all(struct store_tx *tx, int64_t case_row, notice_row_show *show,
                               void *ctx, struct lk_error *err) LK_MUST_CHECK;
enum lk_status notice_rows_of_letter(struct store_tx *tx, int64_t letter, notice_row_show *show,
                                     void *ctx, struct lk_error *err) LK_MUST_CHECK;
enum lk_status notice_row_get(struct store_tx *tx, int64_t row, notice_row_show *show, void *ctx,
                              struct lk_error *err) LK_MUST_CHECK;

/* The one that a partner knows by this id. */
enum lk_status notice_row_in_inbox(struct store_tx *tx, int64_t partner,
                                   const uint8_t inbox_id[STORE_ID_BYTES], notice_row_show *show,
                                   void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Those whose clock runs out by until_ms and whose alarm is below `alarm`, the next first, at most
 * `limit`. */
enum lk_status notice_rows_due(struct store_tx *tx, int64_t until_ms, unsigned alarm, size_t limit,
                               notice_row_show *show, void *ctx,
                               struct lk_error *err) LK_MUST_CHECK;

/* How many other cases have a notice about the same address. */
enum lk_status notice_rows_same_place(struct store_tx *tx, int64_t case_row,
                                      const uint8_t place_hash[SEAL_HASH_BYTES], size_t *n,
                                      struct lk_error *err) LK_MUST_CHECK;

struct notice_step {
    int64_t notice;
    int64_t at_ms, due_ms;
    unsigned state, alarm, actor, reason;
    int64_t staff;          /* row; 0: none */
    const char *staff_name; /* read only; NULL: none */
    size_t n_staff_name;
    const uint8_t *note; /* sealed; NULL: none */
    size_t n_note;
};

enum lk_status notice_step_add(struct store_tx *tx, const struct notice_step *step,
                               struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status notice_step_show(void *ctx, const struct notice_step *step,
                                        struct lk_error *err);

/* The newest step of a notice by one actor (cases/notice.h), if there is any; without staff_name.
 */
enum lk_status notice_step_newest(struct store_tx *tx, int64_t notice, unsigned actor,
                                  notice_step_show *show, void *ctx,
                                  struct lk_error *err) LK_MUST_CHECK;

/* How many steps a notice has by one actor. */
enum lk_status notice_steps_count(struct store_tx *tx, int64_t notice, unsigned actor, size_t *n,
                                  struct lk_error *err) LK_MUST_CHECK;

/* All steps of all notices of a case, in order. */
enum lk_status notice_steps_of_case(struct store_tx *tx, int64_t case_row, notice_step_show *show,
                                    void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
