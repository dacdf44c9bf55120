/* service/pages/case_show.h - the page of a case. */
#ifndef SERVICE_PAGES_CASE_SHOW_H
#define SERVICE_PAGES_CASE_SHOW_H

#include "service/pages/case_form.h"

/* done: an N_() text that says what was just done, or NULL; problem: one that says what could not
 * be done, or NULL. Then what was typed is kept in the page. Errors: LK_IO, LK_NOMEM, LK_INTERNAL.
 */
enum lk_status case_show(struct service *service, const struct request *req, struct response *res,
                         const struct case_access *access, const char *done, const char *problem,
                         struct lk_error *err) LK_MUST_CHECK;

#endif
