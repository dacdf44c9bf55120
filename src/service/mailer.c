/* The mail names nobody and nothing: whoever reads it over a shoulder learns that some website has
 * something new. Its subject is the name of the site, which the operator chose to be neutral. */
#include "service/mailer.h"

#include "cases/case_mail.h"
#include "service/context.h"
#include "service/locale.h"
#include "service/pages/page.h"

enum { ARENA_BYTES = 1 << 20 };

static enum lk_status send_all(struct service *service, struct arena *arena, size_t *n_sent,
                               struct lk_error *err)
{
    struct case_mail *mails;
    size_t n = 0;
    enum lk_status status = case_mail_due(service->registry, arena, &mails, &n, err);
    for (size_t i = 0; i < n && status == LK_OK; i++) {
        const struct locale *locale = locale_find(mails[i].lang);
        const char *text = N_("There is news where you left your code.");
        status = mail_send(&service->config->mail, mails[i].address, service->config->site_name,
                           locale == NULL ? text : locale_text(locale, text), err);
        if (status == LK_OK)
            status = case_mail_sent(service->registry, &mails[i], err);
        *n_sent += status == LK_OK;
    }
    return status;
}

void mailer_run(struct service *service)
{
    struct lk_error err;
    struct arena arena;
    size_t n = 0;
    if (service->config->mail.url == NULL)
        return;
    arena_init(&arena, lk_alloc_heap(), ARENA_BYTES);
    if (send_all(service, &arena, &n, &err) != LK_OK)
        LOG(&service->config->log, LOG_LEVEL_ERROR, "mail", LOG_TEXT("error", err.text));
    else if (n > 0)
        LOG(&service->config->log, LOG_LEVEL_INFO, "mail", LOG_NUMBER("sent", n));
    arena_fini(&arena);
}
