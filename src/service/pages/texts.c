/* Pages that only say something. */
#include "service/context.h"
#include "service/pages/page.h"
#include "service/pages/pages.h"

static enum lk_status text_page(struct service *service, const struct request *req,
                                struct response *res, const char *template, const char *title,
                                struct lk_error *err)
{
    struct page page;
    page_begin(&page, service, req, res, req->path, title);
    unsigned days = service->config->registry.retention_days;
    view_u64(page.view, "retention", days == 0 ? REGISTRY_RETENTION_DAYS : days);
    return page_send(&page, template, err);
}

enum lk_status page_start(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    return text_page(service, req, res, "start", N_("Welcome"), err);
}

enum lk_status page_safety(struct service *service, const struct request *req, struct response *res,
                           struct lk_error *err)
{
    return text_page(service, req, res, "safety", N_("Safety"), err);
}

enum lk_status page_privacy(struct service *service, const struct request *req,
                            struct response *res, struct lk_error *err)
{
    return text_page(service, req, res, "privacy", N_("Privacy"), err);
}

enum lk_status page_about(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    return text_page(service, req, res, "about", N_("About"), err);
}

enum lk_status page_platforms(struct service *service, const struct request *req,
                              struct response *res, struct lk_error *err)
{
    return text_page(service, req, res, "platforms", N_("For platforms"), err);
}
