/* service/session.h - what a browser that is signed in sends along: the cookie with the session's
 * token, and forms that carry the session's own token, so that no other site can post them. */
#ifndef SERVICE_SESSION_H
#define SERVICE_SESSION_H

#include "service/route.h"

/* The value of a cookie that has just n characters, in the arena; NULL: none such was sent. */
const char *session_cookie(const struct request *req, const char *name, size_t n);

/* Sets the cookie for what is below `path`, or (token NULL) ends it. Scripts do not see it, other
 * sites do not send it, and where the browser came by https it goes back by https alone. */
void session_set_cookie(const struct request *req, struct response *res, const char *name,
                        const char *path, const char *token);

/* A browser says where a request comes from; of one that says nothing it is not known. */
bool session_is_from_elsewhere(const struct request *req);

/* Of a POST: does its field "form" hold req->form_token? Errors: LK_DENIED. */
enum lk_status session_check_form(const struct request *req, struct lk_error *err) LK_MUST_CHECK;

#endif
