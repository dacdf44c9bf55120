/* cases/watch.h - public pages that are looked at for copies, again and again.
 *
 * What is found on a page that a case watches is compared with the entries of that case alone; on a
 * page that is watched for every case, with those of all open cases. A match becomes a proposal
 * (cases/proposal.h) in its case: a person looks before anything is done. On a page of every case a
 * match of the grade "review" proposes nothing: among so many there is always one that shares
 * something. Where a case is named, NULL stands for every case. Threads: any. */
#ifndef CASES_WATCH_H
#define CASES_WATCH_H

#include "base/arena.h"
#include "cases/registry.h"

#include <likeness/print.h>

#define WATCH_MAX_OF_CASE 20
#define WATCH_MAX_OF_ALL  100 /* that are watched for every case */
#define WATCH_MAX_CASES   16  /* in which one medium is proposed */
#define WATCH_MAX_DUE     64

enum watch_result { WATCH_NONE, WATCH_READ, WATCH_UNREADABLE };

struct watch {
    int64_t row, case_row; /* case_row 0: for every case */
    char case_id[33];      /* as the desk names it, or "" */
    const char *url;
    int64_t every_ms, looked_ms;
    unsigned result;           /* enum watch_result */
    unsigned n_media, n_found; /* at the last look */
};

/* The page is looked at as soon as somebody looks. Errors: LK_NOT_FOUND (no such case), LK_CONFLICT
 * (it is closed), LK_INVALID (no URL), LK_LIMIT (WATCH_MAX_OF_CASE or _ALL), LK_IO. */
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

/* Compares the prints of a medium at media_url with the entries of the watch's case, or of all, and
 * proposes the address in each case that they match. *found: they do. Errors: those of bank_match()
 * and, for the watch of one case, proposal_add(). */
enum lk_status watch_compare(struct registry *r, const struct watch *watch,
                             const struct lk_sequence *sequence, const char *media_url, bool *found,
                             struct lk_error *err) LK_MUST_CHECK;

/* Keeps what a look gave: watch->result, n_media, n_found; the next is every_ms later. */
enum lk_status watch_note(struct registry *r, const struct watch *watch,
                          struct lk_error *err) LK_MUST_CHECK;

#endif
