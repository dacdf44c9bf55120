/* core/match/vote.h - which anchors agree on where the entry lies in the query.
 *
 * An anchor of the query that looks like one of the entry says where the whole entry would lie:
 * its scale from the two sizes, its turn from the form that was met, its shift from the two places.
 * Chance pairs say this and that; pairs of the same picture agree. */
#ifndef CORE_MATCH_VOTE_H
#define CORE_MATCH_VOTE_H

#include <likeness/image.h>
#include <likeness/match.h>

enum { VOTE_MAX_EVIDENCE = 256 }; /* between one query and one entry; the nearest are kept */

struct vote_result {
    unsigned n_votes; /* anchors that agree, apart from one another on both sides */
    struct lk_place place;
    uint8_t coverage_percent, query_percent; /* what they span of either picture */
    uint16_t dist_bits;                      /* of the nearest */
    unsigned n_shown;
    struct lk_vote shown[LK_MAX_SHOWN_VOTES];
};

/* Counts the votes among the anchors of the evidence. Pure; at most VOTE_MAX_EVIDENCE squared
 * comparisons. */
void vote_count(const struct lk_evidence *evidence, size_t n, const struct lk_match_terms *terms,
                struct vote_result *out);

/* Where an entry lies in a query that shows all of it under one of the eight turns: middle on
 * middle. */
struct lk_place place_of_turn(const struct lk_frame *query, const struct lk_frame *entry,
                              const struct lk_match_terms *terms);

/* The one of the eight turns that comes nearest to what the place says. */
enum lk_turn turn_of_place(const struct lk_place *place);

#endif
