/* service/pages/desk/case_view.h - the page of a case, for the handlers that change one. */
#ifndef SERVICE_PAGES_DESK_CASE_VIEW_H
#define SERVICE_PAGES_DESK_CASE_VIEW_H

#include "cases/desk_case.h"
#include "service/pages/page.h"

/* Shows the case that the address names; done: an N_() text, or NULL; problem: or NULL. */
enum lk_status desk_show_case(struct service *service, const struct request *req,
                              struct response *res, const char *done,
                              const struct lk_error *problem, struct lk_error *err) LK_MUST_CHECK;

/* The form of the facts. */
enum lk_status desk_add_facts(const struct page *page, const struct desk_view *view,
                              struct lk_error *err) LK_MUST_CHECK;

/* What was typed and ticked in it, over what the case holds. Texts are borrowed from the form. */
void desk_read_facts(const struct form *form, struct case_facts *facts, unsigned *harm);

#endif
