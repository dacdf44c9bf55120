/* node/findings.h - what a node found in the platform's own contents, until somebody looked.
 *
 * An entry and a content make one finding, however often they meet. Everything is durable when a
 * call returns. What is withdrawn takes its findings with it; of those that were marked only counts
 * remain, for the report. Threads: any. */
#ifndef NODE_FINDINGS_H
#define NODE_FINDINGS_H

#include "bank/bank.h"
#include "base/arena.h"
#include "node/shelf.h"

struct findings; /* opaque */

#define FINDINGS_MAX 1000000 /* kept; what comes then is counted as lost */

enum found_by { FOUND_BY_NEWS = 1, FOUND_BY_SCAN = 2, FOUND_BY_QUERY = 3 };
enum finding_mark { MARK_OPEN, MARK_RIGHT, MARK_WRONG };

struct finding {
    uint64_t number; /* rises; never comes again */
    int64_t found_ms;
    uint8_t entry[BANK_ID_BYTES];
    uint8_t medium, grade, tier; /* of the entry, when it was found */
    uint8_t would; /* enum lk_action by grade, tier and brakes; 0: none, it is allowed */
    uint8_t by;    /* enum found_by */
    uint8_t mark;  /* enum finding_mark */
    bool shadow;   /* the node was in shadow mode: nothing was to be done */
    uint16_t dist_bits;
    const char *content; /* the platform's name of it, SHELF_MAX_NAME_BYTES at most */
};

/* Errors: those of journal_open(). keys must outlive it. */
enum lk_status findings_open(const char *path, const struct keys *keys, struct findings **out,
                             struct lk_error *err) LK_MUST_CHECK;
void findings_close(struct findings *f); /* NULL is fine */

/* Notes those of n findings that are new (their numbers, marks and contents are not looked at
 * further: contents are copied). *n_new: how many. Errors: LK_IO, LK_NOMEM. */
enum lk_status findings_add(struct findings *f, const struct finding *found, size_t n,
                            size_t *n_new, struct lk_error *err) LK_MUST_CHECK;

/* Those of entries that are gone go too: of all that `is_gone` says so of. Errors: LK_IO,
 * LK_NOMEM: they are gone from memory, not from the disk; the next call tries again. */
enum lk_status findings_forget(struct findings *f,
                               bool (*is_gone)(void *ctx, const uint8_t entry[BANK_ID_BYTES]),
                               void *ctx, struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND, LK_IO, LK_NOMEM. */
enum lk_status findings_mark(struct findings *f, uint64_t number, enum finding_mark mark,
                             struct lk_error *err) LK_MUST_CHECK;

/* At most `limit` findings after the number `after`, in the arena. *more: others follow. */
enum lk_status findings_list(struct findings *f, uint64_t after, size_t limit, struct arena *arena,
                             struct finding **out, size_t *n, bool *more,
                             struct lk_error *err) LK_MUST_CHECK;

struct findings_row {
    uint64_t n, n_right, n_wrong; /* n: open ones included */
};
struct findings_report {
    struct findings_row rows[LK_TIER_CONFIRMED + 1][LK_REVIEW + 1][LK_ACT_BLOCK + 1];
    uint64_t n_open, n_lost;
};

/* How many were found, by tier, grade and what would have been done. */
void findings_report(struct findings *f, struct findings_report *out);

/* How many wait for a mark. */
size_t findings_open_count(struct findings *f);

/* "news" "scan" "query"; "open" "right" "wrong". */
const char *found_by_name(unsigned by);
const char *finding_mark_name(unsigned mark);

#endif
