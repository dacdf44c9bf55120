/* Choosing files: the only page with more script than the way out and the case's, and the only one
 * that loads our WebAssembly. What it sends goes to POST /v1/cases, like any client's; with a
 * token, to the case that stands behind it. */
#include "base/err.h"
#include "service/assets.h"
#include "service/context.h"
#include "service/pages/answers.h"
#include "service/pages/case_form.h"
#include "service/pages/pages.h"

/* The answers as a text for the desk: "what=intimate" and so on, a line each. */
static const char *situation_of(const struct page *page)
{
    static const char *const fields[] = {"what",    "origin", "medium",   "stage",
                                         "country", "site",   "platform", "have"};
    struct buf text;
    buf_init(&text, &page->req->arena->alloc, 1024);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const char *value = form_get(&page->req->form, fields[i]);
        if (value != NULL && value[0] != '\0')
            buf_fmt(&text, "%s=%.40s\n", fields[i], value);
    }
    return buf_text(&text);
}

static enum lk_status show(struct service *service, const struct request *req, struct response *res,
                           const struct case_access *access, const char *token,
                           struct lk_error *err)
{
    struct page page;
    struct answers answers;
    page_begin(&page, service, req, res, "/fingerprint", N_("Pictures"));
    answers_read(&req->form, &answers);
    answers_carry(&answers, page.view, NULL);
    if (access != NULL || req->form.n > 0)
        page_carry(&page, "token", token);
    view_text(page.view, "token", access == NULL ? "" : token);
    view_text(page.view, "situation", access == NULL ? situation_of(&page) : "");
    view_text(page.view, "age",
              answers_under_18(&answers) && service->config->is_authorised_under_18 ? "minor"
                                                                                    : "adult");
    case_form_keys(&page, access);
    view_text(page.view, "wasm", asset_url("likeness.wasm"));
    view_text(page.view, "worker_js", asset_url("worker.js"));
    view_text(page.view, "fingerprint_js", asset_url("fingerprint.js"));
    return page_send(&page, "fingerprint", err);
}

enum lk_status page_fingerprint(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    const char *token = form_get(&req->form, "token");
    struct case_access access;
    if (token == NULL || token[0] == '\0')
        return show(service, req, res, NULL, "", err);
    TRY(case_form_login(service, req, &access, err));
    enum lk_status status = show(service, req, res, &access, token, err);
    case_logout(&access);
    return status;
}
