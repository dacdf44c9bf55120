/* service/pages/inbox/frame.h - what the pages of the inbox share. */
#ifndef SERVICE_PAGES_INBOX_FRAME_H
#define SERVICE_PAGES_INBOX_FRAME_H

#include "cases/match.h"
#include "service/pages/page.h"

/* Begins a page with the inbox's bar: whose it is, where one may go, the form's token. */
void inbox_begin(struct page *page, struct service *service, const struct request *req,
                 struct response *res, const char *title);

/* Begins a file that the browser keeps. */
void inbox_begin_file(struct response *res, const char *disposition);

/* Shows a failed answer on the page that follows, which has this status then. */
void inbox_put_problem(const struct page *page, const struct lk_error *problem);

/* May an answer with this outcome follow, in the state that something is in? */
typedef bool inbox_may(unsigned state, unsigned outcome);

/* The list "choices" of v: all that may be answered in that state. */
void inbox_put_choices(const struct page *page, struct view *v, unsigned state, inbox_may *may);

/* A name of the API's in words. */
const char *inbox_outcome_words(unsigned outcome);

/* Reads the fields "answer" (outcome, or outcome:reason) and "note". Texts are the form's.
 * Errors: LK_INVALID (nothing was chosen, or what does not exist). */
enum lk_status inbox_read_answer(const struct request *req, struct match_reply *out,
                                 struct lk_error *err) LK_MUST_CHECK;

/* May this failure be told on the page, or is it ours? */
bool inbox_may_tell(enum lk_status status);

#endif
