/* cases/desk_case.h - a case as a caseworker sees it: texts, facts, notices with their steps,
 * letters, what platforms found, notes of colleagues. Never a picture: of files only what kind they
 * are and how the matches were graded. Every look is written down (cases/desk_act.h). */
#ifndef CASES_DESK_CASE_H
#define CASES_DESK_CASE_H

#include "cases/brake.h"
#include "cases/case.h"
#include "cases/desk.h"
#include "cases/facts.h"
#include "cases/letter.h"
#include "cases/staff.h"

struct desk_step {
    int64_t at_ms, due_ms;
    unsigned state, alarm, actor, reason;
    const char *staff; /* name, or NULL */
    const char *note;  /* or NULL */
};

struct desk_notice {
    int64_t row;
    unsigned number; /* of the address in its case */
    const char *recipient;
    const char *regime; /* or NULL */
    unsigned state, alarm, reason, clock_kind;
    int64_t sent_ms, due_ms, changed_ms, span_ms;
    bool by_law;
    int64_t letter;  /* row; 0: told by hand */
    unsigned target; /* enum law_target of its letter; 0 */
    const struct desk_step *steps;
    size_t n_steps;
    size_t n_elsewhere; /* other cases with a notice about the same address */
    bool is_newest;     /* of its address */
};

struct desk_letter {
    char id[DESK_CASE_CHARS + 1];
    int64_t row;
    unsigned target, channel, state, n_tries;
    const char *recipient, *address, *subject, *body;       /* address may be NULL */
    const char *regime, *platform, *lang, *partner, *staff; /* or NULL, but lang */
    const char *problem, *law_date;                         /* or NULL */
    int64_t made_ms, changed_ms, next_ms;
    unsigned waits_about; /* number of the address about which it waits for a clock; 0: it does not
                           */
    int64_t waits_for;    /* row of the notice whose clock that is */
};

struct desk_remark {
    int64_t at_ms;
    const char *staff; /* or NULL */
    const char *text;  /* NULL: does not open */
};

struct desk_view {
    char id[DESK_CASE_CHARS + 1];
    int64_t row;
    unsigned state; /* enum case_state */
    int64_t opened_day_ms, expires_ms;
    const char *lang;  /* "": not looked at yet */
    unsigned harm;     /* 0: not looked at yet; 1 low to 4 now */
    const char *staff; /* who has it, or NULL */
    int64_t staff_row;
    bool is_waiting;
    const struct case_written *texts; /* all, in the order written; the facts too */
    size_t n_texts;
    struct case_facts facts;           /* what the person answered, then what the desk wrote */
    const struct desk_notice *notices; /* the oldest first */
    size_t n_notices;
    const struct desk_letter *letters;
    size_t n_letters;
    const struct desk_remark *remarks;
    size_t n_remarks;
    const struct case_item *items;
    size_t n_items;
    const struct brake *brakes; /* lifted ones too */
    size_t n_brakes;
    const struct case_copy *copies;
    const char *const *drawings; /* of each copy: the last part of the address that draws what
                                    agreed (match_view), never a picture */
    size_t n_copies;
};

/* Opens a case for the desk, in the arena. Without the desk's secret key the texts stay shut
 * (text NULL). Errors: LK_NOT_FOUND, LK_CONFLICT (it is closed), LK_IO, LK_NOMEM. */
enum lk_status desk_case_open(struct registry *r, const struct staff_hand *by, const char *id,
                              struct arena *arena, struct desk_view *out,
                              struct lk_error *err) LK_MUST_CHECK;

/* One address, to be opened: a step of its own that is written down and counted. */
struct desk_opened_link {
    const char *address;
    size_t n_today; /* links that this member opened today, this one too */
};
/* Errors: LK_NOT_FOUND, LK_DENIED (the desk's key is not at hand), LK_IO. */
enum lk_status desk_case_open_link(struct registry *r, const struct staff_hand *by, const char *id,
                                   unsigned number, struct arena *arena,
                                   struct desk_opened_link *out,
                                   struct lk_error *err) LK_MUST_CHECK;

/* Writes down that an evidence pack was made of it. Errors: LK_IO. */
enum lk_status desk_case_took_pack(struct registry *r, const struct staff_hand *by,
                                   const struct desk_view *view,
                                   struct lk_error *err) LK_MUST_CHECK;

/* Writes the facts of a case, sealed; also its language and harm (0: leave) in the queue.
 * Errors: LK_NOT_FOUND, LK_CONFLICT (closed, or full), LK_INVALID (a text), LK_IO. */
enum lk_status desk_case_note_facts(struct registry *r, const struct staff_hand *by, const char *id,
                                    const struct case_facts *facts, unsigned harm,
                                    struct lk_error *err) LK_MUST_CHECK;

/* A note to colleagues. Errors: as above. */
enum lk_status desk_case_remark(struct registry *r, const struct staff_hand *by, const char *id,
                                const char *text, struct lk_error *err) LK_MUST_CHECK;

/* Takes a case (staff 0: gives it back). Errors: LK_NOT_FOUND, LK_IO. */
enum lk_status desk_case_assign(struct registry *r, const struct staff_hand *by, const char *id,
                                int64_t staff, struct lk_error *err) LK_MUST_CHECK;

/* Adds addresses (one a line) for the person, as a caller dictates them. *n receives how many.
 * Errors: as above. */
enum lk_status desk_case_add_links(struct registry *r, const struct staff_hand *by, const char *id,
                                   const char *lines, size_t *n,
                                   struct lk_error *err) LK_MUST_CHECK;

#endif
