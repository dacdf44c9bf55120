/* cases/escalate.h - letters that go by themselves when the clock of a notice ran out: what keeps
 * them waiting, what stops them, what sends them. For this folder alone; the desk's side is
 * cases/desk_wait.h.
 *
 *     waiting --the alarm, in its transaction--> ready (mail) | given (inbox), with a notice
 *        |
 *        +--answered, closed, asked already, under 18, a person stops it ...--> stopped, with why
 *
 * The service opens nothing that the desk alone can open: the letter is written beforehand. Whether
 * it still is the next step is asked of the ladder after every change of a notice about its
 * address, as if the clock ran out then; when it does run out, under the operator's rule. */
#ifndef CASES_ESCALATE_H
#define CASES_ESCALATE_H

#include "cases/registry_inside.h"
#include "cases/staff.h"
#include "store/letter_wait_rows.h"

#define ESCALATE_MAX_WAITING 32 /* letters about one address */

/* Why a letter may not wait, or no longer. English, for the desk; NULL: it may. `rule` is the one
 * that its step is held against. */
struct escalate_candidate {
    struct letter_wait wait; /* its letter may not be there yet: 0 */
    unsigned target;         /* enum law_target */
    int64_t partner;         /* row; 0: not by inbox */
    const char *recipient;
    enum ladder_auto rule;
};
enum lk_status escalate_judge(struct store_tx *tx, const struct registry *r,
                              const uint8_t case_id[STORE_ID_BYTES],
                              const uint8_t key[SEAL_KEY_BYTES],
                              const struct escalate_candidate *candidate, const char **why,
                              struct lk_error *err) LK_MUST_CHECK;

/* Looks at the letters that wait about one address, after something about it changed: those that
 * may no longer wait are stopped; those whose clock has run out go. */
enum lk_status escalate_review(struct store_tx *tx, const struct registry *r, int64_t case_row,
                               unsigned text_number, int64_t now_ms,
                               struct lk_error *err) LK_MUST_CHECK;

/* Stops all that wait about one address of a case (0: about any). why: English. */
enum lk_status escalate_stop(struct store_tx *tx, const struct staff_hand *by, int64_t case_row,
                             unsigned text_number, const char *why, int64_t now_ms,
                             struct lk_error *err) LK_MUST_CHECK;

/* One by its letter, by a member of staff. */
enum lk_status escalate_stop_one(struct store_tx *tx, const struct staff_hand *by,
                                 const struct letter_wait *wait, const char *why, int64_t now_ms,
                                 struct lk_error *err) LK_MUST_CHECK;

/* Sends one at once. Errors: LK_CONFLICT (asked already, or it cannot be sent: the text says why).
 */
enum lk_status escalate_send_one(struct store_tx *tx, const struct registry *r,
                                 const struct staff_hand *by, const struct letter_wait *wait,
                                 int64_t now_ms, struct lk_error *err) LK_MUST_CHECK;

#endif
