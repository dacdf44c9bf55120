/* service/auth.h - which partner asks: Authorization: Bearer lk_...
 *
 * A key that was right is remembered for two seconds by its hash, so that a busy partner does not
 * cost a read of the store a request, and a revoked key still ends within that time. */
#ifndef SERVICE_AUTH_H
#define SERVICE_AUTH_H

#include <likeness/status.h>

struct auth;
struct service;
struct request;
struct response;

enum lk_status auth_new(struct auth **out, struct lk_error *err) LK_MUST_CHECK;
void auth_free(struct auth *a); /* NULL is fine */

/* Looks at the head alone: is there a key at all? So a body need not be read in vain. Errors:
 * LK_DENIED, as a 401 with WWW-Authenticate. */
enum lk_status auth_header(const struct request *req, struct response *res,
                           struct lk_error *err) LK_MUST_CHECK;

/* Sets req->partner, in the request's arena. Errors: LK_DENIED, as a 401 with WWW-Authenticate;
 * LK_BUSY (too many wrong keys from there, or too many calls of the partner); LK_IO, LK_NOMEM.
 * Threads: any. */
enum lk_status auth_partner(struct service *service, struct request *req, struct response *res,
                            struct lk_error *err) LK_MUST_CHECK;

/* The same for the protocols of others, which send the key elsewhere: the header x-functions-key,
 * the password of HTTP Basic (the name is not looked at), or behind the bar of the query's
 * access_token. */
enum lk_status auth_foreign(struct service *service, struct request *req, struct response *res,
                            struct lk_error *err) LK_MUST_CHECK;

#endif
