/* service/pages/pages.h - the pages, for the table in route.c; one file a page. */
#ifndef SERVICE_PAGES_PAGES_H
#define SERVICE_PAGES_PAGES_H

#include "service/route.h"

/* The page of an error that came before or out of a handler; res->status, when it was set, and
 * otherwise the status of err decide what it says. Always leaves a complete response. */
void page_error(struct service *service, const struct request *req, struct response *res,
                const struct lk_error *err);

handler page_start, page_safety, page_privacy, page_about, page_platforms; /* texts.c */
handler page_age, page_age_answer;                                         /* age.c */
handler page_question, page_answer, page_danger;                           /* question.c */
handler page_help, page_under_18;                                          /* help.c */
handler page_fingerprint;                                                  /* fingerprint.c */
handler page_case, page_case_show, page_case_download;                     /* case.c */
handler page_case_new, page_case_open;                                     /* case_new.c */
handler page_case_mail;                                                    /* case_mail.c */
handler page_case_add, page_case_part, page_withdraw;                      /* case_change.c */
handler page_match;                                                        /* match.c */
handler page_leave;                                                        /* leave.c */

#endif
