/* store/text_rows.h - what was typed in a case, by the person or the desk. Always sealed. */
#ifndef STORE_TEXT_ROWS_H
#define STORE_TEXT_ROWS_H

#include "store/change_rows.h"
#include "sys/seal.h"

#include <stdbool.h>

enum text_author { TEXT_BY_PERSON = 1, TEXT_BY_DESK = 2 };

enum text_form { TEXT_UNDER_KEY = 1, TEXT_IN_BOX = 2 };

struct text_row {
    int64_t case_row;
    unsigned number; /* in its case, rising; set when it is added */
    unsigned kind;   /* enum case_text_kind */
    unsigned author; /* enum text_author */
    unsigned form;   /* enum text_form, of own */
    int64_t day_ms;
    const uint8_t *own; /* sealed; borrowed while shown */
    size_t n_own;
    const uint8_t *desk; /* sealed; NULL: none */
    size_t n_desk;
};

enum lk_status text_row_add(struct store_tx *tx, struct text_row *text,
                            struct lk_error *err) LK_MUST_CHECK;

/* How many a case has. */
enum lk_status text_rows_count(struct store_tx *tx, int64_t case_row, size_t *n,
                               struct lk_error *err) LK_MUST_CHECK;

typedef enum lk_status text_row_show(void *ctx, const struct text_row *text, struct lk_error *err);

/* Each of a case, by number. */
enum lk_status text_rows_of_case(struct store_tx *tx, int64_t case_row, text_row_show *show,
                                 void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Deletes one of the person's, or an address by whomever (kind 1), with its notices; no such number
 * is no error. */
enum lk_status text_row_delete(struct store_tx *tx, int64_t case_row, unsigned number,
                               struct lk_error *err) LK_MUST_CHECK;

/* The cases that have texts for the desk, the newest first: public id, how many, whether the last
 * message is the person's, the last day. */
struct text_case {
    uint8_t public_id[STORE_ID_BYTES];
    size_t n_texts;
    bool is_waiting;
    int64_t day_ms;
};
typedef enum lk_status text_case_show(void *ctx, const struct text_case *c, struct lk_error *err);
enum lk_status text_rows_cases(struct store_tx *tx, unsigned message_kind, size_t limit,
                               text_case_show *show, void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
