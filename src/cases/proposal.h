/* cases/proposal.h - addresses that a tool found or a list named. Nothing is done about them until
 * a person at the desk took them: then they are addresses of the case as those that were typed.
 * Threads: any. */
#ifndef CASES_PROPOSAL_H
#define CASES_PROPOSAL_H

#include "base/arena.h"
#include "cases/registry.h"
#include "cases/staff.h"

#define PROPOSAL_MAX_URL_BYTES  2000
#define PROPOSAL_MAX_NOTE_BYTES 500
#define PROPOSAL_MAX_OF_CASE    1000 /* that wait */

enum proposal_state { PROPOSAL_OPEN = 1, PROPOSAL_TAKEN, PROPOSAL_DECLINED };

struct proposal_found {
    const char *url;  /* http or https */
    const char *note; /* what the finder said of it; NULL: nothing */
    int64_t found_ms;
    int64_t watch;  /* row of the watch; 0: none */
    int64_t entry;  /* row of the entry it matches; 0: nobody compared it */
    unsigned grade; /* enum lk_grade; 0 */
};

enum proposal_fate {
    PROPOSAL_NEW,
    PROPOSAL_KNOWN,  /* proposed before, whatever came of it */
    PROPOSAL_NOTICED /* a notice was sent about it */
};

/* Adds an address to a case, unless the case knows it in one spelling or another. dry: only says
 * what would happen. Errors: LK_NOT_FOUND (no such case), LK_CONFLICT (it is closed), LK_INVALID
 * (no URL, or a text), LK_LIMIT (too many wait already), LK_IO. */
enum lk_status proposal_add(struct registry *r, const char *case_id,
                            const struct proposal_found *found, bool dry, enum proposal_fate *fate,
                            struct lk_error *err) LK_MUST_CHECK;

struct proposal {
    int64_t row;
    const char *url;
    const char *note; /* or NULL */
    int64_t found_ms, watch, entry;
    unsigned grade, state;
};

/* Those of a case that wait, the oldest first, in the arena. Errors: LK_NOT_FOUND, LK_CONFLICT (the
 * case is closed), LK_CORRUPT, LK_NOMEM, LK_IO. */
enum lk_status proposal_list(struct registry *r, const char *case_id, struct arena *arena,
                             struct proposal **out, size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* Takes a proposal that waits: it becomes an address of the case; or declines it, so that it is not
 * proposed again. Errors: LK_NOT_FOUND (no such proposal waits), as above, and those of
 * desk_case_add_links(). */
enum lk_status proposal_take(struct registry *r, const struct staff_hand *by, const char *case_id,
                             int64_t row, struct lk_error *err) LK_MUST_CHECK;
enum lk_status proposal_decline(struct registry *r, const struct staff_hand *by,
                                const char *case_id, int64_t row,
                                struct lk_error *err) LK_MUST_CHECK;

#endif
