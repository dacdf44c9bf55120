/* cases/brake_inside.h - brakes within a transaction, for this folder alone. */
#ifndef CASES_BRAKE_INSIDE_H
#define CASES_BRAKE_INSIDE_H

#include "cases/brake.h"
#include "cases/registry_inside.h"
#include "store/brake_rows.h"
#include "store/notice_rows.h"

/* A refusal that is being accepted. */
struct brake_decision {
    const struct staff_hand *by;
    int64_t case_row;
    int64_t notice; /* its row */
    unsigned item;  /* the file it is about; 0: the only one; BRAKE_NO_ITEM: none of them */
    int64_t now_ms;
};
#define BRAKE_NO_ITEM (~0U)

/* Brakes the file of a notice whose refusal is accepted, as far as its reason reaches; *braked says
 * whether there was one. The platform is the one in whose inbox the notice is, or whose name its
 * recipient has: where that is none, nothing is checked there and nothing is braked.
 * Errors: LK_INVALID (the case has several files: which?), LK_IO. */
enum lk_status brake_accept_notice(struct store_tx *tx, struct registry *r,
                                   const struct brake_decision *decision, bool *braked,
                                   struct lk_error *err) LK_MUST_CHECK;

/* Lifts what that notice braked, because it is disputed after all. *lifted: there was one. */
enum lk_status brake_lift_notice(struct store_tx *tx, const struct brake_decision *decision,
                                 bool *lifted, struct lk_error *err) LK_MUST_CHECK;

/* One as a case shows it, in the arena; key NULL: why it was lifted stays shut. */
enum lk_status brake_show(struct arena *arena, const uint8_t *key,
                          const uint8_t case_id[STORE_ID_BYTES], const struct brake_row *row,
                          struct brake *out, struct lk_error *err) LK_MUST_CHECK;

#endif
