/* Files that pages load: kept for ever under the hashed name, revalidated under the plain one. And
 * the hashes of those that run on people's devices, for whoever wants to compare them with a build
 * of their own. */
#include "api.h"

#include "base/err.h"
#include "base/json.h"
#include "service/assets.h"
#include "service/context.h"

#include <string.h>

enum lk_status api_asset(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    (void)service;
    bool immutable;
    const struct asset *asset = asset_find_path(req->params[0], &immutable);
    if (asset == NULL)
        return FAIL(err, LK_NOT_FOUND, "there is nothing at this address");
    res->cache_control = immutable ? "public, max-age=31536000, immutable" : "no-cache";
    response_header(res, "ETag", asset->etag);
    const char *held = req->headers[HEADER_IF_NONE_MATCH];
    if (held != NULL && strstr(held, asset->etag) != NULL) {
        res->status = 304;
        return LK_OK;
    }
    res->content_type = asset->content_type;
    res->fixed = asset->bytes;
    res->n_fixed = asset->n;
    return LK_OK;
}

enum lk_status api_icon(struct service *service, const struct request *req, struct response *res,
                        struct lk_error *err)
{
    (void)req;
    if (service->config->icon == NULL)
        return FAIL(err, LK_NOT_FOUND, "there is nothing at this address");
    res->cache_control = "no-cache";
    res->content_type = "image/svg+xml";
    res->fixed = service->config->icon;
    res->n_fixed = service->config->n_icon;
    return LK_OK;
}

enum lk_status api_wasm_hashes(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    (void)service, (void)req, (void)err;
    struct json j;
    res->content_type = "application/json";
    json_init(&j, &res->body);
    json_object(&j);
    for (size_t i = 0; i < n_assets; i++) {
        if (strcmp(asset_table[i].content_type, "application/wasm") != 0)
            continue;
        json_key(&j, asset_table[i].name);
        json_object(&j);
        json_put_text(&j, "sha256", asset_table[i].sha256);
        json_put_u64(&j, "bytes", asset_table[i].n);
        json_end_object(&j);
    }
    json_end_object(&j);
    return LK_OK;
}
