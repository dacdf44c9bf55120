/* cases/canary_inside.h - canaries among what a search found, for the files of this folder. */
#ifndef CASES_CANARY_INSIDE_H
#define CASES_CANARY_INSIDE_H

#include "bank/bank.h"
#include "cases/feed.h"
#include "cases/registry_inside.h"

/* Whether a hit is a canary, which nobody is told of. */
static inline bool canary_is(const struct bank_match *hit)
{
    return (hit->scope & FEED_SCOPE_ONLY) != 0;
}

/* Keeps that a partner asked for those among the hits which are another's. Errors: LK_IO. */
enum lk_status canary_note(struct registry *r, int64_t asker_row, const struct bank_matches *hits,
                           struct lk_error *err) LK_MUST_CHECK;

#endif
