/* The table of all that a node answers. */
#include "node/api.h"

#include "base/err.h"

struct node_route {
    struct route route;
    node_handler *run;
};

enum {
    ROUTE_HMA = 16,   /* only where the operator wants HMA's addresses */
    ROUTE_DECODE = 32 /* only where the node takes files */
};

/* clang-format off */
static const struct node_route table[] = {
    {{"POST", "/v1/lookup", BODY_TEXT | BODY_MEDIA, AUTH_NONE, ROUTE_INLINE}, node_api_lookup},
    {{"POST", "/v1/match", BODY_JSON | BODY_SEQUENCES | BODY_LINES, AUTH_NONE, 0}, node_api_match},
    {{"POST", "/v1/match/file", BODY_MEDIA, AUTH_NONE, ROUTE_DECODE}, node_api_file},
    {{"GET", "/v1/entries/{id}", BODY_NONE, AUTH_NONE, 0}, node_api_entry},
    {{"POST", "/v1/archive", BODY_LINES, AUTH_NONE, 0}, node_api_archive_put},
    {{"GET", "/v1/archive", BODY_NONE, AUTH_NONE, 0}, node_api_archive_list},
    {{"DELETE", "/v1/archive", BODY_NONE, AUTH_NONE, 0}, node_api_archive_remove},
    {{"POST", "/v1/allow", BODY_LINES, AUTH_NONE, 0}, node_api_allow_put},
    {{"GET", "/v1/allow", BODY_NONE, AUTH_NONE, 0}, node_api_allow_list},
    {{"DELETE", "/v1/allow", BODY_NONE, AUTH_NONE, 0}, node_api_allow_remove},
    {{"GET", "/v1/quarantine", BODY_NONE, AUTH_NONE, 0}, node_api_quarantine},
    {{"POST", "/v1/quarantine/{id}/release", BODY_NONE, AUTH_NONE, 0}, node_api_release},
    {{"GET", "/v1/findings", BODY_NONE, AUTH_NONE, 0}, node_api_findings},
    {{"POST", "/v1/findings/{id}", BODY_JSON, AUTH_NONE, 0}, node_api_mark},
    {{"GET", "/v1/report", BODY_NONE, AUTH_NONE, 0}, node_api_report},
    {{"POST", "/v1/scan", BODY_LINES, AUTH_NONE, 0}, node_api_scan},
    {{"POST", "/v1/scan/archive", BODY_NONE, AUTH_NONE, 0}, node_api_scan_archive},
    {{"GET", "/v1/status", BODY_NONE, AUTH_NONE, 0}, node_api_status},
    {{"GET", "/livez", BODY_NONE, AUTH_NONE, ROUTE_INLINE}, node_api_livez},
    {{"GET", "/readyz", BODY_NONE, AUTH_NONE, 0}, node_api_readyz},
    {{"GET", "/metrics", BODY_NONE, AUTH_NONE, 0}, node_api_metrics},
    {{"GET", "/m/lookup", BODY_NONE, AUTH_NONE, ROUTE_HMA | ROUTE_INLINE}, node_hma_lookup},
    {{"POST", "/m/lookup", BODY_JSON | BODY_FORM | BODY_PARTS, AUTH_NONE, ROUTE_HMA}, node_hma_lookup},
    {{"GET", "/m/raw_lookup", BODY_NONE, AUTH_NONE, ROUTE_HMA | ROUTE_INLINE}, node_hma_raw_lookup},
    {{"POST", "/m/raw_lookup", BODY_JSON | BODY_FORM, AUTH_NONE, ROUTE_HMA}, node_hma_raw_lookup},
    {{"POST", "/h/hash", BODY_PARTS, AUTH_NONE, ROUTE_HMA | ROUTE_DECODE}, node_hma_hash},
    {{"GET", "/status", BODY_NONE, AUTH_NONE, ROUTE_HMA | ROUTE_INLINE}, node_hma_status},
};
/* clang-format on */

struct route_table node_routes(void)
{
    return (struct route_table){&table[0].route, sizeof table[0], sizeof table / sizeof table[0]};
}

static enum lk_status app_find(void *ctx, struct request *req, struct response *res,
                               struct lk_error *err)
{
    const struct node *node = ctx;
    const struct route_table routes = node_routes();
    TRY(route_find(&routes, req, res, err));
    unsigned flags = req->route->flags;
    if ((flags & ROUTE_HMA) && !node->config->speaks_hma)
        return FAIL(err, LK_NOT_FOUND, "this node was started without --hma");
    if ((flags & ROUTE_DECODE) && node->media == NULL)
        return FAIL(err, LK_NOT_FOUND, "this node was started without --files");
    return LK_OK;
}

static enum lk_status app_run(void *ctx, struct request *req, struct response *res,
                              struct lk_error *err)
{
    const struct node_route *route = (const struct node_route *)(const void *)req->route;
    if (route->route.bodies != 0 && req->body_kind == BODY_NONE)
        return FAIL(err, LK_INVALID, "this address needs a body");
    if (req->body_kind == BODY_FORM)
        TRY(form_parse(req->arena, req->body, req->n_body, &req->form, err));
    TRY(route->run(ctx, req, res, err));
    return buf_status(&res->body, "the answer", err);
}

static void app_fail(void *ctx, const struct request *req, struct response *res,
                     const struct lk_error *err)
{
    (void)ctx;
    response_problem(req, res, err);
}

/* Of a request nothing is logged: what is asked may stand in its address. */
static void app_record(void *ctx, const struct request *req, int status, int64_t duration_ns)
{
    struct node *node = ctx;
    metrics_count(node->metrics, req->route, status, duration_ns);
}

static uint64_t app_peer_key(void *ctx, const void *bytes, size_t n)
{
    (void)ctx, (void)bytes, (void)n;
    return 0; /* nobody is limited here: all are the platform's own */
}

struct http_app node_app(struct node *node)
{
    static const struct response_header headers[] = {{"X-Content-Type-Options", "nosniff"}};
    return (struct http_app){
        .ctx = node,
        .find = app_find,
        .run = app_run,
        .fail = app_fail,
        .record = app_record,
        .peer_key = app_peer_key,
        .headers = headers,
        .n_headers = sizeof headers / sizeof headers[0],
    };
}
