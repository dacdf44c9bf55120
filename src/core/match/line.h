/* core/match/line.h - where in time a query lies in an entry.
 *
 * Prints of a query that are near prints of an entry say each: this moment of the query is that
 * moment of the entry. Chance says this and that; a copy says one line, whose slope is how much
 * faster the copy plays. */
#ifndef CORE_MATCH_LINE_H
#define CORE_MATCH_LINE_H

#include <likeness/image.h>
#include <likeness/match.h>

/* A pair of moments that look or sound alike. */
struct seed {
    int64_t query_ms, entry_ms;
    uint32_t weight; /* the nearer the prints, the more */
};

enum { LINE_MAX_SEEDS = 512, LINE_MAX_LINES = 4 };

/* Moment t of the query is moment slope * t + offset_ms of the entry. */
struct line {
    double slope, offset_ms;
    uint64_t weight;  /* of the seeds on it */
    int64_t pivot_ms; /* the middle of these, in the query */
};

struct line_search {
    const double *slopes; /* that are tried */
    unsigned n_slopes;
    double least_slope, most_slope; /* when the line is drawn through its seeds */
    double near_ms;                 /* seeds so near belong to a line */
};

/* The heaviest lines, best first; lines that say much the same are given once. Sorts the seeds.
 * n is at most LINE_MAX_SEEDS. Returns how many. */
unsigned lines_find(const struct line_search *search, const struct seed *seeds, size_t n,
                    struct line lines[LINE_MAX_LINES]);

/* The first record that is not before `ms`; n_records where there is none. */
size_t sequence_at(const struct lk_sequence *sequence, int64_t ms);

/* How long a sequence lasts: as it says, or until its last print ends. At least 1. */
uint32_t sequence_lasts_ms(const struct lk_sequence *sequence);

#endif
