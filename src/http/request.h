/* http/request.h - requests, responses, and the table that says what is answered.
 *
 * Who answers (struct http_app in http/http.h) keeps an array of structures that begin with a
 * struct route; this room finds the one that fits a path and knows nothing else of them. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "http/form.h"

struct route;

/* The request headers that handlers may ask for; others are dropped unread. */
enum header {
    HEADER_ACCEPT,
    HEADER_ACCEPT_LANGUAGE,
    HEADER_AUTHORIZATION,
    HEADER_CONTENT_TYPE,
    HEADER_IDEMPOTENCY_KEY,
    HEADER_IF_NONE_MATCH,
    HEADER_COOKIE, /* of the desk and of inboxes: people's pages set none */
    HEADER_SEC_FETCH_SITE,
    HEADER_FORWARDED_PROTO,
    HEADER_HOST,
    HEADER_FUNCTIONS_KEY, /* x-functions-key, of StopNCII's clients */
    HEADER_STAFF,         /* who a trusted proxy says it is: http_config.staff_header */
    N_HEADERS
};

/* What a route takes as body; a route may take several. The limit is that of the kind sent. */
enum body_kind {
    BODY_NONE = 0,
    BODY_JSON = 1,      /* application/json, 1 MiB */
    BODY_FORM = 2,      /* application/x-www-form-urlencoded, 64 KiB */
    BODY_SEQUENCES = 4, /* application/vnd.likeness.sequences, 16 MiB */
    BODY_CASE = 8,      /* application/vnd.likeness.case, 4 MiB */
    BODY_LINES = 16,    /* application/x-ndjson, 16 MiB */
    BODY_TEXT = 32,     /* text/plain, 64 KiB */
    BODY_MEDIA = 64,    /* application/octet-stream, image, video or audio of any kind, 256 MiB */
    BODY_PARTS = 128,   /* multipart/form-data, 64 MiB */
    BODY_XML = 256,     /* whatever type is said, or none: for clients that say none; 64 KiB */
};

enum route_auth { AUTH_NONE, AUTH_PARTNER, AUTH_STAFF, AUTH_INBOX, AUTH_FOREIGN };

enum route_flag {
    ROUTE_INLINE = 1, /* so cheap that it is done on the thread that serves the socket */
    ROUTE_PAGE = 2,   /* for people: errors are HTML; nothing of it is logged but failures */
    ROUTE_REST = 4,   /* the pattern's last {} takes the rest of the path, slashes and all */
    ROUTE_CHOOSE = 8, /* of the desk: open also to who has to choose a password first */
};

/* Beside the flags of a route with AUTH_STAFF: the right that it takes (enum staff_right); with
 * AUTH_PARTNER and AUTH_FOREIGN the scope (enum partner_scope). */
#define ROUTE_RIGHT(right) ((unsigned)(right) << 8)

#define ROUTE_MAX_PARAMS 3
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
    const struct partner *partner; /* who asks; set for AUTH_PARTNER and AUTH_INBOX */
    struct staff_hand *hand;       /* who asks; set for AUTH_STAFF, wiped when it is over */
    const char *session;           /* its token; NULL: vouched for by the proxy */
    const char *form_token;        /* what every form of the session carries as "form" */
    bool may_wait;                 /* struct http_app: run */
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
    unsigned wait_ms; /* struct http_app: run */
};

struct route {
    const char *method;  /* "GET" (HEAD follows), "POST", "PUT" or "DELETE" */
    const char *pattern; /* "/v1/matches/{id}"; {} takes letters, digits, '-', '_' and '.' */
    unsigned bodies;     /* of enum body_kind */
    enum route_auth auth;
    unsigned flags; /* of enum route_flag */
};

/* An array of n structures of `stride` bytes, each of which begins with a route. */
struct route_table {
    const struct route *first;
    size_t stride, n;
};

const struct route *route_at(const struct route_table *table, size_t i);
size_t route_number(const struct route_table *table, const struct route *route);

/* Finds what answers req->method and req->path, sets req->route and req->params (in the arena).
 * Errors: LK_NOT_FOUND; LK_UNSUPPORTED when the path is known but not the method: the response then
 * is 405 with Allow; LK_NOMEM. */
enum lk_status route_find(const struct route_table *table, struct request *req,
                          struct response *res, struct lk_error *err) LK_MUST_CHECK;

/* Which of the route's bodies a Content-Type names; BODY_NONE when it takes no such one. */
enum body_kind route_body_kind(const struct route *route, const char *content_type);
size_t body_kind_max(enum body_kind kind);

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

/* Makes the answer of an error as application/problem+json (RFC 9457). */
void response_problem(const struct request *req, struct response *res, const struct lk_error *err);

#endif
