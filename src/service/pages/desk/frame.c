#include "service/pages/desk/frame.h"

#include "base/err.h"
#include "service/assets.h"
#include "service/context.h"
#include "service/pages/desk/words.h"
#include "sys/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void desk_begin(struct page *page, struct service *service, const struct request *req,
                struct response *res, const char *title)
{
    page_begin(page, service, req, res, req->path, title);
    struct view *v = page->view;
    const struct staff_hand *hand = req->hand;
    unsigned role = hand == NULL ? 0 : hand->role;
    view_flag(v, "is_signed_in", hand != NULL && !hand->must_choose);
    view_text(v, "member",
              hand == NULL ? "" : arena_copy(req->arena, hand->name, strlen(hand->name)));
    view_text(v, "role", page_text(page, desk_role_words(role)));
    view_flag(v, "has_session", req->session != NULL);
    view_flag(v, "may_see_queue", staff_may(role, STAFF_MAY_SEE_QUEUE));
    view_flag(v, "may_read", staff_may(role, STAFF_MAY_READ));
    view_flag(v, "may_write", staff_may(role, STAFF_MAY_WRITE));
    view_flag(v, "may_take_packs", staff_may(role, STAFF_MAY_TAKE_PACKS));
    view_flag(v, "may_audit", staff_may(role, STAFF_MAY_AUDIT));
    view_flag(v, "may_manage", staff_may(role, STAFF_MAY_MANAGE));
    view_text(v, "form", req->form_token);
    view_text(v, "desk_js", asset_url("desk.js"));
    view_text(v, "desk_css", asset_url("desk.css"));
    view_text(v, "problem", "");
    view_text(v, "done", "");
}

const char *desk_short(const struct page *page, const char *id)
{
    return arena_copy(page->req->arena, id, strlen(id) < 8 ? strlen(id) : 8);
}

enum lk_status desk_go(const struct request *req, struct response *res, struct lk_error *err,
                       const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        return FAIL(err, LK_LIMIT, "an address of the desk is too long");
    const char *path = arena_copy(req->arena, text, (size_t)n);
    if (path == NULL)
        return request_no_memory(err);
    response_redirect(res, path);
    return LK_OK;
}

enum lk_status desk_show_problem(const struct page *page, const struct lk_error *problem,
                                 struct lk_error *err)
{
    if (page->res->status < 400)
        page->res->status = lk_status_http(problem->status);
    view_text(page->view, "problem",
              arena_copy(page->req->arena, problem->text, strlen(problem->text)));
    return page_send((struct page *)page, "desk_problem", err);
}
