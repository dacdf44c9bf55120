/* service/inbox_auth.h - which platform looks at its inbox: a cookie with the session's token. */
#ifndef SERVICE_INBOX_AUTH_H
#define SERVICE_INBOX_AUTH_H

#include "service/route.h"

/* Sets req->partner, session and form_token; leaves partner NULL after it has sent the browser to
 * sign in. Errors: LK_DENIED (the form's token is wrong), LK_BUSY (too many requests), LK_IO,
 * LK_NOMEM. Threads: any. */
enum lk_status inbox_auth(struct service *service, struct request *req, struct response *res,
                          struct lk_error *err) LK_MUST_CHECK;

/* The cookie for a new session, or (token NULL) the one that ends it. */
void inbox_auth_cookie(const struct request *req, struct response *res, const char *token);

#endif
