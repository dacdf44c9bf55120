/* Start, wait, stop. Signals are blocked before any thread starts and then waited for, so no code
 * runs in a handler; waiting wakes up to send mails, and once an hour to end what has expired. */
#include "service.h"

#include "base/err.h"
#include "cases/desk_pack.h"
#include "cases/notice.h"
#include "cases/partner_session.h"
#include "cases/staff.h"
#include "ledger/ledger.h"
#include "media/media.h"
#include "service/context.h"
#include "service/feeder.h"
#include "service/mailer.h"
#include "service/poster.h"
#include "service/rechecker.h"
#include "service/route.h"
#include "service/teller.h"
#include "sys/pulse.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

enum { EXPIRE_EVERY_S = 3600, MAIL_EVERY_S = 60 };

struct service_config service_config_standard(void)
{
    return (struct service_config){
        .http = http_config_standard(),
        .registry = {.key_create = true},
        .limits = limits_config_standard(),
        .log = {.fd = 2, .level = LOG_LEVEL_INFO},
        .mail_every_s = MAIL_EVERY_S,
        .site_name = "Likeness",
        .leave_url = "https://www.wikipedia.org/",
    };
}

struct registry *service_registry(const struct service *service)
{
    return service->registry;
}

const char *service_site_name(const struct service *service)
{
    return service->config->site_name;
}

const char *service_leave_url(const struct service *service)
{
    return service->config->leave_url;
}

void service_record(struct service *service, const struct request *req, int status,
                    int64_t duration_ns)
{
    metrics_count(service->metrics, req->route, status, duration_ns);
    bool is_partner = req->route != NULL && req->route->auth == AUTH_PARTNER;
    bool is_fault = status >= 500;
    if (!is_partner && !is_fault)
        return;
    LOG(&service->config->log, is_fault ? LOG_LEVEL_WARN : LOG_LEVEL_DEBUG, "request",
        LOG_TEXT("route", req->route == NULL ? "none" : req->route->pattern),
        LOG_TEXT("method", req->route == NULL ? "none" : req->route->method),
        LOG_NUMBER("status", status), LOG_NUMBER("ms", duration_ns / 1000000),
        LOG_TEXT("request_id", req->id));
}

static void expire(struct service *service)
{
    struct lk_error err;
    size_t n = 0;
    const struct log *log = &service->config->log;
    if (staff_expire(service->registry, &err) != LK_OK)
        LOG(log, LOG_LEVEL_ERROR, "sessions", LOG_TEXT("error", err.text));
    if (partner_session_expire(service->registry, &err) != LK_OK)
        LOG(log, LOG_LEVEL_ERROR, "sessions", LOG_TEXT("error", err.text));
    if (desk_packs_expire(service->registry, &err) != LK_OK)
        LOG(log, LOG_LEVEL_ERROR, "packs", LOG_TEXT("error", err.text));
    if (registry_expire(service->registry, &n, &err) != LK_OK)
        LOG(log, LOG_LEVEL_ERROR, "expire", LOG_TEXT("error", err.text));
    else if (n > 0)
        LOG(log, LOG_LEVEL_INFO, "expire", LOG_NUMBER("cases", n));
    if (webhook_out_forget(service->registry, &err) != LK_OK)
        LOG(log, LOG_LEVEL_ERROR, "webhooks", LOG_TEXT("error", err.text));
}

/* The clocks of the desk: what is due soon, what is overdue. */
static void tick(struct service *service)
{
    struct lk_error err;
    size_t n = 0;
    if (notice_tick(service->registry, &n, &err) != LK_OK)
        LOG(&service->config->log, LOG_LEVEL_ERROR, "clocks", LOG_TEXT("error", err.text));
}

static void publish(struct service *service)
{
    struct lk_error err;
    struct checkpoint c;
    if (ledger_publish(service->ledger, &c, &err) != LK_OK)
        LOG(&service->config->log, LOG_LEVEL_ERROR, "ledger", LOG_TEXT("error", err.text));
}

