/* The table of all that this service answers, and the way through it. */
#include "service/route.h"

#include "base/err.h"
#include "cases/partner.h"
#include "cases/staff.h"
#include "service/api/api.h"
#include "service/auth.h"
#include "service/context.h"
#include "service/inbox_auth.h"
#include "service/pages/desk/desk.h"
#include "service/pages/inbox/inbox.h"
#include "service/pages/pages.h"
#include "service/staff_auth.h"

#include <string.h>

/* clang-format off */
static const struct service_route table[] = {
    /* for partners and programs */
#define MAY(scope) ROUTE_RIGHT(PARTNER_MAY_##scope)
    {{"POST", "/v1/cases", BODY_JSON | BODY_CASE, AUTH_NONE, 0}, api_case_open},
    {{"POST", "/v1/cases/status", BODY_JSON, AUTH_NONE, 0}, api_case_status},
    {{"POST", "/v1/cases/add", BODY_JSON | BODY_CASE, AUTH_NONE, 0}, api_case_add},
    {{"POST", "/v1/cases/open-for-others", BODY_JSON, AUTH_PARTNER, MAY(OPEN)}, api_case_open_many},
    {{"POST", "/v1/cases/withdraw", BODY_JSON, AUTH_NONE, 0}, api_case_withdraw},
    {{"POST", "/v1/match", BODY_JSON | BODY_SEQUENCES, AUTH_PARTNER, MAY(MATCH)}, api_match},
    {{"GET", "/v1/matches", BODY_NONE, AUTH_PARTNER, MAY(MATCH)}, api_match_list},
    {{"GET", "/v1/matches/{id}", BODY_NONE, AUTH_PARTNER, MAY(MATCH)}, api_match_get},
    {{"POST", "/v1/matches/{id}/answer", BODY_JSON, AUTH_PARTNER, MAY(ANSWER)}, api_match_answer},
    {{"GET", "/v1/notices", BODY_NONE, AUTH_PARTNER, MAY(NOTICES)}, api_notice_list},
    {{"GET", "/v1/notices/{id}", BODY_NONE, AUTH_PARTNER, MAY(NOTICES)}, api_notice_get},
    {{"POST", "/v1/notices/{id}/answer", BODY_JSON, AUTH_PARTNER, MAY(ANSWER)}, api_notice_answer},
    {{"POST", "/v1/blocks", BODY_JSON, AUTH_PARTNER, MAY(ANSWER)}, api_blocks},
    {{"GET", "/v1/matches/{id}/statement", BODY_NONE, AUTH_PARTNER, MAY(NOTICES)}, api_match_statement},
    {{"GET", "/v1/notices/{id}/statement", BODY_NONE, AUTH_PARTNER, MAY(NOTICES)}, api_notice_statement},
    {{"GET", "/v1/statements", BODY_NONE, AUTH_PARTNER, MAY(NOTICES)}, api_statements},
    {{"POST", "/v1/answers", BODY_JSON, AUTH_PARTNER, MAY(ANSWER)}, api_answers},
    {{"GET", "/v1/webhooks", BODY_NONE, AUTH_PARTNER, MAY(HOOK)}, api_webhook_list},
    {{"POST", "/v1/webhooks", BODY_JSON, AUTH_PARTNER, MAY(HOOK)}, api_webhook_add},
    {{"DELETE", "/v1/webhooks/{id}", BODY_NONE, AUTH_PARTNER, MAY(HOOK)}, api_webhook_remove},
    {{"POST", "/v1/webhooks/{id}/test", BODY_NONE, AUTH_PARTNER, MAY(HOOK)}, api_webhook_test},
    {{"POST", "/v1/webhooks/{id}/enable", BODY_NONE, AUTH_PARTNER, MAY(HOOK)}, api_webhook_enable},
    {{"POST", "/v1/webhooks/{id}/rotate", BODY_NONE, AUTH_PARTNER, MAY(HOOK)}, api_webhook_rotate},
    {{"GET", "/v1/webhooks/{id}/deliveries", BODY_NONE, AUTH_PARTNER, MAY(HOOK)}, api_webhook_log},
    {{"POST", "/v1/feed/join", BODY_JSON, AUTH_PARTNER, MAY(FOLLOW)}, api_feed_join},
    {{"GET", "/v1/feed", BODY_NONE, AUTH_PARTNER, MAY(FOLLOW)}, api_feed},
    {{"POST", "/v1/feed/receipts", BODY_JSON, AUTH_PARTNER, MAY(FOLLOW)}, api_feed_receipt},
    /* the protocols of others */
    {{"GET", "/stopncii/v1/FetchHashes", BODY_NONE, AUTH_FOREIGN, MAY(LIST)}, api_stopncii_fetch},
    {{"POST", "/stopncii/v1/SubmitFeedback", BODY_JSON, AUTH_FOREIGN, MAY(LIST)}, api_stopncii_feedback},
    {{"POST", "/stopncii/v1/SubmitHashes", BODY_JSON, AUTH_FOREIGN, MAY(LIST)}, api_stopncii_submit},
    {{"GET", "/ncmec/v2/status", BODY_NONE, AUTH_FOREIGN, MAY(LIST)}, api_ncmec_status},
    {{"GET", "/ncmec/v2/members", BODY_NONE, AUTH_FOREIGN, MAY(LIST)}, api_ncmec_members},
    {{"GET", "/ncmec/v2/entries", BODY_NONE, AUTH_FOREIGN, MAY(LIST)}, api_ncmec_entries},
    {{"GET", "/ncmec/v2/feedback/{type}/reasons", BODY_NONE, AUTH_FOREIGN, MAY(LIST)}, api_ncmec_reasons},
    {{"PUT", "/ncmec/v2/entries/{member}/{id}/{type}/feedback", BODY_XML, AUTH_FOREIGN, MAY(LIST)}, api_ncmec_feedback},
    {{"GET", "/threatexchange/{version}/{group}/threat_updates/", BODY_NONE, AUTH_FOREIGN, MAY(LIST)}, api_threat_updates},
    {{"GET", "/threatexchange/{version}/{group}/threat_updates", BODY_NONE, AUTH_FOREIGN, MAY(LIST)}, api_threat_updates},
#undef MAY
    /* for everybody: the ledger's files */
    {{"GET", "/ledger/checkpoint", BODY_NONE, AUTH_NONE, 0}, api_ledger_checkpoint},
    {{"GET", "/ledger/tile/{path}", BODY_NONE, AUTH_NONE, ROUTE_REST}, api_ledger_tile},
    /* for operators */
    {{"GET", "/livez", BODY_NONE, AUTH_NONE, ROUTE_INLINE}, api_livez},
    {{"GET", "/readyz", BODY_NONE, AUTH_NONE, 0}, api_readyz},
    {{"GET", "/metrics", BODY_NONE, AUTH_NONE, 0}, api_metrics},
    {{"GET", "/.well-known/security.txt", BODY_NONE, AUTH_NONE, ROUTE_INLINE}, api_security_txt},
    {{"GET", "/.well-known/likeness-wasm.json", BODY_NONE, AUTH_NONE, ROUTE_INLINE}, api_wasm_hashes},
    /* for people */
    {{"GET", "/", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_start},
    {{"GET", "/start", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_question},
    {{"POST", "/start", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_answer},
    {{"GET", "/now", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_danger},
    {{"GET", "/age", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_age},
    {{"POST", "/age", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_age_answer},
    {{"GET", "/under-18", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_under_18},
    {{"POST", "/under-18", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_under_18},
    {{"GET", "/help", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_help},
    {{"POST", "/help", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_help},
    {{"GET", "/fingerprint", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_fingerprint},
    {{"POST", "/fingerprint", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_fingerprint},
    {{"GET", "/case", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_case},
    {{"POST", "/case", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_case_show},
    {{"GET", "/case/new", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_case_new},
    {{"POST", "/case/new", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_case_open},
    {{"GET", "/case/add", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_case},
    {{"POST", "/case/add", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_case_add},
    {{"GET", "/case/part", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_case},
    {{"POST", "/case/part", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_case_part},
    {{"POST", "/case/mail", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_case_mail},
    {{"POST", "/case/notes.json", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_case_download},
    {{"GET", "/case/withdraw", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_case},
    {{"POST", "/case/withdraw", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, page_withdraw},
    {{"GET", "/safety", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_safety},
    {{"GET", "/privacy", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_privacy},
    {{"GET", "/about", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_about},
    {{"GET", "/platforms", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_platforms},
    {{"GET", "/m/{id}", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, page_match},
    /* for the desk */
#define RIGHT(right) (ROUTE_PAGE | ROUTE_RIGHT(right))
    {{"GET", "/desk/sign-in", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, desk_sign_in},
    {{"POST", "/desk/sign-in", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, desk_signed_in},
    {{"POST", "/desk/sign-out", BODY_FORM, AUTH_STAFF, ROUTE_PAGE | ROUTE_CHOOSE}, desk_sign_out},
    {{"GET", "/desk/password", BODY_NONE, AUTH_STAFF, ROUTE_PAGE | ROUTE_CHOOSE}, desk_password},
    {{"POST", "/desk/password", BODY_FORM, AUTH_STAFF, ROUTE_PAGE | ROUTE_CHOOSE}, desk_choose},
    {{"GET", "/desk", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_SIGN_IN)}, desk_queue_page},
    {{"POST", "/desk/filters", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_SEE_QUEUE)}, desk_filters},
    {{"POST", "/desk/plan", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_plan_many},
    {{"GET", "/desk/case/{id}", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_READ)}, desk_case_page},
    {{"POST", "/desk/case/{id}/take", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_take},
    {{"POST", "/desk/case/{id}/facts", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_facts},
    {{"POST", "/desk/case/{id}/links", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_links},
    {{"POST", "/desk/case/{id}/proposal", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_proposal},
    {{"POST", "/desk/case/{id}/note", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_note},
    {{"POST", "/desk/case/{id}/message", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_message},
    {{"POST", "/desk/case/{id}/open", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_READ)}, desk_open_link},
    {{"POST", "/desk/case/{id}/notice", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_mark},
    {{"POST", "/desk/case/{id}/brake", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_brake},
    {{"POST", "/desk/case/{id}/pack", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_pack_ask_for},
    {{"GET", "/desk/packs", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_TAKE_PACKS)}, desk_packs_page},
    {{"GET", "/desk/pack/{id}", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_SIGN_IN)}, desk_pack_download},
    {{"GET", "/desk/case/{id}/letters", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_plan},
    {{"POST", "/desk/case/{id}/letters", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_send},
    {{"GET", "/desk/case/{id}/letter", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_compose},
    {{"GET", "/desk/case/{id}/letter/{letter}", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_READ)}, desk_letter_page},
    {{"POST", "/desk/case/{id}/letter/{letter}", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_settle},
    {{"POST", "/desk/case/{id}/letter/{letter}/wait", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_wait},
    {{"GET", "/desk/post", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_SEE_QUEUE)}, desk_post_page},
    {{"POST", "/desk/ask", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_ask},
    {{"GET", "/desk/watches", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_watches_page},
    {{"POST", "/desk/watches", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_WRITE)}, desk_watches_change},
    {{"GET", "/desk/requests", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_DECIDE)}, desk_requests_page},
    {{"POST", "/desk/requests", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_DECIDE)}, desk_decide},
    {{"GET", "/desk/me", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_SIGN_IN)}, desk_me},
    {{"GET", "/desk/audit", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_AUDIT)}, desk_audit},
    {{"GET", "/desk/staff", BODY_NONE, AUTH_STAFF, RIGHT(STAFF_MAY_MANAGE)}, desk_staff_page},
    {{"POST", "/desk/staff", BODY_FORM, AUTH_STAFF, RIGHT(STAFF_MAY_MANAGE)}, desk_staff_change},
#undef RIGHT
    /* for platforms without a program */
    {{"GET", "/inbox/sign-in", BODY_NONE, AUTH_NONE, ROUTE_PAGE}, inbox_sign_in},
    {{"POST", "/inbox/sign-in", BODY_FORM, AUTH_NONE, ROUTE_PAGE}, inbox_signed_in},
    {{"POST", "/inbox/sign-out", BODY_FORM, AUTH_INBOX, ROUTE_PAGE}, inbox_sign_out},
    {{"GET", "/inbox", BODY_NONE, AUTH_INBOX, ROUTE_PAGE}, inbox_letters_page},
    {{"GET", "/inbox/notice/{id}", BODY_NONE, AUTH_INBOX, ROUTE_PAGE}, inbox_notice_page},
    {{"POST", "/inbox/notice/{id}", BODY_FORM, AUTH_INBOX, ROUTE_PAGE}, inbox_notice_reply},
    {{"GET", "/inbox/matches", BODY_NONE, AUTH_INBOX, ROUTE_PAGE}, inbox_matches_page},
    {{"GET", "/inbox/match/{id}", BODY_NONE, AUTH_INBOX, ROUTE_PAGE}, inbox_match_page},
    {{"POST", "/inbox/match/{id}", BODY_FORM, AUTH_INBOX, ROUTE_PAGE}, inbox_match_reply},
    {{"GET", "/inbox/notices.csv", BODY_NONE, AUTH_INBOX, ROUTE_PAGE}, inbox_notices_csv},
    {{"GET", "/inbox/matches.csv", BODY_NONE, AUTH_INBOX, ROUTE_PAGE}, inbox_matches_csv},
    {{"GET", "/leave", BODY_NONE, AUTH_NONE, ROUTE_PAGE | ROUTE_INLINE}, page_leave},
    {{"GET", "/icon.svg", BODY_NONE, AUTH_NONE, ROUTE_INLINE}, api_icon},
    {{"GET", "/assets/{path}", BODY_NONE, AUTH_NONE, ROUTE_INLINE | ROUTE_REST}, api_asset},
};
/* clang-format on */

struct route_table service_routes(void)
{
    return (struct route_table){&table[0].route, sizeof table[0], sizeof table / sizeof table[0]};
}

static enum lk_status check_scope(const struct request *req, struct lk_error *err)
{
    unsigned scope = req->route->flags >> 8;
    return (req->partner->scopes & scope) == scope
               ? LK_OK
               : FAIL(err, LK_DENIED, "this key is not for '%s'", partner_scope_name(scope));
}

static enum lk_status run(struct service *service, struct request *req, struct response *res,
                          struct lk_error *err)
{
    if (req->route->auth == AUTH_PARTNER)
        TRY(auth_partner(service, req, res, err));
    if (req->route->auth == AUTH_FOREIGN)
        TRY(auth_foreign(service, req, res, err));
    if (req->route->auth == AUTH_PARTNER || req->route->auth == AUTH_FOREIGN)
        TRY(check_scope(req, err));
    if (req->route->bodies != 0 && req->body_kind == BODY_NONE)
        return FAIL(err, LK_INVALID, "this address needs a body");
    if (req->body_kind == BODY_FORM)
        TRY(form_parse(req->arena, req->body, req->n_body, &req->form, err));
    if (req->route->auth == AUTH_INBOX) {
        TRY(inbox_auth(service, req, res, err));
        if (req->partner == NULL)
            return LK_OK; /* sent to sign in */
    }
    if (req->route->auth == AUTH_STAFF) {
        TRY(staff_auth(service, req, res, err));
        if (req->hand == NULL)
            return LK_OK; /* sent to sign in */
    }
    const struct service_route *route = (const struct service_route *)(const void *)req->route;
    TRY(route->run(service, req, res, err));
    return buf_status(&res->body, "the answer", err);
}

static bool wants_page(const struct request *req)
{
    if (req->route != NULL)
        return (req->route->flags & ROUTE_PAGE) != 0;
    const char *accept = req->headers[HEADER_ACCEPT];
    return strncmp(req->path, "/v1/", 4) != 0 && accept != NULL &&
           strstr(accept, "text/html") != NULL;
}

static void app_fail(void *ctx, const struct request *req, struct response *res,
                     const struct lk_error *err)
{
    if (wants_page(req))
        page_error(ctx, req, res, err);
    else
        response_problem(req, res, err);
}

/* Is there a key at all? So a body need not be read in vain. */
static enum lk_status app_find(void *ctx, struct request *req, struct response *res,
                               struct lk_error *err)
{
    (void)ctx;
    const struct route_table routes = service_routes();
    TRY(route_find(&routes, req, res, err));
    return req->route->auth == AUTH_PARTNER ? auth_header(req, res, err) : LK_OK;
}

static enum lk_status app_run(void *ctx, struct request *req, struct response *res,
                              struct lk_error *err)
{
    enum lk_status status = run(ctx, req, res, err);
    if (req->hand != NULL)
        staff_hand_wipe(req->hand);
    req->hand = NULL;
    return status;
}

static void app_record(void *ctx, const struct request *req, int status, int64_t duration_ns)
{
    service_record(ctx, req, status, duration_ns);
}

static uint64_t app_peer_key(void *ctx, const void *bytes, size_t n)
{
    struct service *service = ctx;
    return limits_peer_key(service->limits, bytes, n);
}

struct http_app service_app(struct service *service)
{
    static const struct response_header headers[] = {
        {"Content-Security-Policy", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
                                    "style-src 'self'; img-src 'self'; "
                                    "connect-src 'self'; worker-src 'self'; media-src blob:; "
                                    "form-action 'self'; frame-ancestors "
                                    "'none'; "
                                    "base-uri 'none'"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
        {"Permissions-Policy",
         "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
         "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
         "payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), "
         "xr-spatial-tracking=()"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Embedder-Policy", "require-corp"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    return (struct http_app){
        .ctx = service,
        .find = app_find,
        .run = app_run,
        .fail = app_fail,
        .record = app_record,
        .peer_key = app_peer_key,
        .headers = headers,
        .n_headers = sizeof headers / sizeof headers[0],
    };
}
