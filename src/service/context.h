/* service/context.h - what every handler may use. Made by service.c; constant while it serves. */
#ifndef SERVICE_CONTEXT_H
#define SERVICE_CONTEXT_H

#include "cases/registry.h"
#include "http/http.h"
#include "http/metrics.h"
#include "service/auth.h"
#include "service/limits.h"
#include "service/service.h"
#include "sys/log.h"

struct service {
    const struct service_config *config;
    struct registry *registry;
    struct http *http;
    struct auth *auth;
    struct limits *limits;
    struct metrics *metrics;
    struct rechecker *rechecker; /* NULL: off */
    struct media *media;         /* for the rechecker alone; NULL: off */
    struct poster *poster;       /* NULL: no mails */
    struct teller *teller;
    struct ledger *ledger;
    struct pulse *feeder; /* wakes requests that wait for the feed */
};

struct registry *service_registry(const struct service *service);
const char *service_site_name(const struct service *service);
const char *service_leave_url(const struct service *service);

struct request;

/* Counts a request that is over (status 0: the connection ended before an answer) and logs it, when
 * it was a partner's, or failed by our fault: the pages of people leave no line. */
void service_record(struct service *service, const struct request *req, int status,
                    int64_t duration_ns);

#endif
