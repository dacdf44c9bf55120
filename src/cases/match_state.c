#include "cases/match_state.h"

#include <string.h>

static const char *const state_names[MATCH_N_STATES] = {
    [MATCH_FOUND] = "found",       [MATCH_ACKNOWLEDGED] = "acknowledged",
    [MATCH_REMOVED] = "removed",   [MATCH_LIMITED] = "limited",
    [MATCH_REFUSED] = "refused",   [MATCH_NOT_ACTIONABLE] = "not_actionable",
    [MATCH_DISPUTED] = "disputed", [MATCH_RESTORED] = "restored",
};

static const struct {
    const char *name;
    unsigned outcome;
} reasons[MATCH_N_REASONS] = {
    [MATCH_REASON_NONE] = {"none", 0},
    [REASON_NOT_THE_SAME] = {"not_the_same", MATCH_REFUSED},
    [REASON_CONSENT_SHOWN] = {"consent_shown", MATCH_REFUSED},
    [REASON_PUBLIC_INTEREST] = {"public_interest", MATCH_REFUSED},
    [REASON_SATIRE_OR_ART] = {"satire_or_art", MATCH_REFUSED},
    [REASON_NOT_INTIMATE] = {"not_intimate", MATCH_REFUSED},
    [REASON_LEGAL_HOLD] = {"legal_hold", MATCH_REFUSED},
    [REASON_CONTENT_NOT_FOUND] = {"content_not_found", MATCH_NOT_ACTIONABLE},
    [REASON_LOCATION_MISSING] = {"location_missing", MATCH_NOT_ACTIONABLE},
    [REASON_IDENTITY_MISSING] = {"identity_missing", MATCH_NOT_ACTIONABLE},
    [REASON_STATEMENT_MISSING] = {"statement_missing", MATCH_NOT_ACTIONABLE},
    [REASON_NOT_OUR_SERVICE] = {"not_our_service", MATCH_NOT_ACTIONABLE},
    [REASON_NO_ACCESS] = {"no_access", MATCH_NOT_ACTIONABLE},
    [REASON_UPLOADER_CONSENT] = {"uploader_says_consent", MATCH_DISPUTED},
    [REASON_UPLOADER_SELF] = {"uploader_says_self", MATCH_DISPUTED},
    [REASON_UPLOADER_LAWFUL] = {"uploader_says_lawful", MATCH_DISPUTED},
    [REASON_UPLOADER_MISTAKEN] = {"uploader_says_mistaken", MATCH_DISPUTED},
    [REASON_AGE_RESTRICTED] = {"age_restricted", MATCH_LIMITED},
    [REASON_REACH_REDUCED] = {"reach_reduced", MATCH_LIMITED},
};

#define BIT(state) (1u << (state))

/* Which states may follow; the table of the header. */
static const unsigned may_follow[MATCH_N_STATES] = {
    [MATCH_FOUND] = BIT(MATCH_ACKNOWLEDGED) | BIT(MATCH_REMOVED) | BIT(MATCH_LIMITED) |
                    BIT(MATCH_REFUSED) | BIT(MATCH_NOT_ACTIONABLE) | BIT(MATCH_DISPUTED),
    [MATCH_ACKNOWLEDGED] = BIT(MATCH_ACKNOWLEDGED) | BIT(MATCH_REMOVED) | BIT(MATCH_LIMITED) |
                           BIT(MATCH_REFUSED) | BIT(MATCH_NOT_ACTIONABLE) | BIT(MATCH_DISPUTED),
    [MATCH_REMOVED] = BIT(MATCH_REMOVED) | BIT(MATCH_DISPUTED) | BIT(MATCH_RESTORED),
    [MATCH_LIMITED] = BIT(MATCH_REMOVED) | BIT(MATCH_LIMITED) | BIT(MATCH_REFUSED) |
                      BIT(MATCH_DISPUTED) | BIT(MATCH_RESTORED),
    [MATCH_REFUSED] =
        BIT(MATCH_ACKNOWLEDGED) | BIT(MATCH_REMOVED) | BIT(MATCH_LIMITED) | BIT(MATCH_REFUSED),
    [MATCH_NOT_ACTIONABLE] = BIT(MATCH_ACKNOWLEDGED) | BIT(MATCH_REMOVED) | BIT(MATCH_LIMITED) |
                             BIT(MATCH_REFUSED) | BIT(MATCH_NOT_ACTIONABLE) | BIT(MATCH_DISPUTED),
    [MATCH_DISPUTED] = BIT(MATCH_REMOVED) | BIT(MATCH_LIMITED) | BIT(MATCH_REFUSED) |
                       BIT(MATCH_DISPUTED) | BIT(MATCH_RESTORED),
    [MATCH_RESTORED] =
        BIT(MATCH_ACKNOWLEDGED) | BIT(MATCH_REMOVED) | BIT(MATCH_LIMITED) | BIT(MATCH_RESTORED),
};

static bool same(const char *name, const char *text, size_t n)
{
    return strlen(name) == n && memcmp(name, text, n) == 0;
}

const char *match_state_name(unsigned state)
{
    return state >= MATCH_FOUND && state < MATCH_N_STATES ? state_names[state] : "unknown";
}

unsigned match_state_from_name(const char *name, size_t n)
{
    for (unsigned s = MATCH_FOUND; s < MATCH_N_STATES; s++)
        if (same(state_names[s], name, n))
            return s;
    return 0;
}

const char *match_reason_name(unsigned reason)
{
    return reason < MATCH_N_REASONS ? reasons[reason].name : "unknown";
}

unsigned match_reason_from_name(const char *name, size_t n)
{
    for (unsigned r = 0; r < MATCH_N_REASONS; r++)
        if (same(reasons[r].name, name, n))
            return r;
    return MATCH_REASON_NONE;
}

unsigned match_reason_outcome(unsigned reason)
{
    return reason < MATCH_N_REASONS ? reasons[reason].outcome : 0;
}

bool match_needs_reason(unsigned outcome)
{
    return outcome == MATCH_REFUSED || outcome == MATCH_NOT_ACTIONABLE || outcome == MATCH_DISPUTED;
}

bool match_is_waiting(unsigned state)
{
    return state == MATCH_FOUND || state == MATCH_ACKNOWLEDGED;
}

bool match_may_follow(unsigned from, unsigned to)
{
    return from < MATCH_N_STATES && to < MATCH_N_STATES && (may_follow[from] & BIT(to)) != 0;
}
