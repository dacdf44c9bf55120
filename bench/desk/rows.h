/* bench/desk/rows.h - cases as a desk has them after a year or two, made from a number. */
#ifndef BENCH_DESK_ROWS_H
#define BENCH_DESK_ROWS_H

#include "cases/case_seal.h"
#include "store/store.h"

enum { ROWS_MAX_STAFF = 16, ROWS_N_WORDS = 64 };

/* Texts of each kind, sealed for the desk once and used in many cases: making a box takes longer
 * than all the rows of a case. */
struct rows_box {
    uint8_t *p;
    size_t n;
};

struct rows {
    struct registry *r;
    int64_t now_ms;
    uint64_t drawn; /* state of the generator */
    int64_t staff[ROWS_MAX_STAFF];
    size_t n_staff;
    struct rows_box notes[ROWS_N_WORDS], situations[ROWS_N_WORDS], facts[ROWS_N_WORDS];
    struct rows_box messages[ROWS_N_WORDS];
    char body[1600]; /* of a letter */
};

/* What of a case a page can be asked for by name. */
struct rows_made {
    uint8_t case_id[STORE_ID_BYTES];
    uint8_t letter_id[STORE_ID_BYTES]; /* of its first letter */
    bool has_letter;
};

/* Seals the texts that are shared. */
void rows_begin(struct rows *rows);
void rows_end(struct rows *rows);

/* One case with all that hangs on it. */
enum lk_status rows_add_case(struct store_tx *tx, struct rows *rows, struct rows_made *out,
                             struct lk_error *err) LK_MUST_CHECK;

#endif
