/* service/pages/page.h - the pages for people, one file a page. */
#ifndef SERVICE_PAGES_PAGE_H
#define SERVICE_PAGES_PAGE_H

#include "service/route.h"

/* The page of an error: res->status is set, err->text may be shown. Never fails. */
void page_error(struct service *service, const struct request *req, struct response *res,
                const struct lk_error *err);

#endif
