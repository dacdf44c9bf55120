/* cases/desk_queue.h - which case next. */
#ifndef CASES_DESK_QUEUE_H
#define CASES_DESK_QUEUE_H

#include "cases/desk.h"
#include "store/desk_rows.h"

#define DESK_QUEUE_MAX 100 /* cases on one page */

struct desk_queued {
    char id[DESK_CASE_CHARS + 1];
    char lang[DESK_LANG_BYTES];
    unsigned harm;
    int64_t staff_row;
    const char *staff; /* who has it, or NULL */
    int64_t due_ms;    /* 0: no clock runs */
    bool is_waiting;
    unsigned n_links, n_open, n_late;
    int64_t changed_ms;
};

struct desk_queue {
    const struct desk_queued *cases;
    size_t n;
    bool has_more;
    struct desk_counts counts;
};

/* The cases that the query asks for, at most query->limit (<= DESK_QUEUE_MAX) from query->offset.
 * Errors: LK_LIMIT, LK_NOMEM, LK_IO. */
enum lk_status desk_queue(struct registry *r, const struct staff_hand *by,
                          const struct desk_query *query, struct arena *arena,
                          struct desk_queue *out, struct lk_error *err) LK_MUST_CHECK;

#endif
