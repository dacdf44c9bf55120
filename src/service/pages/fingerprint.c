/* Choosing pictures: the only page with more script than the way out, and the only one that loads
 * WebAssembly. What it sends goes to POST /v1/cases, like any client's. */
#include "service/assets.h"
#include "service/pages/page.h"
#include "service/pages/pages.h"

enum lk_status page_fingerprint(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    struct page page;
    page_begin(&page, service, req, res, "/fingerprint", N_("Pictures"));
    view_text(page.view, "wasm", asset_url("likeness.wasm"));
    view_text(page.view, "worker_js", asset_url("worker.js"));
    view_text(page.view, "fingerprint_js", asset_url("fingerprint.js"));
    return page_send(&page, "fingerprint", err);
}
