/* cases/watch.h - public pages that a case is looked for on, again and again.
 *
 * What is found there is compared with the entries of that case alone, and a match becomes a
 * proposal (cases/proposal.h): a person looks before anything is done. Threads: any. */
#ifndef CASES_WATCH_H
#define CASES_WATCH_H

#include "base/arena.h"
#include "cases/registry.h"

#include <likeness/print.h>

#define WATCH_MAX_OF_CASE 20
#define WATCH_MAX_DUE     64

enum watch_result { WATCH_NONE, WATCH_READ, WATCH_UNREADABLE };

struct watch {
    int64_t row, case_row;
    char case_id[33]; /* as the desk names it */
    const char *url;
    int64_t every_ms, looked_ms;
    unsigned result;           /* enum watch_result */
    unsigned n_media, n_found; /* at the last look */
};

/* The page is looked at as soon as somebody looks. Errors: LK_NOT_FOUND (no such case), LK_CONFLICT
 * (it is closed), LK_INVALID (no URL), LK_LIMIT (WATCH_MAX_OF_CASE), LK_IO. */
enum lk_status watch_add(struct registry *r, const char *case_id, const char *url, int64_t every_ms,
                         struct lk_error *err) LK_MUST_CHECK;

/* Errors: LK_NOT_FOUND (no such case, or it has no such watch), LK_IO. */
enum lk_status watch_remove(struct registry *r, const char *case_id, int64_t row,
                            struct lk_error *err) LK_MUST_CHECK;

/* Those of a case; those that are due now. In the arena. Errors: LK_NOT_FOUND, LK_NOMEM, LK_IO,
 * LK_CORRUPT. */
enum lk_status watch_list(struct registry *r, const char *case_id, struct arena *arena,
                          struct watch **out, size_t *n, struct lk_error *err) LK_MUST_CHECK;
enum lk_status watch_due(struct registry *r, struct arena *arena, struct watch **out, size_t *n,
                         struct lk_error *err) LK_MUST_CHECK;

/* Compares the prints of a medium at media_url with the entries of the watch's case, and proposes
 * the address when they match. *found: they do. Errors: those of bank_match() and proposal_add().
 */
enum lk_status watch_compare(struct registry *r, const struct watch *watch,
                             const struct lk_sequence *sequence, const char *media_url, bool *found,
                             struct lk_error *err) LK_MUST_CHECK;

/* Keeps what a look gave: watch->result, n_media, n_found; the next is every_ms later. */
enum lk_status watch_note(struct registry *r, const struct watch *watch,
                          struct lk_error *err) LK_MUST_CHECK;

#endif
