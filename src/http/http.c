/* One connection, from accept to close:
 *
 *   connected --head--> on_request(first call) --body pieces--> on_request --last call--> job
 *       |                     |  too early to go on: `refusal` is set, the body is swallowed
 *       |                     v                                                           |
 *       |              suspended: a worker runs app.run()  <------------------------------+
 *       |                     v
 *       |              resumed: on_request queues the answer --> on_completed frees everything
 *       |                     ^  nothing to say yet: it waits in the park, then runs again
 *       +---- every step moves the connection's deadline (service/reaper.h)
 *
 * A struct exchange is one request with its answer. It is made by on_uri() when the request line is
 * known, handed to a worker and back whole, and freed by on_completed(). The worker's thread and
 * the socket's never hold it at once: between MHD_suspend_connection and MHD_resume_connection it
 * is the worker's. */
#include "http/http.h"

#include "base/err.h"
#include "base/hex.h"
#include "http/listen.h"
#include "http/park.h"
#include "http/peer.h"
#include "http/pool.h"
#include "http/reaper.h"
#include "http/request.h"
#include "sys/clock.h"
#include "sys/rand.h"

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    HEAD_BYTES_MAX = 32 * 1024,           /* of one connection: request line and headers */
    ARENA_BYTES_MAX = 96 * 1024 * 1024,   /* of one request: the largest bulk match */
    SWALLOW_BYTES_MAX = 32 * 1024 * 1024, /* of a refused body, so that the answer is read */
};

struct http {
    struct http_config config;
    struct http_app app;
    struct MHD_Daemon *daemon;
    struct pool *pool;
    struct park *park;
    struct reaper *reaper;
    struct lk_alloc alloc; /* the heap, counted */
    atomic_size_t n_bytes, n_in_flight, n_connections;
    atomic_bool draining;
    uint16_t port;
};

struct exchange {
    struct pool_job job;
    struct parked parked;
    struct http *http;
    struct MHD_Connection *connection;
    struct reaper_conn *reaper_conn;
    struct arena arena;
    struct request req;
    struct response res;
    struct buf body;
    struct lk_error refusal; /* status LK_OK: none */
    int64_t start_ns, read_from_ns;
    int64_t wait_until_ns; /* 0: it has not waited */
    size_t n_received;
    bool has_head, is_answered;
};

/* ---- memory of all requests together ---- */

static bool charge(struct http *http, size_t n)
{
    size_t before = atomic_fetch_add(&http->n_bytes, n);
    if (before + n <= http->config.memory_max)
        return true;
    atomic_fetch_sub(&http->n_bytes, n);
    return false;
}

static void *counted_alloc(void *ctx, size_t n)
{
    struct http *http = ctx;
    if (!charge(http, n))
        return NULL;
    void *p = malloc(n);
    if (p == NULL)
        atomic_fetch_sub(&http->n_bytes, n);
    return p;
}

static void *counted_resize(void *ctx, void *p, size_t old, size_t n)
{
    struct http *http = ctx;
    if (n > old && !charge(http, n - old))
        return NULL;
    void *q = realloc(p, n);
    if (q == NULL && n > old)
        atomic_fetch_sub(&http->n_bytes, n - old);
    else if (q != NULL && n < old)
        atomic_fetch_sub(&http->n_bytes, old - n);
    return q;
}

static void counted_free(void *ctx, void *p, size_t n)
{
    struct http *http = ctx;
    if (p != NULL)
        atomic_fetch_sub(&http->n_bytes, n);
    free(p);
}

/* ---- deadlines ---- */

static int64_t from_now(unsigned ms)
{
    return clock_monotonic_ns() + (int64_t)ms * 1000000;
}

/* The grace, and the time that n bytes take at the slowest rate allowed. */
static int64_t transfer_deadline(const struct http *http, int64_t from_ns, size_t n_bytes)
{
    int64_t n_ms = (int64_t)(n_bytes / http->config.min_bytes_per_s) * 1000;
    return from_ns + (n_ms + http->config.body_ms) * 1000000;
}

/* ---- the head of a request ---- */

