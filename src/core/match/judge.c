/* What evidence is worth. The radii and the quality of PDQ's makers, measured again on other
 * pictures and edits, and votes of anchors; likeness/match.h says why they are what they are. */
#include "core/match/vote.h"

#include <likeness/image.h>

enum {
    MIN_COVERAGE_PERCENT = 10,
    VOTES_BESIDE_WHOLE = 2,
    TWO_WITHIN_BITS = 16,
    THREE_WITHIN_BITS = 20,
};

static unsigned grade_whole(const struct lk_evidence *e)
{
    if (e->query->quality < LK_MIN_QUALITY || e->entry->quality < LK_MIN_QUALITY)
        return e->dist_bits <= LK_EXACT_RADIUS ? LK_REVIEW : 0;
    if (e->dist_bits <= LK_EXACT_RADIUS)
        return LK_EXACT;
    return e->dist_bits <= LK_NEAR_RADIUS ? LK_NEAR : 0;
}

/* Surer, or as sure and nearer, or as near and from the query as it came, whose turn against the
 * entry is simply the entry's. */
static bool is_better(const struct lk_evidence *e, unsigned grade, const struct lk_evidence *best,
                      unsigned best_grade)
{
    if (best == NULL || grade != best_grade)
        return best == NULL || grade < best_grade;
    if (e->dist_bits != best->dist_bits)
        return e->dist_bits < best->dist_bits;
    return e->query->frame.turn == LK_TURN_0 && best->query->frame.turn != LK_TURN_0;
}

unsigned lk_match_votes_needed(unsigned grade, uint64_t n_items)
{
    if (grade != LK_REVIEW && grade != LK_PARTIAL)
        return 1;
    return n_items > 100000 ? 5 : 4;
}

static const struct lk_evidence *best_whole(const struct lk_evidence *evidence, size_t n,
                                            unsigned *best_grade)
{
    const struct lk_evidence *best = NULL;
    *best_grade = 0;
    for (size_t i = 0; i < n; i++) {
        if (evidence[i].query->kind != LK_WHOLE || evidence[i].entry->kind != LK_WHOLE)
            continue;
        unsigned grade = grade_whole(&evidence[i]);
        if (grade == 0 || !is_better(&evidence[i], grade, best, *best_grade))
            continue;
        best = &evidence[i];
        *best_grade = grade;
    }
    return best;
}

/* Two or three anchors of unlike pictures agree too often for people to look at: a shirt's buttons,
 * a page's letters. Not if they are as near as those of unlike pictures never came (of 48 right
 * pairs and 54 wrong ones with two or three votes, these limits take 13 and none). */
static bool few_but_near(const struct vote_result *votes)
{
    return (votes->n_votes >= 2 && votes->shown[1].dist_bits <= TWO_WITHIN_BITS) ||
           (votes->n_votes >= 3 && votes->shown[2].dist_bits <= THREE_WITHIN_BITS);
}

static unsigned grade_votes(const struct vote_result *votes, const struct lk_match_terms *terms)
{
    if (votes->n_votes >= lk_match_votes_needed(LK_PARTIAL, terms->n_items) &&
        votes->coverage_percent >= MIN_COVERAGE_PERCENT)
        return LK_PARTIAL;
    const bool enough = votes->n_votes >= lk_match_votes_needed(LK_REVIEW, terms->n_items);
    return enough || few_but_near(votes) ? LK_REVIEW : 0;
}

static void show(struct lk_verdict *v, const struct vote_result *votes)
{
    v->n_shown = (uint8_t)votes->n_shown;
    for (unsigned i = 0; i < votes->n_shown; i++)
        v->shown[i] = votes->shown[i];
}

static struct lk_verdict of_whole(const struct lk_evidence *best, unsigned grade,
                                  const struct vote_result *votes,
                                  const struct lk_match_terms *terms)
{
    struct lk_verdict v = {
        .grade = (uint8_t)grade,
        .dist_bits = best->dist_bits,
        .n_votes = 1,
        .coverage_percent = 100,
        .query_percent = 100,
        .turn = best->entry->frame.turn % LK_N_TURNS,
        .two_prints_agree = grade <= LK_NEAR && votes->n_votes >= VOTES_BESIDE_WHOLE,
        .shares_content = grade == LK_REVIEW,
        .place = place_of_turn(&best->query->frame, &best->entry->frame, terms),
    };
    show(&v, votes);
    return v;
}

static struct lk_verdict of_votes(const struct vote_result *votes, unsigned grade)
{
    struct lk_verdict v = {
        .grade = (uint8_t)grade,
        .dist_bits = votes->dist_bits,
        .n_votes = (uint16_t)votes->n_votes,
        .coverage_percent = votes->coverage_percent,
        .query_percent = votes->query_percent,
        .turn = (uint8_t)turn_of_place(&votes->place),
        .shares_content = true,
        .place = votes->place,
    };
    show(&v, votes);
    return v;
}

struct lk_verdict lk_match_judge(const struct lk_evidence *evidence, size_t n,
                                 const struct lk_match_terms *terms)
{
    struct vote_result votes;
    unsigned whole_grade;
    const struct lk_evidence *whole = best_whole(evidence, n, &whole_grade);
    vote_count(evidence, n, terms, &votes);
    const unsigned vote_grade = grade_votes(&votes, terms);
    if (whole != NULL && (vote_grade == 0 || whole_grade <= vote_grade))
        return of_whole(whole, whole_grade, &votes, terms);
    return vote_grade == 0 ? (struct lk_verdict){.grade = 0} : of_votes(&votes, vote_grade);
}
