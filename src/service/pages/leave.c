/* The way out: an ordinary website, through an address of ours that first asks the browser to
 * forget what it may hold of this one. */
#include "service/context.h"
#include "service/pages/page.h"
#include "service/pages/pages.h"

enum lk_status page_leave(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    (void)req;
    (void)err;
    response_header(res, "Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
    response_redirect(res, service_leave_url(service));
    return LK_OK;
}
