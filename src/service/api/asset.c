/* Files that pages load: kept for ever under the hashed name, revalidated under the plain one. */
#include "api.h"

#include "base/err.h"
#include "service/assets.h"

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
