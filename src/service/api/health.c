/* Is the process alive, can it work, how busy is it, and whom to tell when it is broken? */
#include "api.h"

#include "base/err.h"
#include "service/context.h"
#include "sys/clock.h"

enum { SECURITY_TXT_DAYS = 180 };

static void answer_text(struct response *res, const char *text)
{
    res->content_type = "text/plain; charset=utf-8";
    buf_str(&res->body, text);
}

enum lk_status api_livez(struct service *service, const struct request *req, struct response *res,
                         struct lk_error *err)
{
    (void)service, (void)req, (void)err;
    answer_text(res, "ok\n");
    return LK_OK;
}

enum lk_status api_readyz(struct service *service, const struct request *req, struct response *res,
                          struct lk_error *err)
{
    (void)req;
    enum lk_status status = registry_ready(service->registry, err);
    if (status != LK_OK) {
        res->status = 503;
        return status;
    }
    answer_text(res, "ready\n");
    return LK_OK;
}

static void write_registry(struct buf *out, const struct registry_stats *s)
{
    metrics_sample(out, "likeness_bank_entries", "gauge", "Entries in force.", s->n_entries);
    metrics_sample(out, "likeness_bank_prints", "gauge", "Prints in force.", s->n_prints);
    metrics_sample(out, "likeness_bank_bytes", "gauge", "Memory of the bank.", s->bank_bytes);
    metrics_sample(out, "likeness_bank_behind", "gauge", "1 when changes cannot be followed.",
                   s->behind);
    metrics_sample(out, "likeness_change_last", "gauge", "Number of the last change applied.",
                   s->last_change);
    metrics_sample(out, "likeness_cases_opened_total", "counter", "Cases opened here.",
                   s->n_cases_opened);
    metrics_sample(out, "likeness_cases_withdrawn_total", "counter",
                   "Cases withdrawn or expired here.", s->n_cases_withdrawn);
    metrics_sample(out, "likeness_queries_total", "counter", "Sequences searched here.",
                   s->n_queries);
    metrics_sample(out, "likeness_matches_total", "counter", "New matches here.", s->n_matches);
    metrics_sample(out, "likeness_answers_total", "counter", "Answers recorded here.",
                   s->n_answers);
    metrics_sample(out, "likeness_canaries_total", "counter",
                   "Canaries that somebody asked for who was not given them.", s->n_canaries);
    metrics_sample(out, "likeness_writes_total", "counter", "Writes asked of the store here.",
                   s->n_writes);
    metrics_sample(out, "likeness_commits_total", "counter", "Transactions that carried them.",
                   s->n_commits);
}

static void write_http(struct buf *out, const struct http_gauges *g)
{
    metrics_sample(out, "likeness_http_waiting", "gauge", "Requests waiting for a worker.",
                   g->n_waiting);
    metrics_sample(out, "likeness_http_in_flight", "gauge", "Requests under way.", g->n_in_flight);
    metrics_sample(out, "likeness_http_connections", "gauge", "Open connections.",
                   g->n_connections);
    metrics_sample(out, "likeness_http_bytes", "gauge", "Memory of requests.", g->n_bytes);
}

enum lk_status api_metrics(struct service *service, const struct request *req, struct response *res,
                           struct lk_error *err)
{
    (void)req, (void)err;
    struct registry_stats stats = registry_stats(service->registry);
    struct http_gauges gauges = http_gauges(service->http);
    res->content_type = "text/plain; version=0.0.4; charset=utf-8";
    write_registry(&res->body, &stats);
    write_http(&res->body, &gauges);
    metrics_write(service->metrics, &res->body);
    return LK_OK;
}

enum lk_status api_security_txt(struct service *service, const struct request *req,
                                struct response *res, struct lk_error *err)
{
    (void)req;
    const char *contact = service->config->security_contact;
    if (contact == NULL)
        return FAIL(err, LK_NOT_FOUND, "the operator has named no contact for security");
    struct clock clock = clock_real();
    char expires[32];
    clock_format_time(clock_day_start_ms(clock_now_ms(&clock)) + SECURITY_TXT_DAYS * CLOCK_DAY_MS,
                      expires);
    res->content_type = "text/plain; charset=utf-8";
    buf_fmt(&res->body, "Contact: %s\nExpires: %s\nPreferred-Languages: en\n", contact, expires);
    return LK_OK;
}
