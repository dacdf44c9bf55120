/* service/staff_auth.h - which member of the desk's staff asks: a cookie with the session's token,
 * or a trusted proxy that names whom it signed in. A form must carry the session's own token, so
 * that no other site can post it. */
#ifndef SERVICE_STAFF_AUTH_H
#define SERVICE_STAFF_AUTH_H

#include "service/route.h"

/* Sets req->hand, session and form_token; leaves hand NULL after it has sent the browser to sign in
 * or to choose a password. Errors: LK_DENIED (the route's right is missing; the form's token is
 * wrong), LK_IO, LK_NOMEM. Threads: any. */
enum lk_status staff_auth(struct service *service, struct request *req, struct response *res,
                          struct lk_error *err) LK_MUST_CHECK;

/* The cookie for a new session, or (token NULL) the one that ends it. */
void staff_auth_cookie(const struct request *req, struct response *res, const char *token);

#endif
