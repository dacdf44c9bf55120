/* exchange/dsa_statement.h - drafts of statements of reasons, as the DSA Transparency Database
 * takes them (its API's page "Statement attributes", read 24 November 2026).
 *
 * A platform in the European Union that removes or limits content owes whoever posted it a
 * statement of reasons, and the Commission a copy without personal data. What Likeness knows of it
 * is filled in; what only the platform knows is named, never guessed: when the content was posted,
 * which of its rules it broke, whether a machine decided. Nothing is sent anywhere. Threads: any.
 */
#ifndef EXCHANGE_DSA_STATEMENT_H
#define EXCHANGE_DSA_STATEMENT_H

#include "base/json.h"

#include <likeness/match.h>

struct dsa_statement {
    const char *puid;     /* the platform's own unique id of it: letters, digits, - and _ */
    unsigned outcome;     /* MATCH_REMOVED or MATCH_LIMITED (cases/match_state.h) */
    unsigned reason;      /* of MATCH_LIMITED; 0: none */
    int64_t decided_ms;   /* when the platform said so */
    const char *notifier; /* who gave notice, an organisation; NULL: found by matching */
    bool is_trusted_flagger;
    int64_t notified_ms; /* of a notice */
    unsigned grade;      /* enum lk_grade, of a match */
    unsigned kind;       /* enum law_kind; what the notice says that it is */
    unsigned medium;     /* enum law_medium; 0: not known */
    bool is_synthetic;   /* the notice says that it was edited or made by a computer */
};

/* Does a statement follow from this outcome? */
bool dsa_statement_is_owed(unsigned outcome);

/* {"statement": {...}, "missing": [{"member", "why"}]} */
void dsa_statement_write(struct json *j, const struct dsa_statement *s);

#endif
