/* http/metrics.h - counts of requests for /metrics: by route and status, and how long they took.
 * Nothing personal: no address, no partner, no path that was not in the table. */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include "base/buf.h"

struct metrics;
struct route;
struct route_table;

enum lk_status metrics_new(const struct route_table *routes, struct metrics **out,
                           struct lk_error *err) LK_MUST_CHECK;
void metrics_free(struct metrics *m);

/* route NULL: a path that is not in the table; status 0: no answer was sent. Threads: any. */
void metrics_count(struct metrics *m, const struct route *route, int status, int64_t duration_ns);

/* Appends the counts in the Prometheus text format. */
void metrics_write(struct metrics *m, struct buf *out);

/* Appends one sample with its help and type ("counter", "gauge"). */
void metrics_sample(struct buf *out, const char *name, const char *type, const char *help,
                    uint64_t value);

#endif
