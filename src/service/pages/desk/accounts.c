/* Who works here and what was done: one's own exposure, the trail, the accounts. */
#include "base/err.h"
#include "cases/desk_act.h"
#include "exchange/csv.h"
#include "service/context.h"
#include "service/pages/desk/desk.h"
#include "service/pages/desk/frame.h"
#include "service/pages/desk/words.h"
#include "sys/qr.h"
#include "sys/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPOSURE_DAYS = 28, ACTS_ON_A_PAGE = 100, ACTS_IN_A_FILE = 100000 };

enum lk_status desk_me(struct service *service, const struct request *req, struct response *res,
                       struct lk_error *err)
{
    struct page page;
    struct desk_exposure *days;
    size_t n = 0, n_links = 0;
    desk_begin(&page, service, req, res, N_("My account"));
    TRY(desk_exposures(service_registry(service), req->hand->staff, EXPOSURE_DAYS, req->arena,
                       &days, &n, err));
    view_list(page.view, "days");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page.view, "days");
        view_text(v, "day", page_day(&page, days[i].day_ms));
        view_u64(v, "cases", days[i].n_cases);
        view_u64(v, "links", days[i].n_links);
        n_links += days[i].n_links;
    }
    view_flag(page.view, "is_empty", n == 0);
    view_u64(page.view, "n_links", n_links);
    view_u64(page.view, "n_days", EXPOSURE_DAYS);
    return page_send(&page, "desk_me", err);
}

static void put_csv(struct buf *out, const struct page *page, const struct desk_act_entry *act)
{
    char subject[32];
    snprintf(subject, sizeof subject, "%lld", (long long)act->subject);
    csv_put(out, page_time(page, act->at_ms), ',');
    csv_put(out, act->staff == NULL ? "" : act->staff, ',');
    csv_put(out, desk_act_words(act->act), ',');
    csv_put(out, act->case_id, ',');
    csv_put(out, subject, '\n');
}

static enum lk_status send_csv(const struct page *page, const struct desk_act_entry *acts, size_t n,
                               struct lk_error *err)
{
    struct response *res = page->res;
    res->body.max = 16 << 20;
    res->content_type = "text/csv; charset=utf-8";
    response_header(res, "Content-Disposition", "attachment; filename=\"trail.csv\"");
    buf_str(&res->body, "time,who,what,case,subject\r\n");
    for (size_t i = 0; i < n; i++)
        put_csv(&res->body, page, &acts[i]);
    return buf_status(&res->body, "the trail", err);
}

enum lk_status desk_audit(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    struct page page;
    struct desk_act_entry *acts;
    size_t n = 0;
    const char *before = form_get(&req->query, "before");
    const char *who = form_get(&req->query, "member");
    bool as_file = form_get(&req->query, "csv") != NULL;
    desk_begin(&page, service, req, res, N_("Trail"));
    TRY(desk_acts(service_registry(service), who == NULL ? 0 : strtoll(who, NULL, 10),
                  before == NULL ? 0 : strtoll(before, NULL, 10),
                  as_file ? ACTS_IN_A_FILE : ACTS_ON_A_PAGE, req->arena, &acts, &n, err));
    if (as_file)
        return send_csv(&page, acts, n, err);
    view_list(page.view, "acts");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add(page.view, "acts");
        view_text(v, "at", page_time(&page, acts[i].at_ms));
        view_text(v, "by", acts[i].staff);
        view_text(v, "act", page_text(&page, desk_act_words(acts[i].act)));
        view_text(v, "id", acts[i].case_id);
        view_text(v, "short", desk_short(&page, acts[i].case_id));
    }
    view_u64(page.view, "oldest", n == 0 ? 0 : (uint64_t)acts[n - 1].row);
    view_flag(page.view, "has_more", n == ACTS_ON_A_PAGE);
    return page_send(&page, "desk_audit", err);
}