static const char *const header_names[N_HEADERS] = {
    [HEADER_ACCEPT] = MHD_HTTP_HEADER_ACCEPT,
    [HEADER_ACCEPT_LANGUAGE] = MHD_HTTP_HEADER_ACCEPT_LANGUAGE,
    [HEADER_AUTHORIZATION] = MHD_HTTP_HEADER_AUTHORIZATION,
    [HEADER_CONTENT_TYPE] = MHD_HTTP_HEADER_CONTENT_TYPE,
    [HEADER_IDEMPOTENCY_KEY] = "Idempotency-Key",
    [HEADER_IF_NONE_MATCH] = MHD_HTTP_HEADER_IF_NONE_MATCH,
    [HEADER_COOKIE] = MHD_HTTP_HEADER_COOKIE,
    [HEADER_SEC_FETCH_SITE] = "Sec-Fetch-Site",
    [HEADER_FORWARDED_PROTO] = "X-Forwarded-Proto",
    [HEADER_HOST] = MHD_HTTP_HEADER_HOST,
    [HEADER_FUNCTIONS_KEY] = "x-functions-key",
};

/* NULL: not a header that is looked for. What only a proxy may say is not taken from others. */
static const char *header_name(const struct http_config *config, int i)
{
    if (i == HEADER_STAFF)
        return config->trusted_proxy ? config->staff_header : NULL;
    return i != HEADER_FORWARDED_PROTO || config->trusted_proxy ? header_names[i] : NULL;
}

static const char *header(const struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

/* Headers of which the library's look-up, which gives the first, tells too little. */
struct repeats {
    const char *forwarded; /* the last X-Forwarded-For */
    unsigned n_lengths;
};

static enum MHD_Result note_repeat(void *ctx, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    (void)kind;
    struct repeats *repeats = ctx;
    if (strcasecmp(name, "X-Forwarded-For") == 0)
        repeats->forwarded = value;
    repeats->n_lengths += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
    return MHD_YES;
}

static struct repeats find_repeats(const struct exchange *x)
{
    struct repeats repeats = {0};
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, note_repeat, &repeats);
    return repeats;
}

static uint64_t peer_key(const struct exchange *x)
{
    uint8_t bytes[PEER_MAX_BYTES] = {0};
    bool by_proxy = x->http->config.trusted_proxy;
    size_t n = by_proxy ? peer_of_forwarded(find_repeats(x).forwarded, bytes) : 0;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (n == 0 && info != NULL && info->client_addr != NULL)
        n = peer_of_socket(info->client_addr, bytes);
    return x->http->app.peer_key(x->http->app.ctx, bytes, n);
}

/* Splits the query from the path and keeps the headers that handlers may see. */
static enum lk_status read_head(struct exchange *x, const char *method, struct lk_error *err)
{
    struct request *req = &x->req;
    req->method = strcmp(method, "HEAD") == 0 ? "GET" : method;
    char *query = strchr(req->path, '?');
    for (int i = 0; i < N_HEADERS; i++) {
        const char *name = header_name(&x->http->config, i);
        const char *value = name == NULL ? NULL : header(x, name);
        if (value == NULL)
            continue;
        req->headers[i] = arena_copy(&x->arena, value, strlen(value));
        if (req->headers[i] == NULL)
            return request_no_memory(err);
    }
    req->peer = peer_key(x);
    if (query != NULL) {
        *query = '\0';
        TRY(form_parse(&x->arena, query + 1, strlen(query + 1), &req->query, err));
    }
    return x->http->app.find(x->http->app.ctx, req, &x->res, err);
}

