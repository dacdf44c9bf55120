/* service/pages/case_form.h - what the forms of a case have in common: who is let in, what was
 * typed.
 *
 * The code comes once; afterwards a sealed token stands for it, in a hidden field. Nothing of a
 * case is ever in an address. */
#ifndef SERVICE_PAGES_CASE_FORM_H
#define SERVICE_PAGES_CASE_FORM_H

#include "cases/case.h"
#include "service/pages/page.h"

/* By the field "token". Errors: LK_DENIED, LK_IO. */
enum lk_status case_form_login(struct service *service, const struct request *req,
                               struct case_access *access, struct lk_error *err) LK_MUST_CHECK;

/* The texts of a form: "links" (a line each), "note", "contact", "message", "situation"; and
 * "sealed", a list of JSON, which a script has locked. Borrowed from the form and the arena.
 * Errors: LK_INVALID, LK_LIMIT, LK_NOMEM. */
enum lk_status case_form_texts(const struct request *req, struct case_request *out,
                               struct lk_error *err) LK_MUST_CHECK;

/* What was typed in the plain fields, back into the page: nothing is lost when it is refused. */
void case_form_keep(const struct page *page);

/* Values that scripts need to lock texts: "own_key" ("" without) and "desk_key", in hexadecimal. */
void case_form_keys(const struct page *page, const struct case_access *access);

#endif
