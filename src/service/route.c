/* The table of all that this service answers, and the way through it. */
#include "service/route.h"

#include "base/err.h"
#include "cases/staff.h"
#include "service/api/api.h"
#include "service/context.h"
#include "service/pages/desk/desk.h"
#include "service/pages/pages.h"
#include "service/staff_auth.h"

#include <string.h>
#include <strings.h>

/* clang-format off */
static const struct route table[] = {
    /* for partners and programs */
    {"POST", "/v1/cases", api_case_open, BODY_JSON | BODY_CASE, AUTH_NONE, 0},
    {"POST", "/v1/cases/status", api_case_status, BODY_JSON, AUTH_NONE, 0},
    {"POST", "/v1/cases/add", api_case_add, BODY_JSON | BODY_CASE, AUTH_NONE, 0},
    {"POST", "/v1/cases/open-for-others", api_case_open_many, BODY_JSON, AUTH_PARTNER, 0},
    {"POST", "/v1/cases/withdraw", api_case_withdraw, BODY_JSON, AUTH_NONE, 0},
    {"POST", "/v1/match", api_match, BODY_JSON | BODY_SEQUENCES, AUTH_PARTNER, 0},
    {"GET", "/v1/matches", api_match_list, BODY_NONE, AUTH_PARTNER, 0},
    {"GET", "/v1/matches/{id}", api_match_get, BODY_NONE, AUTH_PARTNER, 0},
    {"POST", "/v1/matches/{id}/answer", api_match_answer, BODY_JSON, AUTH_PARTNER, 0},
    {"GET", "/v1/notices", api_notice_list, BODY_NONE, AUTH_PARTNER, 0},
    {"GET", "/v1/notices/{id}", api_notice_get, BODY_NONE, AUTH_PARTNER, 0},
    {"POST", "/v1/notices/{id}/answer", api_notice_answer, BODY_JSON, AUTH_PARTNER, 0},
    /* for operators */
    {"GET", "/livez", api_livez, BODY_NONE, AUTH_NONE, ROUTE_INLINE},
    {"GET", "/readyz", api_readyz, BODY_NONE, AUTH_NONE, 0},
    {"GET", "/metrics", api_metrics, BODY_NONE, AUTH_NONE, 0},
    {"GET", "/.well-known/security.txt", api_security_txt, BODY_NONE, AUTH_NONE, ROUTE_INLINE},
    {"GET", "/.well-known/likeness-wasm.json", api_wasm_hashes, BODY_NONE, AUTH_NONE, ROUTE_INLINE},
    /* for people */
    {"GET", "/", page_start, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/start", page_question, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/start", page_answer, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/now", page_danger, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/age", page_age, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/age", page_age_answer, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/under-18", page_under_18, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/under-18", page_under_18, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/help", page_help, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/help", page_help, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/fingerprint", page_fingerprint, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/fingerprint", page_fingerprint, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/case", page_case, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/case", page_case_show, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/case/new", page_case_new, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/case/new", page_case_open, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/case/add", page_case, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/case/add", page_case_add, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/case/part", page_case, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/case/part", page_case_part, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/case/mail", page_case_mail, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/case/notes.json", page_case_download, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/case/withdraw", page_case, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/case/withdraw", page_withdraw, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/safety", page_safety, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/privacy", page_privacy, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/about", page_about, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/platforms", page_platforms, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"GET", "/m/{id}", page_match, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    /* for the desk */
#define RIGHT(right) (ROUTE_PAGE | ROUTE_RIGHT(right))
    {"GET", "/desk/sign-in", desk_sign_in, BODY_NONE, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/desk/sign-in", desk_signed_in, BODY_FORM, AUTH_NONE, ROUTE_PAGE},
    {"POST", "/desk/sign-out", desk_sign_out, BODY_FORM, AUTH_STAFF, ROUTE_PAGE | ROUTE_CHOOSE},
    {"GET", "/desk/password", desk_password, BODY_NONE, AUTH_STAFF, ROUTE_PAGE | ROUTE_CHOOSE},
    {"POST", "/desk/password", desk_choose, BODY_FORM, AUTH_STAFF, ROUTE_PAGE | ROUTE_CHOOSE},
    {"GET", "/desk", desk_queue_page, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_SIGN_IN)},
    {"POST", "/desk/filters", desk_filters, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_SEE_QUEUE)},
    {"POST", "/desk/plan", desk_plan_many, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"GET", "/desk/case/{id}", desk_case_page, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_READ)},
    {"POST", "/desk/case/{id}/take", desk_take, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"POST", "/desk/case/{id}/facts", desk_facts, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"POST", "/desk/case/{id}/links", desk_links, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"POST", "/desk/case/{id}/proposal", desk_proposal, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"POST", "/desk/case/{id}/note", desk_note, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"POST", "/desk/case/{id}/message", desk_message, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"POST", "/desk/case/{id}/open", desk_open_link, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_READ)},
    {"POST", "/desk/case/{id}/notice", desk_mark, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"GET", "/desk/case/{id}/letters", desk_plan, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"POST", "/desk/case/{id}/letters", desk_send, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"GET", "/desk/case/{id}/letter", desk_compose, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"GET", "/desk/case/{id}/letter/{letter}", desk_letter_page, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_READ)},
    {"POST", "/desk/case/{id}/letter/{letter}", desk_settle, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"GET", "/desk/post", desk_post_page, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_SEE_QUEUE)},
    {"POST", "/desk/ask", desk_ask, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)},
    {"GET", "/desk/requests", desk_requests_page, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_DECIDE)},
    {"POST", "/desk/requests", desk_decide, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_DECIDE)},
    {"GET", "/desk/me", desk_me, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_SIGN_IN)},
    {"GET", "/desk/audit", desk_audit, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_AUDIT)},
    {"GET", "/desk/staff", desk_staff_page, BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_MANAGE)},
    {"POST", "/desk/staff", desk_staff_change, BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_MANAGE)},
