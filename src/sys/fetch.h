/* sys/fetch.h - asks an address that a stranger chose, or sends something there, by libcurl, and
 * harms nobody by it.
 *
 * Only http and https, only the ports 80 and 443, only hosts of the public internet: each address
 * is judged (sys/address.h) at the moment a socket is opened to it, so that no spelling of a number
 * and no answer of a name server leads inside. Redirects are followed one by one, each judged
 * anew. No cookies, no credentials, no decompression, no proxy of the environment. Everything is
 * bounded: the headers, the body, the number of redirects and the time of all of it together.
 *
 * Through a proxy (Tor: socks5h://127.0.0.1:9050) the proxy looks the name up, and which addresses
 * may be reached is then its decision; numbers in the URL are judged here all the same.
 * Threads: any. */
#ifndef SYS_FETCH_H
#define SYS_FETCH_H

#include "base/buf.h"

#include <likeness/status.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FETCH_MAX_URL_BYTES  4096
#define FETCH_MAX_REDIRECTS  5
#define FETCH_MAX_HEAD_BYTES 65536 /* all headers of one fetch */
#define FETCH_USER_AGENT     "Mozilla/5.0 (compatible; link check)"

struct fetch_config {
    const char *user_agent; /* NULL: FETCH_USER_AGENT */
    const char *proxy;      /* http://HOST:PORT or socks5h://HOST:PORT; NULL: none */
    const uint16_t *ports;  /* allowed besides 80 and 443 */
    size_t n_ports;
    const char *const *allow; /* "127.0.0.1:8080", "[::1]:8080": opened, by http too */
    size_t n_allow;
    bool is_chosen;     /* the operator chose every URL, no stranger: also addresses inside, and any
                           port */
    const char *socket; /* a path: the host of every URL answers there; NULL: on the network */
    const atomic_bool *stop; /* ends a fetch within a second once it is true; NULL: nothing does */
};

/* What is sent instead of asking. A redirect is then an answer as any other: it is not followed. */
struct fetch_post {
    const void *bytes;
    size_t n;
    const char *const *headers; /* "Name: value" */
    size_t n_headers;
};

struct fetch_request {
    const char *url;
    bool head;                     /* HEAD instead of GET */
    bool delete;                   /* DELETE instead of GET */
    const struct fetch_post *post; /* POST instead of GET; NULL: nothing is sent */
    /* "Name: value", sent when nothing is posted. They may hold keys: a redirect is then an answer
     * as any other. */
    const char *const *headers;
    size_t n_headers;
    bool only_https;      /* http is refused, but for what config->allow opens */
    uint32_t deadline_ms; /* for everything together; 0 is LK_INVALID */
    size_t max_bytes;     /* of the body */
    struct buf *body; /* the final answer's body is added here; NULL: it is counted and dropped */
};

enum fetch_end {
    FETCH_DONE,      /* there was a whole answer: see status */
    FETCH_REFUSED,   /* an address, port, scheme or URL that we do not ask */
    FETCH_CUT,       /* stopped at max_bytes, or at the end of `body`; status is true */
    FETCH_TIMEOUT,   /* the deadline passed */
    FETCH_NO_NAME,   /* the name is not known */
    FETCH_NO_TLS,    /* no connection that could be trusted */
    FETCH_REDIRECTS, /* more than FETCH_MAX_REDIRECTS */
    FETCH_STOPPED,   /* by config->stop */
    FETCH_FAILED     /* anything else: no connection, cut off, no HTTP, too many headers */
};

struct fetch_result {
    enum fetch_end end;
    unsigned status;   /* of HTTP, of the last answer; 0: none */
    uint64_t n_bytes;  /* of the bodies received */
    bool host_changed; /* the last address that was asked has another host than the first */
    bool path_changed; /* ... or another path or query */
    char content_type[96];
    char url[FETCH_MAX_URL_BYTES + 1]; /* the last one that was asked or refused; never log it */
};

/* Whatever the network does is a result, never an error. Errors: LK_INVALID (deadline), LK_NOMEM.
 */
enum lk_status fetch(const struct fetch_config *config, const struct fetch_request *request,
                     struct fetch_result *result, struct lk_error *err) LK_MUST_CHECK;

/* Whether an address as it stands could be asked under that config: its scheme, its port, and its
 * host when that is a number. A name is judged when it is asked. */
bool fetch_may_ask(const struct fetch_config *config, const char *url, bool only_https);

/* The address that `address` means on the page `base`, without its fragment, if it is http or https
 * and fits. */
bool fetch_resolve(const char *base, const char *address, char out[FETCH_MAX_URL_BYTES + 1]);

/* "done" "refused" "cut" "timeout" "no_name" "no_tls" "redirects" "stopped" "failed" */
const char *fetch_end_name(enum fetch_end end);

#endif
