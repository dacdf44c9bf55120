/* cases/notice.h - what the desk demanded about an address, and what became of it.
 *
 *     ready -> sent | delivered -> in_review -> removed | limited | refused | not_actionable
 *                                                  |                    |
 *                                                back               disputed, escalated, closed
 *
 * A notice is sent to a recipient, under a regime of data/law or under none. Where that regime is
 * in force, gives the platform a time after a person's notice and is sure (law/deadline.h), the
 * clock is the law's; otherwise it is the operator's own, and the person is told which. A clock is
 * set once, when the notice goes out, and begins anew only when the content is back: nothing else
 * moves a deadline. When it is nearly over, and when it is over, the alarm is written down as a
 * step. Every change is a step with its time, its actor and its reason. Threads: any. */
#ifndef CASES_NOTICE_H
#define CASES_NOTICE_H

#include "cases/registry.h"

#define NOTICE_MAX_RECIPIENT_BYTES 200

enum notice_state {
    NOTICE_SENT = 1, /* out, by hand or by form */
    NOTICE_IN_REVIEW,
    NOTICE_REMOVED,
    NOTICE_REFUSED,
    NOTICE_NOT_ACTIONABLE,
    NOTICE_ESCALATED, /* brought before an authority or a court */
    NOTICE_BACK,      /* it was removed and is there again: the clock begins anew */
    NOTICE_READY,     /* written; not out yet: no clock runs */
    NOTICE_DELIVERED, /* in the recipient's inbox, or taken by its mail server */
    NOTICE_LIMITED,   /* reach reduced */
    NOTICE_DISPUTED,  /* the uploader objects, or the desk contests a refusal */
    NOTICE_ACCEPTED,  /* the desk accepted a refusal: the content stays */
    NOTICE_CLOSED,    /* the desk goes on in another way */
    NOTICE_FAILED,    /* it did not arrive */
    NOTICE_N_STATES
};

/* "sent" "in_review" "removed" "refused" "not_actionable" "escalated" "back" "ready" "delivered"
 * "limited" "disputed" "accepted" "closed" "failed" */
const char *notice_state_name(unsigned state);
unsigned notice_state_of(const char *name); /* 0: none of them, or NULL */

/* Is the next move the recipient's? Then, and only then, its clock runs. */
bool notice_is_waiting(unsigned state);

/* May this follow that? From any state to itself it may not. */
bool notice_may_follow(unsigned from, unsigned to);

enum notice_alarm { NOTICE_CALM, NOTICE_DUE_SOON, NOTICE_OVERDUE };

enum notice_actor {
    NOTICE_BY_DESK = 1,
    NOTICE_BY_PARTNER,
    NOTICE_BY_CLOCK,
    NOTICE_BY_CHECK, /* a look at the address */
    NOTICE_BY_MAIL,  /* the mail server */
    NOTICE_BY_RULE   /* the clock, by the operator's rule (cases/escalate.h) */
};
const char *notice_actor_name(unsigned actor); /* "desk" "partner" "clock" "check" "mail" "rule" */

/* What the person sees of the newest notice about an address. */
struct case_notice {
    const char *recipient;
    const char *regime; /* its id; NULL: none */
    uint8_t state;      /* enum notice_state */
    uint8_t reason;     /* enum match_reason; 0: none */
    int64_t sent_ms, changed_ms;
    int64_t due_ms; /* 0: nobody is waited for */
    bool by_law;    /* the time limit is the law's */
    bool is_overdue;
};

/* The desk told a recipient about address `number` of a case (named as in cases/desk.h) by hand.
 * regime: an id of data/law, or NULL. Errors: LK_NOT_FOUND (no such case), LK_INVALID (recipient,
 * regime, or no such address), LK_CONFLICT (the case is closed), LK_IO. */
enum lk_status notice_send(struct registry *r, const char *case_id, unsigned number,
                           const char *recipient, const char *regime,
                           struct lk_error *err) LK_MUST_CHECK;

/* What became of the newest notice about that address, as the desk learned. Errors: LK_NOT_FOUND
 * (no such case, or no notice yet), LK_INVALID (state), LK_CONFLICT (it may not follow), LK_IO. */
enum lk_status notice_mark(struct registry *r, const char *case_id, unsigned number, unsigned state,
                           struct lk_error *err) LK_MUST_CHECK;

/* A look at the address found the content there again: a removed notice becomes "back", any other
 * is left alone. Errors: LK_NOT_FOUND, LK_IO. */
enum lk_status notice_seen_again(struct registry *r, int64_t notice_row,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Raises the alarms that are due: to be called about once a minute. *n receives how many. */
enum lk_status notice_tick(struct registry *r, size_t *n, struct lk_error *err) LK_MUST_CHECK;

#endif
