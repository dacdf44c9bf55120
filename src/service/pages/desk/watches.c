/* The pages that are watched for every case. */
#include "cases/watch.h"

#include "base/err.h"
#include "service/context.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"

#include <stdlib.h>
#include <string.h>

enum { EVERY_MS = 24 * 3600 * 1000 };

static enum lk_status show(struct service *service, const struct request *req, struct response *res,
                           const struct lk_error *problem, struct lk_error *err)
{
    struct page page;
    struct watch *list;
    size_t n = 0;
    desk_begin(&page, service, req, res, N_("Watched pages"));
    TRY(watch_list(service_registry(service), NULL, req->arena, &list, &n, err));
    if (problem != NULL) {
        res->status = lk_status_http(problem->status);
        view_text(page.view, "problem",
                  arena_copy(req->arena, problem->text, strlen(problem->text)));
    }
    view_list(page.view, "watches");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page.view, "watches");
        view_u64(v, "watch", (uint64_t)list[i].row);
        view_text(v, "url", list[i].url);
        view_text(v, "looked", list[i].looked_ms == 0 ? "" : page_time(&page, list[i].looked_ms));
        view_flag(v, "is_unreadable", list[i].result == WATCH_UNREADABLE);
        view_u64(v, "n_media", list[i].n_media);
        view_u64(v, "n_found", list[i].n_found);
    }
    view_flag(page.view, "is_empty", n == 0);
    view_flag(page.view, "is_off", !service->config->looks_at_watches);
    return page_send(&page, "desk_watches", err);
}

enum lk_status desk_watches_page(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    return show(service, req, res, NULL, err);
}

enum lk_status desk_watches_change(struct service *service, const struct request *req,
                                   struct response *res, struct lk_error *err)
{
    struct registry *r = service_registry(service);
    struct lk_error why;
    const char *end = form_get(&req->form, "end");
    const char *url = form_get(&req->form, "url");
    enum lk_status status = end != NULL
                                ? watch_remove(r, NULL, strtoll(end, NULL, 10), &why)
                                : watch_add(r, NULL, url == NULL ? "" : url, EVERY_MS, &why);
    return status == LK_OK ? desk_go(req, res, err, "/desk/watches")
                           : show(service, req, res, &why, err);
}
