#include "metrics.h"

#include "base/err.h"
#include "http/request.h"

#include <stdatomic.h>
#include <stdlib.h>

static const int statuses[] = {0,   200, 201, 303, 304, 400, 401, 403, 404,
                               405, 409, 413, 415, 422, 429, 500, 503, 504};
enum { N_STATUSES = sizeof statuses / sizeof statuses[0], N_BUCKETS = 12 };
static const unsigned bucket_us[N_BUCKETS] = {250,   500,   1000,   2500,   5000,    10000,
                                              25000, 50000, 100000, 250000, 1000000, 5000000};

struct row {
    atomic_ullong by_status[N_STATUSES + 1]; /* the last one: any other */
    atomic_ullong by_bucket[N_BUCKETS + 1];  /* the last one: longer */
    atomic_ullong total_us;
};

struct metrics {
    struct route_table routes;
    size_t n_rows; /* the last one: paths not in the table */
    struct row rows[];
};

enum lk_status metrics_new(const struct route_table *routes, struct metrics **out,
                           struct lk_error *err)
{
    size_t n = routes->n + 1;
    *out = calloc(1, sizeof **out + n * sizeof(struct row));
    if (*out == NULL)
        return FAIL(err, LK_NOMEM, "no memory for metrics");
    (*out)->routes = *routes;
    (*out)->n_rows = n;
    return LK_OK;
}

void metrics_free(struct metrics *m)
{
    free(m);
}

void metrics_count(struct metrics *m, const struct route *route, int status, int64_t duration_ns)
{
    struct row *row = &m->rows[route == NULL ? m->n_rows - 1 : route_number(&m->routes, route)];
    size_t s = 0, b = 0;
    while (s < N_STATUSES && statuses[s] != status)
        s++;
    unsigned long long us = (unsigned long long)(duration_ns / 1000);
    while (b < N_BUCKETS && us > bucket_us[b])
        b++;
    atomic_fetch_add_explicit(&row->by_status[s], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&row->by_bucket[b], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&row->total_us, us, memory_order_relaxed);
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_fmt(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_sample(struct buf *out, const char *name, const char *type, const char *help,
                    uint64_t value)
{
    head(out, name, type, help);
    buf_fmt(out, "%s %llu\n", name, (unsigned long long)value);
}

static const char *label(const struct metrics *m, size_t i)
{
    return i + 1 == m->n_rows ? "other" : route_at(&m->routes, i)->pattern;
}

static const char *method(const struct metrics *m, size_t i)
{
    return i + 1 == m->n_rows ? "any" : route_at(&m->routes, i)->method;
}

static void write_requests(struct metrics *m, struct buf *out)
{
    head(out, "likeness_requests_total", "counter", "Requests by route and status.");
    for (size_t i = 0; i < m->n_rows; i++)
        for (size_t s = 0; s <= N_STATUSES; s++) {
            unsigned long long n = m->rows[i].by_status[s];
            if (n == 0)
                continue;
            buf_fmt(out, "likeness_requests_total{method=\"%s\",route=\"%s\",status=\"",
                    method(m, i), label(m, i));
            if (s == N_STATUSES)
                buf_str(out, "other");
            else
                buf_fmt(out, "%d", statuses[s]);
            buf_fmt(out, "\"} %llu\n", n);
        }
}

static void write_durations(struct metrics *m, struct buf *out)
{
    const char *name = "likeness_request_seconds";
    head(out, name, "histogram", "Time from the request line to the end of the answer.");
    for (size_t i = 0; i < m->n_rows; i++) {
        struct row *row = &m->rows[i];
        unsigned long long n = 0;
        for (size_t b = 0; b <= N_BUCKETS; b++)
            n += row->by_bucket[b];
        if (n == 0)
            continue;
        n = 0;
        for (size_t b = 0; b <= N_BUCKETS; b++) {
            n += row->by_bucket[b];
            buf_fmt(out, "%s_bucket{method=\"%s\",route=\"%s\",le=\"", name, method(m, i),
                    label(m, i));
            if (b == N_BUCKETS)
                buf_str(out, "+Inf");
            else
                buf_fmt(out, "%.6f", (double)bucket_us[b] / 1e6);
            buf_fmt(out, "\"} %llu\n", n);
        }
        buf_fmt(out, "%s_sum{method=\"%s\",route=\"%s\"} %.6f\n", name, method(m, i), label(m, i),
                (double)row->total_us / 1e6);
        buf_fmt(out, "%s_count{method=\"%s\",route=\"%s\"} %llu\n", name, method(m, i), label(m, i),
                n);
    }
}

void metrics_write(struct metrics *m, struct buf *out)
{
    write_requests(m, out);
    write_durations(m, out);
}
