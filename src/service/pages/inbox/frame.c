#include "service/pages/inbox/frame.h"

#include "base/err.h"
#include "cases/partner.h"
#include "service/assets.h"

#include <string.h>

void inbox_begin(struct page *page, struct service *service, const struct request *req,
                 struct response *res, const char *title)
{
    page_begin(page, service, req, res, req->path, title);
    struct view *v = page->view;
    view_flag(v, "is_platform", req->partner != NULL);
    view_text(v, "partner", req->partner == NULL ? "" : req->partner->name);
    view_text(v, "form", req->form_token);
    view_text(v, "desk_css", asset_url("desk.css"));
    view_text(v, "problem", "");
    view_flag(v, "is_done", form_get(&req->query, "done") != NULL);
}

void inbox_begin_file(struct response *res, const char *disposition)
{
    res->body.max = 64 << 20;
    res->content_type = "text/csv; charset=utf-8";
    response_header(res, "Content-Disposition", disposition);
}

void inbox_put_problem(const struct page *page, const struct lk_error *problem)
{
    page->res->status = lk_status_http(problem->status);
    view_text(page->view, "problem",
              arena_copy(page->req->arena, problem->text, strlen(problem->text)));
}

bool inbox_may_tell(enum lk_status status)
{
    return status == LK_INVALID || status == LK_CONFLICT || status == LK_LIMIT;
}
