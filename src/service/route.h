/* service/route.h - the handlers of this service, and the table that joins them with addresses.
 *
 * A handler is a plain function: it reads a struct request, fills a struct response, and returns a
 * status. It never sees the HTTP library, and everything it makes lives in the request's arena.
 * When it returns an error the answer is made from that: application/problem+json for the API, a
 * page for people. The table in route.c is the list of all that this service answers; docs/api.yaml
 * says the same for clients. */
#ifndef SERVICE_ROUTE_H
#define SERVICE_ROUTE_H

#include "http/http.h"
#include "http/request.h"

struct service; /* service/context.h: the registry, limits and settings that handlers use */

/* Fills *res; on an error fills err, and may set res->status, problem_code and headers to be more
 * exact than lk_status_http(). Threads: several requests at once. */
typedef enum lk_status handler(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err);

struct service_route {
    struct route route;
    handler *run;
};

/* The whole table, for tests and metrics. */
struct route_table service_routes(void);

/* How this service answers requests: http_start(). */
struct http_app service_app(struct service *service);

#endif
