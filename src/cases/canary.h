/* cases/canary.h - entries that were made up and given to one partner alone, so that a copy of the
 * bank that got out says whose it was.
 *
 * To the partner's machines a canary is an entry as any other: it comes in the feed in its turn,
 * with the prints of a picture that nobody took. Whoever else asks for it is not told of a match;
 * that it was asked for is kept. Threads: any. */
#ifndef CASES_CANARY_H
#define CASES_CANARY_H

#include "cases/partner.h"
#include "cases/registry.h"

#define CANARY_MAX_AT_ONCE 100

/* Makes n canaries (1..CANARY_MAX_AT_ONCE) for the platform or peer bank of that name. Errors:
 * LK_NOT_FOUND (no such partner whose key is in force), LK_INVALID (its role, n), LK_IO, LK_NOMEM.
 */
enum lk_status canary_add(struct registry *r, const char *partner, size_t n,
                          struct lk_error *err) LK_MUST_CHECK;

/* Takes all of a partner's back, as entries are withdrawn; *n: how many. Errors: LK_NOT_FOUND (no
 * partner of that name), LK_IO. */
enum lk_status canary_remove(struct registry *r, const char *partner, size_t *n,
                             struct lk_error *err) LK_MUST_CHECK;

struct canary_sum {
    const char *partner;
    size_t n_in_force, n_taken_back;
    int64_t first_ms, last_ms; /* when the oldest and the newest were made */
};
struct canary_sighting {
    const char *owner; /* whose canary */
    const char *asker; /* who asked for it */
    int64_t first_ms, last_ms;
    uint64_t n_times;
};

/* How many each partner has, and who asked for them; in the arena. */
enum lk_status canary_list(struct registry *r, struct arena *arena, struct canary_sum **sums,
                           size_t *n_sums, struct canary_sighting **sightings, size_t *n_sightings,
                           struct lk_error *err) LK_MUST_CHECK;

/* Whose canaries stand among these prints, each partner once, by name; in the arena. A print
 * counts that is at most 2 bits from a whole print of a canary, in any turn: what is made of a
 * picture that nobody took comes from a list. Cost: some 10 ns for each print and each turn of each
 * canary. */
enum lk_status canary_check(struct registry *r, const struct lk_print *prints, size_t n_prints,
                            struct arena *arena, const char ***owners, size_t *n_owners,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
