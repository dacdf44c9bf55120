/* Which route of a table answers a path. */
#include "http/request.h"

#include "base/err.h"

#include <string.h>
#include <strings.h>

enum { PARAM_MAX_CHARS = 200 };

const struct route *route_at(const struct route_table *table, size_t i)
{
    return (const struct route *)(const void *)((const char *)table->first + i * table->stride);
}

size_t route_number(const struct route_table *table, const struct route *route)
{
    return (size_t)((const char *)route - (const char *)table->first) / table->stride;
}

static size_t param_length(const char *text, bool rest)
{
    return strspn(text, rest ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./"
                             : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
}

struct piece {
    const char *text;
    size_t n;
};

/* Whether path fits the pattern; params receives what stood for {..}. */
static bool fits(const struct route *route, const char *path, struct piece params[ROUTE_MAX_PARAMS],
                 size_t *n_params)
{
    const char *pattern = route->pattern;
    *n_params = 0;
    while (*pattern != '\0' && *path != '\0') {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        pattern = strchr(pattern, '}') + 1;
        bool rest = *pattern == '\0' && (route->flags & ROUTE_REST) != 0;
        size_t n = param_length(path, rest);
        if (n == 0 || n > PARAM_MAX_CHARS)
            return false;
        params[(*n_params)++] = (struct piece){path, n};
        path += n;
    }
    return *pattern == '\0' && *path == '\0';
}

static enum lk_status keep_params(struct request *req, const struct piece *params, size_t n,
                                  struct lk_error *err)
{
    for (size_t i = 0; i < n; i++) {
        req->params[i] = arena_copy(req->arena, params[i].text, params[i].n);
        if (req->params[i] == NULL)
            return request_no_memory(err);
    }
    return LK_OK;
}

/* The methods that routes may have, as bits, and how Allow names them. */
static const struct {
    const char *method, *allow;
} methods[] = {{"GET", "GET, HEAD"}, {"POST", "POST"}, {"PUT", "PUT"}, {"DELETE", "DELETE"}};
enum { N_METHODS = sizeof methods / sizeof methods[0], ALLOW_BYTES = 40 };

static unsigned method_bit(const char *method)
{
    unsigned bit = 0;
    while (bit < N_METHODS && strcmp(methods[bit].method, method) != 0)
        bit++;
    return 1U << bit;
}

static enum lk_status say_allowed(const struct request *req, struct response *res, unsigned allowed,
                                  struct lk_error *err)
{
    struct buf allow;
    buf_init(&allow, &req->arena->alloc, ALLOW_BYTES);
    for (unsigned i = 0; i < N_METHODS; i++)
        if (allowed & (1U << i))
            buf_fmt(&allow, "%s%s", allow.n > 0 ? ", " : "", methods[i].allow);
    res->status = 405;
    res->problem_code = "method_not_allowed";
    response_header(res, "Allow", buf_text(&allow));
    return FAIL(err, LK_UNSUPPORTED, "this address answers %s only", buf_text(&allow));
}

enum lk_status route_find(const struct route_table *table, struct request *req,
                          struct response *res, struct lk_error *err)
{
    unsigned allowed = 0, wanted = method_bit(req->method);
    for (size_t i = 0; i < table->n; i++) {
        const struct route *route = route_at(table, i);
        struct piece params[ROUTE_MAX_PARAMS];
        size_t n_params;
        if (!fits(route, req->path, params, &n_params))
            continue;
        if (method_bit(route->method) == wanted) {
            req->route = route;
            return keep_params(req, params, n_params, err);
        }
        allowed |= method_bit(route->method);
    }
    if (allowed == 0)
        return FAIL(err, LK_NOT_FOUND, "there is nothing at this address");
    return say_allowed(req, res, allowed, err);
}

static const struct {
    enum body_kind kind;
    const char *content_type;
    size_t max;
} bodies[] = {
    {BODY_JSON, "application/json", 1 << 20},
    {BODY_FORM, "application/x-www-form-urlencoded", 64 << 10},
    {BODY_CASE, "application/vnd.likeness.case", 4 << 20},
    {BODY_SEQUENCES, "application/vnd.likeness.sequences", 16 << 20},
    {BODY_LINES, "application/x-ndjson", 16 << 20},
    {BODY_TEXT, "text/plain", 64 << 10},
    {BODY_MEDIA, "application/octet-stream", 256 << 20},
    {BODY_PARTS, "multipart/form-data", 64 << 20},
    {BODY_XML, "application/xml", 64 << 10},
};
enum { N_BODIES = sizeof bodies / sizeof bodies[0] };

enum body_kind route_body_kind(const struct route *route, const char *content_type)
{
    if (route->bodies & BODY_XML)
        return BODY_XML;
    if (content_type == NULL)
        return BODY_NONE;
    size_t n = strcspn(content_type, "; \t");
    for (size_t i = 0; i < N_BODIES; i++)
        if ((route->bodies & bodies[i].kind) && strlen(bodies[i].content_type) == n &&
            strncasecmp(bodies[i].content_type, content_type, n) == 0)
            return bodies[i].kind;
    bool is_media = strncasecmp(content_type, "image/", 6) == 0 ||
                    strncasecmp(content_type, "video/", 6) == 0 ||
                    strncasecmp(content_type, "audio/", 6) == 0;
    return is_media && (route->bodies & BODY_MEDIA) ? BODY_MEDIA : BODY_NONE;
}

size_t body_kind_max(enum body_kind kind)
{
    for (size_t i = 0; i < N_BODIES; i++)
        if (bodies[i].kind == kind)
            return bodies[i].max;
    return 0;
}
