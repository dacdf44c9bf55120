/* service/pages/desk/frame.h - what the pages of the desk share. */
#ifndef SERVICE_PAGES_DESK_FRAME_H
#define SERVICE_PAGES_DESK_FRAME_H

#include "cases/staff.h"
#include "service/pages/page.h"

/* Begins a page with the desk's bar: who is signed in, where one may go, the form's token. */
void desk_begin(struct page *page, struct service *service, const struct request *req,
                struct response *res, const char *title);

/* The first eight digits of a case's name. */
const char *desk_short(const struct page *page, const char *id);

/* 303 to a path made of text; in the arena. */
enum lk_status desk_go(const struct request *req, struct response *res, struct lk_error *err,
                       const char *format, ...) LK_PRINTF(4, 5);

/* What went wrong, shown on a page of the desk: staff may read the reason. */
enum lk_status desk_show_problem(const struct page *page, const struct lk_error *problem,
                                 struct lk_error *err);

#endif
