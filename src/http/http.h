/* http/http.h - sockets and HTTP, and nothing of what is asked.
 *
 * libmicrohttpd (included in http.c alone) reads requests on a few threads that never block;
 * handlers run on a pool of workers while the connection sleeps. Everything is bounded:
 * connections, also per address; heads; bodies while they arrive; the memory of all requests
 * together; and time, by a deadline per connection that a slow client cannot push out
 * (service/reaper.h). */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "http/request.h"

#include <stdint.h>

struct http;

/* Who answers. Functions are called from several threads at once. */
struct http_app {
    void *ctx;
    /* Sets req->route and req->params from the head alone, by route_find(). What it refuses is
     * answered without reading the body. */
    enum lk_status (*find)(void *ctx, struct request *req, struct response *res,
                           struct lk_error *err);
    /* Answers. While req->may_wait is true it may instead set res->wait_ms: there is nothing to say
     * yet, run it again at http_wake() or after that time, counted from the first such run. */
    enum lk_status (*run)(void *ctx, struct request *req, struct response *res,
                          struct lk_error *err);
    /* Makes the answer of an error of find, of run, or of this room. */
    void (*fail)(void *ctx, const struct request *req, struct response *res,
                 const struct lk_error *err);
    /* A request is over; status 0: the connection ended before an answer. */
    void (*record)(void *ctx, const struct request *req, int status, int64_t duration_ns);
    /* A number that stands for an address, for limits: request.peer. */
    uint64_t (*peer_key)(void *ctx, const void *bytes, size_t n);
    const struct response_header *headers; /* of every answer */
    size_t n_headers;
};

struct http_config {
    const char *host; /* numeric address or name to listen on; or unix:PATH, without a port */
    uint16_t port;    /* 0: any free one */
    unsigned n_io_threads, n_workers;
    unsigned queue_max;       /* requests that may wait for a worker */
    unsigned connections_max; /* in all */
    unsigned per_address_max; /* 0: no limit; not asked for behind a proxy, which is one address */
    const char *staff_header; /* in which a trusted proxy names who it signed in; NULL: none */
    bool trusted_proxy;       /* the address is the last one of X-Forwarded-For */
    unsigned head_ms;         /* from connecting to a complete head */
    unsigned body_ms;         /* grace for a body or an answer, beside min_bytes_per_s */
    unsigned idle_ms;         /* between requests on one connection */
    unsigned drain_ms;        /* what http_stop() waits for requests in flight */
    unsigned min_bytes_per_s; /* slower clients are cut off after the grace */
    unsigned tick_ms;         /* how often deadlines are looked at */
    size_t memory_max;        /* bytes of all requests together */
};

/* Sensible values for all but host and port. */
struct http_config http_config_standard(void);

/* Listens and serves; *out is set before anything of the app runs, and NULL after an error. Errors:
 * LK_INVALID (host), LK_CONFLICT (address in use), LK_DENIED (port below 1024), LK_IO, LK_NOMEM. */
enum lk_status http_start(const struct http_config *config, const struct http_app *app,
                          struct http **out, struct lk_error *err) LK_MUST_CHECK;

/* Stops accepting, lets requests in flight finish within drain_ms, closes the rest. NULL is fine.
 */
void http_stop(struct http *http);

/* Requests that wait run again. Threads: any. */
void http_wake(struct http *http);

uint16_t http_port(const struct http *http);

/* For metrics. */
struct http_gauges {
    size_t n_waiting;     /* requests waiting for a worker */
    size_t n_parked;      /* requests that wait for something to happen */
    size_t n_in_flight;   /* requests between head and answer */
    size_t n_connections; /* open now */
    size_t n_bytes;       /* memory held by requests */
};
struct http_gauges http_gauges(struct http *http);

#endif
