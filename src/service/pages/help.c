/* Who helps, by country: for adults, and for people pictured under 18. The country comes in a form
 * (POST), so that it does not stay in the list of visits. */
#include "law/help.h"

#include "base/err.h"
#include "service/pages/helpers.h"
#include "service/pages/pages.h"

static enum lk_status help_page(struct service *service, const struct request *req,
                                struct response *res, enum law_ages ages, struct lk_error *err)
{
    struct page page;
    struct law_help_list list;
    const char *country = form_get(&req->form, "country");
    if (ages == LAW_UNDER_18)
        page_begin(&page, service, req, res, "/under-18", N_("Help"));
    else
        page_begin(&page, service, req, res, "/help", N_("Help"));
    TRY(law_help(req->arena, country, ages, &list, err));
    helpers_put_countries(&page, "countries", country);
    helpers_put(&page, country, &list);
    return page_send(&page, ages == LAW_UNDER_18 ? "under18" : "help", err);
}

enum lk_status page_help(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    return help_page(service, req, res, LAW_ADULT, err);
}

enum lk_status page_under_18(struct service *service, const struct request *req,
                             struct response *res, struct lk_error *err)
{
    return help_page(service, req, res, LAW_UNDER_18, err);
}
