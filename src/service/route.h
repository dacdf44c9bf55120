/* service/route.h - requests, responses, and the table that joins them.
 *
 * A handler is a plain function: it reads a struct request, fills a struct response, and returns a
 * status. It never sees the HTTP library, and everything it makes lives in the request's arena.
 * When it returns an error the answer is made from that: application/problem+json for the API, a
 * page for people. The table in route.c is the list of all that this service answers; docs/api.yaml
 * says the same for clients. */
#ifndef SERVICE_ROUTE_H
#define SERVICE_ROUTE_H

#include "base/arena.h"
#include "base/buf.h"
#include "service/form.h"

struct service; /* service/context.h: the registry, limits and settings that handlers use */
struct route;

/* The request headers that handlers may ask for; others are dropped unread. */
enum header {
    HEADER_ACCEPT,
    HEADER_ACCEPT_LANGUAGE,
    HEADER_AUTHORIZATION,
    HEADER_CONTENT_TYPE,
    HEADER_IDEMPOTENCY_KEY,
    HEADER_IF_NONE_MATCH,
    HEADER_COOKIE, /* of the desk alone: people's pages set none */
    HEADER_SEC_FETCH_SITE,
    HEADER_FORWARDED_PROTO,
    HEADER_STAFF, /* who a trusted proxy says it is: http_config.staff_header */
    N_HEADERS
};

/* What a route takes as body; a route may take several. The limit is that of the kind sent. */
enum body_kind {
    BODY_NONE = 0,
    BODY_JSON = 1,      /* application/json, 1 MiB */
    BODY_FORM = 2,      /* application/x-www-form-urlencoded, 64 KiB */
    BODY_SEQUENCES = 4, /* application/vnd.likeness.sequences, 16 MiB */
    BODY_CASE = 8,      /* application/vnd.likeness.case, 4 MiB */
};

enum route_auth { AUTH_NONE, AUTH_PARTNER, AUTH_STAFF };

enum route_flag {
    ROUTE_INLINE = 1, /* so cheap that it is done on the thread that serves the socket */
    ROUTE_PAGE = 2,   /* for people: errors are HTML; nothing of it is logged but failures */
    ROUTE_REST = 4,   /* the pattern's last {} takes the rest of the path, slashes and all */
    ROUTE_CHOOSE = 8, /* of the desk: open also to who has to choose a password first */
};

/* Beside the flags of a route with AUTH_STAFF: the right that it takes (enum staff_right). */
#define ROUTE_RIGHT(right) ((unsigned)(right) << 8)

#define ROUTE_MAX_PARAMS 2
#define REQUEST_ID_CHARS 16

struct request {
    const struct route *route;            /* NULL: nothing answers this path */
    const char *method;                   /* "GET" also for HEAD, "POST", or what was sent */
    const char *path;                     /* as sent, without the query */
    const char *params[ROUTE_MAX_PARAMS]; /* what stood for {..}, in order */
    const char *headers[N_HEADERS];       /* NULL: not sent */
    struct form query;
    struct form form; /* the body, when it is BODY_FORM */
    enum body_kind body_kind;
    const char *body; /* n_body bytes, then a NUL */
    size_t n_body;
    struct arena *arena;
    uint64_t peer; /* a keyed hash of the address, good for limits in this process only */
    const struct partner *partner; /* who asks; set for AUTH_PARTNER */
    struct staff_hand *hand;       /* who asks; set for AUTH_STAFF, wiped when it is over */
    const char *session;           /* its token; NULL: vouched for by the proxy */
    const char *form_token;        /* what every form of the session carries as "form" */
    char id[REQUEST_ID_CHARS + 1]; /* random; the answer carries it as X-Request-Id */
};

struct response_header {
    const char *name, *value;
};
#define RESPONSE_MAX_HEADERS 8

struct response {
    int status;               /* 200 unless set */
    const char *content_type; /* NULL: no body */
    struct buf body;          /* in the request's arena */
    const void *fixed;        /* instead of body: bytes that live as long as the process */
    size_t n_fixed;
    const char *cache_control; /* "no-store" unless set */
    const char *problem_code;  /* for errors: instead of the name of the status */
    struct response_header headers[RESPONSE_MAX_HEADERS];
    size_t n_headers;
};

/* Fills *res; on an error fills err, and may set res->status, problem_code and headers to be more
 * exact than lk_status_http(). Threads: several requests at once. */
typedef enum lk_status handler(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err);

struct route {
    const char *method;  /* "GET" (HEAD follows) or "POST" */
    const char *pattern; /* "/v1/matches/{id}"; {} takes letters, digits, '-', '_' and '.' */
    handler *run;
    unsigned bodies; /* of enum body_kind */
    enum route_auth auth;
    unsigned flags; /* of enum route_flag */
};

/* The whole table, for tests and metrics. A route's number is its place. */
size_t route_count(void);
const struct route *route_at(size_t i);
size_t route_number(const struct route *route);

/* Finds what answers req->method and req->path, sets req->route and req->params (in the arena).
 * Errors: LK_NOT_FOUND; LK_UNSUPPORTED when the path is known but not the method: the response then
 * is 405 with Allow; LK_DENIED as 401 when a key is needed and none was sent; LK_NOMEM. */
enum lk_status route_find(struct request *req, struct response *res,
                          struct lk_error *err) LK_MUST_CHECK;

/* Which of the route's bodies a Content-Type names; BODY_NONE when it takes no such one. */
enum body_kind route_body_kind(const struct route *route, const char *content_type);
size_t body_kind_max(enum body_kind kind);

/* Runs the handler, after who asks is known (AUTH_PARTNER) and the form is read; turns an error
 * into an answer. Afterwards the response is complete. */
void route_run(struct service *service, struct request *req, struct response *res);

/* Makes the answer of an error that came before the handler. */
void route_fail(struct service *service, const struct request *req, struct response *res,
                const struct lk_error *err);

/* LK_NOMEM, in words that may be shown. */
enum lk_status request_no_memory(struct lk_error *err);

/* An empty response in the request's arena. */
void response_init(struct response *res, const struct request *req);

/* name is a literal; the value must outlive the response (literal or arena). */
void response_header(struct response *res, const char *name, const char *value);

/* 303 to another page. */
void response_redirect(struct response *res, const char *location);

/* Tells when to try again. */
void response_retry_after(struct response *res, const struct request *req, unsigned seconds);

#endif
