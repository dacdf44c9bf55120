#include "body.h"

#include "base/err.h"
#include "sys/seal.h"

#include <string.h>

enum { ANSWER_BYTES_MAX = 64 * 1024 * 1024 };

enum lk_status body_json(struct service *service, const struct request *req, struct response *res,
                         json_handler *fn, struct lk_error *err)
{
    return body_json_text(service, req, res, req->body, req->n_body, fn, err);
}

enum lk_status body_json_text(struct service *service, const struct request *req,
                              struct response *res, const char *text, size_t n, json_handler *fn,
                              struct lk_error *err)
{
    struct json_tree *tree;
    TRY(json_tree_parse(text, n, &tree, err));
    enum lk_status status = fn(service, req, res, tree, err);
    json_tree_free(tree);
    return status;
}

void body_answer(struct response *res, struct json *j)
{
    res->content_type = "application/json";
    json_init(j, &res->body);
}

static bool is_plain(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return true;
}

enum lk_status body_idempotency(const struct request *req, const char *what,
                                struct idempotency *out, struct lk_error *err)
{
    *out = (struct idempotency){0};
    const char *key = req->headers[HEADER_IDEMPOTENCY_KEY];
    if (key == NULL)
        return LK_OK;
    size_t n = strlen(key);
    if (n == 0 || n > IDEMPOTENCY_MAX_KEY || !is_plain(key, n))
        return FAIL(err, LK_INVALID, "Idempotency-Key must be 1 to %d plain characters",
                    IDEMPOTENCY_MAX_KEY);
    struct buf whole;
    buf_init(&whole, &req->arena->alloc, ANSWER_BYTES_MAX);
    buf_put(&whole, what, strlen(what) + 1);
    buf_put(&whole, req->body, req->n_body);
    TRY(buf_status(&whole, "the request", err));
    out->key = key;
    out->n_key = n;
    registry_hash(whole.p, whole.n, out->request_hash);
    return LK_OK;
}

enum lk_status body_query_number(const struct request *req, const char *name, uint64_t max,
                                 uint64_t *out, struct lk_error *err)
{
    const char *text = form_get(&req->query, name);
    *out = 0;
    if (text == NULL)
        return LK_OK;
    size_t n = strlen(text);
    bool good = n >= 1 && n <= 18 && strspn(text, "0123456789") == n;
    for (size_t i = 0; good && i < n; i++)
        *out = *out * 10 + (uint64_t)(text[i] - '0');
    if (!good || *out > max)
        return FAIL(err, LK_INVALID, "%s must be a whole number of at most %llu", name,
                    (unsigned long long)max);
    return LK_OK;
}

bool body_bytes(const struct json_tree *v, const char *key, struct arena *arena,
                const uint8_t **out, size_t *n)
{
    size_t n_text = 0;
    const char *text = json_get_text(v, key, &n_text);
    if (text == NULL)
        return false;
    *n = n_text * 3 / 4;
    uint8_t *bytes = arena_alloc(arena, *n + 1);
    *out = bytes;
    return bytes != NULL && seal_text_take(text, n_text, bytes, *n);
}
