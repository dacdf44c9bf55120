#include "page.h"

void page_error(struct service *service, const struct request *req, struct response *res,
                const struct lk_error *err)
{
    (void)service, (void)req, (void)err;
    res->content_type = "text/html; charset=utf-8";
    buf_fmt(&res->body,
            "<!doctype html><html lang=\"en\"><title>Error %d</title><h1>This did not work</h1>"
            "<p>Error %d. <a href=\"/\">Back to the start</a>",
            res->status, res->status);
}