/* What the head promises of the body. *n_declared is 0 for a chunked body. */
static enum lk_status check_body_head(struct exchange *x, uint64_t *n_declared,
                                      struct lk_error *err)
{
    struct request *req = &x->req;
    const char *length = header(x, MHD_HTTP_HEADER_CONTENT_LENGTH);
    const char *encoding = header(x, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    *n_declared = length == NULL ? 0 : strtoull(length, NULL, 10);
    if (length != NULL && (encoding != NULL || find_repeats(x).n_lengths > 1))
        return FAIL(err, LK_INVALID, "a request has one length or a transfer encoding, not both");
    if (*n_declared == 0 && encoding == NULL) {
        req->body_kind = BODY_NONE;
        return LK_OK;
    }
    if (req->route == NULL)
        return LK_OK;
    req->body_kind = route_body_kind(req->route, req->headers[HEADER_CONTENT_TYPE]);
    if (req->body_kind == BODY_NONE)
        return FAIL(err, LK_UNSUPPORTED, "this address does not take a body of this content type");
    size_t max = body_kind_max(req->body_kind);
    x->body.max = max;
    if (*n_declared > max)
        return FAIL(err, LK_LIMIT, "a body of %llu bytes; the limit here is %zu",
                    (unsigned long long)*n_declared, max);
    return LK_OK;
}

static enum MHD_Result queue_answer(struct exchange *x);

static void refuse(struct exchange *x, enum lk_status status, const struct lk_error *err)
{
    if (status != LK_OK && x->refusal.status == LK_OK)
        x->refusal = *err;
}

static enum MHD_Result on_head(struct exchange *x, const char *method)
{
    struct lk_error err = {0};
    uint64_t n_declared = 0;
    x->has_head = true;
    atomic_fetch_add(&x->http->n_in_flight, 1);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    x->reaper_conn = info->socket_context;
    x->read_from_ns = clock_monotonic_ns();
    reaper_set(x->reaper_conn, transfer_deadline(x->http, x->read_from_ns, 0), true);
    refuse(x, read_head(x, method, &err), &err);
    refuse(x, check_body_head(x, &n_declared, &err), &err);
    bool waits = header(x, MHD_HTTP_HEADER_EXPECT) != NULL;
    if (x->refusal.status != LK_OK && (waits || n_declared > SWALLOW_BYTES_MAX))
        return queue_answer(x); /* before the body: the connection closes after it */
    return MHD_YES;
}

/* ---- the body ---- */

static enum MHD_Result on_piece(struct exchange *x, const char *bytes, size_t n)
{
    x->n_received += n;
    reaper_set(x->reaper_conn, transfer_deadline(x->http, x->read_from_ns, x->n_received), true);
    if (x->refusal.status != LK_OK)
        return x->n_received > SWALLOW_BYTES_MAX ? MHD_NO : MHD_YES;
    buf_put(&x->body, bytes, n);
    struct lk_error err;
    if (x->body.status == LK_LIMIT)
        refuse(x,
               FAIL(&err, LK_LIMIT, "the body is larger than the limit here of %zu bytes",
                    x->body.max),
               &err);
    else if (x->body.status != LK_OK)
        refuse(x, request_no_memory(&err), &err);
    return MHD_YES;
}

/* ---- the answer ---- */

static void add_headers(const struct exchange *x, struct MHD_Response *out)
{
    const struct response *res = &x->res;
    const struct http_app *app = &x->http->app;
    for (size_t i = 0; i < app->n_headers; i++)
        MHD_add_response_header(out, app->headers[i].name, app->headers[i].value);
    MHD_add_response_header(out, "X-Request-Id", x->req.id);
    MHD_add_response_header(out, MHD_HTTP_HEADER_CACHE_CONTROL,
                            res->cache_control == NULL ? "no-store" : res->cache_control);
    if (res->content_type != NULL)
        MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_TYPE, res->content_type);
    for (size_t i = 0; i < res->n_headers; i++)
        MHD_add_response_header(out, res->headers[i].name, res->headers[i].value);
    if (atomic_load(&x->http->draining))
        MHD_add_response_header(out, MHD_HTTP_HEADER_CONNECTION, "close");
}

static void fail(struct exchange *x, const struct lk_error *err)
{
    struct response *res = &x->res;
    if (res->status < 400)
        res->status = lk_status_http(err->status);
    buf_clear(&res->body);
    res->fixed = NULL;
    res->cache_control = NULL;
    x->http->app.fail(x->http->app.ctx, &x->req, res, err);
}

static enum MHD_Result queue_answer(struct exchange *x)
{
    struct response *res = &x->res;
    if (x->refusal.status != LK_OK && !x->is_answered)
        fail(x, &x->refusal);
    x->is_answered = true;
    size_t n = res->fixed != NULL ? res->n_fixed : res->body.n;
    const void *bytes = res->fixed != NULL ? res->fixed : res->body.p;
    /* The bytes live until on_completed(), or for ever: nothing to copy or free. */
    struct MHD_Response *out = MHD_create_response_from_buffer(
        n, (void *)(uintptr_t)(n == 0 ? "" : bytes), MHD_RESPMEM_PERSISTENT);
    if (out == NULL)
        return MHD_NO;
    add_headers(x, out);
    reaper_set(x->reaper_conn, transfer_deadline(x->http, clock_monotonic_ns(), n), false);
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)res->status, out);
    MHD_destroy_response(out);
    return queued;
}

/* ---- the work ---- */

static void run_app(struct exchange *x)
{
    struct lk_error err = {0};
    if (x->http->app.run(x->http->app.ctx, &x->req, &x->res, &err) != LK_OK)
        fail(x, &err);
}

