/* cases/ladder.h - whom to ask next about one address: the way up, from the platform to the law.
 *
 *     platform > host > network > registrar      who can take the content away, one after the other
 *     search engine                              in parallel, from the first notice on
 *     app store, advertising                     of a tool that makes such pictures; of a site that
 *                                                nobody moves
 *     regulator                                  where a law of the person's country names one
 *     police                                     always the person's own choice
 *
 * Only decisions: it reads no clock and no store. A suggestion is for a person at the desk; what
 * may go out without one is ladder_may_go_alone(). Threads: any. */
#ifndef CASES_LADDER_H
#define CASES_LADDER_H

#include "cases/notice.h"
#include "law/deadline.h"
#include "law/facts.h"
#include "law/target.h"

enum ladder_why {
    LADDER_FIRST = 1,    /* nobody was asked yet */
    LADDER_OVERDUE,      /* the one before let its time run out, or will at from_ms */
    LADDER_REFUSED,      /* the one before refused */
    LADDER_LIMITED,      /* the one before only reduced the reach */
    LADDER_GIVEN_UP,     /* the desk closed the way before */
    LADDER_NO_CONTACT,   /* the one before has no address for notices, or it did not arrive there */
    LADDER_HOST_UNKNOWN, /* it is not known on whose machines it stands: the network may tell */
    LADDER_NOT_ACTIONABLE, /* the same one again, with what was missing */
    LADDER_BACK,           /* the same one again: it was removed and is back */
    LADDER_PARALLEL,       /* need not wait for anyone */
    LADDER_DIRECT,         /* this authority takes reports without the platform being asked first */
    LADDER_PERSONS_CHOICE, /* a pack for the police, should the person want to go there */
    LADDER_CHILD,          /* under 18: the hotline for children, and nobody else */
    LADDER_N_WHYS
};

/* For the desk, in plain English; "" for none of them. */
const char *ladder_why_text(unsigned why);

/* The notices about one address, the oldest first; of each target the newest counts. */
struct ladder_notice {
    enum law_target target;
    unsigned state;     /* enum notice_state */
    int64_t sent_ms;    /* 0: not out yet */
    int64_t due_ms;     /* 0: no clock runs */
    bool is_public;     /* its clock counts publicly: struct law_deadline.counts_publicly */
    const char *regime; /* or NULL */
};

struct ladder_question {
    const struct ladder_notice *notices;
    size_t n_notices;
    bool platform_has_contact; /* a form, a mail address or an inbox is known */
    bool host_is_known;
    bool is_tool;     /* about a tool or app that makes such pictures */
    bool is_child;    /* under 18, or unsure */
    unsigned waiting; /* bits 1 << target: a letter to it waits to go by itself (escalate.h) */
    const struct law_facts *facts; /* of the person's country and situation; or NULL */
    int64_t now_ms;
};

struct ladder_step {
    enum law_target rung;
    enum ladder_why why;
    const char *regime;    /* under which it is asked, or NULL; borrowed from facts */
    const char *recipient; /* the name of an authority, or NULL: whoever is on that rung */
    const char *how;       /* in English, or NULL */
    const char *warning;   /* why this step can harm the person, or NULL */
    int64_t from_ms;       /* when it is due; 0: at once */
    bool is_due_now;
    bool after_public; /* the clock that ran out before it counts publicly */
    bool is_waiting;   /* a letter waits to do it by itself */
};

#define LADDER_MAX_STEPS 32

struct ladder {
    struct ladder_step steps[LADDER_MAX_STEPS]; /* in the order of the rungs */
    size_t n;
};

/* What could be done next. Nothing but the person's choice where the content is gone, or the desk
 * accepted that it stays. */
void ladder_suggest(const struct ladder_question *q, struct ladder *out);

/* Only what is due, and only after a clock that counts publicly ran out: never for a reminder of
 * our own, a refusal or a number that nobody checked. An authority, the police and the hotline are
 * always asked by a person. */
bool ladder_may_go_alone(enum ladder_auto rule, const struct ladder_step *step);

/* "suggest" "search" "registrar"; false: none of them. */
bool ladder_auto_of(const char *name, enum ladder_auto *out);

#endif
