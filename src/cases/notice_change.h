/* cases/notice_change.h - one change of one notice, in a transaction: the row, its step, the event,
 * the person's news, the queue and the letters that wait for its clock together. For this folder
 * alone. */
#ifndef CASES_NOTICE_CHANGE_H
#define CASES_NOTICE_CHANGE_H

#include "cases/case_seal.h"
#include "cases/notice.h"
#include "law/deadline.h"
#include "store/notice_rows.h"

struct notice_change {
    unsigned state, reason; /* enum notice_state, match_reason */
    unsigned alarm;         /* enum notice_alarm, when only that changes */
    enum notice_actor actor;
    int64_t staff, partner; /* rows; 0: none */
    const char *note;       /* NULL: none */
    int64_t now_ms;
};

/* Copies of what is borrowed of a row while it is shown; texts stay sealed. */
struct notice_kept {
    struct notice_row row; /* its recipient and place are NULL */
    bool found;
};
enum lk_status notice_keep(void *ctx, const struct notice_row *notice, struct lk_error *err);

/* Whose clock a notice under that regime (NULL: none) has, from that event, and how long; it does
 * not run yet. Errors: LK_INVALID (no such regime). */
enum lk_status notice_set_clock(const struct registry *r, struct notice_row *row,
                                const char *regime, enum law_event event,
                                struct lk_error *err) LK_MUST_CHECK;

/* Starts the clock of a notice that goes out now. */
void notice_start(struct notice_row *row, int64_t now_ms);

/* Changes the row (whose state is the present one). Errors: LK_CONFLICT: it may not follow. */
enum lk_status notice_change(struct store_tx *tx, const struct registry *r, struct notice_row *row,
                             const struct notice_change *change,
                             struct lk_error *err) LK_MUST_CHECK;

/* The same state, said again with another reason or note: a step and an event; no clock moves. */
enum lk_status notice_correct(struct store_tx *tx, const struct registry *r, struct notice_row *row,
                              const struct notice_change *change,
                              struct lk_error *err) LK_MUST_CHECK;

/* Writes the first step and event of a row that was just added. */
enum lk_status notice_began(struct store_tx *tx, const struct notice_row *row,
                            const uint8_t case_id[STORE_ID_BYTES],
                            const struct notice_change *change, struct lk_error *err) LK_MUST_CHECK;

#endif
