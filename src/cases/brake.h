/* cases/brake.h - entries whose refusal by a platform the desk accepted.
 *
 * That content stays does not take the person's file out of the bank. Further copies are still
 * found, but with the weakest effect: they are pointed out to a person at the platform, and nothing
 * happens to whoever posted them, whatever the grade and the tier. How far that reaches follows
 * from the reason:
 *
 *     satire_or_art, public_interest      what is shown is the reason: at every platform
 *     consent_shown, not_intimate,        what is true of this publication, or of this platform's
 *     uploader_says_consent, _self,       rules: at that platform
 *     _lawful
 *     others                              nothing is said about the file: nowhere
 *
 * A brake is lifted again by the desk, which says why, or when the accepted refusal is disputed
 * after all. It stands in the store with the decision, in one transaction. Threads: any. */
#ifndef CASES_BRAKE_H
#define CASES_BRAKE_H

#include "cases/registry.h"
#include "cases/staff.h"

enum brake_scope { BRAKE_NOWHERE, BRAKE_AT_PLATFORM, BRAKE_EVERYWHERE };

/* Of an enum match_reason. Pure. */
enum brake_scope brake_scope_of(unsigned reason);

/* As a case shows it. */
struct brake {
    int64_t row;
    unsigned item;       /* number in the case */
    unsigned reason;     /* enum match_reason */
    const char *partner; /* its name; NULL: at every platform */
    int64_t since_ms;
    int64_t lifted_ms; /* 0: it holds */
    const char *why;   /* it was lifted; NULL: not said, or it does not open */
};
#define BRAKE_MAX_SHOWN 400

/* The desk accepts what a platform refused of a match (named as in MATCH_ID_CHARS): its entry is
 * braked. By a member that does not have the case. Errors: LK_NOT_FOUND, LK_CONFLICT (it is not
 * refused for a reason that brakes, is braked already, or takes a second person), LK_IO. */
enum lk_status brake_accept_match(struct registry *r, const struct staff_hand *by,
                                  const char *case_id, const char *match,
                                  struct lk_error *err) LK_MUST_CHECK;

/* The file has its full effect again. why: for colleagues, sealed. Errors: LK_NOT_FOUND (the case
 * has no such brake), LK_INVALID (why is empty), LK_CONFLICT (it was lifted already), LK_IO. */
enum lk_status brake_lift(struct registry *r, const struct staff_hand *by, const char *case_id,
                          int64_t brake, const char *why, struct lk_error *err) LK_MUST_CHECK;

#endif
