/* cases/desk_act.h - the trail: who did what at the desk, when, in which case. What was read or
 * written is not in it. Rows are only ever added. Threads: any. */
#ifndef CASES_DESK_ACT_H
#define CASES_DESK_ACT_H

#include "cases/desk.h"
#include "cases/staff.h"
#include "store/staff_rows.h"

enum desk_act {
    ACT_SIGNED_IN = 1,
    ACT_SIGN_IN_FAILED,
    ACT_SIGNED_OUT,
    ACT_CHOSE_PASSWORD,
    ACT_READ_CASE,
    ACT_OPENED_LINK,
    ACT_READ_LETTER,
    ACT_NOTED_FACTS,
    ACT_WROTE_MESSAGE,
    ACT_WROTE_NOTE,
    ACT_ADDED_LINKS,
    ACT_TOOK_CASE,
    ACT_SENT_LETTER,
    ACT_SETTLED_LETTER,
    ACT_MARKED_NOTICE,
    ACT_DECIDED_DISPUTE,
    ACT_ASKED_SECOND, /* a colleague has to allow it */
    ACT_ALLOWED,
    ACT_DECLINED,
    ACT_TOOK_PACK,
    ACT_ADDED_STAFF,
    ACT_ENDED_STAFF,
    ACT_RESET_STAFF,
    ACT_DECLINED_LINK,   /* that a tool or a list proposed */
    ACT_SENT_BY_RULE,    /* a letter, when a clock ran out: by nobody */
    ACT_STOPPED_LETTER,  /* that waited for a clock */
    ACT_PREPARED_LETTER, /* to wait for a clock */
    ACT_BRAKED_FILE,     /* its refusal was accepted */
    ACT_LIFTED_BRAKE,
    ACT_HANDED_KEY, /* the desk's, to a member */
    ACT_N_KINDS
};

/* "signed in", "read a case" ...: English, in the catalogues. */
const char *desk_act_words(unsigned act);

/* In the transaction of what it is about. case_row, subject: 0: none. */
enum lk_status desk_act_put(struct store_tx *tx, const struct staff_hand *by, unsigned act,
                            int64_t case_row, int64_t subject, int64_t now_ms,
                            struct lk_error *err) LK_MUST_CHECK;

struct desk_act_entry {
    int64_t row, at_ms, subject;
    unsigned act;
    const char *staff;                 /* name; NULL: the command line or the service */
    char case_id[DESK_CASE_CHARS + 1]; /* "": none */
};

/* The newest first, below `before` (0: from the end), of one member of staff or all (0).
 * Errors: LK_NOMEM, LK_IO. */
enum lk_status desk_acts(struct registry *r, int64_t staff, int64_t before, size_t limit,
                         struct arena *arena, struct desk_act_entry **out, size_t *n,
                         struct lk_error *err) LK_MUST_CHECK;

/* How often somebody read cases and opened links, day by day, over the last n_days (<= 366). */
struct desk_exposure {
    int64_t day_ms;
    size_t n_cases, n_links;
};
enum lk_status desk_exposures(struct registry *r, int64_t staff, unsigned n_days,
                              struct arena *arena, struct desk_exposure **out, size_t *n,
                              struct lk_error *err) LK_MUST_CHECK;

#endif
