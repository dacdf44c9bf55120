/* service/pages/desk/later.h - "and if they do not answer in time": the letters that are prepared
 * beside another and go by themselves when its time is over (cases/desk_letter.h). */
#ifndef SERVICE_PAGES_DESK_LATER_H
#define SERVICE_PAGES_DESK_LATER_H

#include "cases/desk_plan.h"
#include "http/form.h"
#include "service/pages/page.h"

enum { LATER_MAX = 6 };

struct later_step {
    struct desk_order order;
    bool is_wanted, is_ready;
    struct lk_error problem; /* status LK_OK: none */
};

struct later {
    struct later_step steps[LATER_MAX];
    size_t n;
};

/* Fills in what the ladder and the operator's rule would let go by itself after a letter to a
 * platform. Errors: LK_NOMEM, LK_IO. */
enum lk_status later_offer(struct registry *r, const struct desk_view *view, struct arena *arena,
                           struct later *out, struct lk_error *err) LK_MUST_CHECK;

/* What the form holds beside its letter i. */
void later_read(const struct form *form, size_t i, struct later *out);

/* Prepares the wanted ones, about the addresses of a letter that was sent as `letter`. Each keeps
 * its problem. */
void later_prepare(struct registry *r, const struct request *req, const struct desk_order *sent,
                   int64_t letter, struct later *later);

/* How many were wanted and are not prepared. */
size_t later_n_left(const struct later *later);

void later_show(const struct page *page, struct view *row, size_t i, const struct later *later);

#endif