static void add_member(const struct page *page, const struct staff_member *m)
{
    struct view *v = view_add(page->view, "members");
    view_text(v, "name", m->name);
    view_u64(v, "member_id", (uint64_t)m->id);
    view_text(v, "member_role", page_text(page, desk_role_words(m->role)));
    view_flag(v, "is_new", m->is_new);
    view_flag(v, "has_ended", m->has_ended);
    view_flag(v, "by_proxy", m->by_proxy);
    view_flag(v, "lacks_key", m->lacks_key);
    view_text(v, "added", page_day(page, m->added_ms));
    view_text(v, "ended", page_day(page, m->ended_ms));
}

/* The authenticator's address as a picture, so that nobody types it or sends it anywhere. */
static enum lk_status add_qr(const struct page *page, const struct staff_welcome *welcome,
                             struct lk_error *err)
{
    struct qr qr;
    struct buf svg;
    buf_init(&svg, &page->req->arena->alloc, QR_MAX_SVG_BYTES);
    if (welcome != NULL && welcome->uri[0] != '\0') {
        TRY(qr_make(welcome->uri, &qr, err));
        qr_put_svg(&qr, &svg);
        seal_wipe(&qr, sizeof qr);
    }
    view_markup(page->view, "welcome_qr", buf_text(&svg));
    return buf_status(&svg, "the picture", err);
}

static enum lk_status show_staff(struct service *service, const struct request *req,
                                 struct response *res, const struct staff_welcome *welcome,
                                 const char *name, const struct lk_error *problem,
                                 struct lk_error *err)
{
    struct page page;
    struct staff_member *members;
    size_t n = 0;
    desk_begin(&page, service, req, res, N_("Accounts"));
    TRY(staff_list(service_registry(service), req->arena, &members, &n, err));
    if (problem != NULL) {
        res->status = lk_status_http(problem->status);
        view_text(page.view, "problem",
                  arena_copy(req->arena, problem->text, strlen(problem->text)));
    }
    view_list(page.view, "members");
    for (size_t i = 0; i < n; i++)
        add_member(&page, &members[i]);
    view_list(page.view, "roles");
    for (unsigned role = 1; role < STAFF_N_ROLES; role++) {
        struct view *v = view_add(page.view, "roles");
        view_text(v, "value", staff_role_name(role));
        view_text(v, "role_name", page_text(&page, desk_role_words(role)));
    }
    view_flag(page.view, "is_welcome", welcome != NULL);
    view_flag(page.view, "has_password", welcome != NULL && welcome->password[0] != '\0');
    view_text(page.view, "welcome_name", name);
    view_text(page.view, "welcome_password", welcome == NULL ? "" : welcome->password);
    view_text(page.view, "welcome_totp", welcome == NULL ? "" : welcome->totp);
    view_text(page.view, "welcome_uri", welcome == NULL ? "" : welcome->uri);
    TRY(add_qr(&page, welcome, err));
    return page_send(&page, "desk_staff", err);
}

enum lk_status desk_staff_page(struct service *service, const struct request *req,
                               struct response *res, struct lk_error *err)
{
    return show_staff(service, req, res, NULL, "", NULL, err);
}

enum lk_status desk_staff_change(struct service *service, const struct request *req,
                                 struct response *res, struct lk_error *err)
{
    struct registry *r = service_registry(service);
    struct staff_welcome welcome;
    struct lk_error why;
    const char *name = form_get(&req->form, "name");
    const char *reset = form_get(&req->form, "reset");
    const char *end = form_get(&req->form, "end");
    enum lk_status status;
    if (end != NULL)
        status = staff_end(r, req->hand, end, &why);
    else if (reset != NULL)
        status = staff_reset(r, req->hand, reset, &welcome, &why);
    else
        status = staff_add(r, req->hand, name == NULL ? "" : name,
                           staff_role_of(form_get(&req->form, "role")),
                           form_get(&req->form, "proxy") != NULL, &welcome, &why);
    bool gives = status == LK_OK && end == NULL;
    if (status != LK_OK && lk_status_http(status) >= 500) {
        *err = why;
        return status;
    }
    return show_staff(service, req, res, gives ? &welcome : NULL, reset != NULL ? reset : name,
                      status == LK_OK ? NULL : &why, err);
}
