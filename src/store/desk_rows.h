/* store/desk_rows.h - the queue of the desk, and notes between caseworkers. */
#ifndef STORE_DESK_ROWS_H
#define STORE_DESK_ROWS_H

#include "store/case_rows.h"

#define DESK_LANG_BYTES 16

struct desk_row {
    int64_t case_row;
    uint8_t public_id[STORE_ID_BYTES];
    char lang[DESK_LANG_BYTES]; /* "": not looked at yet */
    unsigned harm;              /* 0: not looked at yet */
    int64_t staff;              /* row; 0: nobody has it */
    const char *staff_name;     /* borrowed while shown; NULL: nobody */
    size_t n_staff_name;
    int64_t due_ms; /* 0: no clock runs */
    bool is_waiting;
    unsigned n_links, n_open, n_late;
    int64_t changed_ms;
};

/* Brings what is counted of a case up to date with its texts and notices, and puts the case into
 * the queue if it has anything for the desk. To be called in every transaction that changes them.
 */
enum lk_status desk_row_refresh(struct store_tx *tx, int64_t case_row, int64_t now_ms,
                                struct lk_error *err) LK_MUST_CHECK;

/* What the desk itself says of a case. */
enum lk_status desk_row_sort(struct store_tx *tx, int64_t case_row, const char *lang, unsigned harm,
                             struct lk_error *err) LK_MUST_CHECK;
enum lk_status desk_row_assign(struct store_tx *tx, int64_t case_row, int64_t staff,
                               struct lk_error *err) LK_MUST_CHECK;

enum desk_sort {
    DESK_BY_DUE,     /* the next clock first; without one last, left out */
    DESK_BY_WAITING, /* the person wrote last; the longest wait first */
    DESK_BY_HARM,    /* the gravest first */
    DESK_BY_CHANGE,  /* the newest change first */
    DESK_N_SORTS
};

struct desk_query {
    enum desk_sort sort;
    char lang[DESK_LANG_BYTES]; /* "": any */
    unsigned harm_from;         /* 0: any */
    int64_t staff;              /* -1: anybody's; 0: nobody's; a row: of that one */
    bool is_late;               /* only with a clock that ran out */
    bool is_new;                /* only those not looked at yet */
    size_t offset, limit;
};

typedef enum lk_status desk_row_show(void *ctx, const struct desk_row *row, struct lk_error *err);

/* Cost: by an index for each order; filters that leave little make it read more. */
enum lk_status desk_rows(struct store_tx *tx, const struct desk_query *query, desk_row_show *show,
                         void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Of one case. Errors: LK_NOT_FOUND (the desk has nothing of it). */
enum lk_status desk_row_get(struct store_tx *tx, int64_t case_row, desk_row_show *show, void *ctx,
                            struct lk_error *err) LK_MUST_CHECK;

/* For the head of the queue. */
struct desk_counts {
    size_t n_cases, n_new, n_waiting, n_late, n_due_today;
};
enum lk_status desk_rows_count(struct store_tx *tx, int64_t today_end_ms, struct desk_counts *out,
                               struct lk_error *err) LK_MUST_CHECK;

struct desk_note_row {
    int64_t staff, at_ms;
    const char *staff_name; /* NULL: none */
    size_t n_staff_name;
    const uint8_t *note; /* a sealed box for the desk */
    size_t n_note;
};
enum lk_status desk_note_add(struct store_tx *tx, int64_t case_row,
                             const struct desk_note_row *note, struct lk_error *err) LK_MUST_CHECK;
typedef enum lk_status desk_note_show(void *ctx, const struct desk_note_row *note,
                                      struct lk_error *err);
enum lk_status desk_notes_of_case(struct store_tx *tx, int64_t case_row, desk_note_show *show,
                                  void *ctx, struct lk_error *err) LK_MUST_CHECK;

#endif
