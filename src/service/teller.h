/* service/teller.h - tells partners at their webhooks what happened, on a thread of its own. What
 * is told, when again, and when no more is decided in cases/webhook_out.h; how to send safely in
 * sys/fetch.h. */
#ifndef SERVICE_TELLER_H
#define SERVICE_TELLER_H

#include "cases/webhook_out.h"
#include "sys/log.h"

struct teller_config {
    struct registry *registry;
    struct fetch_config fetch; /* its stop is the thread's */
    const struct log *log;
};

struct teller_counts {
    size_t n_delivered, n_failed, n_given_up, n_disabled;
};

/* One round: writes down what time brought, and sends what is due until nothing is.
 * Errors: LK_IO, LK_NOMEM. */
enum lk_status teller_round(const struct teller_config *config, struct teller_counts *out,
                            struct lk_error *err) LK_MUST_CHECK;

struct teller;

/* Starts the thread; a round a second. config->registry and log must live longer. Errors: LK_NOMEM,
 * LK_INTERNAL (no thread). */
enum lk_status teller_start(const struct teller_config *config, struct teller **out,
                            struct lk_error *err) LK_MUST_CHECK;

/* Breaks a message under way off, which is sent again after the next start, and ends the thread.
 * NULL is fine. */
void teller_stop(struct teller *t);

#endif