#undef RIGHT
    {"GET", "/leave", page_leave, BODY_NONE, AUTH_NONE, ROUTE_PAGE | ROUTE_INLINE},
    {"GET", "/icon.svg", api_icon, BODY_NONE, AUTH_NONE, ROUTE_INLINE},
    {"GET", "/assets/{path}", api_asset, BODY_NONE, AUTH_NONE, ROUTE_INLINE | ROUTE_REST},
};
/* clang-format on */

enum { N_ROUTES = sizeof table / sizeof table[0], PARAM_MAX_CHARS = 200 };

size_t route_count(void)
{
    return N_ROUTES;
}

const struct route *route_at(size_t i)
{
    return &table[i];
}

size_t route_number(const struct route *route)
{
    return (size_t)(route - table);
}

static size_t param_length(const char *text, bool rest)
{
    return strspn(text, rest ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./"
                             : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
}

struct piece {
    const char *text;
    size_t n;
};

/* Whether path fits the pattern; params receives what stood for {..}. */
static bool fits(const struct route *route, const char *path, struct piece params[ROUTE_MAX_PARAMS],
                 size_t *n_params)
{
    const char *pattern = route->pattern;
    *n_params = 0;
    while (*pattern != '\0' && *path != '\0') {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        pattern = strchr(pattern, '}') + 1;
        bool rest = *pattern == '\0' && (route->flags & ROUTE_REST) != 0;
        size_t n = param_length(path, rest);
        if (n == 0 || n > PARAM_MAX_CHARS)
            return false;
        params[(*n_params)++] = (struct piece){path, n};
        path += n;
    }
    return *pattern == '\0' && *path == '\0';
}

static enum lk_status keep_params(struct request *req, const struct piece *params, size_t n,
                                  struct lk_error *err)
{
    for (size_t i = 0; i < n; i++) {
        req->params[i] = arena_copy(req->arena, params[i].text, params[i].n);
        if (req->params[i] == NULL)
            return request_no_memory(err);
    }
    return LK_OK;
}

enum lk_status route_find(struct request *req, struct response *res, struct lk_error *err)
{
    bool get = false, post = false;
    for (size_t i = 0; i < N_ROUTES; i++) {
        struct piece params[ROUTE_MAX_PARAMS];
        size_t n_params;
        if (!fits(&table[i], req->path, params, &n_params))
            continue;
        if (strcmp(table[i].method, req->method) == 0) {
            req->route = &table[i];
            TRY(keep_params(req, params, n_params, err));
            return table[i].auth == AUTH_PARTNER ? auth_header(req, res, err) : LK_OK;
        }
        get |= strcmp(table[i].method, "GET") == 0;
        post |= strcmp(table[i].method, "POST") == 0;
    }
    if (!get && !post)
        return FAIL(err, LK_NOT_FOUND, "there is nothing at this address");
    const char *allow = get && post ? "GET, HEAD, POST" : get ? "GET, HEAD" : "POST";
    res->status = 405;
    res->problem_code = "method_not_allowed";
    response_header(res, "Allow", allow);
    return FAIL(err, LK_UNSUPPORTED, "this address answers %s only", allow);
}

static const struct {
    enum body_kind kind;
    const char *content_type;
    size_t max;
} bodies[] = {
    {BODY_JSON, "application/json", 1 << 20},
    {BODY_FORM, "application/x-www-form-urlencoded", 64 << 10},
    {BODY_CASE, "application/vnd.likeness.case", 4 << 20},
    {BODY_SEQUENCES, "application/vnd.likeness.sequences", 16 << 20},
};
enum { N_BODIES = sizeof bodies / sizeof bodies[0] };

enum body_kind route_body_kind(const struct route *route, const char *content_type)
{
    if (content_type == NULL)
        return BODY_NONE;
    size_t n = strcspn(content_type, "; \t");
    for (size_t i = 0; i < N_BODIES; i++)
        if ((route->bodies & bodies[i].kind) && strlen(bodies[i].content_type) == n &&
            strncasecmp(bodies[i].content_type, content_type, n) == 0)
            return bodies[i].kind;
    return BODY_NONE;
}

size_t body_kind_max(enum body_kind kind)
{
    for (size_t i = 0; i < N_BODIES; i++)
        if (bodies[i].kind == kind)
            return bodies[i].max;
    return 0;
}

static enum lk_status run(struct service *service, struct request *req, struct response *res,
                          struct lk_error *err)
{
    if (req->route->auth == AUTH_PARTNER)
        TRY(auth_partner(service, req, res, err));
    if (req->route->bodies != 0 && req->body_kind == BODY_NONE)
        return FAIL(err, LK_INVALID, "this address needs a body");
    if (req->body_kind == BODY_FORM)
        TRY(form_parse(req->arena, req->body, req->n_body, &req->form, err));
    if (req->route->auth == AUTH_STAFF) {
        TRY(staff_auth(service, req, res, err));
        if (req->hand == NULL)
            return LK_OK; /* sent to sign in */
    }
    TRY(req->route->run(service, req, res, err));
    return buf_status(&res->body, "the answer", err);
}

void route_run(struct service *service, struct request *req, struct response *res)
{
    struct lk_error err = {0};
    if (run(service, req, res, &err) != LK_OK)
        route_fail(service, req, res, &err);
    if (req->hand != NULL)
        staff_hand_wipe(req->hand);
    req->hand = NULL;
}