/* The answer is that there is none yet: true when it waits for one. */
static bool waits(struct exchange *x, uint64_t generation)
{
    if (x->res.wait_ms == 0)
        return false;
    if (x->wait_until_ns == 0)
        x->wait_until_ns = x->parked.until_ns = from_now(x->res.wait_ms);
    x->parked.job = &x->job;
    return park_put(x->http->park, &x->parked, generation);
}

static void run_job(struct pool_job *job)
{
    struct exchange *x = (struct exchange *)(void *)((char *)job - offsetof(struct exchange, job));
    struct http *http = x->http;
    uint64_t generation = park_generation(http->park);
    x->req.may_wait = !atomic_load(&http->draining) &&
                      (x->wait_until_ns == 0 || clock_monotonic_ns() < x->wait_until_ns);
    x->res.wait_ms = 0;
    run_app(x);
    if (waits(x, generation))
        return; /* x may be another thread's by now */
    if (x->res.wait_ms > 0) {
        x->req.may_wait = false;
        run_app(x);
    }
    x->is_answered = true;
    MHD_resume_connection(x->connection); /* x is no longer ours */
}

/* The whole request is here: do it now, or hand it to a worker and sleep. */
static enum MHD_Result on_complete_request(struct exchange *x)
{
    struct request *req = &x->req;
    req->body = buf_text(&x->body);
    req->n_body = x->body.n;
    reaper_set(x->reaper_conn, REAPER_NEVER, false);
    if (x->refusal.status != LK_OK)
        return queue_answer(x);
    if (req->route->flags & ROUTE_INLINE) {
        run_app(x);
        x->is_answered = true;
        return queue_answer(x);
    }
    struct lk_error err;
    x->job.run = run_job;
    MHD_suspend_connection(x->connection);
    if (pool_submit(x->http->pool, &x->job, &err) != LK_OK) {
        refuse(x, err.status, &err);
        x->res.status = 503;
        response_retry_after(&x->res, req, 1);
        MHD_resume_connection(x->connection);
    }
    return MHD_YES;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *piece,
                                  size_t *n_piece, void **state)
{
    (void)ctx, (void)url, (void)version;
    struct exchange *x = *state;
    if (x == NULL) /* no memory when the request line came */
        return MHD_NO;
    x->connection = connection;
    if (!x->has_head)
        return on_head(x, method);
    if (*n_piece > 0) {
        size_t n = *n_piece;
        *n_piece = 0;
        return on_piece(x, piece, n);
    }
    if (x->is_answered || (x->refusal.status != LK_OK && x->job.run != NULL))
        return queue_answer(x);
    return on_complete_request(x);
}

/* ---- from the first byte to the last ---- */

/* Called with the request line's target, before the headers are read. */
static void *on_uri(void *ctx, const char *uri, struct MHD_Connection *connection)
{
    (void)connection;
    struct http *http = ctx;
    struct exchange *x = counted_alloc(http, sizeof *x);
    if (x == NULL)
        return NULL;
    memset(x, 0, sizeof *x);
    x->http = http;
    x->start_ns = clock_monotonic_ns();
    arena_init(&x->arena, &http->alloc, ARENA_BYTES_MAX);
    buf_init(&x->body, &http->alloc, 0);
    uint8_t id[REQUEST_ID_CHARS / 2];
    rand_bytes(id, sizeof id);
    hex_encode(id, sizeof id, x->req.id);
    x->req.arena = &x->arena;
    x->req.method = "";
    x->req.path = arena_copy(&x->arena, uri, strlen(uri));
    response_init(&x->res, &x->req);
    if (x->req.path == NULL) {
        arena_fini(&x->arena);
        counted_free(http, x, sizeof *x);
        return NULL;
    }
    return x;
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how)
{
    (void)connection, (void)how;
    struct http *http = ctx;
    struct exchange *x = *state;
    *state = NULL;
    if (x == NULL)
        return;
    if (x->has_head) {
        http->app.record(http->app.ctx, &x->req, x->is_answered ? x->res.status : 0,
                         clock_monotonic_ns() - x->start_ns);
        reaper_set(x->reaper_conn, from_now(http->config.idle_ms), false);
        atomic_fetch_sub(&http->n_in_flight, 1);
    }
    if (x->body.n > 0 && x->body.p != NULL) /* codes and keys were in them */
        explicit_bzero(x->body.p, x->body.n);
    if (x->res.body.n > 0 && x->res.body.p != NULL)
        explicit_bzero(x->res.body.p, x->res.body.n);
    buf_fini(&x->body);
    arena_fini(&x->arena);
    counted_free(http, x, sizeof *x);
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http *http = ctx;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        atomic_fetch_sub(&http->n_connections, 1);
        reaper_remove(http->reaper, *socket_context);
        return;
    }
    atomic_fetch_add(&http->n_connections, 1);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *socket_context = reaper_add(http->reaper, info->connect_fd, from_now(http->config.head_ms));
    if (*socket_context == NULL) /* no memory: none may live without a deadline */
        shutdown(info->connect_fd, SHUT_RDWR);
}

