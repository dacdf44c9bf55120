/* service/rechecker.h - a thread that looks whether the addresses of notices still answer, and at
 * the pages that cases watch (service/watcher.h).
 *
 * Off unless the operator wants it: it makes this machine ask other people's servers. What is asked
 * and what an answer means is decided in cases/recheck.h, how to ask safely in sys/fetch.h. */
#ifndef SERVICE_RECHECKER_H
#define SERVICE_RECHECKER_H

#include "cases/recheck.h"
#include "media/media.h"
#include "sys/log.h"

struct rechecker_config {
    struct registry *registry;
    struct fetch_config fetch; /* its stop is the thread's */
    const struct log *log;
    int64_t every_ms;    /* the pause after the first look at an address; 0: none is looked at */
    struct media *media; /* for pages that are watched; NULL: none is looked at */
};

struct rechecker_counts {
    size_t n[RECHECK_UNCLEAR + 1]; /* by enum recheck_result */
};

/* One round: whatever is due is asked and noted. HEAD first; unless that says "up", GET decides,
 * since many servers answer HEAD badly. Errors: LK_NOMEM, LK_IO. */
enum lk_status rechecker_round(const struct rechecker_config *config, struct rechecker_counts *out,
                               struct lk_error *err) LK_MUST_CHECK;

struct rechecker;

/* Starts the thread; config->registry and config->log must live longer. Errors: LK_NOMEM,
 * LK_INTERNAL (no thread). */
enum lk_status rechecker_start(const struct rechecker_config *config, struct rechecker **out,
                               struct lk_error *err) LK_MUST_CHECK;

/* Ends a look under way and then the thread. NULL is fine. */
void rechecker_stop(struct rechecker *r);

#endif
