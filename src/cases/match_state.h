/* cases/match_state.h - the states of a match, and which answer may follow which.
 *
 * A match begins as `found`. A partner's answer moves it:
 *
 *     from \ to       acknowledged removed limited refused not_actionable disputed restored
 *     found                yes       yes     yes     yes        yes          yes
 *     acknowledged          =        yes     yes     yes        yes          yes
 *     removed                         =                                      yes      yes
 *     limited                        yes      =      yes                     yes      yes
 *     refused              yes       yes     yes      =
 *     not_actionable       yes       yes     yes     yes         =           yes
 *     disputed                       yes     yes     yes                      =       yes
 *     restored             yes       yes     yes                                       =
 *
 * "=": the same answer again. With the same reason and note nothing is written; with others it is
 * recorded as a correction. Everything else is LK_CONFLICT. */
#ifndef CASES_MATCH_STATE_H
#define CASES_MATCH_STATE_H

#include <stdbool.h>
#include <stddef.h>

#define MATCH_ID_CHARS 32 /* hexadecimal digits of a match's or entry's id */

enum match_state {
    MATCH_FOUND = 1,
    MATCH_ACKNOWLEDGED,   /* seen, being looked at */
    MATCH_REMOVED,        /* no longer there */
    MATCH_LIMITED,        /* reach reduced: hidden, blurred, region-blocked, held back */
    MATCH_REFUSED,        /* stays; a reason is required */
    MATCH_NOT_ACTIONABLE, /* nothing can be done with what was said; a reason says what is missing
                           */
    MATCH_DISPUTED,       /* the uploader objects, it is being decided; a reason is required */
    MATCH_RESTORED,       /* was removed or limited and is back */
    MATCH_N_STATES        /* one more than the last */
};

/* Why. Each reason belongs to one outcome; the others take none. */
enum match_reason {
    MATCH_REASON_NONE = 0,
    /* refused */
    REASON_NOT_THE_SAME,    /* "not_the_same": other content than the entry's */
    REASON_CONSENT_SHOWN,   /* "consent_shown": the person shown agreed to this publication */
    REASON_PUBLIC_INTEREST, /* "public_interest": news, evidence or debate outweighs */
    REASON_SATIRE_OR_ART,   /* "satire_or_art" */
    REASON_NOT_INTIMATE,    /* "not_intimate": outside what the law or the policy covers */
    REASON_LEGAL_HOLD,      /* "legal_hold": an authority asked that it be kept */
    /* not_actionable */
    REASON_CONTENT_NOT_FOUND, /* "content_not_found": nothing at the reference any more */
    REASON_LOCATION_MISSING,  /* "location_missing": where it is was not said */
    REASON_IDENTITY_MISSING,  /* "identity_missing": cannot tell who is shown */
    REASON_STATEMENT_MISSING, /* "statement_missing": a statement that the law requires */
    REASON_NOT_OUR_SERVICE,   /* "not_our_service": hosted elsewhere */
    REASON_NO_ACCESS,         /* "no_access": encrypted, the partner cannot see it */
    /* disputed */
    REASON_UPLOADER_CONSENT,  /* "uploader_says_consent" */
    REASON_UPLOADER_SELF,     /* "uploader_says_self": the uploader says to be the person shown */
    REASON_UPLOADER_LAWFUL,   /* "uploader_says_lawful" */
    REASON_UPLOADER_MISTAKEN, /* "uploader_says_mistaken": another picture than the entry's */
    /* limited: needs none, may have one */
    REASON_AGE_RESTRICTED, /* "age_restricted": only adults can open it */
    REASON_REACH_REDUCED,  /* "reach_reduced": it is recommended and found less */
    MATCH_N_REASONS
};

/* "found" "acknowledged" "removed" "limited" "refused" "not_actionable" "disputed" "restored";
 * unknown values give "unknown", unknown names 0. */
const char *match_state_name(unsigned state);
unsigned match_state_from_name(const char *name, size_t n);

/* The names above; MATCH_REASON_NONE gives "none"; unknown names 0. */
const char *match_reason_name(unsigned reason);
unsigned match_reason_from_name(const char *name, size_t n);

/* The outcome a reason belongs to: MATCH_REFUSED, MATCH_NOT_ACTIONABLE, MATCH_DISPUTED,
 * MATCH_LIMITED, or 0. */
unsigned match_reason_outcome(unsigned reason);

/* true when an answer with this outcome must carry a reason. */
bool match_needs_reason(unsigned outcome);

/* true when the next move is the partner's: found or being looked at. */
bool match_is_waiting(unsigned state);

/* The table above; `from` == `to` is allowed except for MATCH_FOUND. */
bool match_may_follow(unsigned from, unsigned to);

#endif
