/* cases/notice.h - what the desk did about an address, and what became of it: the states between
 * "we have it" and "it is gone".
 *
 * A notice is sent to a recipient, under a regime of data/law or under none. Where that regime is
 * in force and gives the platform a number of hours, the clock is the law's; otherwise it is the
 * operator's own, and the person is told which. Threads: any. */
#ifndef CASES_NOTICE_H
#define CASES_NOTICE_H

#include "cases/registry.h"

#define NOTICE_MAX_RECIPIENT_BYTES 200

enum notice_state {
    NOTICE_SENT = 1,
    NOTICE_IN_REVIEW,
    NOTICE_REMOVED,
    NOTICE_REFUSED,
    NOTICE_NOT_ACTIONABLE,
    NOTICE_ESCALATED, /* brought before an authority or a court */
    NOTICE_BACK,      /* it was removed and is there again: the clock begins anew */
    NOTICE_N_STATES
};

/* "sent" "in_review" "removed" "refused" "not_actionable" "escalated" "back" */
const char *notice_state_name(unsigned state);
unsigned notice_state_of(const char *name); /* 0: none of them, or NULL */

/* Is the next move the recipient's? */
bool notice_is_waiting(unsigned state);

/* What the person sees of the newest notice about an address. */
struct case_notice {
    const char *recipient;
    const char *regime; /* its id; NULL: none */
    uint8_t state;      /* enum notice_state */
    int64_t sent_ms, changed_ms;
    int64_t due_ms; /* 0: nobody is waited for */
    bool by_law;    /* the time limit is the law's */
    bool is_overdue;
};

/* The desk sent a notice about address `number` of a case (named as in cases/desk.h). regime: an id
 * of data/law, or NULL. Errors: LK_NOT_FOUND (no such case), LK_INVALID (recipient, regime, or no
 * such address), LK_CONFLICT (the case is closed), LK_IO. */
enum lk_status notice_send(struct registry *r, const char *case_id, unsigned number,
                           const char *recipient, const char *regime,
                           struct lk_error *err) LK_MUST_CHECK;

/* What became of the newest notice about that address. Errors: LK_NOT_FOUND (no such case, or no
 * notice yet), LK_INVALID (state), LK_IO. */
enum lk_status notice_mark(struct registry *r, const char *case_id, unsigned number, unsigned state,
                           struct lk_error *err) LK_MUST_CHECK;

#endif
