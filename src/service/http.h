/* service/http.h - sockets and HTTP, and nothing of what is asked.
 *
 * libmicrohttpd (included in http.c alone) reads requests on a few threads that never block;
 * handlers run on a pool of workers while the connection sleeps. Everything is bounded:
 * connections, also per address; heads; bodies while they arrive; the memory of all requests
 * together; and time, by a deadline per connection that a slow client cannot push out
 * (service/reaper.h). */
#ifndef SERVICE_HTTP_H
#define SERVICE_HTTP_H

#include <likeness/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct service;
struct http;

struct http_config {
    const char *host; /* numeric address or name to listen on */
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

/* Listens and serves. `service` is handed to the handlers; *out is set before the first of them
 * runs, and NULL after an error. Errors: LK_INVALID (host), LK_CONFLICT
 * (address in use), LK_DENIED (port below 1024), LK_IO, LK_NOMEM. */
enum lk_status http_start(const struct http_config *config, struct service *service,
                          struct http **out, struct lk_error *err) LK_MUST_CHECK;

/* Stops accepting, lets requests in flight finish within drain_ms, closes the rest. NULL is fine.
 */
void http_stop(struct http *http);

uint16_t http_port(const struct http *http);

/* For metrics. */
struct http_gauges {
    size_t n_waiting;     /* requests waiting for a worker */
    size_t n_in_flight;   /* requests between head and answer */
    size_t n_connections; /* open now */
    size_t n_bytes;       /* memory held by requests */
};
struct http_gauges http_gauges(struct http *http);

#endif
