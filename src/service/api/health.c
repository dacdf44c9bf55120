/* Is the process alive, can it work, and how busy is it? */
#include "api.h"

enum lk_status api_livez(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    (void)service, (void)req, (void)err;
    res->content_type = "text/plain; charset=utf-8";
    res->fixed = "ok\n";
    res->n_fixed = 3;
    return LK_OK;
}
