/* likeness/match.h - when is a query the same content as an entry?
 *
 * Hits of the index are grouped by entry, aligned, and graded. The grade says how sure we are; what
 * may follow from it depends on the entry's tier (lk_match_action). */
#ifndef LIKENESS_MATCH_H
#define LIKENESS_MATCH_H

#include <likeness/index.h>

/* How far an entry is trusted. */
enum lk_tier { LK_TIER_SELF = 1, LK_TIER_CHECKED = 2, LK_TIER_CONFIRMED = 3 };

/* From surest to least sure; 0 means no match. */
enum lk_grade { LK_EXACT = 1, LK_NEAR = 2, LK_PARTIAL = 3, LK_REVIEW = 4 };

/* What may follow without a person looking first. A platform may be stricter, never looser. */
enum lk_action { LK_ACT_QUEUE = 1, LK_ACT_HOLD = 2, LK_ACT_BLOCK = 3 };

/* Radii in bits, and the least quality a whole print needs to act on its own. */
#define LK_EXACT_RADIUS 10
#define LK_NEAR_RADIUS  31
#define LK_MIN_QUALITY  50

/* Anchored prints are searched to this many bits; votes forgive those that are missed. */
#define LK_ANCHOR_RADIUS 40

/* Prints of frames and of sound are searched to so many bits; what they lead to is compared again
 * along a line in time, so that those that are missed do not matter. */
#define LK_FRAME_RADIUS 64
#define LK_SOUND_RADIUS 64

/* Search radius for prints of this kind; *judged: whether this version draws conclusions from the
 * kind at all.
 *
 * Whole prints are searched to 31 bits and no further. Between 32 and 44 a lone whole print would
 * be worth a review at most, and costs too many of them: among 127 M pairs of unrelated pictures
 * the tail halves every 4 bits, from 1077 pairs at 78, so that about 2 in 10^8 pairs lie within 44
 * against 2 in 10^9 within 31. Each image stands in the bank under eight turns: at 10^5 images,
 * one query in fifty would queue a stranger, where one in a thousand is the most that is useful. */
unsigned lk_match_radius(unsigned kind, bool *judged);

/* One query record close to one record of an entry. */
struct lk_evidence {
    const struct lk_record *query;
    const struct lk_record *entry;
    uint16_t dist_bits;
};

/* What the judge must know besides. */
struct lk_match_terms {
    uint64_t n_items;            /* in the bank: what a match needs rises with it */
    struct lk_frame query_whole; /* of the first whole print of either side, which tells the */
    struct lk_frame entry_whole; /* picture's shape; all zero: not known, taken as a square */
};

/* An anchor that agrees with the others on where the entry lies in the query. */
struct lk_vote {
    struct lk_frame query, entry;
    uint16_t dist_bits;
};
#define LK_MAX_SHOWN_VOTES 16

/* Where the entry's picture lies in the query's. A point (x, y) of the entry, in 1/256 of its long
 * side (mirrored first, x becoming 2 * half width - x, where `mirrored`), lies at
 * (a x - b y + dx, b x + a y + dy) in 1/256 of the query's long side: a = scale * cos(turn) and
 * b = scale * sin(turn), clockwise as people see it. */
struct lk_place {
    float a, b, dx, dy;
    bool mirrored;
};

struct lk_verdict {
    uint8_t grade;            /* enum lk_grade; 0: no match */
    uint16_t dist_bits;       /* of the nearest evidence */
    uint16_t n_votes;         /* independent pieces of evidence that agree */
    uint8_t coverage_percent; /* how much of the entry they span */
    uint8_t query_percent;    /* how much of the query they span */
    uint8_t turn;             /* enum lk_turn under which the query was met */
    bool shares_content;      /* all we know is that both show something in common */
    bool two_prints_agree; /* two independent prints do: whole and two anchors, picture and sound */
    bool by_picture, by_sound; /* of what lasts: what agrees */
    uint8_t speed_percent;     /* how fast the entry plays in the query; 0 where nothing lasts */
    uint32_t from_ms, to_ms;   /* range in the entry, 0..0 for an image */
    uint32_t query_from_ms, query_to_ms; /* and in the query */
    uint32_t lasts_ms, query_lasts_ms;   /* all of either; 0 for an image */
    struct lk_place place;
    uint8_t n_shown;
    struct lk_vote shown[LK_MAX_SHOWN_VOTES]; /* of the votes, the nearest first */
};

/* Judges all the evidence that connects one query with one entry. n may be 0 (no match).
 *
 * Whole prints: the nearest decides. Within 10 bits exact, within 31 near, where both sides have
 * quality 50 or more; where one has less, within 10 review, else nothing: such a picture has little
 * structure, its print errs by more, and unlike pictures come close to it. The eight turns of a
 * picture are one piece of evidence, so n_votes is 1.
 *
 * Anchored prints: lk_match_votes_needed(); partial only where they span 10 percent of the entry.
 * For a review two suffice within 16 bits, three within 20. Pure; threads: any. */
struct lk_verdict lk_match_judge(const struct lk_evidence *evidence, size_t n,
                                 const struct lk_match_terms *terms);

/* Judges a query against an entry where at least one of them is a video or a recording. `evidence`
 * are the pairs within reach that an index found, of any kinds, frames against whole prints of
 * pictures among them; they only say where to look: what lies along the line in time that they
 * speak for is compared again. Sequences must pass lk_sequence_check().
 *
 * Sound: docs/internals/timed-matching.md has the sum that decides. Pictures: three frames within
 * 31 bits, or five within 48, in line with each other over two seconds and not all alike; two
 * within 31 bits for a review. Of strong evidence, near where it spans half of both sides, exact
 * where all of both within 10 bits, else partial; the sound of a video alone gives partial at most.
 * A still of a video gives partial; a video that shows one picture all the time is that picture.
 * Both tracks strong and in line are two proofs (two_prints_agree). Pure; threads: any. Work:
 * bounded by 400 times the records of both sides, plus n. */
struct lk_verdict lk_match_judge_timed(const struct lk_sequence *query,
                                       const struct lk_sequence *entry,
                                       const struct lk_evidence *evidence, size_t n);

/* How many anchors must agree for LK_REVIEW or LK_PARTIAL in a bank of n_items; 1 for the others.
 * Rises with the bank, so that chance stays as rare for each query. */
unsigned lk_match_votes_needed(unsigned grade, uint64_t n_items);

/* What the same file (equal digests) is worth: exact, distance 0, the whole of the entry. */
struct lk_verdict lk_match_same_file(void);

/* The table of what may follow; `two_prints_agree` as in the verdict. Unknown grades and tiers give
 * LK_ACT_QUEUE. */
enum lk_action lk_match_action(unsigned grade, unsigned tier, bool two_prints_agree);

/* In words, for people: what a grade says of an entry of this medium ("is the same picture",
 * "shares content with the video"), and what it may be used for. Unknown values give "unknown". */
const char *lk_grade_meaning(unsigned grade, unsigned medium);
const char *lk_grade_use(unsigned grade);

/* Stable names: "exact" "near" "partial" "review"; "self" "checked" "confirmed"; "queue" "hold"
 * "block". Unknown values give "unknown"; unknown names give 0. */
const char *lk_grade_name(unsigned grade);
const char *lk_tier_name(unsigned tier);
const char *lk_action_name(unsigned action);
unsigned lk_tier_from_name(const char *name, size_t n);

#endif
