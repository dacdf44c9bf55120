/* The ledger as files (docs/formats/ledger.md). What is full never changes and is kept for ever by
 * whoever fetches it; the checkpoint is asked for anew. */
#include "api.h"

#include "base/err.h"
#include "ledger/ledger.h"
#include "service/context.h"

#include <string.h>

enum lk_status api_ledger_checkpoint(struct service *service, const struct request *req,
                                     struct response *res, struct lk_error *err)
{
    (void)req;
    res->content_type = "text/plain; charset=utf-8";
    res->cache_control = "no-cache";
    return ledger_note(service->ledger, &res->body, err);
}

enum lk_status api_ledger_tile(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    struct tile tile;
    struct buf path;
    buf_init(&path, &req->arena->alloc, TILE_PATH_BYTES + strlen(req->params[0]));
    buf_fmt(&path, "tile/%s", req->params[0]);
    if (path.status != LK_OK || !tile_read(&tile, buf_text(&path)))
        return FAIL(err, LK_NOT_FOUND, "there is nothing at this address");
    res->content_type = "application/octet-stream";
    res->cache_control =
        tile.width == TILE_WIDTH ? "public, max-age=31536000, immutable" : "public, max-age=3600";
    return ledger_tile(service->ledger, &tile, &res->body, err);
}