static void say_bank(struct service *service)
{
    static const char *const states[] = {[REGISTRY_BANK_IN_MEMORY] = "in memory",
                                         [REGISTRY_BANK_KEPT] = "kept",
                                         [REGISTRY_BANK_REBUILT] = "rebuilt"};
    struct registry_stats stats = registry_stats(service->registry);
    LOG(&service->config->log, LOG_LEVEL_INFO, "bank", LOG_TEXT("state", states[stats.bank_state]),
        LOG_TEXT("why", stats.bank_why), LOG_NUMBER("entries", stats.n_entries));
}

static void wait_for_end(struct service *service, const sigset_t *ends)
{
    unsigned since_s = 0;
    for (;;) {
        struct timespec pause = {.tv_sec = service->config->mail_every_s};
        if (sigtimedwait(ends, NULL, &pause) > 0)
            return;
        if (errno != EAGAIN)
            continue;
        tick(service);
        publish(service);
        mailer_run(service);
        since_s += service->config->mail_every_s;
        if (since_s >= EXPIRE_EVERY_S) {
            expire(service);
            since_s = 0;
        }
    }
}

static enum lk_status start_rechecker(struct service *service, struct lk_error *err)
{
    const struct service_config *config = service->config;
    const struct rechecker_config rechecker = {
        .registry = service->registry,
        .fetch = config->fetch,
        .log = &config->log,
        .every_ms = config->recheck_hours * INT64_C(3600000),
        .media = service->media,
    };
    bool is_off = config->recheck_hours == 0 && service->media == NULL;
    return is_off ? LK_OK : rechecker_start(&rechecker, &service->rechecker, err);
}

static enum lk_status start_teller(struct service *service, struct lk_error *err)
{
    const struct teller_config teller = {
        .registry = service->registry,
        .fetch = service->config->webhooks,
        .log = &service->config->log,
    };
    return teller_start(&teller, &service->teller, err);
}

static enum lk_status serve(struct service *service, const sigset_t *ends, struct lk_error *err)
{
    const struct service_config *config = service->config;
    if (config->looks_at_watches) /* its helper process first, before there are threads */
        TRY(media_open(NULL, NULL, &service->media, err));
    TRY(limits_new(&config->limits, &service->limits, err));
    TRY(auth_new(&service->auth, err));
    const struct route_table routes = service_routes();
    const struct http_app app = service_app(service);
    TRY(metrics_new(&routes, &service->metrics, err));
    TRY(registry_open(&config->registry, &service->registry, err));
    say_bank(service);
    TRY(ledger_open(registry_store(service->registry), registry_keys(service->registry),
                    config->ledger_name, &service->ledger, err));
    expire(service);
    tick(service);
    publish(service);
    TRY(poster_start(service, &service->poster, err));
    TRY(http_start(&config->http, &app, &service->http, err));
    TRY(feeder_start(service, &service->feeder, err));
    TRY(start_rechecker(service, err));
    TRY(start_teller(service, err));
    LOG(&config->log, LOG_LEVEL_INFO, "serving", LOG_NUMBER("port", http_port(service->http)));
    if (config->on_ready != NULL)
        config->on_ready(config->on_ready_ctx, config->http.host, http_port(service->http));
    wait_for_end(service, ends);
    LOG(&config->log, LOG_LEVEL_INFO, "stopping",
        LOG_NUMBER("in_flight", http_gauges(service->http).n_in_flight));
    return LK_OK;
}

enum lk_status service_run(const struct service_config *config, struct lk_error *err)
{
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    signal(SIGPIPE, SIG_IGN);
    struct service service = {.config = config};
    enum lk_status status = serve(&service, &ends, err);
    teller_stop(service.teller);
    rechecker_stop(service.rechecker);
    pulse_stop(service.feeder);
    http_stop(service.http);
    poster_stop(service.poster);
    ledger_close(service.ledger);
    registry_close(service.registry);
    media_close(service.media);
    metrics_free(service.metrics);
    auth_free(service.auth);
    limits_free(service.limits);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}