/* Paths are matched as they were sent; form.c decodes queries. */
static size_t leave_escapes(void *ctx, struct MHD_Connection *connection, char *text)
{
    (void)ctx, (void)connection;
    return strlen(text);
}

/* ---- the server ---- */

struct http_config http_config_standard(void)
{
    return (struct http_config){
        .n_io_threads = 2,
        .n_workers = 4,
        .queue_max = 256,
        .connections_max = 1024,
        .per_address_max = 64,
        .head_ms = 10000,
        .body_ms = 10000,
        .idle_ms = 30000,
        .drain_ms = 5000,
        .min_bytes_per_s = 8192,
        .tick_ms = 500,
        .memory_max = (size_t)512 << 20,
    };
}

static enum lk_status start_daemon(struct http *http, int fd, struct lk_error *err)
{
    const struct http_config *c = &http->config;
    unsigned per_address = c->trusted_proxy ? 0 : c->per_address_max;
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL,
        on_request, http, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
        c->n_io_threads, MHD_OPTION_CONNECTION_LIMIT, c->connections_max,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HEAD_BYTES_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (c->idle_ms + 999) / 1000,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_uri, http,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, http, MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_END);
    return http->daemon != NULL ? LK_OK : FAIL(err, LK_INTERNAL, "the HTTP library did not start");
}

static void close_all(struct http *http)
{
    if (http->park != NULL)
        park_stop(http->park);
    if (http->pool != NULL)
        pool_stop(http->pool); /* every connection that sleeps is resumed */
    if (http->daemon != NULL)
        MHD_stop_daemon(http->daemon);
    park_free(http->park);
    pool_free(http->pool);
    reaper_stop(http->reaper);
    free(http);
}

enum lk_status http_start(const struct http_config *config, const struct http_app *app,
                          struct http **out, struct lk_error *err)
{
    int fd = -1;
    uint16_t port = 0;
    TRY(listen_open(config->host, config->port, &fd, &port, err));
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        close(fd);
        return FAIL(err, LK_NOMEM, "no memory for the HTTP server");
    }
    http->config = *config;
    http->app = *app;
    http->port = port;
    http->alloc = (struct lk_alloc){http, counted_alloc, counted_resize, counted_free};
    *out = http; /* before any thread: handlers may look at it */
    enum lk_status status = reaper_start(config->tick_ms, &http->reaper, err);
    if (status == LK_OK)
        status = pool_start(config->n_workers, config->queue_max, &http->pool, err);
    if (status == LK_OK)
        status = park_start(http->pool, &http->park, err);
    if (status != LK_OK)
        close(fd);
    else
        status = start_daemon(http, fd, err); /* fd is the library's now, also when it fails */
    if (status != LK_OK) {
        *out = NULL;
        close_all(http);
    }
    return status;
}

void http_stop(struct http *http)
{
    if (http == NULL)
        return;
    atomic_store(&http->draining, true);
    int fd = MHD_quiesce_daemon(http->daemon);
    if (fd >= 0)
        close(fd);
    park_wake(http->park); /* those that wait are told that there is nothing */
    int64_t until_ns = from_now(http->config.drain_ms);
    while (atomic_load(&http->n_in_flight) > 0 && clock_monotonic_ns() < until_ns)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    close_all(http);
}

void http_wake(struct http *http)
{
    park_wake(http->park);
}

uint16_t http_port(const struct http *http)
{
    return http->port;
}

struct http_gauges http_gauges(struct http *http)
{
    return (struct http_gauges){
        .n_waiting = pool_waiting(http->pool),
        .n_parked = park_waiting(http->park),
        .n_in_flight = atomic_load(&http->n_in_flight),
        .n_connections = atomic_load(&http->n_connections),
        .n_bytes = atomic_load(&http->n_bytes),
    };
}
