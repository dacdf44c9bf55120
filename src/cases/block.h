/* cases/block.h - how often platforms stopped an entry at upload by themselves, as they count it.
 *
 * No content, no uploader, no time but the day. The person is given coarse steps ("at least 10"):
 * a count that moved with each attempt would tell who tries what they did. Threads: any. */
#ifndef CASES_BLOCK_H
#define CASES_BLOCK_H

#include "cases/match.h"

#define BLOCK_MAX_LIST  1000
#define BLOCK_MAX_COUNT 1000000000
#define BLOCK_MAX_AGE   31 /* days that a report may lie back */

struct block_count {
    const char *entry; /* this partner's id of it, MATCH_ID_CHARS; borrowed */
    size_t n_entry;
    int64_t day; /* since 1970 */
    uint64_t n;  /* of that day so far, 1..BLOCK_MAX_COUNT */
};

/* Keeps them; saying the same day again counts once, with the higher number. *n_unknown: of entries
 * that are not in force. Errors: LK_DENIED (no platform), LK_INVALID (a day in the future or too
 * long ago, a number), LK_LIMIT, LK_IO. */
enum lk_status block_report(struct registry *r, const struct partner *partner,
                            const struct block_count *counts, size_t n, size_t *n_unknown,
                            struct lk_error *err) LK_MUST_CHECK;

/* The step below a number: 0, 1, 5, 10, 50, 100 ... */
uint64_t block_step(uint64_t n);

#endif
