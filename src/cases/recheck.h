/* cases/recheck.h - does an address that somebody was told about still answer?
 *
 * Looked at are the addresses of notices whose recipient has the next move, and of those that are
 * said to be removed. What a look finds is kept as its result and changes nothing by itself: "gone"
 * is a proposal that a person or the recipient confirms. One thing is done without them: an address
 * that was removed and answers twice in a row is back, and its clock begins anew.
 *
 * Polite: at most one look at a host in a round, pauses that grow while nothing changes, and moved
 * a little, so that nobody is asked for many things in the same minute. Threads: any. */
#ifndef CASES_RECHECK_H
#define CASES_RECHECK_H

#include "base/arena.h"
#include "cases/registry.h"
#include "sys/fetch.h"

#define RECHECK_MAX_DUE 256
#define RECHECK_ROUND_S 60 /* between two looks at the same host */

enum recheck_result {
    RECHECK_NONE,   /* not looked at, or it is no address of the web */
    RECHECK_UP,     /* it answers with a page at that address */
    RECHECK_GONE,   /* 404, 410 or 451: proposed, not confirmed */
    RECHECK_UNCLEAR /* refused, broken, late, or another page */
};
const char *recheck_result_name(unsigned result); /* "none" "up" "gone" "unclear" */

/* What one answer tells. A page that was moved within its host to another path, or to another host,
 * tells nothing: it may be a login, or the home page. */
enum recheck_result recheck_judge(const struct fetch_result *answer);

/* The pause before the next look after n_same looks with the same result, without the jitter. */
int64_t recheck_pause_ms(int64_t every_ms, unsigned n_same);

struct recheck_place {
    int64_t notice;   /* row */
    const char *url;  /* as it was handed in, trimmed; in the arena */
    const char *host; /* likewise */
    size_t n_host;
};

/* What is to be looked at now: at most one address of each host. The others of that host are put
 * off by a round each, and what is no address of the web is not asked for before its notice
 * changes. Cost: what is due, not how many notices there are. Errors: LK_NOMEM, LK_IO. */
enum lk_status recheck_due(struct registry *r, struct arena *arena, struct recheck_place **out,
                           size_t *n, struct lk_error *err) LK_MUST_CHECK;

/* Keeps what a look found, and when the next one is; reopens the notice if its address is back.
 * A notice that ended meanwhile is left alone. Errors: LK_IO. */
enum lk_status recheck_note(struct registry *r, int64_t every_ms, int64_t notice,
                            const struct fetch_result *answer, struct lk_error *err) LK_MUST_CHECK;

/* The newest look at each address of a case. */
struct recheck_view {
    int64_t notice;
    unsigned number; /* of the address in the case */
    unsigned result; /* enum recheck_result */
    unsigned status; /* of HTTP; 0: none */
    int64_t at_ms;
};

/* In the arena, by notice. Errors: LK_NOT_FOUND (no such case), LK_NOMEM, LK_IO. */
enum lk_status recheck_of_case(struct registry *r, const char *case_id, struct arena *arena,
                               struct recheck_view **out, size_t *n,
                               struct lk_error *err) LK_MUST_CHECK;

#endif
