/* cases/desk_filter.h - views of the queue that a member of staff kept under a name. */
#ifndef CASES_DESK_FILTER_H
#define CASES_DESK_FILTER_H

#include "cases/staff.h"

#define DESK_FILTER_NAME_BYTES  60
#define DESK_FILTER_QUERY_BYTES 200
#define DESK_MAX_FILTERS        30

struct desk_filter {
    const char *name, *query;
};

/* Errors: LK_NOMEM, LK_IO. */
enum lk_status desk_filters_of(struct registry *r, const struct staff_hand *by, struct arena *arena,
                               struct desk_filter **out, size_t *n,
                               struct lk_error *err) LK_MUST_CHECK;

/* Keeps a query ("sort=due&harm=3") under a name, over one of that name. Errors: LK_INVALID,
 * LK_LIMIT (DESK_MAX_FILTERS), LK_IO. */
enum lk_status desk_filter_keep(struct registry *r, const struct staff_hand *by, const char *name,
                                const char *query, struct lk_error *err) LK_MUST_CHECK;
enum lk_status desk_filter_forget(struct registry *r, const struct staff_hand *by, const char *name,
                                  struct lk_error *err) LK_MUST_CHECK;

#endif
