/* core/match/track.h - what sounds, and what pictures, say along a line in time.
 *
 * The index led to a line by a few prints that lie near (core/match/line.h). Here the prints of
 * both sides along that line are compared themselves, so that what the index missed does not
 * matter, and what only chance brought together falls apart. */
#ifndef CORE_MATCH_TRACK_H
#define CORE_MATCH_TRACK_H

#include "core/match/line.h"

struct track {
    uint8_t grade;      /* LK_NEAR: strong evidence; LK_REVIEW; 0: none */
    uint16_t dist_bits; /* of the nearest prints */
    uint16_t far_bits;  /* of the farthest that count */
    uint32_t n_votes;   /* prints of the query that agree, apart from one another */
    bool is_still;      /* pictures: one picture is all that agrees */
    uint8_t turn;       /* pictures: LK_TURN_0 or LK_FLIP_Y */
    uint32_t from_ms, to_ms, query_from_ms, query_to_ms;
    struct line line;
};

/* The best of what the seeds lead to. `seeds` are pairs of any kinds; those that are not of the
 * track's are passed over. */
struct track track_of_sound(const struct lk_sequence *query, const struct lk_sequence *entry,
                            const struct lk_evidence *seeds, size_t n);
struct track track_of_frames(const struct lk_sequence *query, const struct lk_sequence *entry,
                             const struct lk_evidence *seeds, size_t n);

/* Sets the range in the entry to where the line puts the range in the query, as far as the entry
 * lasts: a frame that agrees was kept a little earlier or later than the moment it stands for. */
void track_place(struct track *track, const struct lk_sequence *entry);

/* The nearest of the pairs of one kind, as seeds of a line; returns how many. */
size_t seeds_take(const struct lk_evidence *evidence, size_t n, unsigned kind, unsigned radius_bits,
                  struct seed seeds[LINE_MAX_SEEDS]);

#endif
